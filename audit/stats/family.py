"""Simultaneous inference for a declared family of two-group tests: step-down max-T over shared resamples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from audit.records import Alternative, Undefined
from audit.stats.crossed import CrossedDifference, CrossedMoments, crossed_difference, crossed_moments
from audit.stats.effects import cohens_d, eat_from_cohens_d, hedges_g
from audit.stats.matched import MatchedDesign, flipped_moments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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

    def difference(self) -> CrossedDifference | Undefined:
        """``crossed_difference`` of it."""
        return crossed_difference(self.scores, self.in_x)

    def intervals(self, level: float) -> dict[str, tuple[float, float]]:
        """Interval of the raw difference, of Hedges g and of EAT d at ``level``; those that exist."""
        found: dict[str, tuple[float, float]] = {}
        difference, g, d = (
            self.difference(),
            hedges_g(self.scores, self.in_x, level=level),
            cohens_d(self.scores, self.in_x, level=level),
        )
        sizes = int(self.in_x.sum()), int((~self.in_x).sum())
        if isinstance(difference, CrossedDifference):
            found["cosine_difference"] = difference.interval(level)
        if not isinstance(g, Undefined):
            found["hedges_g"] = g.low, g.high
        if not isinstance(d, Undefined):
            found["effect_size_d"] = eat_from_cohens_d(d.low, *sizes), eat_from_cohens_d(d.high, *sizes)
        return found


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
    tests: Sequence[TwoSampleDesign | MatchedDesign], *, seed: int, resamples: int = 9_999, level: float = 0.95
) -> tuple[FamilyResult | Undefined, ...]:
    """Adjusted p and simultaneous intervals of a family, one entry a test and in its order.

    In each resample every cluster name draws one key, shared by all tests, and a test's clusters are relabelled by the
    order of their keys; tests on the same clusters therefore see the same permutation, and keep their correlation. The
    statistic is the crossed (or Welch) t of the relabelled scores, turned into a tail probability by its own df, so
    that tests with different df weigh the same. Adjusted p: step-down minimum over the tests that are not yet rejected,
    (b + 1) / (R + 1) with ties counted (Westfall & Young 1993, algorithm 2.8). The intervals invert the same test at
    the estimates: the scores are shifted to a difference of zero, permuted, and the lower 1 - ``level`` quantile of the
    smallest two-sided tail probability replaces 1 - ``level``; they are never wider than Bonferroni's.

    A matched test is resampled by the signs of its pairs. Every block name draws one sign, shared by all matched tests:
    tests on the same pairs keep their correlation, and for tests that share no more than block names it is the
    Rademacher multiplier bootstrap, which keeps the correlation of their differences (Chernozhukov, Chetverikov & Kato
    2013). Signs and permutations are drawn independently of each other, even where a matched and an unmatched test look
    at the same stimuli: a flip exchanges the two sides of a pair only, so one draw cannot serve both. That is
    conservative, or next to nothing is lost: with q_1 and q_2 the probabilities of a false alarm in each part at the
    common threshold, independent draws set 1 - (1 - q_1)(1 - q_2) = alpha, so under any true dependence the error is at
    most q_1 + q_2 <= -log(1 - alpha), .0513 for .05 (union bound), and at most alpha for two-sided normal statistics
    (Sidak 1967).

    Permutation strictly tests exchangeability, and flipping symmetry; studentizing keeps the level when only the means
    are equal (Chung & Romano 2013). A test that has no standard error is Undefined and leaves the family.
    """
    observed = [test.difference() for test in tests]
    kept = [(test, found) for test, found in zip(tests, observed, strict=True) if isinstance(found, CrossedDifference)]
    resampled = _resampled([test for test, _ in kept], seed=seed, resamples=resamples)
    tails, null, shifted = np.empty(len(kept)), np.empty((len(kept), resamples)), np.ones(resamples)
    for row, ((test, own), moments) in enumerate(zip(kept, resampled, strict=True)):
        grid, centred = _grids(test, own.value)
        tails[row] = _tail(np.array(own.value / own.se), np.array(own.df), test.alternative)
        null[row] = _tail_of(moments(grid), test.alternative, grid)
        shifted = np.minimum(shifted, _tail_of(moments(centred), "two-sided", grid))
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


def _grids(test: TwoSampleDesign | MatchedDesign, difference: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is resampled, and the same shifted to a difference of zero."""
    if isinstance(test, MatchedDesign):
        return test.differences, test.differences - difference
    grid = test.scores if test.scores.ndim == 2 else test.scores[:, None]
    return grid, grid - difference * test.in_x[:, None]


def _resampled(
    tests: Sequence[TwoSampleDesign | MatchedDesign], *, seed: int, resamples: int
) -> Iterator[Callable[[NDArray[np.float64]], CrossedMoments]]:
    """For every test in turn, the moments of scores like its own under every resample."""
    relabel = _Relabelling([t for t in tests if isinstance(t, TwoSampleDesign)], seed=seed, resamples=resamples)
    flip = _Flipping([t for t in tests if isinstance(t, MatchedDesign)], seed=seed, resamples=resamples)
    permuted = 0
    for test in tests:
        if isinstance(test, MatchedDesign):
            yield partial(flipped_moments, signs=flip.signs(test))
        else:
            yield partial(crossed_moments, masks=relabel.masks(permuted))
            permuted += 1


class _Flipping:
    """The signs of every pair, one a block name and resample."""

    def __init__(self, tests: Sequence[MatchedDesign], *, seed: int, resamples: int) -> None:
        names = sorted({name for test in tests for name in test.blocks})  # the order of pairs changes nothing
        self._index = {name: row for row, name in enumerate(names)}
        # A generator of its own: that of the permutations has the seed alone.
        drawn = np.random.default_rng([seed, 1]).integers(0, 2, (resamples, len(names)), dtype=np.int8)
        self._signs = 2 * drawn - 1

    def signs(self, test: MatchedDesign) -> NDArray[np.float64]:
        """(resamples, pairs) of -1 and 1."""
        return self._signs[:, [self._index[name] for name in test.blocks]].astype(np.float64)


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
