"""The estimates of one association, whatever its design, and what the family makes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.records import Measured, Undefined

if TYPE_CHECKING:
    from audit.stats.design import TwoSampleDesign
    from audit.stats.family import FamilyResult
    from audit.stats.matched import MatchedDesign


@dataclass(frozen=True, slots=True)
class AssociationEstimates:
    """The statistics of an association; the headline is chosen by the probe's margin."""

    all: tuple[Measured, ...]
    """Raw difference in cosine first."""
    design: TwoSampleDesign | MatchedDesign
    """What enters ``max_t`` for the family."""

    def of(self, name: str) -> Measured:
        """The statistic called ``name``."""
        return next(measured for measured in self.all if measured.name == name)

    def headed_by(self, name: str) -> tuple[Measured, ...]:
        """All of them, the one called ``name`` first (the statistic that a margin bounds)."""
        return tuple(sorted(self.all, key=lambda measured: measured.name != name))

    def with_family(self, result: FamilyResult | Undefined) -> AssociationEstimates:
        """The same with simultaneous intervals and adjusted p of the family; unchanged when there are none.

        Every simultaneous interval is the pointwise one at the family's own level, which is never narrower.
        """
        if isinstance(result, Undefined):
            return self
        wide = self.design.intervals(result.level)
        return replace(self, all=tuple(_widened(measured, result.p_adjusted, wide) for measured in self.all))


def _widened(measured: Measured, p_adjusted: float, wide: dict[str, tuple[float, float]]) -> Measured:
    if isinstance(measured, Undefined):
        return measured
    low, high = wide[measured.name]
    return replace(measured, p_adjusted=p_adjusted, low_simultaneous=low, high_simultaneous=high)
