"""An interval and how it was found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """Two ends in the unit of the statistic."""

    low: float
    high: float
    level: float
    """Nominal coverage."""
    method: str
    """In words that name the formula."""
