"""Simultaneous inference for a declared family of two-group tests: step-down max-T over shared resamples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from audit.records import Alternative, Undefined
from audit.stats.crossed import CrossedDifference, CrossedMoments
from audit.stats.matched import MatchedDesign
from audit.stats.shared_resamples import SharedResamples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.stats.design import TwoSampleDesign


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
    grids = [_grids(test, own.value) for test, own in kept]
    tails = np.array([float(_tail(own.value / own.se, own.df, test.alternative)) for test, own in kept])
    order = np.argsort(-tails, kind="stable")
    extreme, shifted = np.zeros(len(kept), dtype=np.int64), []
    resampled = SharedResamples([test for test, _ in kept], grids, seed=seed, resamples=resamples)
    scales = np.array([float(np.abs(each[0]).max()) for each in grids])
    for part in resampled.parts():
        size = part.stop - part.start
        null_t, null_df, nearest = np.empty((len(kept), size)), np.empty((len(kept), size)), _Smallest(size)
        for places, (raw, centred) in resampled.moments(part):
            null_t[places], null_df[places] = _studentized(raw, scales[places])
            for t, df in zip(*_studentized(centred, scales[places]), strict=True):
                nearest.lower(t, df, "two-sided", 1 - level)
        shifted.append(nearest.tails)
        # Step down: a test is compared with the smallest tail among itself and all whose own tail is larger.
        smallest = _Smallest(size)
        for row in order:
            smallest.lower(null_t[row], null_df[row], kept[row][0].alternative, tails[row])
            extreme[row] += np.count_nonzero(smallest.tails <= tails[row] * (1 + 1e-9))
    stepped = np.empty(len(kept))
    stepped[order[::-1]] = np.maximum.accumulate((extreme[order[::-1]] + 1) / (resamples + 1))
    adjusted = iter(stepped.tolist())
    tail = _family_tail(np.concatenate(shifted), 1 - level, len(kept))
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


def _tail(
    t: NDArray[np.float64] | float, df: NDArray[np.float64] | float, alternative: Alternative
) -> NDArray[np.float64]:
    if alternative == "two-sided":
        return np.asarray(2 * special.stdtr(df, -np.abs(t)), dtype=np.float64)
    return np.asarray(special.stdtr(df, -t if alternative == "greater" else t), dtype=np.float64)


def _studentized(
    moments: CrossedMoments, scales: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """t and its df, (tests, resamples) each; ``scales`` (tests,) are the largest scores."""
    # Groups without any spread give an infinite t, or 0/0 when their means agree as well.
    floor = (1e-12 * scales[:, None]) ** 2
    return moments.value / np.sqrt(np.maximum(moments.variance, floor)), np.maximum(moments.df, 1.0)


class _Smallest:
    """The smallest tail probability of each resample among the tests seen so far; 1 before the first.

    Most tests lower few of them, and which ones is seen from t alone: a tail of Student's t lies above the normal one,
    whatever its df, so that no t below the normal quantile of the smallest tail can be smaller still.
    """

    def __init__(self, resamples: int) -> None:
        self.tails = np.ones(resamples)
        self._reach = np.full(resamples, -np.inf)

    def lower(self, t: NDArray[np.float64], df: NDArray[np.float64], alternative: Alternative, largest: float) -> None:
        """Take in one test, (resamples,) t and df; its tails above ``largest`` decide nothing and may be left out."""
        sides = 2 if alternative == "two-sided" else 1
        towards = np.abs(t) if sides == 2 else t if alternative == "greater" else -t
        needed = np.flatnonzero(towards >= np.maximum(self._reach, _normal_reach(largest * (1 + 1e-6) / sides)))
        if len(needed) == 0:
            return
        tails = np.minimum(self.tails[needed], sides * special.stdtr(df[needed], -towards[needed]))
        self.tails[needed] = tails
        # Of the two-sided quantile and this one, this one is nearer to 0: it serves tests of either kind.
        self._reach[needed] = _normal_reach(tails)


def _normal_reach(tails: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Normal quantiles of upper tails up to 1/2; beyond, Student's tails lie below the normal ones: no bound."""
    return np.where(np.asarray(tails) <= 0.5, -special.ndtri(np.minimum(tails, 1.0)), -np.inf)
