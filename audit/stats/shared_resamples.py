"""Permutations and sign flips that all tests of a family share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.stats.crossed import CrossedMoments, crossed_moments
from audit.stats.design import TwoSampleDesign
from audit.stats.matched import MatchedDesign, flipped_moments

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from numpy.typing import NDArray

_ALL = slice(None)
_AT_ONCE = 1_000
"""Resamples looked at together."""
_BATCH = 32
"""Tests in one matrix product: enough to share it, few enough that what it gives stays in the processor's cache."""


class SharedResamples:
    """The moments of every test's grids of scores, under resamples that all tests share.

    A grid is (clusters, templates), or (pairs, templates) differences of a matched test; every test has as many of them
    as the others. Tests of the same clusters in the same groups come together, whatever their places.
    """

    def __init__(
        self,
        tests: Sequence[TwoSampleDesign | MatchedDesign],
        grids: Sequence[Sequence[NDArray[np.float64]]],
        *,
        seed: int,
        resamples: int,
    ) -> None:
        self._relabel = Relabelling(
            [t for t in tests if isinstance(t, TwoSampleDesign)], seed=seed, resamples=resamples
        )
        self._flip = Flipping([t for t in tests if isinstance(t, MatchedDesign)], seed=seed, resamples=resamples)
        self._resamples = resamples
        alike: dict[Hashable, list[int]] = {}
        for place, test in enumerate(tests):
            matched = isinstance(test, MatchedDesign)
            members = test.blocks if isinstance(test, MatchedDesign) else (test.clusters, test.in_x.tobytes())
            alike.setdefault((matched, members, grids[place][0].shape), []).append(place)
        self._alike = [(tests[places[0]], tuple(_batches(places, grids))) for places in alike.values()]

    def parts(self) -> Iterator[slice]:
        """The resamples, some at a time."""
        for start in range(0, self._resamples, _AT_ONCE):
            yield slice(start, min(start + _AT_ONCE, self._resamples))

    def moments(self, part: slice) -> Iterator[tuple[list[int], list[CrossedMoments]]]:
        """The places of some tests, and for each of their grids the moments, (those tests, resamples of the part)."""
        for first, batches in self._alike:
            if isinstance(first, MatchedDesign):
                signs = self._flip.signs(first, part)
                yield from ((places, [flipped_moments(grid, signs) for grid in grids]) for places, grids in batches)
            else:
                masks = self._relabel.masks(first, part)
                yield from ((places, [crossed_moments(grid, masks) for grid in grids]) for places, grids in batches)


def _batches(
    places: list[int], grids: Sequence[Sequence[NDArray[np.float64]]]
) -> Iterator[tuple[list[int], list[NDArray[np.float64]]]]:
    for start in range(0, len(places), _BATCH):
        some = places[start : start + _BATCH]
        yield some, [np.stack(each) for each in zip(*(grids[place] for place in some), strict=True)]


class Flipping:
    """The signs of every pair, one a block name and resample."""

    def __init__(self, tests: Sequence[MatchedDesign], *, seed: int, resamples: int) -> None:
        names = sorted({name for test in tests for name in test.blocks})  # the order of pairs changes nothing
        self._index = {name: row for row, name in enumerate(names)}
        # A generator of its own: that of the permutations has the seed alone.
        drawn = np.random.default_rng([seed, 1]).integers(0, 2, (resamples, len(names)), dtype=np.int8)
        self._signs = 2 * drawn - 1

    def signs(self, test: MatchedDesign, part: slice = _ALL) -> NDArray[np.float64]:
        """(resamples, pairs) of -1 and 1."""
        return self._signs[part, [self._index[name] for name in test.blocks]].astype(np.float64)


class Relabelling:
    """The permuted groupings of every test, all driven by one key a cluster name and resample."""

    def __init__(self, tests: Sequence[TwoSampleDesign], *, seed: int, resamples: int) -> None:
        self._index: dict[tuple[str, int], int] = {}
        for test in tests:
            for name in _told_apart(test.clusters):
                self._index.setdefault(name, len(self._index))
        self._keys = np.random.default_rng(seed).random((resamples, len(self._index)), dtype=np.float32)

    def masks(self, test: TwoSampleDesign, part: slice = _ALL) -> NDArray[np.bool_]:
        """(resamples, clusters) True for the clusters that the resample puts in X.

        The cluster with the k-th smallest key takes the label of the k-th cluster of the test in the family's own order
        of names. So a test with X and Y swapped gets exactly the complement, and one-sided tests that look at the same
        clusters from both ends stay opposed.
        """
        members = np.array([self._index[name] for name in _told_apart(test.clusters)])
        order = np.argsort(members)
        by_key = order[self._keys[part, members[order]].argsort(axis=1)]
        masks = np.zeros(by_key.shape, dtype=np.bool_)
        np.put_along_axis(masks, by_key[:, test.in_x[order]], values=True, axis=1)
        return masks


def _told_apart(names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Names with how often each stood before: one that a test holds once a side stands for two clusters."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name, seen[name]
