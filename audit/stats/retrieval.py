"""Mean over queries of a statistic of the first k, with what other queries and other pictures would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from audit.records import Estimate, Measured, Undefined
from audit.stats import skew

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.records import Alternative

RETRIEVAL_STATISTICS = ("max_skew", "min_skew", "ndkl", "bias_at_k", "bias_at_k_absolute", "normalised_entropy")
"""What is said of the first k; the two biases of two groups only."""
_UNITS = {"max_skew": "ln", "min_skew": "ln", "ndkl": "nats"}
_SIGN = {
    "max_skew": "0 when every group is found as desired; above it by chance alone",
    "min_skew": "0 when every group is found as desired; below it by chance alone",
    "ndkl": "0 when every group is found as desired at every place; above it by chance alone",
    "bias_at_k": "positive when the first group is found more than the second",
    "bias_at_k_absolute": "0 when both groups are found alike, 1 when only one is",
    "normalised_entropy": "1 when all groups are found alike, 0 when only one is",
}
_INFLATED = frozenset({"max_skew", "ndkl", "bias_at_k_absolute"})
"""Statistics that are above 0 by chance alone."""
_SMALL = frozenset({"min_skew", "normalised_entropy"})
"""Statistics that are the smaller the more unlike the groups are found."""
PERMUTATIONS = 499
"""Rearrangements of groups from which the value by chance comes."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What all queries find."""

    ranked: tuple[NDArray[np.intp], ...]
    """Of every query, the pictures of its pool, best first."""
    group: NDArray[np.intp]
    """(n,) group of each picture."""
    cluster: NDArray[np.intp]
    """(n,) cluster of each picture."""
    groups: int
    uniform: bool
    """Whether groups should be found equally often, rather than as often as they stand in the pool."""
    seed: int

    def values(self, name: str, k: int, group: NDArray[np.intp] | None = None) -> NDArray[np.float64]:
        """(queries,) one statistic of every query, with the groups as they are or as given."""
        of = self.group if group is None else group
        found = []
        for ranked in self.ranked:
            own = of[ranked]
            pool = np.bincount(own, minlength=self.groups) / len(own)
            desired = np.full(self.groups, 1 / self.groups) if self.uniform else pool
            found.append(_of_query(name, own, desired, k, self.groups))
        return np.array(found)

    def problem(self, k: int) -> str:
        """Why nothing can be said at ``k``, or an empty string."""
        shortest = min(len(ranked) for ranked in self.ranked)
        if k > shortest:
            return f"k is {k}, and the smallest pool of a query has {shortest} pictures"
        for ranked in self.ranked:
            if len(np.unique(self.group[ranked])) < self.groups:
                return "a group has no picture in the pool of a query, so its desired share is zero"
        return ""

    def estimate(self, name: str, k: int, alternative: Alternative, level: float = 0.95) -> Measured:
        """Mean over queries with an interval for other queries and other clusters of pictures.

        V = V_queries + V_pictures: the variance of the mean over queries, and the jackknife over clusters of pictures,
        all of whose pictures leave every pool together; t on Satterthwaite's df. Both are taken whole, so what is due
        to both counts twice: the interval is wide rather than narrow. Skews are no smooth functions of the pool; the
        coverage is measured (benchmarks/calibration.json). A statistic that is above 0 by chance alone has the value by
        chance taken off its lower end, on which a fail rests, and not off its upper end, on which a pass rests. p
        compares with rearrangements of the groups over pictures, within each cluster where it holds several groups,
        else of whole clusters: their mean is the value by chance.
        """
        if reason := self.problem(k):
            return Undefined(name=name, reason=reason)
        if name.startswith("bias") and self.groups != 2:
            return Undefined(name=name, reason=f"it is of two groups, and there are {self.groups}")
        values = self.values(name, k)
        if len(values) < 2:
            return Undefined(name=name, reason="there is one query, and nothing can be said of others")
        value, by_query = float(values.mean()), float(values.var(ddof=1)) / len(values)
        by_picture, clusters = self._jackknife(name, k)
        variance = by_query + by_picture
        low = high = value
        if variance > 0:
            squares = by_query**2 / (len(values) - 1) + by_picture**2 / max(clusters - 1, 1)
            reach = float(special.stdtrit(variance**2 / squares, (1 + level) / 2)) * float(np.sqrt(variance))
            low, high = value - reach, value + reach
        null = self.by_chance(name, k)
        if name in _INFLATED:
            low -= float(null.mean())
        if alternative == "two-sided":
            beyond = np.abs(null) >= abs(value) - 1e-12
        else:
            beyond = null <= value + 1e-12 if name in _SMALL else null >= value - 1e-12
        return Estimate(
            name=name,
            value=value,
            unit=_UNITS.get(name, "share"),
            sign=_SIGN[name],
            n=len(self.group),
            groups=(len(values), clusters),
            method=(
                f"mean over {len(values)} queries at k = {k}, against {'equal shares' if self.uniform else 'the pool'}"
                "; t interval over queries and, by jackknife, clusters of pictures; by chance "
                f"{float(null.mean()):.3f}"
            ),
            level=level,
            low=_floor(name, low),
            high=high,
            p=(int(np.count_nonzero(beyond)) + 1) / (len(null) + 1),
            p_method="monte-carlo",
            smallest_p=1 / (len(null) + 1),
            alternative=alternative,
            seed=self.seed,
        )

    def by_chance(self, name: str, k: int) -> NDArray[np.float64]:
        """(permutations,) mean over queries with the groups rearranged."""
        generator = np.random.default_rng(self.seed)
        order = np.argsort(self.cluster, kind="stable")
        sorted_cluster = self.cluster[order]
        cells = np.unique(self.cluster * self.groups + self.group)
        _, first, which = np.unique(self.cluster, return_index=True, return_inverse=True)
        crossed, block = len(cells) > len(first), self._block()
        found = []
        for _ in range(PERMUTATIONS):
            group = self.group.copy()
            if crossed:
                keys = generator.random(len(order)) + sorted_cluster
                group[order] = self.group[order][np.argsort(keys)]
            else:
                by_block = np.argsort(generator.random(len(first)) + block[first])
                of_cluster = np.empty(len(first), dtype=np.intp)
                of_cluster[np.argsort(block[first], kind="stable")] = self.group[first][by_block]
                group = of_cluster[which]
            found.append(float(self.values(name, k, group).mean()))
        return np.array(found)

    def _block(self) -> NDArray[np.intp]:
        """(n,) what a picture may change groups within: its own pool where no picture is in two, else everything."""
        block = np.zeros(len(self.group), dtype=np.intp)
        if sum(map(len, self.ranked)) <= len(self.group):
            for index, ranked in enumerate(self.ranked, start=1):
                block[ranked] = index
        return block

    def _jackknife(self, name: str, k: int) -> tuple[float, int]:
        """Variance of the mean over queries from leaving out clusters of pictures (at most 100 sets of them)."""
        names = np.unique(self.cluster)
        parts = np.array_split(np.random.default_rng(self.seed).permutation(names), min(len(names), 100))
        left = []
        for part in parts:
            gone = np.isin(self.cluster, part)
            ranked = tuple(r[~gone[r]] for r in self.ranked)
            shorter = [Ranking((r,), self.group, self.cluster, self.groups, self.uniform, self.seed) for r in ranked]
            kept = [float(s.values(name, k)[0]) for s in shorter if len(s.ranked[0]) and not s.problem(k)]
            if kept:
                left.append(float(np.mean(kept)))
        if len(left) < 2:
            return 0.0, len(names)
        m = len(left)
        return (m - 1) / m * float(((np.array(left) - np.mean(left)) ** 2).sum()), len(names)


def _of_query(name: str, ranked: NDArray[np.intp], desired: NDArray[np.float64], k: int, groups: int) -> float:
    found = skew.top_shares(ranked, k, groups)
    match name:
        case "max_skew":
            return skew.max_skew(found, desired, k)
        case "min_skew":
            return skew.min_skew(found, desired, k)
        case "ndkl":
            return skew.ndkl(ranked[:k], desired)
        case "bias_at_k":
            return skew.bias_at_k(found)
        case "bias_at_k_absolute":
            return abs(skew.bias_at_k(found))
    return skew.normalised_entropy(found)


def _floor(name: str, low: float) -> float:
    return max(low, 0.0) if name in ("max_skew", "ndkl", "bias_at_k_absolute", "normalised_entropy") else low
