"""Summaries of activations that are read chunk by chunk: each can be merged, and none grows with what it has read.

A chunk is ``keys`` of n stimuli, each of which comes once, and ``values`` (n, u), one column a unit. A value that is
not finite is left out of every summary. Whatever a stream is split into, and in whichever order the parts are merged,
the summary is the same: to the last bit for all but :class:`Moments`, whose sums round.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Values = NDArray[np.floating]


class Reducer(Protocol):
    """What a stream of activations can be fed to."""

    def update(self, keys: Sequence[str], values: Values) -> None:
        """Take in one chunk: n keys, and (n, u) values."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One stimulus that a summary kept."""

    key: str
    value: float
    """Activation, as the model gives it."""


class Moments:
    """Count, mean, sum of squared deviations, least and greatest value of each unit.

    Two parts with counts a and b and means that are d apart have together the sum of squared deviations
    M_a + M_b + d^2 ab / (a + b). Source: Chan, Golub & LeVeque 1979.
    """

    def __init__(self, units: int) -> None:
        """``units`` is the number of columns."""
        self.count: NDArray[np.int64] = np.zeros(units, dtype=np.int64)
        """(u,) finite values."""
        self.left_out: NDArray[np.int64] = np.zeros(units, dtype=np.int64)
        """(u,) values that are not finite."""
        self.mean: NDArray[np.float64] = np.zeros(units)
        """(u,); 0 where nothing was counted."""
        self.m2: NDArray[np.float64] = np.zeros(units)
        """(u,) sum of squared deviations from the mean."""
        self.low: NDArray[np.float64] = np.full(units, np.inf)
        """(u,) least value; infinite where nothing was counted."""
        self.high: NDArray[np.float64] = np.full(units, -np.inf)
        """(u,) greatest value; negative infinite where nothing was counted."""

    def update(self, keys: Sequence[str], values: Values) -> None:
        """Take in one chunk."""
        del keys
        wide = values.astype(np.float64)
        finite = np.isfinite(wide)
        count = finite.sum(axis=0)
        mean = np.where(finite, wide, 0).sum(axis=0) / np.maximum(count, 1)
        m2 = np.square(np.where(finite, wide - mean, 0)).sum(axis=0)
        self.left_out += len(wide) - count
        self.low = np.minimum(self.low, np.where(finite, wide, np.inf).min(axis=0, initial=np.inf))
        self.high = np.maximum(self.high, np.where(finite, wide, -np.inf).max(axis=0, initial=-np.inf))
        self._add(count, mean, m2)

    def merge(self, other: Self) -> None:
        """Take in what another has read."""
        self.left_out += other.left_out
        self.low, self.high = np.minimum(self.low, other.low), np.maximum(self.high, other.high)
        self._add(other.count, other.mean, other.m2)

    def _add(self, count: NDArray[np.int64], mean: NDArray[np.float64], m2: NDArray[np.float64]) -> None:
        total = np.maximum(self.count + count, 1)
        apart = mean - self.mean
        self.mean = self.mean + apart * (count / total)
        self.m2 = self.m2 + m2 + np.square(apart) * (self.count * (count / total))
        self.count = self.count + count

    @property
    def std(self) -> NDArray[np.float64]:
        """(u,) standard deviation with divisor n; NaN where nothing was counted."""
        some = self.count > 0
        found: NDArray[np.float64] = np.sqrt(np.divide(self.m2, self.count, where=some, out=np.full(len(some), np.nan)))
        return found


class TopK:
    """The k stimuli of each unit with the highest values; of equal ones those whose keys come first."""

    _sign: ClassVar[int] = 1

    def __init__(self, units: int, k: int) -> None:
        """``units`` is the number of columns, ``k`` how many stimuli are kept of each."""
        self._k = k
        self._kept: list[list[tuple[float, str]]] = [[] for _ in range(units)]
        """Negated (for the lowest: plain) values with their keys, in rising order."""

    def update(self, keys: Sequence[str], values: Values) -> None:
        """Take in one chunk."""
        ranked = -self._sign * values.astype(np.float64)
        for unit, kept in enumerate(self._kept):
            column = ranked[:, unit]
            worst = kept[-1][0] if len(kept) == self._k else np.inf
            near = np.flatnonzero(np.isfinite(column) & (column <= worst))
            self._add(unit, [(float(column[i]), keys[i]) for i in near.tolist()])

    def merge(self, other: Self) -> None:
        """Take in what another has read."""
        for unit, kept in enumerate(other._kept):
            self._add(unit, kept)

    def _add(self, unit: int, more: list[tuple[float, str]]) -> None:
        if more:
            self._kept[unit] = sorted((*self._kept[unit], *more))[: self._k]

    def of(self, unit: int) -> tuple[Seen, ...]:
        """What is kept of a column, the most extreme first."""
        return tuple(Seen(key, -self._sign * ranked) for ranked, key in self._kept[unit])


class BottomK(TopK):
    """The k stimuli of each unit with the lowest values; of equal ones those whose keys come first."""

    _sign = -1


def bin_of(values: NDArray[np.floating], edges: NDArray[np.floating]) -> NDArray[np.intp]:
    """(n,) the bin of each value between rising ``edges`` (b + 1,): [low, high), the last one closed.

    -1 for a value below all of them, b for one above, b + 1 for one that is not finite.
    """
    wide = np.asarray(values, dtype=np.float64)
    found = np.searchsorted(edges, wide, side="right") - 1
    found[wide == edges[-1]] = len(edges) - 2
    found[~np.isfinite(wide)] = len(edges)
    return found


class Histogram:
    """How many values of each unit lie in each bin, with bins as :func:`bin_of` has them."""

    def __init__(self, edges: Sequence[NDArray[np.floating]]) -> None:
        """``edges`` are the rising ends of the bins of each of u units, (b + 1,) each; b may differ."""
        self._edges = [np.asarray(ends, dtype=np.float64) for ends in edges]
        self.counts: list[NDArray[np.int64]] = [np.zeros(len(ends) - 1, dtype=np.int64) for ends in self._edges]
        """(b,) for each unit."""
        self.below: NDArray[np.int64] = np.zeros(len(self._edges), dtype=np.int64)
        """(u,) values below the first edge."""
        self.above: NDArray[np.int64] = np.zeros(len(self._edges), dtype=np.int64)
        """(u,) values above the last edge."""

    def update(self, keys: Sequence[str], values: Values) -> None:
        """Take in one chunk."""
        del keys
        for unit, edges in enumerate(self._edges):
            bins = len(edges) - 1
            found = np.bincount(bin_of(values[:, unit], edges) + 1, minlength=bins + 3)
            self.below[unit] += found[0]
            self.counts[unit] += found[1 : bins + 1]
            self.above[unit] += found[bins + 1]

    def merge(self, other: Self) -> None:
        """Take in what another has read, which has the same edges."""
        for own, more in zip(self.counts, other.counts, strict=True):
            own += more
        self.below += other.below
        self.above += other.above


class Ranks:
    """How many values of each unit lie below given ones, and how many equal them: their exact ranks in a stream."""

    def __init__(self, wanted: Sequence[NDArray[np.floating]]) -> None:
        """``wanted`` are the values to be ranked, (q,) for each of u units."""
        self._wanted = [np.asarray(values, dtype=np.float64) for values in wanted]
        self.below: list[NDArray[np.int64]] = [np.zeros(len(values), dtype=np.int64) for values in self._wanted]
        """(q,) for each unit."""
        self.equal: list[NDArray[np.int64]] = [np.zeros(len(values), dtype=np.int64) for values in self._wanted]
        """(q,) for each unit."""
        self.count: NDArray[np.int64] = np.zeros(len(self._wanted), dtype=np.int64)
        """(u,) finite values."""

    def update(self, keys: Sequence[str], values: Values) -> None:
        """Take in one chunk."""
        del keys
        for unit, wanted in enumerate(self._wanted):
            column = values[:, unit].astype(np.float64)
            known = np.sort(column[np.isfinite(column)])
            below = np.searchsorted(known, wanted, side="left")
            self.below[unit] += below
            self.equal[unit] += np.searchsorted(known, wanted, side="right") - below
            self.count[unit] += len(known)

    def merge(self, other: Self) -> None:
        """Take in what another has read, which ranks the same values."""
        for unit in range(len(self._wanted)):
            self.below[unit] += other.below[unit]
            self.equal[unit] += other.equal[unit]
        self.count += other.count


class BinReservoir:
    """A uniform random sample of the stimuli of each unit and bin, of one size at most.

    A stimulus is kept when the hash of seed and key is among the smallest of its bin, so that the sample depends on
    what was read and not on its order or split, and a smaller sample is the beginning of a larger one.
    """

    def __init__(self, edges: Sequence[NDArray[np.floating]], size: int, seed: int) -> None:
        """``edges`` are as :class:`Histogram` takes them; ``size`` is the most that is kept of a bin."""
        self._edges = [np.asarray(ends, dtype=np.float64) for ends in edges]
        self._size = size
        self._seed = seed
        self._kept: dict[tuple[int, int], list[tuple[int, str, float]]] = {}
        """By unit and bin: priority, key and value, in rising order."""

    def update(self, keys: Sequence[str], values: Values) -> None:
        """Take in one chunk."""
        priorities = [self._priority(key) for key in keys]
        for unit, edges in enumerate(self._edges):
            column = values[:, unit]
            found: dict[int, list[tuple[int, str, float]]] = {}
            for i, place in enumerate(bin_of(column, edges).tolist()):
                if 0 <= place < len(edges) - 1:
                    kept = self._kept.get((unit, place), [])
                    if len(kept) < self._size or priorities[i] <= kept[-1][0]:
                        found.setdefault(place, []).append((priorities[i], keys[i], float(column[i])))
            for place, more in found.items():
                self._add((unit, place), more)

    def merge(self, other: Self) -> None:
        """Take in what another has read, which has the same edges, size and seed."""
        for place, kept in other._kept.items():
            self._add(place, kept)

    def _add(self, place: tuple[int, int], more: Iterable[tuple[int, str, float]]) -> None:
        self._kept[place] = sorted((*self._kept.get(place, []), *more))[: self._size]

    def _priority(self, key: str) -> int:
        return int.from_bytes(hashlib.blake2b(f"{self._seed}:{key}".encode(), digest_size=8).digest())

    def of(self, unit: int, place: int) -> tuple[Seen, ...]:
        """The sample of a bin, in an order that is random itself."""
        return tuple(Seen(key, value) for _, key, value in self._kept.get((unit, place), ()))
