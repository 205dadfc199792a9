"""What a design can see: minimum detectable effect, intraclass correlation, design effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from audit.records import Alternative, Undefined
from audit.stats.noncentral_t import noncentral_t_cdf

if TYPE_CHECKING:
    from numpy.typing import NDArray


def t_power(effect: float, se: float, df: float, *, level: float = 0.95, alternative: Alternative) -> float:
    """Probability that a t test at 1 - ``level`` finds a true ``effect``, with standard error ``se`` on ``df`` degrees.

    P(T >= t(1 - alpha)) for T noncentral t with noncentrality |effect| / se; ``two-sided`` uses alpha/2 at each end and
    counts both ends. Source: Johnson, Kotz & Balakrishnan 1995, chapter 31.
    """
    tails = 2 if alternative == "two-sided" else 1
    bound = float(special.stdtrit(df, 1 - (1 - level) / tails))
    shift = abs(effect) / se
    power = 1 - noncentral_t_cdf(bound, df, shift)
    return power + noncentral_t_cdf(-bound, df, shift) if tails == 2 else power


def mde(se: float, df: float, *, level: float = 0.95, power: float = 0.80, alternative: Alternative) -> float:
    """Minimum detectable effect: the true difference that the test finds with probability ``power``.

    The positive solution of ``t_power(effect) = power``, in the unit of ``se`` (about 2.8 se when two-sided with many
    degrees). ``se`` is taken between clusters, so a design effect is already in it.
    """

    def lacking(effect: float) -> float:
        return t_power(effect, se, df, level=level, alternative=alternative) - power

    high = 4 * se
    while lacking(high) < 0:
        high *= 2
    return float(optimize.brentq(lacking, 0.0, high, xtol=1e-12 * se, rtol=1e-10))


def icc(scores: NDArray[np.float64], clusters: NDArray[np.intp], in_x: NDArray[np.bool_]) -> float | Undefined:
    """Intraclass correlation of items in clusters, the difference between the two groups taken out.

    ``scores``, ``clusters`` (index of the cluster) and ``in_x`` are (n,), one entry an item; every cluster lies in one
    group. ICC(1) = (MSB - MSW) / (MSB + (m0 - 1) MSW) from the one-way analysis of variance of clusters within groups,
    with m0 = (n - sum over groups of sum m_i^2 / n_group) / (clusters - groups) items a cluster; below 0 it is set to
    0. Source: Donner & Koval 1980; Shrout & Fleiss 1979, ICC(1,1).
    """
    scores = np.asarray(scores, dtype=np.float64)
    if not np.isfinite(scores).all():
        return Undefined(name="icc", reason="a score is missing or not finite")
    names, index = np.unique(clusters, return_inverse=True)
    sizes = np.bincount(index).astype(np.float64)
    means = np.bincount(index, weights=scores) / sizes
    group = np.zeros(len(names), dtype=np.intp)
    group[index] = in_x
    between, lost, groups = 0.0, 0.0, 0
    for side in np.unique(group):
        own = group == side
        centre = float(np.average(means[own], weights=sizes[own]))
        between += float((sizes[own] * (means[own] - centre) ** 2).sum())
        lost += float((sizes[own] ** 2).sum() / sizes[own].sum())
        groups += 1
    df_between, df_within = len(names) - groups, len(scores) - len(names)
    if df_between < 1 or df_within < 1:
        return Undefined(name="icc", reason="too few clusters, or no cluster with more than one item")
    ms_between = between / df_between
    ms_within = float(((scores - means[index]) ** 2).sum()) / df_within
    m0 = (len(scores) - lost) / df_between
    spread = ms_between + (m0 - 1) * ms_within
    if spread <= 0:
        return Undefined(name="icc", reason="all scores of a group are equal")
    return max(0.0, (ms_between - ms_within) / spread)


def design_effect(intraclass: float, items_per_cluster: float) -> float:
    """1 + (m - 1) ICC: how many times the variance of a mean exceeds that of independent items (Kish 1965, 5.4)."""
    return 1 + (items_per_cluster - 1) * intraclass
