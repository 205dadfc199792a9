"""Interval, test and detectable size of one AUROC with clustered stimuli."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from audit.records import Undefined
from audit.stats.groups import label_problem
from audit.stats.interval import Interval
from audit.stats.permutation import PermutationTest, two_sample
from audit.stats.selectivity import mid_ranks

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _hanley_mcneil(area: float, n_pos: int, n_neg: int) -> float:
    """Variance of an AUROC when the scores are exponential: Hanley & McNeil 1982 with Newcombe's 2006 common n*."""
    more = (n_pos + n_neg) / 2 - 1
    shape = 1 + more * (1 - area) / (2 - area) + more * area / (1 + area)
    return area * (1 - area) * shape / (n_pos * n_neg)


def _problem(scores: NDArray[np.float64], positive: NDArray[np.bool_], clusters: NDArray[np.intp]) -> str | None:
    return label_problem(positive, clusters) if np.isfinite(scores).all() else "a response is missing or not finite"


def auroc_interval(
    scores: NDArray[np.float64], positive: NDArray[np.bool_], clusters: NDArray[np.intp], *, level: float = 0.95
) -> Interval | Undefined:
    """Interval of an AUROC that generalises to new clusters; ``scores``, ``positive``, ``clusters`` are (n,).

    The areas theta with (A - theta)^2 <= t^2 r V(theta): V is the Hanley-McNeil variance at theta for the number of
    clusters (Newcombe 2006, method 5, which holds its level up to A = 1), r = max(1, D / V(A)) carries what the data
    say beyond it, with D the clustered DeLong variance (Obuchowski 1997), and t has Satterthwaite's df of D's two
    terms. Unlike a bootstrap or a logit-DeLong interval it covers with 5 positive clusters and at perfect separation
    (benchmarks/calibration.py); where the negatives spread far more than the positives it is wide. In [0, 1].
    """
    problem = _problem(scores, positive, clusters)
    if problem is not None:
        return Undefined(name="auroc", reason=problem)
    n_pos, n_neg = int(positive.sum()), int((~positive).sum())
    ranks = mid_ranks(scores)
    # Placement of each positive among the negatives and of each negative among the positives (DeLong 1988).
    placed = np.empty(len(scores))
    placed[positive] = (ranks[positive] - mid_ranks(scores[positive])) / n_neg
    placed[~positive] = 1 - (ranks[~positive] - mid_ranks(scores[~positive])) / n_pos
    area = float(placed[positive].mean())
    variance, squares, counts = 0.0, 0.0, []
    for side in (positive, ~positive):
        _, index = np.unique(clusters[side], return_inverse=True)
        sums = np.bincount(index, weights=placed[side] - area)
        own = len(sums) / (len(sums) - 1) * float((sums**2).sum()) / int(side.sum()) ** 2
        counts.append(len(sums))
        variance += own
        squares += own**2 / (len(sums) - 1)
    expected = _hanley_mcneil(area, *counts)
    ratio = max(1.0, variance / expected) if expected > 0 else 1.0
    df = variance**2 / squares if variance > 0 else min(counts) - 1
    reach = float(special.stdtrit(df, (1 + level) / 2)) ** 2 * ratio

    def beyond(theta: float) -> float:
        return (area - theta) ** 2 - reach * _hanley_mcneil(theta, *counts)

    # At an area of 0 or 1 itself the variance is 0, which would be taken for the root.
    inside = min(max(area, 1e-9), 1 - 1e-9)
    low = 0.0 if area == 0 else float(optimize.brentq(beyond, 0.0, inside))
    high = 1.0 if area == 1 else float(optimize.brentq(beyond, inside, 1.0))
    return Interval(low, high, level, "score interval on the clustered DeLong and Hanley-McNeil variances")


def permutation_auroc(
    scores: NDArray[np.float64],
    positive: NDArray[np.bool_],
    clusters: NDArray[np.intp],
    *,
    seed: int,
    resamples: int = 99_999,
) -> PermutationTest | Undefined:
    """Test that the concept's clusters rank no higher than the rest; one-sided, arrays are (n,).

    Whole clusters are permuted, by the mean of their mid-ranks. With one stimulus a cluster this is the Mann-Whitney
    test, exact with ties wherever ``two_sample`` is exact. The statistic is the difference of mean mid-ranks divided by
    n, which is then A - 1/2; positive when the concept ranks higher.
    """
    problem = _problem(scores, positive, clusters)
    if problem is not None:
        return Undefined(name="p", reason=problem)
    _, first, index = np.unique(clusters, return_index=True, return_inverse=True)
    means = np.bincount(index, weights=mid_ranks(scores)) / np.bincount(index) / len(scores)
    return two_sample(means, positive[first], alternative="greater", seed=seed, resamples=resamples)


def auroc_mde(n_pos: int, n_neg: int, *, level: float = 0.95, power: float = 0.80) -> float:
    """Smallest true AUROC that the one-sided rank test finds with probability ``power``, given clusters on each side.

    Solves area = 1/2 + z(level) s0 + z(power) s(area), s0^2 = (n_pos + n_neg + 1)/(12 n_pos n_neg) the variance without
    any preference and s^2 the Hanley-McNeil one; 1 when no area below 1 reaches it.
    """
    needed = 0.5 + float(special.ndtri(level)) * sqrt((n_pos + n_neg + 1) / (12 * n_pos * n_neg))

    def lacking(area: float) -> float:
        return area - needed - float(special.ndtri(power)) * sqrt(_hanley_mcneil(area, n_pos, n_neg))

    return float(optimize.brentq(lacking, 0.5, 1.0)) if needed < 1 else 1.0
