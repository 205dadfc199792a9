"""Do several groups differ at all? Whole clusters change group, or the members of a matched set change places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.records import Undefined
from audit.stats.permutation import PermutationTest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_TOLERANCE = 1e-9
"""Relative difference under which two statistics are the same number computed in another order."""
_CHUNK = 1 << 22
"""Cells that are permuted at once."""


def permuted_gap(
    outcomes: NDArray[np.float64],
    groups: NDArray[np.intp],
    clusters: NDArray[np.intp],
    *,
    seed: int,
    resamples: int = 4_999,
) -> PermutationTest | Undefined:
    """Test that groups do not differ, by the largest minus the smallest mean; all arrays are (n,), one entry an item.

    Where every cluster lies in one group (photographs of persons), whole clusters change group and the number of
    clusters in a group stays. Where clusters have items in several groups (a role that is drawn as a woman and as a
    man), the groups of a cluster change places within it: a permutation within blocks, which takes out what a cluster
    does to all its groups. A group's mean is the sum over its items divided by their number. p = (b + 1)/(R + 1) with b
    of R rearrangements at least as extreme, ties counted (Phipson & Smyth 2010, equation 2; blocks: Pesarin & Salmaso
    2010, section 1.9).
    """
    values = np.asarray(outcomes, dtype=np.float64)
    if not np.isfinite(values).all():
        return Undefined(name="p", reason="an outcome is missing or not finite")
    names, group = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        return Undefined(name="p", reason=f"at least 2 groups are needed, and there is {len(names)}")
    if np.ptp(values) == 0:
        return Undefined(name="p", reason="all outcomes are equal")
    _, cluster = np.unique(clusters, return_inverse=True)
    cells, cell = np.unique(cluster * len(names) + group, return_inverse=True)
    sums = np.bincount(cell, weights=values).astype(np.float64)
    sizes = np.bincount(cell).astype(np.float64)
    of_cluster, of_group = cells // len(names), cells % len(names)
    crossed = len(np.unique(of_cluster)) < len(cells)
    observed = float(_gap(sums, sizes, of_group[None], len(names))[0])
    slack = _TOLERANCE * max(observed, float(np.abs(values).max()))
    if crossed and np.bincount(of_cluster).max() < 2:
        return Undefined(name="p", reason="no cluster has items in two groups")
    generator, extreme = np.random.default_rng(seed), 0
    for labels in _labels(of_group, of_cluster, crossed, resamples, generator):
        extreme += int(np.count_nonzero(_gap(sums, sizes, labels, len(names)) >= observed - slack))
    p = (extreme + 1) / (resamples + 1)
    return PermutationTest(observed, p, "monte-carlo", resamples, 1 / (resamples + 1))


def _labels(
    of_group: NDArray[np.intp],
    of_cluster: NDArray[np.intp],
    crossed: bool,
    resamples: int,
    generator: np.random.Generator,
) -> Iterator[NDArray[np.intp]]:
    """Chunks of (draws, cells) groups of the cells under rearrangements."""
    rows = max(1, _CHUNK // len(of_group))
    for start in range(0, resamples, rows):
        draws = min(rows, resamples - start)
        if not crossed:
            yield generator.permuted(np.broadcast_to(of_group, (draws, len(of_group))), axis=1)
            continue
        # Cells stand cluster by cluster; sorting random keys inside each cluster rearranges its groups.
        keys = generator.random((draws, len(of_group))) + of_cluster
        yield of_group[np.argsort(keys, axis=1)]


def _gap(
    sums: NDArray[np.float64], sizes: NDArray[np.float64], labels: NDArray[np.intp], k: int
) -> NDArray[np.float64]:
    """(draws,) largest minus smallest mean of the k groups."""
    low = np.full(len(labels), np.inf)
    high = -low
    for g in range(k):
        inside = (labels == g).astype(np.float64)
        mean = (inside @ sums) / (inside @ sizes)
        low, high = np.minimum(low, mean), np.maximum(high, mean)
    gap: NDArray[np.float64] = high - low
    return gap
