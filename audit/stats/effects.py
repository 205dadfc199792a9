"""Effect sizes of two groups of clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Undefined
from audit.stats.crossed import CrossedDifference, crossed_difference
from audit.stats.noncentral_t import noncentrality_interval
from audit.stats.selectivity import mid_ranks

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class EffectSize:
    """A standardised difference with its interval."""

    value: float
    """In standard deviations; positive when X scores higher."""
    low: float
    high: float
    level: float
    """Nominal coverage of [low, high]."""


def pooled_deviation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """sqrt(((n_x - 1) s_x^2 + (n_y - 1) s_y^2) / (n_x + n_y - 2)), in the unit of the scores."""
    squares = (len(x) - 1) * x.var(ddof=1) + (len(y) - 1) * y.var(ddof=1)
    return float(np.sqrt(squares / (len(x) + len(y) - 2)))


def hedges_correction(df: float) -> float:
    """J = 1 - 3 / (4 df - 1), which takes the bias of Cohen's d out (Hedges 1981, equation 6e)."""
    return 1 - 3 / (4 * df - 1)


def cohens_d(
    scores: NDArray[np.float64],
    in_x: NDArray[np.bool_],
    *,
    level: float = 0.95,
    difference: CrossedDifference | Undefined | None = None,
) -> EffectSize | Undefined:
    """Cohen's d = (mean of X - mean of Y) / s of the cluster means, s pooled on df = n_x + n_y - 2; no unit (sd).

    ``scores`` is (clusters,) or (clusters, templates), ``in_x`` (clusters,). Interval: the noncentralities at which the
    observed t = value / se has tail probability (1 - ``level``)/2 on either side, times se / s, with se and df those of
    the raw difference (``crossed_difference``), so the choice of templates is in it, and it holds 0 exactly when the
    raw interval does. With equal variances and one template it is the usual noncentral-t interval (Steiger & Fouladi
    1997). Sign: positive when X scores higher. ``difference`` is that raw difference where it is known already.
    """
    difference = difference or crossed_difference(scores, in_x)
    if isinstance(difference, Undefined):
        return Undefined(name="cohens_d", reason=difference.reason)
    means = scores.mean(axis=1) if scores.ndim == 2 else scores
    spread = pooled_deviation(means[in_x], means[~in_x])
    if spread <= 1e-12 * float(np.abs(means).max()):
        return Undefined(name="cohens_d", reason="cluster means do not vary within the groups")
    scale = difference.se / spread
    low, high = noncentrality_interval(difference.value / difference.se, difference.df, level)
    return EffectSize(difference.value / spread, low * scale, high * scale, level)


def hedges_g(scores: NDArray[np.float64], in_x: NDArray[np.bool_], *, level: float = 0.95) -> EffectSize | Undefined:
    """Hedges g = J d with J = 1 - 3/(4 df - 1), df = n_x + n_y - 2; d, interval, shapes and sign as in ``cohens_d``."""
    d = cohens_d(scores, in_x, level=level)
    if isinstance(d, Undefined):
        return Undefined(name="hedges_g", reason=d.reason)
    factor = hedges_correction(len(in_x) - 2)
    return EffectSize(factor * d.value, factor * d.low, factor * d.high, level)


def eat_effect_size(x: NDArray[np.float64], y: NDArray[np.float64], *, ddof: int = 1) -> float | Undefined:
    """EAT d = (mean of s over X - mean of s over Y) / standard deviation of s over X and Y together.

    ``x`` (n_x,) and ``y`` (n_y,) hold the associations s(w). No unit; positive when X goes with A. ``ddof=1`` is iEAT's
    sample deviation (Steed & Caliskan 2021), ``ddof=0`` WEFE's population deviation; Caliskan et al. 2017 leave it
    open. |d| cannot exceed 2 with equal groups and ddof 0: it saturates when X and Y separate, so read it beside the
    raw difference.
    """
    both = np.concatenate([x, y]).astype(np.float64)
    if min(len(x), len(y)) < 1 or len(both) <= ddof:
        return Undefined(name="effect_size_d", reason="a group is empty")
    if not np.isfinite(both).all():
        return Undefined(name="effect_size_d", reason="a score is missing or not finite")
    if np.ptp(both) == 0:
        return Undefined(name="effect_size_d", reason="all scores are equal")
    return float((np.mean(x) - np.mean(y)) / both.std(ddof=ddof))


def eat_from_cohens_d(d: float, n_x: int, n_y: int) -> float:
    """EAT d (ddof = 1) of two groups whose Cohen's d is ``d``: the total deviation holds the difference itself.

    EAT d = d / sqrt((N - 2 + n_x n_y d^2 / N) / (N - 1)), N = n_x + n_y, from (N - 1) s_total^2 = (N - 2) s_pooled^2 +
    n_x n_y / N (difference)^2. It grows with d towards sqrt((N - 1) N / (n_x n_y)), near 2 with equal groups.
    """
    n = n_x + n_y
    return d / float(np.sqrt((n - 2 + n_x * n_y * d**2 / n) / (n - 1)))


def auc(x: NDArray[np.float64], y: NDArray[np.float64]) -> float | Undefined:
    """P(X > Y) + P(X = Y) / 2 over all pairs: the probability that a cluster of X outscores one of Y.

    0.5 is no difference, 1 means that every cluster of X scores higher. U / (n_x n_y) with mid-ranks (Mann & Whitney
    1947).
    """
    if min(len(x), len(y)) < 1:
        return Undefined(name="auc", reason="a group is empty")
    both = np.concatenate([x, y]).astype(np.float64)
    if not np.isfinite(both).all():
        return Undefined(name="auc", reason="a score is missing or not finite")
    ranks = mid_ranks(both)
    return float((ranks[: len(x)].sum() - len(x) * (len(x) + 1) / 2) / (len(x) * len(y)))
