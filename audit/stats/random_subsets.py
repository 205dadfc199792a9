"""Random subsets and random signs, drawn as bits and summed by table."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CHUNK = 1 << 15
_WORD = 64
"""Bits of a word."""


def _byte_tables(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(bytes, 256): the sum of those of eight neighbouring values whose bit is set in the index."""
    padded = np.concatenate([values, np.zeros(-len(values) % 8)]).reshape(-1, 8)
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")
    tables: NDArray[np.float64] = padded @ bits.T.astype(np.float64)
    return tables


def _sums(words: NDArray[np.uint64], tables: NDArray[np.float64]) -> NDArray[np.float64]:
    indices = words.astype("<u8", copy=False).view(np.uint8)
    total: NDArray[np.float64] = tables[0].take(indices[:, 0])
    for table, index in zip(tables[1:], indices.T[1:], strict=False):
        total += table.take(index)
    return total


def _mask(n: int) -> NDArray[np.uint64]:
    full, rest = divmod(n, _WORD)
    return np.array([2**_WORD - 1] * full + ([2**rest - 1] if rest else []), dtype=np.uint64)


def _density_bits(n: int, size: int) -> list[bool]:
    """Binary digits, least significant first, of a share of ones near size / n: as few as keep acceptance high."""
    share, spread = size / n, np.sqrt(size / n * (1 - size / n) / n)
    digits = 1
    while abs(round(share * 2**digits) / 2**digits - share) > spread / 4:
        digits += 1
    numerator = round(share * 2**digits)
    return [bool(numerator >> digit & 1) for digit in range(digits)]


def _random_words(count: int, n: int, density: list[bool], generator: np.random.Generator) -> NDArray[np.uint64]:
    """Words whose lowest n bits are independent and set with the given density (digits, least significant first)."""
    words = np.zeros(count, dtype=np.uint64)
    for digit in density:
        fresh = generator.integers(0, 2**64, size=count, dtype=np.uint64)
        if digit:
            words |= fresh
        else:
            words &= fresh
    return words & np.uint64(2**n - 1)


def _words_with(wanted: NDArray[np.int64], density: list[bool], generator: np.random.Generator) -> NDArray[np.uint64]:
    """For every k, ``wanted[k]`` uniform words of k ones in the lowest len(wanted) - 1 bits, in ascending order of k.

    Words of independent bits are dealt out by how many of their bits are set: given that, all are equally likely.
    """
    place, end = np.cumsum(wanted) - wanted, np.cumsum(wanted)
    found = np.empty(int(end[-1]), dtype=np.uint64)
    while len(lacking := np.flatnonzero(place < end)):
        words = _random_words(_CHUNK, len(wanted) - 1, density, generator)
        ones = np.bitwise_count(words)
        words = words[np.argsort(ones, kind="stable")]
        last = np.cumsum(np.bincount(ones, minlength=len(wanted)))
        for k in lacking:
            first = last[k - 1] if k else 0
            taken = words[first : min(last[k], first + end[k] - place[k])]
            found[place[k] : place[k] + len(taken)] = taken
            place[k] += len(taken)
    return found


def random_subset_sums(
    values: NDArray[np.float64], size: int, draws: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """(draws,) sums of uniformly drawn subsets of ``size`` of the values; together a sample, their order is not random.

    The values are cut into blocks, two at least, one word of bits each. How many of a block are in a subset is
    hypergeometric given the blocks before it; which ones, is a uniform word with as many bits set.
    """
    n = len(values)
    if size in (0, n):
        return np.full(draws, values.sum() if size else 0.0)
    density = _density_bits(n, size)
    total, missing, rest = np.zeros(draws), np.full(draws, size), n
    for block in np.array_split(values, max(2, -(-n // _WORD))):
        own, rest = len(block), rest - len(block)
        if own + rest == n:  # all subsets miss as many, so that it is known how many will have k of this block
            odds = [comb(own, k) * comb(rest, size - k) / comb(n, size) for k in range(min(own, size) + 1)]
            taken = np.repeat(np.arange(len(odds)), generator.multinomial(draws, odds))
        else:
            taken = generator.hypergeometric(own, rest, missing) if rest else missing
        words = _words_with(np.bincount(taken, minlength=own + 1), density, generator)
        total[np.argsort(taken, kind="stable")] += _sums(words[:, None], _byte_tables(block))
        missing = missing - taken
    return total


def random_sign_sums(values: NDArray[np.float64], draws: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """(draws,) sums of the values with independent fair signs."""
    mask, tables = _mask(len(values)), _byte_tables(2 * values)
    found = []
    for start in range(0, draws, _CHUNK):
        shape = (min(_CHUNK, draws - start), len(mask))
        words = generator.integers(0, 2**64, size=shape, dtype=np.uint64) & mask
        found.append(_sums(words, tables) - values.sum())
    return np.concatenate(found)
