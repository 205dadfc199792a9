"""A candidate against its baseline, on the same stimuli."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from audit.records import Estimate, Undefined
from audit.stats.crossed import CrossedDifference, crossed_difference
from audit.stats.effects import pooled_deviation
from audit.stats.equivalence import noninferiority_p

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.records import Measured

Normalisation = Literal["none", "sd"]
"""How two models' cosines are made comparable: not at all, or in each one's own deviation between clusters."""


@dataclass(frozen=True, slots=True)
class Change:
    """How an association changed from a baseline to a candidate."""

    estimate: Measured
    """Candidate's difference of X and Y minus the baseline's, with its interval."""
    noninferior_p: float | None = None
    """p against the hypothesis that it grew by the tolerance or more; None without one, or without an estimate."""


def change(
    candidate: NDArray[np.float64],
    baseline: NDArray[np.float64],
    in_x: NDArray[np.bool_],
    *,
    normalisation: Normalisation = "none",
    tolerance: float | None = None,
    level: float = 0.95,
) -> Change:
    """Difference of differences of two models on the same clusters and templates.

    ``candidate`` and ``baseline`` are (clusters, templates) associations s of the same stimuli in the same order,
    ``in_x`` (clusters,) is True for X. Every cluster is its own control: with D = candidate - baseline cell by cell,
    the change is the crossed difference of D between X and Y (``crossed_difference``), so what both models make of a
    cluster or a template is gone from its error. Positive: the association grew. ``sd`` divides each model's s by its
    own pooled deviation between cluster means first, declared beforehand, for models whose cosines have different
    spreads; the deviations are taken as known, which makes the interval a little narrow with few clusters.
    ``tolerance`` (positive, in the unit of the change) is how much it may grow: ``noninferiority_p``.
    """
    one, other = np.asarray(candidate, dtype=np.float64), np.asarray(baseline, dtype=np.float64)
    if one.shape != other.shape:
        return Change(Undefined(name="change", reason=f"the models saw {one.shape} and {other.shape} scores"))
    if normalisation == "sd":
        spreads = [_spread(each, in_x) for each in (one, other)]
        if not min(spreads) > 0:
            return Change(Undefined(name="change", reason="cluster means do not vary within the groups of a model"))
        one, other = one / spreads[0], other / spreads[1]
    found = crossed_difference(one - other, in_x)
    if not isinstance(found, CrossedDifference):
        return Change(Undefined(name="change", reason=found.reason))
    low, high = found.interval(level)
    x = int(np.count_nonzero(in_x))
    estimate = Estimate(
        name="change",
        value=found.value,
        unit="cosine" if normalisation == "none" else "sd",
        sign="positive when the association is larger in the candidate",
        n=one.size,
        groups=(x, len(in_x) - x),
        method=f"difference of differences on the same stimuli, {found.method}, normalisation {normalisation}",
        level=level,
        low=low,
        high=high,
    )
    p = None if tolerance is None else noninferiority_p(found.value, found.se, found.df, tolerance)
    return Change(estimate, p)


def _spread(scores: NDArray[np.float64], in_x: NDArray[np.bool_]) -> float:
    means = scores.mean(axis=1) if scores.ndim == 2 else scores
    return pooled_deviation(means[in_x], means[~in_x])
