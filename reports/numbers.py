"""Estimates as text, each formatted once, for tables and figures alike.

The rule is that of `audit.findings.numbers`, so that a table never disagrees with the sentence above it: two
significant digits of the half-width of the interval, and more where an end would look like the margin that it is not.
Differences carry their sign, a minus is a true minus, and a range is written ``0.022 to 0.074``.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median_low
from typing import TYPE_CHECKING

from audit.findings.numbers import decimals_for, decimals_of, fixed, plain
from audit.records import Estimate
from reports.prose.words import null

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audit.records import Margin, Measured

SIGNED = frozenset({"cosine", "sd", "log ratio"})
"""Units that count a difference, for which a plus sign says something."""
MOST_SIZES = 4
"""Groups whose sizes are listed; of more the sum is told."""
SMALLEST_P = 0.0001
NONE = "–"
"""What stands in a table where there is no number."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One estimate in text; a number that does not exist is a dash."""

    value: str
    interval: str = NONE
    family: str = NONE
    """The interval that holds for the whole family at once."""
    p: str = NONE
    p_adjusted: str = NONE
    clusters: str = NONE
    n: str = NONE
    mde: str = NONE
    undefined: str = ""
    """Why there is no number; empty when there is one."""


def shown(measured: Measured, margin: Margin | None = None, *, places: int | None = None) -> Shown:
    """The estimate as text, with ``places`` or decimals that tell its ends from the margin when it bounds them."""
    if not isinstance(measured, Estimate):
        return Shown(value="undefined", undefined=measured.reason)
    places = decimals(measured, margin) if places is None else places
    return Shown(
        value=signed(measured.value, places) if is_signed(measured) else fixed(measured.value, places),
        interval=span(measured.low, measured.high, places),
        family=span(measured.low_simultaneous, measured.high_simultaneous, places),
        p=p_text(measured.p),
        p_adjusted=p_text(measured.p_adjusted),
        clusters=_clusters(measured),
        n=f"{measured.n:,}",
        mde=NONE if measured.mde is None else fixed(measured.mde, decimals_for(measured.mde)),
    )


def is_signed(estimate: Estimate) -> bool:
    """Whether its value is a difference that may point either way."""
    return estimate.unit in SIGNED and null(estimate.name) is not None


def _clusters(estimate: Estimate) -> str:
    """``15 + 15``, ``40 pairs`` of matched groups, ``1,332 in 18`` of many groups."""
    if len(estimate.groups) > MOST_SIZES:
        return f"{estimate.clusters:,} in {len(estimate.groups):,}"
    sizes = " + ".join(f"{size:,}" for size in estimate.groups) or NONE
    return f"{sizes} pairs" if estimate.block else sizes


def decimals(estimate: Estimate, margin: Margin | None = None) -> int:
    """Decimals that the interval of an estimate supports."""
    bounds = margin is not None and margin.statistic == estimate.name
    return decimals_of(estimate, *((margin.value, -margin.value) if bounds and margin is not None else ()))


def common_decimals(estimates: Sequence[Estimate]) -> int:
    """Decimals for a column of estimates: those that half of their intervals support.

    Of differences, which an interval may tell from nothing, the most that any of them needs for that.
    """
    if not estimates:
        return 0
    if any(null(estimate.name) == 0.0 for estimate in estimates):
        return max(decimals_of(estimate) for estimate in estimates)
    halves = [abs(e.value) if e.low is None or e.high is None else (e.high - e.low) / 2 for e in estimates]
    return median_low(decimals_for(half) for half in halves if half > 0) if any(halves) else 0


def signed(value: float, places: int) -> str:
    """``+0.048``, ``−0.013``, ``0.000``."""
    text = fixed(value, places)
    return text if text.startswith("−") or float(text) == 0 else f"+{text}"


def span(low: float | None, high: float | None, places: int) -> str:
    """``0.022 to 0.074``; a dash when there is no interval."""
    if low is None or high is None:
        return NONE
    return f"{fixed(low, places)} to {fixed(high, places)}"


def p_text(p: float | None) -> str:
    """Two significant digits, or ``< 0.0001``."""
    if p is None:
        return NONE
    return f"< {SMALLEST_P:.4f}" if p < SMALLEST_P else fixed(p, max(decimals_for(p), 2))


def margin_text(margin: Margin | None, alternative: str) -> str:
    """``0.02``, ``−0.02`` or ``±0.02``, by the side that is tested, ``≥ 0.8`` of the least; a dash without a margin."""
    if margin is None:
        return NONE
    if margin.least:
        return f"≥ {plain(margin.value)}"
    return {"less": "−", "two-sided": "±"}.get(alternative, "") + plain(margin.value)


def aligned(values: Sequence[float], *, sign: bool) -> tuple[str, ...]:
    """Single values beside each other, all with as many decimals as two digits of their half-range need."""
    places = decimals_for((max(values) - min(values)) / 2) if values else 0
    return tuple(signed(value, places) if sign else fixed(value, places) for value in values)


def listed(parts: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    items = list(parts)
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))
