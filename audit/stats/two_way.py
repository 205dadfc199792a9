"""A share of pairs, when both members of a pair are sampled: pictures and the words written on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from audit.records import Estimate, Measured, Undefined
from audit.stats.proportions import wilson_ends

if TYPE_CHECKING:
    from numpy.typing import NDArray


def two_way_share(
    hits: NDArray[np.float64],
    first: NDArray[np.intp],
    second: NDArray[np.intp],
    *,
    name: str,
    sign: str,
    level: float = 0.95,
) -> Measured:
    """Share of hits with an interval that generalises to new clusters of both kinds; all arrays are (n,).

    V = V_first + V_second - V_both, each the variance of the share between clusters of that kind, C/(C - 1) sum over
    clusters of (sum of hits - p)^2 / n^2, and V_both that of the cells that two clusters share; floored at the larger
    of the first two (Cameron, Gelbach & Miller 2011; Cochran 1977). The interval is Wilson's on the effective sample
    size n* = p (1 - p)/V, at most n, times (z/t)^2 with the df of the kind with fewer clusters (Korn & Graubard 1998);
    where nothing varies n* is the smaller number of clusters. Undefined when an outcome is none or a kind has fewer
    than 2 clusters.
    """
    hits = np.asarray(hits, dtype=np.float64)
    if not np.isfinite(hits).all() or not len(hits):
        return Undefined(name=name, reason="nothing was counted" if not len(hits) else "an outcome is missing")
    _, one = np.unique(first, return_inverse=True)
    _, other = np.unique(second, return_inverse=True)
    counts = int(one.max()) + 1, int(other.max()) + 1
    if min(counts) < 2:
        reason = f"each kind needs at least 2 clusters, and there are {counts[0]} and {counts[1]}"
        return Undefined(name=name, reason=reason)
    n, p = len(hits), float(hits.mean())
    kinds = [_between(hits - p, index) / n**2 for index in (one, other, one * counts[1] + other)]
    variance = max(kinds[0] + kinds[1] - kinds[2], kinds[0], kinds[1])
    fewest = min(counts)
    size = float(fewest)
    if variance > 1e-15 and 0 < p < 1:
        z, t = special.ndtri((1 + level) / 2), special.stdtrit(fewest - 1, (1 + level) / 2)
        size = min(p * (1 - p) / variance, float(n)) * float(z / t) ** 2
    low, high = wilson_ends(np.array([p]), np.array([max(size, 1e-9)]), level)
    return Estimate(
        name=name,
        value=p,
        unit="share",
        sign=sign,
        n=n,
        groups=counts,
        method="share of pairs, Wilson score interval on the effective sample size of clusters of both kinds",
        level=level,
        low=float(low[0]),
        high=float(high[0]),
        alternative="greater",
    )


def _between(residual: NDArray[np.float64], index: NDArray[np.intp]) -> float:
    sums = np.bincount(index, weights=residual)
    count = int(np.count_nonzero(np.bincount(index)))
    return count / max(count - 1, 1) * float((sums**2).sum())
