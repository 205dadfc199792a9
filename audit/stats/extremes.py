"""The largest of several effects, with an interval that knows it was chosen for being the largest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Extreme:
    """The largest or smallest of several effects."""

    index: int
    """Which of them it is; the first of equals."""
    value: float
    low: float
    high: float


def largest(
    values: NDArray[np.float64],
    pointwise: tuple[NDArray[np.float64], NDArray[np.float64]],
    simultaneous: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Extreme:
    """The largest of m true effects: value = max of the estimates, with a lower and an upper end for the true maximum.

    All arrays are (m,), in the unit of the effects; an interval is a pair (low ends, high ends). ``pointwise`` ones
    hold for one effect at a time, ``simultaneous`` ones for all at once (Bonferroni, or max-T), at the same level
    1 - alpha.

    - low = largest of the simultaneous lower ends. If all of them lie below their effects, which holds with probability
      1 - alpha/2, the largest lies below the largest effect.
    - high = largest of the pointwise upper ends. It is at least the upper end of the effect that truly is the largest,
      and that one lies above its effect with probability 1 - alpha/2: no correction, as to show that the largest is
      small every one must be shown to be small (intersection-union; Berger 1982).

    Together they cover the largest effect with probability at least 1 - alpha. The largest estimate itself
    overstates the largest effect.
    """
    index = int(np.argmax(values))
    return Extreme(index, float(values[index]), float(simultaneous[0].max()), float(pointwise[1].max()))


def smallest(
    values: NDArray[np.float64],
    pointwise: tuple[NDArray[np.float64], NDArray[np.float64]],
    simultaneous: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Extreme:
    """``largest`` mirrored: low is the smallest pointwise lower end, high the smallest simultaneous upper end."""
    index = int(np.argmin(values))
    return Extreme(index, float(values[index]), float(pointwise[0].min()), float(simultaneous[1].min()))
