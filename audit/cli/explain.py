"""clip-audit explain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audit.cli.console import say, say_table
from audit.errors import UsageError
from audit.registry import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audit.records import Alternative
    from audit.suite import AbsenceProbe, AssociationProbe, Pictographs, Probe, Suite, UnitsProbe


def explain(suite: str) -> None:
    """Say what a suite asks and what it could find, before it is run.

    Parameters
    ----------
    suite
        A suite, or SUITE/PROBE for one probe in full: its stimuli, formula, cluster, margin, smallest attainable p and
        minimum detectable effect.
    """
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
        case _:
            yield from _units(suite, probe)
    if probe.control:
        yield f"control   {probe.control}: the suite is inconclusive when it breaks"
    if probe.describes:
        yield "decides   nothing; it describes"


def _terms(suite: Suite, role: str, concept: str) -> Iterator[str]:
    found = suite.concept(concept)
    terms, selection = suite.terms(concept), suite.pictographs(concept)
    if suite.selects_rows(concept):
        yield f"{role:<10}{found.label}: rows of the model's own table"
    elif terms:
        yield f"{role:<10}{found.label}: {len(terms)} terms: {', '.join(terms)}"
    else:
        yield f"{role:<10}{found.label}"
    if not selection.lacking:
        if found.pictographs is not None:
            yield f"{'':<10}pictographs: {_written(found.pictographs)}"
        shown, styles, subjects = selection.pictographs, selection.styles, selection.clusters()
        yield (
            f"{'':<10}{len(shown)} pictographs of {len(subjects)} subjects in {len(styles)} art styles "
            f"({', '.join(styles)}), {len(shown) * len(styles)} pictures: {', '.join(subjects)}"
        )
    if found.source:
        yield f"{'':<10}source: {suite.sources.get(found.source, found.source)}"
    for name in found.variants:
        yield f"{'':<10}also measured as {name}{_counted(suite, concept, name)}"


def _written(selector: Pictographs) -> str:
    """A selector as it is written."""
    plain: dict[str, list[str]] = selector.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return "; ".join(f"{key}: {', '.join(values)}" for key, values in plain.items())


def _counted(suite: Suite, concept: str, variant: str) -> str:
    if suite.selects_rows(concept, variant):
        return ""
    selection = suite.pictographs(concept, variant)
    counts = (("terms", len(suite.terms(concept, variant))), ("pictographs", len(selection.pictographs)))
    told = [f"{count} {what}" for what, count in counts if count and not (what == "pictographs" and selection.lacking)]
    return f" ({', '.join(told)})"


def _association(suite: Suite, probe: AssociationProbe) -> Iterator[str]:
    from audit.suite import BY_POSITION

    for role, concept in (
        ("x", probe.targets.x),
        ("y", probe.targets.y),
        ("a", probe.attributes.a),
        ("b", probe.attributes.b),
    ):
        yield from _terms(suite, role, concept)
    templates = suite.templates_of(probe.templates)
    yield f"{'templates':<10}{len(templates) or 1}: {' | '.join(templates) or '{}'}"
    forms = ", ".join(" with ".join(form) for form in probe.forms) or "text with text, or whatever the rows are"
    yield f"{'forms':<10}{forms}"
    yield f"{'formula':<10}s(w) = mean cosine with a - mean cosine with b"
    difference = "mean over pairs of s of x - s of y" if probe.block else "mean of s over x - mean of s over y"
    yield f"{'':<10}difference = {difference}"
    yield f"{'cluster':<10}{_nouns(probe, [target for target, _ in probe.forms])}"
    if probe.block:
        yield f"{'block':<10}{probe.block}: x and y are {probe.pairing}; the sign of a pair is what is flipped"
    margin = f"{probe.margin.value:g} {probe.margin.statistic}" if probe.margin else "none, so it decides nothing"
    yield f"{'margin':<10}{margin}, {probe.alternative}"
    if suite.selects_rows(probe.targets.x) or suite.selects_rows(probe.targets.y):
        return
    targets = (probe.targets.x, probe.targets.y)
    if any(map(suite.terms, targets)):
        if probe.block == BY_POSITION:
            yield from _matched_design(len(suite.terms(probe.targets.x)), probe.alternative)
        elif not probe.block:
            yield from _design(len(suite.terms(targets[0])), len(suite.terms(targets[1])), probe.alternative)
    if any(target == "pictograph" for target, _ in probe.forms) or not any(map(suite.terms, targets)):
        yield from _pictograph_design(suite, probe)


def _pictograph_design(suite: Suite, probe: AssociationProbe) -> Iterator[str]:
    """What the probe could find in pictographs, where clusters and pairs are others than those of terms."""
    from audit.suite import ITEM, LABELS

    x, y = (suite.pictographs(target) for target in (probe.targets.x, probe.targets.y))
    by = probe.cluster_noun("pictograph")
    if x.lacking or y.lacking or not {by, probe.block or by} <= {ITEM, *LABELS}:
        yield f"{'drawn':<10}not applicable: no such pictographs"
    elif probe.block:
        yield f"{'drawn':<10}pairs of pictographs by {probe.block}:"
        yield from _matched_design(len(set(x.clusters(probe.block)) & set(y.clusters(probe.block))), probe.alternative)
    else:
        yield f"{'drawn':<10}clusters of pictographs by {by}:"
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
    yield from _terms(suite, "concept", probe.concept)
    if isinstance(probe.against, tuple):
        for concept in probe.against:
            yield from _terms(suite, "against", concept)
    else:
        yield f"{'against':<10}the rest of {suite.concept(probe.against.rest_of).label}"
    also = getattr(probe, "also", None)
    if also:
        yield from _terms(suite, "harm", also.harm)
        yield from _terms(suite, "neutral", also.neutral)
    named = getattr(probe, "units", ())
    searched = probe.among or "all; named on half of the clusters, confirmed on the other half"
    yield f"{'units':<10}{', '.join(named) or searched}"
    yield f"{'forms':<10}{', '.join(probe.forms) or 'rendered, or whatever the rows are'}"
    yield f"{'formula':<10}AUROC = P(response to a cluster of the concept > response to another), ties counted half"
    yield f"{'cluster':<10}{_nouns(probe, probe.forms)}"
    bound = getattr(probe, "bound", None) or getattr(probe, "margin", None)
    yield f"{'margin':<10}{f'{bound.auroc:g} AUROC' if bound else 'none, so it decides nothing'}"
    if not suite.selects_rows(probe.concept):
        from audit.stats import auroc_mde

        for form in ("words", "pictographs"):
            n, rest = _sides(suite, probe, form)
            if rest and n > 1:
                least = f"AUROC {auroc_mde(n, rest):.2f} for one unit named beforehand, found in 4 of 5 audits"
                yield f"{'MDE':<10}{least}" + (" in pictographs" if form == "pictographs" else "")


def _sides(suite: Suite, probe: UnitsProbe | AbsenceProbe, form: str) -> tuple[int, int]:
    """Clusters of the concept and of what it is compared with, in words or in pictographs; 0 where not shown."""
    concepts = probe.against if isinstance(probe.against, tuple) else (probe.against.rest_of,)
    if any(suite.selects_rows(concept) for concept in concepts):
        return 0, 0
    if form == "words":
        own, others = set(suite.terms(probe.concept)), {term for name in concepts for term in suite.terms(name)}
    else:
        shown = [suite.pictographs(name) for name in (probe.concept, *concepts)]
        if "pictograph" not in probe.forms or any(selection.lacking for selection in shown):
            return 0, 0
        own, *rest = (set(selection.clusters()) for selection in shown)
        others = set().union(*rest)
    return len(own), len(others - own)


def _nouns(probe: Probe, forms: Iterable[str]) -> str:
    """What a cluster is in each of some forms, each noun once."""
    return ", ".join(dict.fromkeys(probe.cluster_noun(form) for form in forms or ("text",)))
