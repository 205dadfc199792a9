"""The jackknife over clusters: an interval for a smooth statistic of several sets, whatever its formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from audit.records import Undefined
from audit.stats.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray


def jackknife(
    statistic: Callable[[Sequence[NDArray[np.intp]]], float],
    sizes: Sequence[int],
    *,
    within: tuple[float, float] = (-np.inf, np.inf),
    level: float = 0.95,
) -> Interval | Undefined:
    """t interval of a statistic of several independent sets of clusters, from leaving out one cluster at a time.

    ``statistic`` is given one array of indices a set, those of the clusters that stay, and ``sizes`` are the clusters
    in each set. V = sum over sets of (n - 1)/n sum_i (theta_(i) - mean of theta_(i))^2, with Satterthwaite's df from
    each set's n - 1 (Efron & Stein 1981; several samples: Arvesen 1969). It holds for smooth statistics of means; a
    statistic that is Undefined with a cluster left out has no interval. ``within`` is the range of the statistic, in
    which the truth lies: cut to it, the interval covers as often.
    """
    if min(sizes) < 2:
        return Undefined(name="interval", reason=f"every set needs at least 2 clusters, and one has {min(sizes)}")
    whole = [np.arange(size) for size in sizes]
    value, variance, squares = statistic(whole), 0.0, 0.0
    for place, size in enumerate(sizes):
        left = np.array(
            [statistic([*whole[:place], np.delete(whole[place], i), *whole[place + 1 :]]) for i in range(size)]
        )
        own = (size - 1) / size * float(((left - left.mean()) ** 2).sum())
        variance += own
        squares += own**2 / (size - 1)
    if not np.isfinite([value, variance]).all():
        return Undefined(name="interval", reason="the statistic is not defined with one of the clusters left out")
    if variance <= 0:
        return Undefined(name="interval", reason="the statistic does not change when a cluster is left out")
    reach = float(special.stdtrit(variance**2 / squares, (1 + level) / 2)) * float(np.sqrt(variance))
    low, high = max(value - reach, within[0]), min(value + reach, within[1])
    return Interval(low, high, level, "jackknife over the clusters of every set, t interval")
