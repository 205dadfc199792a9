"""A linear axis with round ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.findings.numbers import fixed

if TYPE_CHECKING:
    from collections.abc import Iterable

STEPS = (1, 2, 2.5, 4, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high`` on positions from ``left`` to ``right``."""

    low: float
    high: float
    left: float
    right: float

    def __call__(self, value: float) -> float:
        """Position of a value; values outside stand at the edge."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)

    def ticks(self, most: int) -> tuple[tuple[float, str], ...]:
        """At most ``most`` round values with their labels, all with the same decimals."""
        span = self.high - self.low
        exact = span / most
        power = 10.0 ** math.floor(math.log10(exact))
        step = next(power * s for s in (*STEPS, 20, 50) if span / (power * s) <= most - 1)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        places = max(0, -math.floor(math.log10(step) + 1e-9))
        if round(step * 10**places, 9) != round(step * 10**places):
            places += 1
        return tuple((i * step, fixed(i * step, places)) for i in range(first, last + 1))


def covering(values: Iterable[float], left: float, right: float, *, pad: float = 0.04) -> Scale:
    """A scale that covers all ``values`` with some air at both ends; never of length zero."""
    known = [value for value in values if math.isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if high <= low:
        low, high = low - 0.5, high + 0.5
    air = (high - low) * pad
    return Scale(low - air, high + air, left, right)
