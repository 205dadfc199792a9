"""Numbers as people read them: as many digits as their interval supports, and no more."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.records import Estimate

MOST_DECIMALS = 6


def fixed(value: float, decimals: int) -> str:
    """``value`` with so many decimals, a true minus sign, and no negative zero."""
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "−")


def decimals_for(spread: float) -> int:
    """Decimals that show two significant digits of ``spread`` (a half-width, or the value itself); 0 to 6.

    decimals = 1 - floor(log10(spread)): a half-width of 0.026 supports 3 decimals, one of 1.4 supports 1.
    """
    if not math.isfinite(spread) or spread <= 0:
        return 3
    return min(max(1 - math.floor(math.log10(spread)), 0), MOST_DECIMALS)


def decimals_of(estimate: Estimate, *marks: float) -> int:
    """Decimals for an estimate and its interval, enough to tell the interval's ends from zero and each of ``marks``.

    Without the second rule an upper end of 0.0198 would be printed as 0.02, beside the margin that it stays under.
    An end less than 1e-9 from the margin, which is rounding in the computation, is the margin.
    """
    all_ends = (estimate.low, estimate.high, estimate.low_simultaneous, estimate.high_simultaneous)
    ends = [end for end in all_ends if end is not None]
    if estimate.low is not None and estimate.high is not None:
        decimals = decimals_for((estimate.high - estimate.low) / 2)
    else:
        decimals = decimals_for(abs(estimate.value))
    while decimals < MOST_DECIMALS and any(
        not math.isclose(end, mark, abs_tol=1e-9) and fixed(end, decimals) == fixed(mark, decimals)
        for end in ends
        for mark in (0.0, *marks)
    ):
        decimals += 1
    return decimals


def plain(value: float) -> str:
    """A declared number (a margin) as it was written: its shortest form."""
    return f"{value:g}".replace("-", "−")


def percent(level: float) -> str:
    """A level as ``95 %``."""
    return f"{level * 100:g} %"


def counted(count: int, noun: str, plural: str = "") -> str:
    """``1 probe``, ``2 probes``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
