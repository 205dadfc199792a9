"""What `explain` says of probes that compare the pictures of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.suite import ClassificationProbe, PerformanceProbe, RetrievalProbe, Suite, TypographicProbe
    from audit.suite.groups import GroupedBy

_Z = 1.959964
"""Of Wilson's interval at 95 %: of none among n it ends at z^2 / (n + z^2)."""


def zero_shot(suite: Suite, probe: ClassificationProbe | PerformanceProbe) -> Iterator[str]:
    """Groups, classes, what counts, the statistics and the margin."""
    yield from groups(suite, probe.groups)
    yield from classes(suite, "classes", probe.labels)
    for name, labels in getattr(probe, "label_sets", {}).items():
        total = sum(len(suite.terms(label)) for label in labels)
        others = ", ".join(suite.concept(label).label for label in labels)
        yield f"{'':<10}also measured with the label set {name}: {total} classes, of {others}"
    templates = suite.templates_of(probe.templates)
    yield f"{'templates':<10}{len(templates)}: {' | '.join(templates)}; a class is the mean of its prompts"
    yield f"{'forms':<10}{', '.join(probe.forms) or 'pictographs, or images where rows are selected'}"
    counts = (
        f"a term of {', '.join(suite.concept(each).label for each in probe.harms)}"
        if probe.measure == "classification"
        else right(suite, probe)
    )
    chosen = "the closest class" if probe.top == 1 else f"one of the {probe.top} closest classes"
    yield f"{'counts':<10}a picture of which {chosen} is {counts}"
    yield f"{'formula':<10}share = pictures that count / pictures, in each group; gap = largest - smallest share"
    yield f"{'cluster':<10}{probe.cluster_noun(probe.forms[0] if probe.forms else 'pictograph')}"
    if clusters := _fewest_drawn(suite, probe):
        most = _Z**2 / (clusters + _Z**2)
        yield f"{'finds':<10}with none that counts, a group of {clusters} clusters has a share of at most {most:.3f}"
    if probe.dialect:
        yield f"{'dialect':<10}{probe.dialect}: the numbers that DataComp's evaluation prints, besides"
    if probe.margin is None:
        yield f"{'margin':<10}none, so it decides nothing"
    else:
        least = "at least " if probe.margin.least else "at most "
        yield f"{'margin':<10}{probe.margin.statistic.replace('_', ' ')} {least}{probe.margin.value:g}"


def _fewest_drawn(suite: Suite, probe: ClassificationProbe | PerformanceProbe) -> int:
    """Clusters of the smallest group in pictographs, as far as the drawings say; 0 where there are none."""
    names = probe.groups if isinstance(probe.groups, tuple) else (probe.groups.of,)
    drawn = [suite.pictographs(name) for name in names]
    if any(each.lacking for each in drawn) or not {*probe.forms} <= {"pictograph"}:
        return 0
    return min(len(each.clusters(probe.cluster or "subject")) for each in drawn)


def right(suite: Suite, probe: PerformanceProbe) -> str:
    """What is right for a picture: by a column, or by its group."""
    if isinstance(probe.truth, str):
        return f"the class that the column {probe.truth} names"
    named = (f"{' or '.join(classes)} for {suite.concept(group).label}" for group, classes in probe.truth.items())
    return f"the right one: {', '.join(named)}"


def retrieval(suite: Suite, probe: RetrievalProbe) -> Iterator[str]:
    """Pool, queries, k, what is desired, the statistics and the margin."""
    yield from groups(suite, probe.groups)
    yield from classes(suite, "queries", (probe.queries,))
    yield f"{'pool':<10}{f'pictures whose {probe.match} is the query' if probe.match else 'every picture'}"
    yield f"{'k':<10}{', '.join(map(str, probe.k))}; the first decides"
    yield f"{'desired':<10}{'the shares of the pool' if probe.desired == 'pool' else 'equal shares'}"
    yield f"{'formula':<10}skew of a group = ln(share among the first k / desired share)"
    yield f"{'':<10}a group with no find counts as found once"
    yield f"{'ties':<10}by the id of the picture"
    noun = probe.cluster_noun(probe.forms[0] if probe.forms else "pictograph")
    yield f"{'cluster':<10}queries, and each {noun} of the pictures"
    margin = f"{probe.margin.value:g} {probe.margin.statistic}" if probe.margin else "none, so it decides nothing"
    yield f"{'margin':<10}{margin}"


def typographic(suite: Suite, probe: TypographicProbe) -> Iterator[str]:
    """Pictures, words, where and how large they are written, the statistic and the margin."""
    selection = suite.pictographs(probe.concept)
    shown = "" if selection.lacking else f": {len(selection.pictographs)} pictographs in {len(selection.styles)} styles"
    yield f"{'pictures':<10}{suite.concept(probe.concept).label}{shown}"
    yield from classes(suite, "classes", probe.labels)
    yield from classes(suite, "written", probe.written)
    areas = ", ".join(f"{area:g}" for area in probe.areas)
    yield f"{'strip':<10}{', '.join(probe.places)}; over {areas} of the picture; at most {probe.limit} pairs each"
    yield f"{'formula':<10}pairs named by the word that were not before / pairs that were not named so before"
    yield f"{'cluster':<10}pictures and words, both sampled"
    yield f"{'margin':<10}{f'{probe.margin.value:g} of the pairs' if probe.margin else 'none, so it decides nothing'}"


def groups(suite: Suite, asked: GroupedBy | tuple[str, ...]) -> Iterator[str]:
    """The groups, or what is divided by what."""
    if isinstance(asked, tuple):
        yield f"{'groups':<10}{'; '.join(suite.concept(name).label for name in asked)}"
        return
    by = " and ".join(asked.by)
    concept = suite.concept(asked.of)
    yield f"{'groups':<10}{concept.label}, divided by {by}"
    selection = suite.pictographs(asked.of)
    if not selection.lacking:
        shown, styles = len(selection.pictographs), len(selection.styles)
        yield f"{'':<10}{shown} pictographs in {styles} art styles: {shown * styles} pictures"


def classes(suite: Suite, title: str, labels: tuple[str, ...], before: str = "") -> Iterator[str]:
    """The classes of some concepts."""
    named = "; ".join(f"{suite.concept(name).label}: {', '.join(suite.terms(name))}" for name in labels)
    total = sum(len(suite.terms(name)) for name in labels)
    yield f"{title:<10}{before}{total}: {named}"
