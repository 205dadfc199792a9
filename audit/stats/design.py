"""One association as a test of two groups of clusters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from audit.records import Alternative, Undefined
from audit.stats.crossed import CrossedDifference, crossed_difference
from audit.stats.effects import cohens_d, eat_from_cohens_d, hedges_correction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class TwoSampleDesign:
    """One test of a family: the scores of its clusters and which of them belong to X."""

    clusters: tuple[str, ...]
    """Names; a name that several tests share is permuted together in all of them."""
    in_x: NDArray[np.bool_]
    """(clusters,) True for X."""
    scores: NDArray[np.float64]
    """(clusters, templates)."""
    alternative: Alternative

    def difference(self) -> CrossedDifference | Undefined:
        """``crossed_difference`` of it."""
        return self._difference

    @cached_property
    def _difference(self) -> CrossedDifference | Undefined:
        return crossed_difference(self.scores, self.in_x)

    def intervals(self, level: float) -> dict[str, tuple[float, float]]:
        """Interval of the raw difference, of Hedges g and of EAT d at ``level``; those that exist."""
        found: dict[str, tuple[float, float]] = {}
        difference = self.difference()
        d = cohens_d(self.scores, self.in_x, level=level, difference=difference)
        if isinstance(difference, CrossedDifference):
            found["cosine_difference"] = difference.interval(level)
        if not isinstance(d, Undefined):
            factor, sizes = hedges_correction(len(self.in_x) - 2), (int(self.in_x.sum()), int((~self.in_x).sum()))
            found["hedges_g"] = factor * d.low, factor * d.high
            found["effect_size_d"] = eat_from_cohens_d(d.low, *sizes), eat_from_cohens_d(d.high, *sizes)
        return found
