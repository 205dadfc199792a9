"""Shares of groups: from outcomes of stimuli to estimates and breakdowns, whatever is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.records import Breakdown, BreakdownRow, Measured, Undefined
from audit.stats import SHARE_STATISTICS, ShareComparison, group_shares, permuted_gap
from audit.stimuli import StimulusSet, Unavailable, divided

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_LARGE = 2_000
"""Clusters from which on fewer rearrangements are drawn: a p of .001 is told from .01 with either number."""


class NoShares(Exception):  # noqa: N818  (a normal outcome: the statistic is undefined, and this is why)
    """There is no share of a group, for the reason that the message gives."""


def compare(
    groups: Sequence[StimulusSet],
    outcomes: NDArray[np.float64],
    cluster: NDArray[np.intp],
    seed: int,
    *,
    test: bool = True,
) -> ShareComparison:
    """The shares of groups whose stimuli stand one after the other in ``outcomes`` (n,) and ``cluster`` (n,).

    ``test`` asks for the permutation that no group differs. Raises NoShares when an outcome is none.
    """
    group = np.repeat(np.arange(len(groups)), [len(each.stimuli) for each in groups])
    shares = group_shares(outcomes, group, cluster, tuple(each.label for each in groups))
    if isinstance(shares, Undefined):
        raise NoShares(shares.reason)
    tested = Undefined(name="p", reason="it was not asked for")
    if not test:
        return ShareComparison(shares, tested, seed)
    resamples = 4_999 if len(np.unique(cluster)) < _LARGE else 999
    return ShareComparison(shares, permuted_gap(outcomes, group, cluster, seed=seed, resamples=resamples), seed)


def share_estimates(comparison: ShareComparison, first: str) -> tuple[Measured, ...]:
    """All statistics of the shares, the one called ``first`` before the others."""
    names = sorted(SHARE_STATISTICS, key=lambda name: name != first)
    return tuple(comparison.estimate(name) for name in names)


def group_breakdowns(
    title: str,
    groups: Sequence[StimulusSet],
    by: Sequence[str],
    outcomes: NDArray[np.float64],
    cluster: NDArray[np.intp],
    comparison: ShareComparison,
) -> Iterator[Breakdown]:
    """The share of every group; of groups by several columns, also those by each column alone."""
    ended = f", by {' and '.join(by)}" if by else ""
    rows = tuple(BreakdownRow(group.label, comparison.group(group.label)) for group in groups)
    yield Breakdown(title=f"{title}{ended}", kind="group", rows=rows)
    if len(by) < 2:
        return
    stimuli = tuple(stimulus for group in groups for stimulus in group.stimuli)
    place = {id(stimulus): index for index, stimulus in enumerate(stimuli)}
    whole = StimulusSet("", "", groups[0].form, stimuli)
    for column in by:
        try:
            parts = divided(whole, (column,))
        except Unavailable:  # one value only
            continue
        order = np.array([place[id(stimulus)] for part in parts for stimulus in part.stimuli])
        found = compare(parts, outcomes[order], cluster[order], comparison.seed, test=False)
        rows = tuple(BreakdownRow(part.label, found.group(part.label)) for part in parts)
        yield Breakdown(title=f"{title}, by {column} alone", kind="group", rows=rows)
