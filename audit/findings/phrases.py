"""Numbers with their uncertainty, as parts of a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.interval import ends
from audit.findings.numbers import decimals_of, fixed, percent

if TYPE_CHECKING:
    from audit.records import Estimate, Measurement

_UNITS = {"cosine": " in cosine", "sd": " standard deviations"}


def bounds(measurement: Measurement) -> tuple[float, ...]:
    """The margin on either side, from which the ends of an interval must be told; none without a margin."""
    return () if measurement.margin is None else (measurement.margin.value, -measurement.margin.value)


def spans(estimate: Estimate, null: float) -> bool:
    """True when the interval contains the value that means nothing, so that no direction is claimed."""
    found = ends(estimate)
    return estimate.value == null if found is None else found.low <= null <= found.high


def spread(estimate: Estimate, marks: tuple[float, ...], note: str = "", *, mirror: float | None = None) -> str:
    """``0.048 in cosine (95 % interval 0.022 to 0.074)``; ``mirror`` is the sum of a value and its mirror image."""
    decimals = decimals_of(estimate, *marks)
    unit = _UNITS.get(estimate.unit, "")
    turned = [estimate.value, estimate.low, estimate.high]
    if mirror is not None:
        turned = [None if number is None else mirror - number for number in (turned[0], turned[2], turned[1])]
    value, low, high = (None if number is None else fixed(number, decimals) for number in turned)
    interval = "no interval" if low is None or high is None else f"{percent(estimate.level)} interval {low} to {high}"
    return f"{value}{unit} ({', '.join(filter(None, (interval, note)))})"


def start(text: str) -> str:
    """The text with a capital first."""
    return text[:1].upper() + text[1:]
