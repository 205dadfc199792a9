"""How well single units tell a concept from the rest; every function takes many units at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_CELLS = 1 << 22
"""Activations handled at once (16 MiB in float32)."""


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Some units with their stimuli in ascending order of activation; arrays of shape (units, n)."""

    units: slice
    order: NDArray[np.intp]
    first: NDArray[np.intp]
    """Position where the run of equal activations starts."""


def finite_units(activations: NDArray[np.floating]) -> NDArray[np.bool_]:
    """(u,) True for units without a missing or infinite activation; the others score NaN everywhere."""
    finite: NDArray[np.bool_] = np.isfinite(activations).all(axis=0)
    return finite


def constant_units(activations: NDArray[np.floating]) -> NDArray[np.bool_]:
    """(u,) True for units that respond alike to everything; their AUROC is 0.5 and says nothing."""
    constant: NDArray[np.bool_] = (activations == activations[:1]).all(axis=0)
    return constant


def _sorted_units(activations: NDArray[np.floating]) -> Iterator[_Sorted]:
    n, count = activations.shape
    step = max(1, _CELLS // max(n, 1))
    positions = np.arange(n)
    for start in range(0, count, step):
        units = slice(start, min(start + step, count))
        values = np.ascontiguousarray(activations[:, units].T)
        order = values.argsort(axis=1)
        ascending = np.take_along_axis(values, order, axis=1)
        first = np.broadcast_to(positions, values.shape)
        tied = (ascending[:, 1:] == ascending[:, :-1]).any(axis=1)
        if tied.any():
            first = first.copy()
            starts = np.concatenate(
                [np.ones((tied.sum(), 1), dtype=np.bool_), ascending[tied, 1:] != ascending[tied, :-1]], axis=1
            )
            first[tied] = np.maximum.accumulate(np.where(starts, positions, 0), axis=1)
        yield _Sorted(units, order, first)


def centred_ranks(activations: NDArray[np.floating]) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """Chunks (units, ranks of shape (units of the chunk, n)): mid-ranks 1 to n less their mean (n + 1)/2.

    They are multiples of one half, so float32 holds them, and their sums up to 8 million, exactly.
    """
    n = activations.shape[0]
    for part in _sorted_units(activations):
        ranks = np.empty(part.order.shape, dtype=np.float32)
        # A run from its start to the next start has the mean of its first and last position as mid-rank.
        last = n - 1 - _reversed_starts(part.first)
        np.put_along_axis(ranks, part.order, ((part.first + last) / 2 - (n - 1) / 2).astype(np.float32), axis=1)
        yield part.units, ranks


def mid_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) ranks from 1; equal values share the mean of theirs."""
    _, index, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: NDArray[np.float64] = (np.cumsum(counts) - (counts - 1) / 2)[index]
    return ranks


def _reversed_starts(first: NDArray[np.intp]) -> NDArray[np.intp]:
    """Positions from the end at which each run ends, given where it starts from the beginning."""
    n = first.shape[1]
    ends = np.concatenate([first[:, 1:] != first[:, :-1], np.ones((len(first), 1), dtype=np.bool_)], axis=1)
    last = np.minimum.accumulate(np.where(ends, np.arange(n), n)[:, ::-1], axis=1)[:, ::-1]
    back: NDArray[np.intp] = n - 1 - last
    return back


def auroc(activations: NDArray[np.floating], positive: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(u,) area under the ROC curve: P(positive > negative) + P(equal)/2.

    ``activations`` (n, u), ``positive`` (n,) True for the concept. U / (n_pos n_neg) with mid-ranks; above 0.5 the unit
    prefers the concept. NaN for a unit with a missing activation, 0.5 for a constant one (see ``constant_units``).
    Source: Hanley & McNeil 1982.
    """
    n_pos, n_neg = int(positive.sum()), int((~positive).sum())
    area = np.full(activations.shape[1], np.nan)
    if not n_pos or not n_neg:
        return area
    for units, ranks in centred_ranks(activations):
        area[units] = 0.5 + ranks[:, positive].sum(axis=1, dtype=np.float64) / (n_pos * n_neg)
    return _only_finite(area, activations)


def average_precision(activations: NDArray[np.floating], positive: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(u,) area under the precision-recall curve: sum over thresholds of (recall step) x precision, ties as one step.

    Shapes as in ``auroc``. A unit without any preference scores about the prevalence, n_pos / n. NaN where undefined.
    Source: the definition of scikit-learn's ``average_precision_score``.
    """
    total = int(positive.sum())
    area = np.full(activations.shape[1], np.nan)
    if not total:
        return area
    for part in _sorted_units(activations):
        hits, at_least = _above(part, positive)
        precision = at_least / (activations.shape[0] - part.first)
        area[part.units] = (hits * precision).sum(axis=1) / total
    return _only_finite(area, activations)


def tpr_at_fpr(
    activations: NDArray[np.floating], positive: NDArray[np.bool_], rate: float = 0.01
) -> NDArray[np.float64]:
    """(u,) largest share of the concept above a threshold that at most ``rate`` of the rest reach.

    Shapes as in ``auroc``; no interpolation, ties stay together. With under 1 / rate negatives none may pass.
    """
    n_pos, n_neg = int(positive.sum()), int((~positive).sum())
    share = np.full(activations.shape[1], np.nan)
    if not n_pos or not n_neg:
        return share
    for part in _sorted_units(activations):
        _, at_least = _above(part, positive)
        false = activations.shape[0] - part.first - at_least
        share[part.units] = np.where(false <= rate * n_neg, at_least, 0).max(axis=1) / n_pos
    return _only_finite(share, activations)


def _above(part: _Sorted, positive: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positives in ascending order, and at each position how many lie at or above it; both (units, n)."""
    hits = positive[part.order].astype(np.intp)
    before = np.cumsum(hits, axis=1) - hits
    return hits, hits.sum(axis=1, keepdims=True) - np.take_along_axis(before, part.first, axis=1)


def pearson(activations: NDArray[np.floating], positive: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(u,) Pearson correlation of the activation with the label (1 for the concept, 0 otherwise), in [-1, 1].

    Shapes as in ``auroc``. NaN for a constant unit, a missing activation, or labels that are all the same.
    """
    label = positive.astype(np.float64) - positive.mean()
    values = activations.astype(np.float64)
    values -= values.mean(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        r: NDArray[np.float64] = label @ values / np.sqrt((label @ label) * (values**2).sum(axis=0))
    r[constant_units(activations)] = np.nan
    return _only_finite(np.clip(r, -1.0, 1.0), activations)


def _only_finite(scores: NDArray[np.float64], activations: NDArray[np.floating]) -> NDArray[np.float64]:
    scores[~finite_units(activations)] = np.nan
    return scores
