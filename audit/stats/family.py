"""Simultaneous inference for a declared family of two-group tests: step-down max-T over shared permutations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from audit.records import Alternative, Undefined
from audit.stats.crossed import CrossedDifference, CrossedMoments, crossed_difference, crossed_moments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TwoSampleDesign:
    """One test of a family: the scores of its clusters and which of them belong to X."""

    clusters: tuple[str, ...]
    """Names; a name that several tests share is permuted together in all of them."""
    in_x: NDArray[np.bool_]
    """(clusters,) True for X."""
    scores: NDArray[np.float64]
    """(clusters, templates)."""
    alternative: Alternative


@dataclass(frozen=True, slots=True)
class FamilyResult:
    """What the family makes of one of its tests."""

    p_adjusted: float
    """Step-down max-T p, in (0, 1]; family-wise."""
    critical: float
    """value -+ critical * se holds for all tests at once; never below the pointwise t quantile."""
    level: float
    """The level at which this test's pointwise interval is its simultaneous one; the same for the whole family."""
    low: float
    """value - critical * se, in the unit of the scores."""
    high: float
    """value + critical * se."""


def max_t(
    tests: Sequence[TwoSampleDesign], *, seed: int, resamples: int = 9_999, level: float = 0.95
) -> tuple[FamilyResult | Undefined, ...]:
    """Adjusted p and simultaneous intervals of a family, one entry a test and in its order.

    In each resample every cluster name draws one key, shared by all tests, and a test's clusters are relabelled by the
    order of their keys; tests on the same clusters therefore see the same permutation, and keep their correlation. The
    statistic is the crossed (or Welch) t of the relabelled scores, turned into a tail probability by its own df, so
    that tests with different df weigh the same. Adjusted p: step-down minimum over the tests that are not yet rejected,
    (b + 1) / (R + 1) with ties counted (Westfall & Young 1993, algorithm 2.8). The intervals invert the same test at
    the estimates: the scores are shifted to a difference of zero, permuted, and the lower 1 - ``level`` quantile of the
    smallest two-sided tail probability replaces 1 - ``level``; they are never wider than Bonferroni's.

    Permutation strictly tests exchangeability; studentizing keeps the level when only the means are equal (Chung &
    Romano 2013). A test that has no standard error is Undefined and leaves the family.
    """
    observed = [crossed_difference(test.scores, test.in_x) for test in tests]
    kept = [(test, found) for test, found in zip(tests, observed, strict=True) if isinstance(found, CrossedDifference)]
    relabel = _Relabelling([test for test, _ in kept], seed=seed, resamples=resamples)
    tails, null, shifted = np.empty(len(kept)), np.empty((len(kept), resamples)), np.ones(resamples)
    for row, (test, own) in enumerate(kept):
        grid = test.scores if test.scores.ndim == 2 else test.scores[:, None]
        masks = relabel.masks(row)
        tails[row] = _tail(np.array(own.value / own.se), np.array(own.df), test.alternative)
        null[row] = _tail_of(crossed_moments(grid, masks), test.alternative, grid)
        centred = grid - own.value * test.in_x[:, None]
        shifted = np.minimum(shifted, _tail_of(crossed_moments(centred, masks), "two-sided", grid))
    adjusted = iter(_step_down(tails, null).tolist())
    tail = _family_tail(shifted, 1 - level, len(kept))
    results: list[FamilyResult | Undefined] = []
    for found in observed:
        if isinstance(found, Undefined):
            results.append(Undefined(name="p_adjusted", reason=found.reason))
            continue
        critical = float(-special.stdtrit(found.df, tail / 2))
        reach = critical * found.se
        results.append(FamilyResult(next(adjusted), critical, 1 - tail, found.value - reach, found.value + reach))
    return tuple(results)


def _family_tail(smallest: NDArray[np.float64], alpha: float, tests: int) -> float:
    """The tail probability that replaces ``alpha`` in every interval: the ``alpha`` quantile of the smallest one.

    At most ``alpha`` (one test), at least ``alpha`` over the number of tests: Bonferroni holds for any dependence, and
    with a handful of clusters the permutations are too coarse to say more.
    """
    rank = max(int(np.floor(alpha * (len(smallest) + 1))) - 1, 0)
    return float(np.clip(np.partition(smallest, rank)[rank], alpha / max(tests, 1), alpha))


class _Relabelling:
    """The permuted groupings of every test, all driven by one key a cluster name and resample."""

    def __init__(self, tests: Sequence[TwoSampleDesign], *, seed: int, resamples: int) -> None:
        index: dict[tuple[str, int], int] = {}
        self._members: list[NDArray[np.intp]] = []
        self._in_x = [np.asarray(test.in_x, dtype=np.bool_) for test in tests]
        for test in tests:
            seen: dict[str, int] = {}
            rows = []
            for name in test.clusters:
                # A name that a test holds twice (once a side) stands for two clusters, with a key each.
                seen[name] = seen.get(name, 0) + 1
                rows.append(index.setdefault((name, seen[name]), len(index)))
            self._members.append(np.array(rows, dtype=np.intp))
        self._keys = np.random.default_rng(seed).random((resamples, len(index)), dtype=np.float32)
        self._ranks: dict[tuple[int, ...], NDArray[np.intp]] = {}

    def masks(self, test: int) -> NDArray[np.bool_]:
        """(resamples, clusters) True for the clusters that the resample puts in X.

        The cluster with the k-th smallest key takes the label of the k-th cluster of the test in the family's own order
        of names. So a test with X and Y swapped gets exactly the complement, and one-sided tests that look at the same
        clusters from both ends stay opposed.
        """
        members = self._members[test]
        order = np.argsort(members)
        ordered = tuple(members[order].tolist())
        if ordered not in self._ranks:
            self._ranks[ordered] = self._keys[:, members[order]].argsort(axis=1).argsort(axis=1)
        labels = self._in_x[test][order]
        masks = np.empty((len(self._keys), len(members)), dtype=np.bool_)
        masks[:, order] = labels[self._ranks[ordered]]
        return masks


def _tail(t: NDArray[np.float64], df: NDArray[np.float64], alternative: Alternative) -> NDArray[np.float64]:
    if alternative == "two-sided":
        both: NDArray[np.float64] = 2 * special.stdtr(df, -np.abs(t))
        return both
    one: NDArray[np.float64] = special.stdtr(df, -t if alternative == "greater" else t)
    return one


def _tail_of(moments: CrossedMoments, alternative: Alternative, grid: NDArray[np.float64]) -> NDArray[np.float64]:
    # Groups without any spread give an infinite t, or 0/0 when their means agree as well.
    floor = (1e-12 * float(np.abs(grid).max())) ** 2
    spread = np.sqrt(np.maximum(moments.variance, floor))
    return _tail(moments.value / spread, np.maximum(moments.df, 1.0), alternative)


def _step_down(tails: NDArray[np.float64], null: NDArray[np.float64]) -> NDArray[np.float64]:
    """(tests,) adjusted p from the observed tail probabilities and those of each resample, (tests, resamples)."""
    order = np.argsort(tails, kind="stable")
    smallest = np.minimum.accumulate(null[order[::-1]], axis=0)[::-1]
    resamples = null.shape[1]
    extreme = np.count_nonzero(smallest <= tails[order, None] * (1 + 1e-9), axis=1)
    adjusted = np.empty(len(tails))
    adjusted[order] = np.maximum.accumulate((extreme + 1) / (resamples + 1))
    return adjusted
