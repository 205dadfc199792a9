"""Bootstrap intervals of a difference of two means, for when a t interval is not wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from audit.records import Undefined
from audit.stats.groups import group_problem
from audit.stats.interval import Interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_BCA = 25
"""Clusters a side under which BCa covers too little to be offered."""


def studentized_bootstrap(
    scores: NDArray[np.float64], in_x: NDArray[np.bool_], *, seed: int, level: float = 0.95, resamples: int = 9_999
) -> Interval | Undefined:
    """Bootstrap-t interval of mean of X minus mean of Y; ``scores`` and ``in_x`` are (n,), one entry a cluster.

    Clusters are drawn with replacement within each group; t* = (D* - D)/se*, se Welch's. Interval: D - t*(1 - a/2) se
    to D - t*(a/2) se. It follows skewed scores. Source: Efron 1981; Hall 1988; Davison & Hinkley 1997, section 5.2.
    """
    problem = group_problem(scores, in_x)
    if problem is not None:
        return Undefined(name="difference", reason=problem)
    index = np.arange(len(scores))
    return cluster_bootstrap(scores, in_x, index, seed=seed, level=level, resamples=resamples)


def cluster_bootstrap(
    scores: NDArray[np.float64],
    in_x: NDArray[np.bool_],
    clusters: NDArray[np.intp],
    *,
    seed: int,
    level: float = 0.95,
    resamples: int = 9_999,
) -> Interval | Undefined:
    """Bootstrap-t interval of the mean of X's items minus the mean of Y's, drawing whole clusters.

    ``scores``, ``in_x`` and ``clusters`` are (n,), one entry an item; clusters lie in one group each. A group's mean is
    the ratio of its clusters' sums to its clusters' sizes, with the linearised variance k/(k - 1) sum over its k
    clusters of (sum_c - mean size_c)^2 / (sum of sizes)^2 (Cochran 1977, section 6.3); otherwise as
    ``studentized_bootstrap``.
    """
    if not np.isfinite(scores).all():
        return Undefined(name="difference", reason="a score is missing or not finite")
    generator = np.random.default_rng(seed)
    value, variance = 0.0, 0.0
    drawn_value, drawn_variance = np.zeros(resamples), np.zeros(resamples)
    for group, sign in ((in_x, 1.0), (~in_x, -1.0)):
        _, index = np.unique(clusters[group], return_inverse=True)
        sizes = np.bincount(index).astype(np.float64)
        if len(sizes) < 2:
            return Undefined(
                name="difference", reason=f"each group needs at least 2 clusters, and one has {len(sizes)}"
            )
        sums = np.bincount(index, weights=scores[group]).astype(np.float64)
        # The observed group is the draw that takes every cluster once.
        picks = generator.integers(0, len(sizes), (resamples, len(sizes)))
        mean, spread = _ratio(sums, sizes, np.arange(len(sizes))[None])
        drawn_mean, drawn_spread = _ratio(sums, sizes, picks)
        value, variance = value + sign * float(mean[0]), variance + float(spread[0])
        drawn_value, drawn_variance = drawn_value + sign * drawn_mean, drawn_variance + drawn_spread
    if variance <= 0:
        return Undefined(name="difference", reason="scores do not vary within the groups")
    # A draw without any spread (the same cluster throughout) has no t; it stands at the far end of its side.
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.nan_to_num((drawn_value - value) / np.sqrt(drawn_variance), nan=0.0, posinf=np.inf, neginf=-np.inf)
    t.sort()
    tail = max(0, int(np.floor((1 - level) / 2 * (resamples + 1))) - 1)
    lower, upper = float(t[tail]), float(t[resamples - 1 - tail])
    if not np.isfinite([lower, upper]).all():
        return Undefined(name="difference", reason="too few clusters for a studentized bootstrap")
    se = float(np.sqrt(variance))
    return Interval(value - upper * se, value - lower * se, level, f"studentized bootstrap, {resamples} resamples")


def _ratio(
    sums: NDArray[np.float64], sizes: NDArray[np.float64], picks: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and its linearised variance for each row of drawn clusters."""
    k = picks.shape[1]
    total = sizes[picks].sum(axis=1)
    mean = sums[picks].sum(axis=1) / total
    residual = sums[picks] - mean[:, None] * sizes[picks]
    return mean, k / (k - 1) * (residual**2).sum(axis=1) / total**2


def bca(
    scores: NDArray[np.float64], in_x: NDArray[np.bool_], *, seed: int, level: float = 0.95, resamples: int = 9_999
) -> Interval | Undefined:
    """Bias-corrected accelerated interval of mean of X minus mean of Y; ``scores`` and ``in_x`` are (n,).

    Percentiles Phi(z0 + (z0 + z)/(1 - a (z0 + z))) of the bootstrap differences, z0 from the share below the observed
    one, a from the jackknife over both groups (Efron 1987; Efron & Tibshirani 1993, equation 14.15, two samples as in
    Davison & Hinkley 1997, section 5.3.2). Undefined under 25 clusters a side, where it covers too little.
    """
    problem = group_problem(scores, in_x, least=_LEAST_BCA)
    if problem is not None:
        return Undefined(name="difference", reason=problem)
    generator = np.random.default_rng(seed)
    difference, influence = np.zeros(resamples), []
    observed = float(scores[in_x].mean() - scores[~in_x].mean())
    for group, sign in ((scores[in_x], 1.0), (scores[~in_x], -1.0)):
        n = len(group)
        difference += sign * group[generator.integers(0, n, (resamples, n))].mean(axis=1)
        influence.append(sign * (group - group.mean()) / n)
    pull = np.concatenate(influence)
    acceleration = float((pull**3).sum() / (6 * (pull**2).sum() ** 1.5))
    below = np.count_nonzero(difference < observed) + np.count_nonzero(difference == observed) / 2
    bias = float(special.ndtri((below + 0.5) / (resamples + 1)))
    z = bias + special.ndtri([(1 - level) / 2, (1 + level) / 2])
    low, high = np.quantile(difference, special.ndtr(bias + z / (1 - acceleration * z)))
    return Interval(float(low), float(high), level, f"BCa bootstrap, {resamples} resamples")
