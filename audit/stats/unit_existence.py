"""Does any unit of a layer prefer the concept? Max-T permutation over all units at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Undefined
from audit.stats.groups import label_problem
from audit.stats.random_labels import permuted_labels
from audit.stats.selectivity import centred_ranks, finite_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUNDING = 1e-6
"""Sums of ranks this near, relative to the largest, are ties; below one half up to a thousand stimuli."""


@dataclass(frozen=True, slots=True)
class UnitExistence:
    """AUROC of every unit and what the largest of them would be by chance."""

    auroc: NDArray[np.float64]
    """(u,) NaN for units with a missing activation."""
    p_adjusted: NDArray[np.float64]
    """(u,) family-wise p over all units, one-sided; NaN where AUROC is."""
    null_threshold_95: float
    """The 95th percentile of the largest AUROC over all units when labels mean nothing."""
    resamples: int
    smallest_p: float
    """1 / (resamples + 1)."""
    clusters: tuple[int, int]
    """Positive and negative clusters."""


def max_t_units(
    activations: NDArray[np.floating],
    positive: NDArray[np.bool_],
    clusters: NDArray[np.intp],
    *,
    strata: NDArray[np.intp] | None = None,
    resamples: int = 1_999,
    seed: int,
) -> UnitExistence | Undefined:
    """AUROC of each unit with p = (1 + #{max* >= its AUROC}) / (1 + resamples), max* over all units.

    ``activations`` (n, u); ``positive``, ``clusters`` and ``strata`` (n,). Labels are permuted by whole clusters,
    within strata (modalities) when those are given. Stimuli are ranked once with mid-ranks; a resample is a row of
    labels, and all rank sums come from one matrix product. Single-step max-T (Westfall & Young 1993, section 2.6).
    """
    kept = np.flatnonzero(finite_units(activations))
    problem = label_problem(positive, clusters)
    if strata is not None and len(np.unique(np.column_stack([clusters, strata]), axis=0)) > len(np.unique(clusters)):
        problem = "a cluster lies in two strata"
    if problem is not None or not len(kept):
        return Undefined(name="p_adjusted", reason=problem or "every unit has a missing activation")
    _, first, index = np.unique(clusters, return_index=True, return_inverse=True)
    labels = permuted_labels(positive[first], None if strata is None else strata[first], resamples, seed)
    sizes = np.bincount(index).astype(np.float64)
    in_pos = labels.astype(np.float64) @ sizes
    pairs = in_pos * (len(positive) - in_pos)
    own = positive[first].astype(np.float32)
    own_pairs = float(positive.sum()) * float((~positive).sum())
    order = index.argsort(kind="stable")
    starts = np.searchsorted(index[order], np.arange(len(first)))
    largest = np.full(resamples, -np.inf)
    observed = np.empty(len(kept))
    area = np.full(activations.shape[1], np.nan)
    for units, ranks in centred_ranks(activations[:, kept]):
        sums = np.add.reduceat(ranks[:, order], starts, axis=1)
        largest = np.maximum(largest, (labels @ sums.T).max(axis=1))
        observed[units] = sums @ own
        area[kept[units]] = 0.5 + ranks[:, positive].sum(axis=1, dtype=np.float64) / own_pairs
    chance = np.sort(largest / pairs)
    slack = _ROUNDING * float(np.abs(observed).max()) / own_pairs
    beaten = resamples - np.searchsorted(chance, observed / own_pairs - slack, side="left")
    adjusted = np.full(activations.shape[1], np.nan)
    adjusted[kept] = (1 + beaten) / (1 + resamples)
    threshold = 0.5 + float(chance[min(resamples - 1, int(np.ceil(0.95 * (resamples + 1))) - 1)])
    sides = int(positive[first].sum()), int((~positive[first]).sum())
    return UnitExistence(area, adjusted, threshold, resamples, 1 / (resamples + 1), sides)
