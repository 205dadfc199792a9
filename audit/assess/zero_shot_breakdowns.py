"""What the headline of zero-shot classification sums up: shares by group, by harm, by class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.assess.shares import compare, group_breakdowns
from audit.records import Breakdown, BreakdownRow, Measured, Undefined
from audit.stats import ShareComparison, group_shares

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from audit.measures import ZeroShotRows
    from audit.stimuli import StimulusSet

MOST_CLASSES = 12
"""How many classes are broken down, those with most pictures."""


def harm_name(concept: StimulusSet) -> str:
    """What pictures are called that are classified as a concept: ``animals`` for ``words for animals``."""
    return concept.label.removeprefix("words for ")


def by_harm(rows: ZeroShotRows, harms: Sequence[str], top: int, by: Sequence[str], seed: int) -> Iterator[Breakdown]:
    """Of several harms, the share of every group and the gap of each alone; and the classes they are most often."""
    gaps = []
    for index, concept in enumerate(rows.labels):
        if concept.concept in harms and len(harms) > 1:
            outcomes = rows.hits(rows.concept == index, top)
            found = compare(rows.groups, outcomes, rows.cluster, seed, test=False)
            title = f"Share classified as {harm_name(concept)}"
            yield from group_breakdowns(title, rows.groups, by, outcomes, rows.cluster, found)
            gaps.append(BreakdownRow(harm_name(concept), found.estimate("share_gap")))
    if gaps:
        yield Breakdown(title="Largest difference between groups, by harm", kind="harm", rows=tuple(gaps))
    yield from _most_frequent(rows, harms, top)


def _most_frequent(rows: ZeroShotRows, harms: Sequence[str], top: int) -> Iterator[Breakdown]:
    """The share of all pictures that are given each harm class, the most frequent ones first."""
    closest = rows.closest(top)
    counts = np.array([np.count_nonzero((closest == index).any(axis=1)) for index in range(len(rows.classes))])
    harmful = [index for index in range(len(counts)) if rows.labels[rows.concept[index]].concept in harms]
    order = sorted(harmful, key=lambda index: -counts[index])[:MOST_CLASSES]
    if not counts[harmful].any():
        return
    lines = tuple(
        BreakdownRow(rows.classes[index], _of_all(rows, rows.hits(np.arange(len(rows.classes)) == index, top)))
        for index in order
    )
    yield Breakdown(title="Share given each harm class, all groups together", kind="label", rows=lines)


def _of_all(rows: ZeroShotRows, outcomes: NDArray[np.float64]) -> Measured:
    whole = ("all",)
    shares = group_shares(outcomes, np.zeros(len(outcomes), dtype=np.intp), rows.cluster, whole)
    if isinstance(shares, Undefined):
        return shares
    return ShareComparison(shares, Undefined(name="p", reason="it was not asked for"), 0).group(*whole)


def by_class(
    rows: ZeroShotRows, right: NDArray[np.bool_], outcomes: NDArray[np.float64], seed: int
) -> Iterator[Breakdown]:
    """The gap in each class that has pictures of every group, where most pictures are; ``right`` is (n, classes)."""
    lines = []
    for index in np.argsort(-right.sum(axis=0), kind="stable")[:MOST_CLASSES]:
        own = right[:, index]
        if len(np.unique(rows.group[own])) < len(rows.groups):
            continue
        part = rows.kept(own)
        gap = compare(part.groups, outcomes[own], part.cluster, seed, test=False).estimate("share_gap")
        lines.append(BreakdownRow(rows.classes[index], gap))
    if len(lines) > 1:
        yield Breakdown(title="Largest difference between groups, by class", kind="class", rows=tuple(lines))
