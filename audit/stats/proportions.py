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
    z = float(special.ndtri((1 + level) / 2))
    share = successes / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z * float(np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))) / (1 + z**2 / n)
    # At 0 and n the end is exactly 0 or 1; rounding must not move it.
    low = 0.0 if successes == 0 else max(0.0, centre - reach)
    high = 1.0 if successes == n else min(1.0, centre + reach)
    return Interval(low, high, level, "Wilson score interval")


def wilson_simultaneous(
    successes: NDArray[np.intp], n: NDArray[np.intp], *, level: float = 0.95
) -> tuple[Interval | Undefined, ...]:
    """Wilson intervals with continuity correction that hold for all groups at once, each at 1 - (1 - ``level``)/groups.

    ``successes`` and ``n`` are (groups,); an empty group is Undefined and takes no share of the level. Each interval
    holds the shares with |p - share| - 1/(2n) <= z sqrt(share (1 - share)/n), p = successes / n (Newcombe 1998, method
    4; Bonferroni as in Goodman 1965). The correction is needed here: so far out in the tails the plain interval covers
    24 groups with shares of .03 together in 89 % of the cases instead of 95 %.
    """
    groups = max(1, int(np.count_nonzero(np.asarray(n) > 0)))
    z = float(special.ndtri(1 - (1 - level) / groups / 2))
    found: list[Interval | Undefined] = []
    for s, m in zip(successes.tolist(), n.tolist(), strict=True):
        if m < 1:
            found.append(Undefined(name="share", reason="nothing was counted"))
            continue
        # The upper end is the lower end of the other outcome, mirrored.
        low, high = _corrected_low(s, m, z), 1 - _corrected_low(m - s, m, z)
        found.append(Interval(low, high, level, "Wilson score interval with continuity correction, Bonferroni"))
    return tuple(found)


def _corrected_low(successes: int, n: int, z: float) -> float:
    if successes == 0:
        return 0.0
    share = successes / n
    root = z**2 - 2 - 1 / n + 4 * share * (n * (1 - share) + 1)
    return max(0.0, (2 * n * share + z**2 - 1 - z * float(np.sqrt(root))) / (2 * (n + z**2)))


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
