"""Sums over all subsets of a given size, counted by meeting in the middle."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST_TABLE = 2**23
"""Subset sums held at once, both halves together: 22 values against 22 fit (64 MiB)."""


def table_size(n: int, size: int) -> int:
    """Subset sums that counting needs for subsets of ``size`` out of ``n``: sum over k <= size of C(n/2, k), twice."""
    halves = (n // 2, n - n // 2)
    return sum(comb(half, k) for half in halves for k in range(min(size, half) + 1))


def sums_by_size(values: NDArray[np.int64], largest: int) -> list[NDArray[np.int64]]:
    """Entry k holds the sum of every subset of k of the values, k = 0 to ``largest``, each entry sorted.

    Adding a value to a sorted entry leaves it sorted, so every step merges two sorted runs, which a stable sort does in
    linear time. Subsets of more than half of the values are what others leave of the whole.
    """
    half = min(largest, len(values) // 2)
    sums = [np.zeros(1, dtype=np.int64)]
    for value in values:
        longer = [sums[0]]
        longer += [_merged(sums[k], sums[k - 1] + value) for k in range(1, len(sums))]
        if len(sums) <= half:
            longer.append(sums[-1] + value)
        sums = longer
    rest = range(half + 1, min(largest, len(values)) + 1)
    return sums + [(values.sum() - sums[len(values) - k])[::-1] for k in rest]


def _merged(first: NDArray[Any], second: NDArray[Any]) -> NDArray[Any]:
    both = np.concatenate([first, second])
    both.sort(kind="stable")
    return both


def count_subsets(values: NDArray[np.float64], size: int, at_least: float, at_most: float | None = None) -> int:
    """Number of subsets of ``size`` values whose sum is >= ``at_least`` (or <= ``at_most``, when that is given).

    The values are cut in two halves; a subset of k values of the first half makes a counted subset with those of
    size - k values of the second half whose sum is large enough, and sorted sums tell how many there are. The cost
    grows with 2^(n/2) where enumeration takes C(n, size): 2.1e12 partitions of 22 against 22 take below a second.
    Source: Horowitz & Sahni 1974 (two-list method), applied to the permutation distribution of a sum.
    """
    # In whole multiples of 2^-61 of the largest sum, no sum depends on its order; and integers merge faster.
    shift = 61 - int(np.frexp(np.abs(values).sum())[1])
    whole = np.rint(np.ldexp(values, shift)).astype(np.int64)
    lower, upper = _whole(at_least, shift), _whole(-np.inf if at_most is None else at_most, shift)
    first = sums_by_size(whole[0::2], size)
    second = sums_by_size(whole[1::2], size)
    count = 0
    for k, needles in enumerate(first):
        if not 0 <= size - k < len(second):
            continue
        table = second[size - k]
        if len(needles) > len(table):
            needles, table = table, needles
        needles = needles[::-1]  # a bound less these then ascends, and neighbours look at neighbouring places
        count += needles.size * table.size - int(np.searchsorted(table, lower - needles, side="left").sum())
        if at_most is not None:
            count += int(np.searchsorted(table, upper - needles, side="right").sum())
    return count


def _whole(bound: float, shift: int) -> int:
    """A bound on sums in multiples of 2^-shift; one that no sum reaches stays so without overflow."""
    return round(float(np.clip(np.ldexp(bound, shift), -(2**62), 2**62)))


def count_signs(values: NDArray[np.float64], at_least: float) -> int:
    """Number of the 2^n choices of signs for which the signed sum of the values is >= ``at_least``."""
    tables = []
    for half in (values[0::2], values[1::2]):
        sums = np.zeros(1)
        for value in half:
            sums = _merged(sums - value, sums + value)
        tables.append(sums)
    needles, table = tables
    return needles.size * table.size - int(np.searchsorted(table, at_least - needles, side="left").sum())
