"""Intervals of shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from audit.records import Undefined
from audit.stats.interval import Interval

if TYPE_CHECKING:
    from numpy.typing import NDArray


def wilson(successes: int, n: int, *, level: float = 0.95) -> Interval | Undefined:
    """Wilson's score interval of a share, in [0, 1].

    (p + z^2/2n -+ z sqrt(p(1 - p)/n + z^2/4n^2)) / (1 + z^2/n), p = successes / n. Source: Wilson 1927.
    """
    if n < 1:
        return Undefined(name="share", reason="nothing was counted")
    low, high = wilson_ends(np.array([successes / n]), np.array([float(n)]), level)
    return Interval(float(low[0]), float(high[0]), level, "Wilson score interval")


def wilson_ends(
    share: NDArray[np.float64], n: NDArray[np.float64], level: float, *, corrected: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper ends of Wilson's interval for many shares at once; ``n`` may be an effective sample size.

    ``share`` in [0, 1] and ``n`` > 0 have the same shape, and so have the ends. ``corrected`` takes the continuity
    correction of ``wilson_simultaneous``; it is never narrower. With n < 1 the corrected ends are 0 and 1.
    """
    z = float(special.ndtri((1 + level) / 2))
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    low, high = centre - reach, centre + reach
    if corrected:
        low, high = np.minimum(low, _corrected_low(share, n, z)), np.maximum(high, 1 - _corrected_low(1 - share, n, z))
    # At 0 and n the end is exactly 0 or 1; rounding must not move it.
    low, high = np.where(share <= 0, 0.0, np.maximum(low, 0.0)), np.where(share >= 1, 1.0, np.minimum(high, 1.0))
    return low, high


def wilson_simultaneous(
    successes: NDArray[np.intp], n: NDArray[np.intp], *, level: float = 0.95
) -> tuple[Interval | Undefined, ...]:
    """Wilson intervals with continuity correction that hold for all groups at once, each at 1 - (1 - ``level``)/groups.

    ``successes`` and ``n`` are (groups,); an empty group is Undefined and takes no share of the level. Each interval
    holds the shares with |p - share| - 1/(2n) <= z sqrt(share (1 - share)/n), p = successes / n (Newcombe 1998, method
    4; Bonferroni as in Goodman 1965). The correction is needed here: so far out in the tails the plain interval covers
    24 groups with shares of .03 together in 89 % of the cases instead of 95 %.
    """
    counted = np.asarray(n) > 0
    sizes = np.where(counted, n, 1).astype(np.float64)
    each = 1 - (1 - level) / max(1, int(np.count_nonzero(counted)))
    low, high = wilson_ends(np.asarray(successes) / sizes, sizes, each, corrected=True)
    method = "Wilson score interval with continuity correction, Bonferroni"
    return tuple(
        Interval(one, other, level, method) if known else Undefined(name="share", reason="nothing was counted")
        for one, other, known in zip(low.tolist(), high.tolist(), counted.tolist(), strict=True)
    )


def _corrected_low(share: NDArray[np.float64], n: NDArray[np.float64], z: float) -> NDArray[np.float64]:
    """Newcombe's method 4, lower end; the upper end is that of the other outcome, mirrored."""
    root = np.maximum(z**2 - 2 - 1 / n + 4 * share * (n * (1 - share) + 1), 0)
    low: NDArray[np.float64] = np.maximum((2 * n * share + z**2 - 1 - z * np.sqrt(root)) / (2 * (n + z**2)), 0)
    return np.where((share <= 0) | (n < 1), 0.0, low)


def clopper_pearson(successes: int, n: int, *, level: float = 0.95) -> Interval | Undefined:
    """Exact binomial interval of a share, in [0, 1]: quantiles of Beta(s, n - s + 1) and Beta(s + 1, n - s).

    It never covers less than ``level``, mostly more. Source: Clopper & Pearson 1934.
    """
    if n < 1:
        return Undefined(name="share", reason="nothing was counted")
    tail = (1 - level) / 2
    low = 0.0 if successes == 0 else float(special.betaincinv(successes, n - successes + 1, tail))
    high = 1.0 if successes == n else float(special.betaincinv(successes + 1, n - successes, 1 - tail))
    return Interval(low, high, level, "Clopper-Pearson exact interval")
