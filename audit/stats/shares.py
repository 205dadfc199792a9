"""Shares of several groups of clustered items, what they have in common, and how they compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from audit.records import Undefined
from audit.stats.interval import Interval
from audit.stats.proportions import wilson_ends

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ends = tuple[NDArray[np.float64], NDArray[np.float64]]

_TIE = 1e-12
"""A variance below this is rounding: shares lie in [0, 1]."""


@dataclass(frozen=True, slots=True)
class GroupShares:
    """The share of hits in each of k groups, with the covariance that clusters give them."""

    names: tuple[str, ...]
    """(k,) in the order of the arrays."""
    share: NDArray[np.float64]
    """(k,) hits per item, in [0, 1]; NaN for a group without items, which has no interval."""
    items: NDArray[np.intp]
    """(k,) items in the group."""
    clusters: NDArray[np.intp]
    """(k,) clusters with an item in the group; a cluster may count in several."""
    covariance: NDArray[np.float64]
    """(k, k) of the shares, between clusters; 0 where a group shows no spread."""
    crossed: bool
    """Whether some cluster has items in several groups, as a role that is drawn as a woman and as a man."""

    def index(self, name: str) -> int:
        """Place of the group called ``name``."""
        return self.names.index(name)

    def effective(self, level: float) -> NDArray[np.float64]:
        """(k,) effective sample size n* of each group, at most its items; 0 for an empty group.

        n* = n / deff with deff = V (n - 1)/(p (1 - p)), V the variance of the share, times (t_{n-1}/t_{C-1})^2 for the
        uncertainty of V from C clusters, t the two-sided quantile at ``level`` (Kish 1965, 8.2; Korn & Graubard 1998).
        When every item is a cluster, n* = n. Where clusters show no spread at all (p of 0 or 1, one cluster, or the
        same share in each), the design effect cannot be seen and n* is the number of clusters: as if the items of a
        cluster were one.
        """
        variance, n = self.covariance.diagonal(), self.items.astype(np.float64)
        count = self.clusters.astype(np.float64)
        spread = self.share * (1 - self.share)
        seen = (variance > _TIE) & (spread > _TIE)
        tail = (1 + level) / 2
        own, between = special.stdtrit(np.maximum(n - 1, 1), tail), special.stdtrit(np.maximum(count - 1, 1), tail)
        shrunk = n / np.maximum(n - 1, 1) * spread / np.where(seen, variance, 1.0)
        return np.where(seen, np.minimum(shrunk, n) * (own / between) ** 2, count)

    def ends(self, level: float, *, corrected: bool = False) -> Ends:
        """(k,) lower and (k,) upper ends of Wilson's interval of every share on n*; of groups that have items.

        ``corrected`` takes the continuity correction, which intervals far out in the tails need (``wilson_ends``).
        """
        n = np.maximum(self.effective(level), _TIE)
        return wilson_ends(self.share, n, level, corrected=corrected)

    def interval(self, group: str, level: float = 0.95) -> Interval | Undefined:
        """Wilson's interval of one share on its effective sample size."""
        g = self.index(group)
        if missing := self.missing(group):
            return missing
        low, high = self.ends(level)
        return Interval(float(low[g]), float(high[g]), level, "Wilson score interval on the effective sample size")

    def difference(self, first: str, second: str, level: float = 0.95) -> Interval | Undefined:
        """Interval of p_first - p_second from the two Wilson intervals, see ``difference_ends``."""
        if missing := self.missing(first, second):
            return missing
        low, high = self.difference_ends(level)
        g, h = self.index(first), self.index(second)
        return Interval(float(low[g, h]), float(high[g, h]), level, "MOVER of two Wilson intervals")

    def ratio(self, first: str, second: str, level: float = 0.95) -> Interval | Undefined:
        """Interval of p_first / p_second from the two Wilson intervals, see ``ratio_ends``."""
        if missing := self.missing(first, second):
            return missing
        g, h = self.index(first), self.index(second)
        if self.share[h] <= 0:
            return Undefined(name="ratio", reason=f"the share of {second} is 0, and nothing can be divided by it")
        low, high = self.ratio_ends(level)
        return Interval(float(low[g, h]), float(high[g, h]), level, "MOVER-R of two Wilson intervals")

    def difference_ends(self, level: float, *, corrected: bool = False) -> Ends:
        """(k, k) lower and upper ends of p_g - p_h for all pairs.

        With (l, u) the intervals of the two shares and r their correlation (0 when no cluster is in both groups):
        low = d - sqrt((p_g - l_g)^2 + (u_h - p_h)^2 - 2 r (p_g - l_g)(u_h - p_h)), high mirrored. Source: Newcombe
        1998, method 10, of independent groups; Zou & Donner 2008, equations 6 and 7, with correlation.
        """
        low, high = self.ends(level, corrected=corrected)
        below, above = self.share - low, high - self.share
        gap = self.share[:, None] - self.share
        reach = below[:, None] ** 2 + above**2 - 2 * self._correlation() * below[:, None] * above
        bottom = gap - np.sqrt(np.maximum(reach, 0))
        return bottom, -bottom.T

    def ratio_ends(self, level: float, *, corrected: bool = False) -> Ends:
        """(k, k) lower and upper ends of p_g / p_h for all pairs; infinite and of no use where p_h is 0.

        MOVER-R (Donner & Zou 2012, equation 9): with A = p_g p_h - r (p_g - l_g)(u_h - p_h),
        low = (A - sqrt(A^2 - l_g u_h (2 p_g - l_g)(2 p_h - u_h))) / (u_h (2 p_h - u_h)), here with the root moved to
        the denominator, so that 2 p_h = u_h needs no care; high in the same way from u_g and l_h. It exists at p_g = 0.
        """
        low, high = self.ends(level, corrected=corrected)
        p, r = self.share, self._correlation()
        first, below, above = p[:, None], p - low, high - p
        under = (low * (2 * p - low))[:, None]
        over = (high * (2 * p - high))[:, None]
        product = first * p - r * below[:, None] * above
        root = np.sqrt(np.maximum(product**2 - under * high * (2 * p - high), 0))
        other = first * p - r * above[:, None] * below
        upper_root = np.sqrt(np.maximum(other**2 - over * low * (2 * p - low), 0))
        with np.errstate(divide="ignore", invalid="ignore"):
            bottom = np.where(under > 0, under / (product + root), 0.0)
            top = (other + upper_root) / (low * (2 * p - low))
        return bottom, top

    def missing(self, *groups: str) -> Undefined | None:
        """Why shares of these groups cannot be compared: one has no items."""
        empty = [name for name in groups or self.names if self.items[self.index(name)] == 0]
        if not empty:
            return None
        return Undefined(name="share", reason=f"no item belongs to {', '.join(empty)}")

    def _correlation(self) -> NDArray[np.float64]:
        deviation = np.sqrt(self.covariance.diagonal())
        product = deviation[:, None] * deviation
        seen = product > _TIE
        found: NDArray[np.float64] = np.where(seen, self.covariance / np.where(seen, product, 1.0), 0.0)
        return np.clip(found, -1, 1)


def group_shares(
    outcomes: NDArray[np.float64], groups: NDArray[np.intp], clusters: NDArray[np.intp], names: tuple[str, ...]
) -> GroupShares | Undefined:
    """Share of hits in each group, p_g = sum of outcomes / items, and the covariance of the shares between clusters.

    ``outcomes`` (n,) in [0, 1], 1 for an item that was hit; ``groups`` (n,) index into ``names``; ``clusters`` (n,) any
    index. With y_gc the hits and m_gc the items of cluster c in group g, M_g items and C_g clusters of the group,
    u_gc = sqrt(C_g/(C_g - 1)) (y_gc - p_g m_gc)/M_g, and Cov(p_g, p_h) = sum over clusters of u_gc u_hc: the variance
    of a ratio (Cochran 1977, 6.3 and 11.2), and for groups that share clusters the covariance of two ratios. Undefined
    when an outcome is missing or lies outside [0, 1].
    """
    outcomes = np.asarray(outcomes, dtype=np.float64)
    usable = np.isfinite(outcomes) & (outcomes >= 0) & (outcomes <= 1)
    if not usable.all():
        bad = int(np.count_nonzero(~usable))
        return Undefined(name="share", reason=f"{bad} of {outcomes.size} outcomes are missing or not between 0 and 1")
    k = len(names)
    _, cluster = np.unique(clusters, return_inverse=True)
    width = int(cluster.max(initial=-1)) + 1
    cell = np.asarray(groups, dtype=np.intp) * width + cluster
    sizes = np.bincount(cell, minlength=k * width).reshape(k, width)
    hits = np.bincount(cell, weights=outcomes, minlength=k * width).reshape(k, width)
    items, count = sizes.sum(axis=1), np.count_nonzero(sizes, axis=1)
    divisor = np.maximum(items, 1)
    share = hits.sum(axis=1) / divisor
    factor = np.sqrt(np.where(count > 1, count / np.maximum(count - 1, 1), 1.0))
    influence = (factor / divisor)[:, None] * (hits - share[:, None] * sizes)
    return GroupShares(
        names=names,
        share=np.where(items > 0, share, np.nan),
        items=items,
        clusters=count,
        covariance=influence @ influence.T,
        crossed=bool((np.count_nonzero(sizes, axis=0) > 1).any()),
    )
