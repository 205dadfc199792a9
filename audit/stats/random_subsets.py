"""Random subsets and random signs, drawn as bits and summed by table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CHUNK = 1 << 16


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


def _density_bits(n: int, size: int) -> list[bool]:
    """Binary digits, least significant first, of a share of ones near size / n: as few as keep acceptance high."""
    share, spread = size / n, np.sqrt(size / n * (1 - size / n) / n)
    digits = 1
    while abs(round(share * 2**digits) / 2**digits - share) > spread / 4:
        digits += 1
    numerator = round(share * 2**digits)
    return [bool(numerator >> digit & 1) for digit in range(digits)]


def _random_words(shape: tuple[int, int], density: list[bool], generator: np.random.Generator) -> NDArray[np.uint64]:
    """Words whose bits are independent and set with the given density (binary digits, least significant first)."""
    words = np.zeros(shape, dtype=np.uint64)
    for digit in density:
        fresh = generator.integers(0, 2**64, size=shape, dtype=np.uint64)
        if digit:
            words |= fresh
        else:
            words &= fresh
    return words


def _mask(n: int) -> NDArray[np.uint64]:
    full, rest = divmod(n, 64)
    return np.array([2**64 - 1] * full + ([2**rest - 1] if rest else []), dtype=np.uint64)


def random_subset_sums(
    values: NDArray[np.float64], size: int, draws: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """(draws,) sums of uniformly drawn subsets of ``size`` of the values.

    Independent bits are drawn, and a word is kept when exactly ``size`` bits are set: given their number, all subsets
    are equally likely. The density of ones is set near size / n so that a fair share is kept at any size.
    """
    mask, tables, density = _mask(len(values)), _byte_tables(values), _density_bits(len(values), size)
    found: list[NDArray[np.float64]] = []
    missing = draws
    rows = max(1, _CHUNK // len(mask))
    while missing > 0:
        words = _random_words((rows, len(mask)), density, generator) & mask
        kept = words[np.bitwise_count(words).sum(axis=1, dtype=np.int64) == size][:missing]
        found.append(_sums(kept, tables))
        missing -= len(kept)
    return np.concatenate(found)


def random_sign_sums(values: NDArray[np.float64], draws: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """(draws,) sums of the values with independent fair signs."""
    mask, tables = _mask(len(values)), _byte_tables(2 * values)
    found = []
    for start in range(0, draws, _CHUNK):
        shape = (min(_CHUNK, draws - start), len(mask))
        words = generator.integers(0, 2**64, size=shape, dtype=np.uint64) & mask
        found.append(_sums(words, tables) - values.sum())
    return np.concatenate(found)
