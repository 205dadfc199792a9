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

_AT_ONCE = 8
"""Tests in one matrix product: enough to share it, few enough that what it gives stays small."""


def resampled_moments(
    tests: Sequence[TwoSampleDesign | MatchedDesign],
    grids: Sequence[Sequence[NDArray[np.float64]]],
    *,
    seed: int,
    resamples: int,
) -> Iterator[tuple[int, list[CrossedMoments]]]:
    """The place of every test, and the moments of each of its ``grids`` of scores under every resample.

    A grid is (clusters, templates), or (pairs, templates) differences of a matched test. Tests of the same clusters in
    the same groups come together, whatever their places: they share one matrix product.
    """
    relabel = Relabelling([t for t in tests if isinstance(t, TwoSampleDesign)], seed=seed, resamples=resamples)
    flip = Flipping([t for t in tests if isinstance(t, MatchedDesign)], seed=seed, resamples=resamples)
    alike: dict[Hashable, list[int]] = {}
    for place, test in enumerate(tests):
        if isinstance(test, MatchedDesign):
            signs = flip.signs(test)
            yield place, [flipped_moments(grid, signs) for grid in grids[place]]
        else:
            alike.setdefault((test.clusters, test.in_x.tobytes()), []).append(place)
    for places in alike.values():
        first = tests[places[0]]
        assert isinstance(first, TwoSampleDesign)
        masks = relabel.masks(first)
        for start in range(0, len(places), _AT_ONCE):
            some = places[start : start + _AT_ONCE]
            moments = iter(crossed_moments([grid for place in some for grid in grids[place]], masks))
            for place in some:
                yield place, [next(moments) for _ in grids[place]]


class Flipping:
    """The signs of every pair, one a block name and resample."""

    def __init__(self, tests: Sequence[MatchedDesign], *, seed: int, resamples: int) -> None:
        names = sorted({name for test in tests for name in test.blocks})  # the order of pairs changes nothing
        self._index = {name: row for row, name in enumerate(names)}
        # A generator of its own: that of the permutations has the seed alone.
        drawn = np.random.default_rng([seed, 1]).integers(0, 2, (resamples, len(names)), dtype=np.int8)
        self._signs = 2 * drawn - 1

    def signs(self, test: MatchedDesign) -> NDArray[np.float64]:
        """(resamples, pairs) of -1 and 1."""
        return self._signs[:, [self._index[name] for name in test.blocks]].astype(np.float64)


class Relabelling:
    """The permuted groupings of every test, all driven by one key a cluster name and resample."""

    def __init__(self, tests: Sequence[TwoSampleDesign], *, seed: int, resamples: int) -> None:
        self._index: dict[tuple[str, int], int] = {}
        for test in tests:
            for name in _told_apart(test.clusters):
                self._index.setdefault(name, len(self._index))
        self._keys = np.random.default_rng(seed).random((resamples, len(self._index)), dtype=np.float32)

    def masks(self, test: TwoSampleDesign) -> NDArray[np.bool_]:
        """(resamples, clusters) True for the clusters that the resample puts in X.

        The cluster with the k-th smallest key takes the label of the k-th cluster of the test in the family's own order
        of names. So a test with X and Y swapped gets exactly the complement, and one-sided tests that look at the same
        clusters from both ends stay opposed.
        """
        members = np.array([self._index[name] for name in _told_apart(test.clusters)])
        order = np.argsort(members)
        by_key = order[self._keys[:, members[order]].argsort(axis=1)]
        masks = np.zeros(by_key.shape, dtype=np.bool_)
        np.put_along_axis(masks, by_key[:, test.in_x[order]], values=True, axis=1)
        return masks


def _told_apart(names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Names with how often each stood before: one that a test holds once a side stands for two clusters."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name, seen[name]
