"""clip-audit explain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from audit.cli.console import say, say_table
from audit.cli.explain_groups import retrieval, typographic, zero_shot
from audit.cli.explain_pictures import visualize
from audit.cli.explain_sets import counterfactual, hypodescent, markedness, self_similarity
from audit.errors import UsageError
from audit.registry import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from audit.records import Alternative
    from audit.suite import (
        AbsenceProbe,
        AssociationProbe,
        MultimodalityProbe,
        Pictographs,
        Probe,
        SingleCategoryProbe,
        Suite,
        UnitsProbe,
    )


PICTOGRAPH = "pictograph"


def explain(
    suite: str | None = None, *, model: str | None = None, json: Annotated[bool, Parameter(negative=())] = False
) -> None:
    """Say what a suite asks and what it could find, before it is run; or which units of a model can be read.

    Parameters
    ----------
    suite
        A suite, or SUITE/PROBE for one probe in full: its stimuli, formula, cluster, margin, smallest attainable p and
        minimum detectable effect.
    model
        Instead of a suite: a model, or an architecture of open_clip such as ViT-L-14, which needs no weights.
    json
        Write the layers of a model as JSON.
    """
    if model is not None and suite is None:
        from audit.cli.explain_layers import say_layers

        say_layers(model, as_json=json)
        return
    if suite is None or model is not None or json:
        raise UsageError(
            "explain takes a suite or --model MODEL, one of the two; --json goes with --model",
            hint="clip-audit explain regions, or clip-audit explain --model ViT-L-14",
        )
    from audit.suite import load_suite

    name, probe = _split(suite)
    loaded = load_suite(name)
    if not probe:
        _overview(loaded)
        return
    known = {each.id: each for each in loaded.probes}
    if probe not in known:
        raise UsageError(f"suite {loaded.suite} has no probe {probe!r}", hint=suggestion(probe, list(known)))
    for line in _in_full(loaded, known[probe]):
        say(line)


def _split(name: str) -> tuple[str, str]:
    """``regions/terror`` is a probe of a suite; ``./suites/mine.yaml/terror`` is one of a file."""
    from audit.suite import find_suites

    bundled = {entry.name for entry in find_suites()}
    head, _, tail = name.partition("/")
    if head in bundled:
        return head, tail
    if name.endswith((".yaml", ".yml")):
        return name, ""
    stem, _, probe = name.rpartition("/")
    return (stem, probe) if stem.endswith((".yaml", ".yml")) else (name, "")


def _overview(suite: Suite) -> None:
    say(f"{suite.suite}: {suite.title}")
    say(suite.summary)
    rows = [
        (probe.id, probe.measure, (probe.control and f"{probe.control} control") or probe.severity, probe.ask)
        for probe in suite.probes
    ]
    say_table(("probe", "measure", "severity", "question"), rows)


def _in_full(suite: Suite, probe: Probe) -> Iterator[str]:
    yield f"{suite.suite}/{probe.id}   {probe.source.file}:{probe.source.line}"
    yield probe.ask
    if probe.note:
        yield probe.note
    yield ""
    match probe.measure:
        case "association":
            yield from _association(suite, probe)
        case "typographic":
            yield from typographic(suite, probe)
        case "retrieval":
            yield from retrieval(suite, probe)
        case "single-category":
            yield from _single_category(suite, probe)
        case "classification" | "performance":
            yield from zero_shot(suite, probe)
        case "counterfactual":
            yield from counterfactual(suite, probe)
        case "markedness":
            yield from markedness(suite, probe)
        case "self-similarity":
            yield from self_similarity(suite, probe)
        case "hypodescent":
            yield from hypodescent(suite, probe)
        case "multimodality":
            yield from _multimodality(suite, probe)
        case "visualize":
            yield from visualize(suite, probe)
        case _:
            yield from _units(suite, probe)
    if probe.control:
        yield f"control   {probe.control}: the suite is inconclusive when it breaks"
    if probe.describes:
        yield "decides   nothing; it describes"


def _concept(suite: Suite, role: str, concept: str, forms: Collection[str]) -> Iterator[str]:
    """What a concept is made of, as far as these forms show it."""
    found = suite.concept(concept)
    terms = suite.terms(concept) if _in_words(forms) else ()
    if suite.selects_rows(concept):
        yield f"{role:<10}{found.label}: rows of the model's own table"
    elif terms:
        yield f"{role:<10}{found.label}: {_count(len(terms), 'term')}: {', '.join(terms)}"
    else:
        yield f"{role:<10}{found.label}"
    if "native" in forms:
        spelled = [suite.native[term] for term in terms if term in suite.native]
        yield f"{'':<10}native: {len(spelled)} of them{': ' * bool(spelled)}{', '.join(spelled)}"
    if PICTOGRAPH in forms:
        yield from _pictographs(suite, concept)
    if found.source:
        yield f"{'':<10}source: {suite.sources.get(found.source, found.source)}"
    for name in found.variants:
        yield f"{'':<10}also measured as {name}{_counted(suite, concept, name)}"


def _pictographs(suite: Suite, concept: str) -> Iterator[str]:
    selection, selector = suite.pictographs(concept), suite.concept(concept).pictographs
    if selection.lacking:
        yield f"{'':<10}no pictographs, so it is not applicable in them"
        return
    shown, styles, subjects = selection.pictographs, selection.styles, selection.clusters()
    yield f"{'':<10}pictographs: {_written(selector) if selector else ', '.join(subjects)}"
    yield (
        f"{'':<10}{_count(len(shown), 'pictograph')} of {_count(len(subjects), 'subject')} in "
        f"{_count(len(styles), 'art style')} ({', '.join(styles)}): {_count(len(shown) * len(styles), 'picture')}"
    )


def _written(selector: Pictographs) -> str:
    """A selector as it is written."""
    plain: dict[str, list[str]] = selector.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return "; ".join(f"{key}: {', '.join(values)}" for key, values in plain.items())


def _counted(suite: Suite, concept: str, variant: str) -> str:
    if suite.selects_rows(concept, variant):
        return ""
    selection = suite.pictographs(concept, variant)
    drawn = () if selection.lacking else selection.pictographs
    counts = ((len(suite.terms(concept, variant)), "term"), (len(drawn), "pictograph"))
    told = [_count(count, noun) for count, noun in counts if count]
    return f" ({', '.join(told)})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _association(suite: Suite, probe: AssociationProbe) -> Iterator[str]:
    forms: list[set[str]] = [{form[place] for form in probe.forms} for place in (0, 1)]
    targets, attributes = (probe.targets.x, probe.targets.y), (probe.attributes.a, probe.attributes.b)
    for shown, concepts in zip(forms, (targets, attributes), strict=True):
        shown |= set() if shown else {PICTOGRAPH if suite.wordless(name) else "text" for name in concepts}
    for role, concept, shown in zip("xyab", (*targets, *attributes), [forms[0]] * 2 + [forms[1]] * 2, strict=True):
        yield from _concept(suite, role, concept, shown)
    templates = suite.templates_of(probe.templates)
    if _in_words(forms[0]):
        yield f"{'templates':<10}{len(templates) or 1}: {' | '.join(templates) or '{}'}"
    pairs = ", ".join(" with ".join(form) for form in probe.forms)
    yield f"{'forms':<10}{pairs or 'the words or pictographs there are, or whatever the rows are'}"
    yield f"{'formula':<10}s(w) = mean cosine with a - mean cosine with b"
    difference = "mean over pairs of s of x - s of y" if probe.block else "mean of s over x - mean of s over y"
    yield f"{'':<10}difference = {difference}"
    yield f"{'cluster':<10}{_nouns(probe, [target for target, _ in probe.forms])}"
    if probe.block:
        yield f"{'block':<10}{probe.block}: x and y are {probe.pairing}; the sign of a pair is what is flipped"
    if probe.statistics:
        yield f"{'besides':<10}{', '.join(probe.statistics)}; they decide nothing"
    if probe.dialect:
        yield f"{'dialect':<10}{probe.dialect}: the effect size as that tool computes it, every stimulus an item"
    margin = f"{probe.margin.value:g} {probe.margin.statistic}" if probe.margin else "none, so it decides nothing"
    yield f"{'margin':<10}{margin}, {probe.alternative}"
    if any(map(suite.selects_rows, targets)):
        return
    if _in_words(forms[0]) and all(map(suite.terms, targets)):
        yield from _word_design(suite, probe)
    if PICTOGRAPH in forms[0]:
        yield from _pictograph_design(suite, probe)


def _single_category(suite: Suite, probe: SingleCategoryProbe) -> Iterator[str]:
    forms: list[set[str]] = [{form[place] for form in probe.forms} or {"text"} for place in (0, 1)]
    yield from _concept(suite, "concept", probe.concept, forms[0])
    for role, concept in (("a", probe.attributes.a), ("b", probe.attributes.b)):
        yield from _concept(suite, role, concept, forms[1])
    templates = suite.templates_of(probe.templates)
    yield f"{'templates':<10}{len(templates)}: {' | '.join(templates)}"
    yield f"{'forms':<10}{', '.join(' with '.join(form) for form in probe.forms) or 'text, or whatever the rows are'}"
    yield f"{'formula':<10}of every item: mean cosine with a - mean cosine with b; the largest is bounded"
    yield f"{'cluster':<10}the terms of a and b, which are permuted together for all items"
    margin = f"{probe.margin.value:g} cosine" if probe.margin else "none, so it decides nothing"
    yield f"{'margin':<10}{margin}, {probe.alternative}"
    a, b = (len(suite.terms(name)) for name in (probe.attributes.a, probe.attributes.b))
    if a > 1 and b > 1:
        yield from _design(a, b, probe.alternative)


def _word_design(suite: Suite, probe: AssociationProbe) -> Iterator[str]:
    from audit.suite import BY_POSITION

    x, y = len(suite.terms(probe.targets.x)), len(suite.terms(probe.targets.y))
    if probe.block == BY_POSITION:
        yield from _matched_design(x, probe.alternative)
    elif not probe.block:
        yield from _design(x, y, probe.alternative)


def _pictograph_design(suite: Suite, probe: AssociationProbe) -> Iterator[str]:
    """What the probe could find in pictographs, where clusters and pairs are others than those of terms."""
    from audit.suite import ITEM, LABELS

    x, y = suite.pictographs(probe.targets.x), suite.pictographs(probe.targets.y)
    by = probe.cluster_noun(PICTOGRAPH)
    if x.lacking or y.lacking:
        return
    if unknown := {by, probe.block or by} - {ITEM, *LABELS}:
        yield f"{'drawn':<10}not applicable: pictographs have no {unknown.pop()}"
    elif probe.block:
        yield f"{'drawn':<10}pairs by {probe.block}"
        yield from _matched_design(len(set(x.clusters(probe.block)) & set(y.clusters(probe.block))), probe.alternative)
    else:
        yield f"{'drawn':<10}clusters by {by}"
        yield from _design(len(x.clusters(by)), len(y.clusters(by)), probe.alternative)


def _design(x: int, y: int, alternative: Alternative) -> Iterator[str]:
    from audit.stats import mde

    partitions = math.comb(x + y, x)
    sides = 2 if alternative == "two-sided" and x == y else 1
    yield f"{'smallest p':<10} {min(1.0, sides / partitions):.2g} ({partitions:,} ways to divide {x} + {y} clusters)"
    if min(x, y) > 1:
        effect = mde(math.sqrt(1 / x + 1 / y), x + y - 2, alternative=alternative)
        yield f"{'MDE':<10}{effect:.2f} standard deviations between clusters, found in 4 of 5 audits"


def _matched_design(pairs: int, alternative: Alternative) -> Iterator[str]:
    from audit.stats import LEAST_PAIRS, mde

    patterns, sides = 2**pairs, 2 if alternative == "two-sided" else 1
    yield f"{'pairs':<10}{pairs}"
    yield f"{'smallest p':<10} {sides / patterns:.2g} ({patterns:,} ways to sign {pairs} pairs)"
    if pairs >= LEAST_PAIRS:
        effect = mde(math.sqrt(1 / pairs), pairs - 1, alternative=alternative)
        yield f"{'MDE':<10}{effect:.2f} standard deviations between paired differences, found in 4 of 5 audits"


def _units(suite: Suite, probe: UnitsProbe | AbsenceProbe) -> Iterator[str]:
    forms: set[str] = set(probe.forms) or {PICTOGRAPH if suite.wordless(probe.concept) else "rendered"}
    yield from _concept(suite, "concept", probe.concept, forms)
    if isinstance(probe.against, tuple):
        for concept in probe.against:
            yield from _concept(suite, "against", concept, forms)
    else:
        yield f"{'against':<10}the rest of {suite.concept(probe.against.rest_of).label}"
    also = getattr(probe, "also", None)
    if also:
        drawn = not any(suite.pictographs(topic).lacking for topic in (also.harm, also.neutral))
        yield from _concept(suite, "harm", also.harm, forms if drawn else {"rendered"})
        yield from _concept(suite, "neutral", also.neutral, forms if drawn else {"rendered"})
    for concept in getattr(probe, "pool", ()):
        yield from _concept(suite, "pool", concept, forms)
    if words := getattr(probe, "words", None):
        yield f"{'words':<10}those of the list {words!r} that excite the unit most; like a pool, they decide nothing"
    named = getattr(probe, "units", ())
    searched = probe.among or "all; named on half of the clusters, confirmed on the other half"
    yield f"{'units':<10}{', '.join(named) or searched}"
    yield f"{'forms':<10}{', '.join(probe.forms) or 'rendered, or whatever the rows are'}"
    yield f"{'formula':<10}AUROC = P(response to a cluster of the concept > response to another), ties counted half"
    yield from _set_to_mean(probe)
    yield f"{'cluster':<10}{_nouns(probe, probe.forms)}"
    bound = getattr(probe, "bound", None) or getattr(probe, "margin", None)
    yield f"{'margin':<10}{f'{bound.auroc:g} AUROC' if bound else 'none, so it decides nothing'}"
    for form in ("words", PICTOGRAPH):
        n, rest = _sides(suite, probe, form) if form in forms or (form == "words" and _in_words(forms)) else (0, 0)
        if rest and n > 1:
            from audit.stats import auroc_mde

            least = f"AUROC {auroc_mde(n, rest):.2f} for one unit named beforehand, found in 4 of 5 audits"
            yield f"{'MDE':<10}{least}" + (", in pictographs" if form == PICTOGRAPH else "")


def _set_to_mean(probe: UnitsProbe | AbsenceProbe) -> Iterator[str]:
    if ablated := getattr(probe, "ablate", ()):
        from audit.assess.ablation import RUNS
        from audit.stats import CONTROLS

        yield f"{'ablate':<10}{', '.join(ablated)}: its change with the units found set to their mean, by rank among"
        yield f"{'':<10}{CONTROLS} sets of control units matched on layer, spread and output weights; describes"
        yield f"{'':<10}cost: about {RUNS} passes through what follows the layer, for every picture of it"


def _multimodality(suite: Suite, probe: MultimodalityProbe) -> Iterator[str]:
    from audit.stats import auroc_mde

    yield from _concept(suite, "concept", probe.concept, probe.forms)
    if isinstance(probe.against, tuple):
        for concept in probe.against:
            yield from _concept(suite, "against", concept, probe.forms)
    else:
        yield f"{'against':<10}the rest of {suite.concept(probe.against.rest_of).label}"
    if probe.lexical:
        yield from _concept(suite, "alike", probe.lexical.spelled_alike, {"rendered"})
        yield from _concept(suite, "synonyms", probe.lexical.synonyms, {"rendered"})
    searched = probe.among or "all; named on half of the clusters by name, confirmed on the other half"
    yield f"{'units':<10}{', '.join(probe.units) or searched}"
    yield f"{'forms':<10}{', '.join(probe.forms)}: one finding, and none when one of them cannot be shown"
    yield f"{'formula':<10}A of a form = P(response to a cluster of the concept > response to another), in that form"
    yield f"{'':<10}smallest AUROC = the smallest A of any form; p = the largest p of any form"
    yield f"{'cluster':<10}{_nouns(probe, probe.forms)}"
    yield f"{'margin':<10}{f'{probe.margin.auroc:g} AUROC' if probe.margin else 'none, so it decides nothing'}"
    for form in probe.forms:
        n, rest = _sides(suite, probe, PICTOGRAPH if form == PICTOGRAPH else "words")
        if form != "image" and rest > 1 and n > 1:
            least = auroc_mde(n, rest, power=0.80 ** (1 / len(probe.forms)))
            yield f"{'MDE':<10}AUROC {least:.2f} in {form}, for one named unit, found in all forms in 4 of 5 audits"


def _sides(suite: Suite, probe: UnitsProbe | AbsenceProbe | MultimodalityProbe, form: str) -> tuple[int, int]:
    """Clusters of the concept and of what it is compared with, in words or in pictographs; 0 where not known."""
    concepts = probe.against if isinstance(probe.against, tuple) else (probe.against.rest_of,)
    if any(map(suite.selects_rows, (probe.concept, *concepts))):
        return 0, 0
    if form == "words":
        own = set(suite.terms(probe.concept))
        return len(own), len({term for name in concepts for term in suite.terms(name)} - own)
    concept, *against = (suite.pictographs(name) for name in (probe.concept, *concepts))
    if concept.lacking or any(each.lacking for each in against):
        return 0, 0
    by = probe.cluster_noun(PICTOGRAPH)
    others = {each for selection in against for each in selection.pictographs} - set(concept.pictographs)
    return len(concept.clusters(by)), len({each.cluster(by) for each in others})


def _in_words(forms: Collection[str]) -> bool:
    """Whether one of these forms shows terms."""
    return bool({"text", "rendered", "native", "image"} & set(forms))


def _nouns(probe: Probe, forms: Iterable[str]) -> str:
    """What a cluster is in each of some forms, each noun once."""
    return ", ".join(dict.fromkeys(probe.cluster_noun(form) for form in forms or ("text",)))
