"""Why a verdict, in one clause: which end of which interval against which margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.interval import Ends, ends, past, relation
from audit.findings.numbers import decimals_of, fixed, percent, plain

if TYPE_CHECKING:
    from audit.records import Alternative, Estimate, Margin

NO_MARGIN = "no margin was declared"


def relation_reason(estimate: Estimate, margin: Margin, alternative: Alternative) -> str:
    """The clause for one estimate against its margin, in the words of the rule that `relation` applies."""
    found = ends(estimate)
    if found is None:
        bound = _margin(margin, alternative)
        return f"{estimate.name} has no interval, so nothing can be said about the margin of {bound}"
    how = relation(estimate, margin, alternative)
    decimals = decimals_of(estimate, margin.value, -margin.value)
    family = f"the {percent(estimate.level)} interval over the whole family"
    single = f"the {percent(estimate.level)} interval"
    if how == "inside":
        return f"{single} {_inside(found, margin, alternative, decimals)}"
    if how == "beyond":
        corrected = (found.low, found.high) != (found.low_family, found.high_family)
        return f"{family if corrected else single} {_beyond(found, margin, alternative, decimals)}"
    if past(estimate, margin, alternative):
        pointwise = Ends(found.low, found.high, found.low, found.high)
        span = f"{fixed(found.low_family, decimals)} to {fixed(found.high_family, decimals)}"
        return (
            f"{single} {_beyond(pointwise, margin, alternative, decimals)}, "
            f"but the one over the whole family, {span}, reaches across it"
        )
    span = f"{fixed(found.low, decimals)} to {fixed(found.high, decimals)}"
    return f"{single}, {span}, reaches across the margin of {_margin(margin, alternative)}"


def _margin(margin: Margin, alternative: Alternative) -> str:
    if margin.least:
        return f"at least {plain(margin.value)}"
    return {"greater": "", "less": "−", "two-sided": "±"}[alternative] + plain(margin.value)


def _inside(found: Ends, margin: Margin, alternative: Alternative, decimals: int) -> str:
    low, high = fixed(found.low, decimals), fixed(found.high, decimals)
    bound = _margin(margin, alternative)
    if margin.least:
        return f"begins at {low}, above the margin of {bound}"
    match alternative:
        case "greater":
            return f"ends at {high}, below the margin of {bound}"
        case "less":
            return f"ends at {low}, above the margin of {bound}"
        case "two-sided":
            return f"ends at {low} and {high}, inside the margin of {bound}"


def _beyond(found: Ends, margin: Margin, alternative: Alternative, decimals: int) -> str:
    low, high = margin.allowed(alternative)
    if found.low_family > high:
        return f"begins at {fixed(found.low_family, decimals)}, above the margin of {plain(high)}"
    bound = _margin(margin, alternative) if margin.least else plain(low)
    return f"ends at {fixed(found.high_family, decimals)}, below the margin of {bound}"
