"""Why a verdict, in one clause: which end of which interval against which margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.interval import Ends, ends, holds, relation
from audit.findings.numbers import decimals_of, fixed, percent, plain

if TYPE_CHECKING:
    from audit.records import Alternative, Estimate

NO_MARGIN = "no margin was declared"


def relation_reason(estimate: Estimate, margin: float, alternative: Alternative) -> str:
    """The clause for one estimate against its margin, in the words of the rule that `relation` applies."""
    found = ends(estimate)
    if found is None:
        return f"{estimate.name} has no interval, so nothing can be said about the margin of {plain(margin)}"
    how = relation(estimate, margin, alternative)
    decimals = decimals_of(estimate, margin, -margin)
    family = f"the {percent(estimate.level)} interval over the whole family"
    single = f"the {percent(estimate.level)} interval"
    if how == "inside":
        return f"{single} ends {_inside(found, margin, alternative, decimals)}"
    if how == "beyond":
        corrected = (found.low, found.high) != (found.low_family, found.high_family)
        return f"{family if corrected else single} {_beyond(found, margin, alternative, decimals)}"
    if holds(estimate, margin, alternative):
        pointwise = Ends(found.low, found.high, found.low, found.high)
        span = f"{fixed(found.low_family, decimals)} to {fixed(found.high_family, decimals)}"
        return (
            f"{single} {_beyond(pointwise, margin, alternative, decimals)}, "
            f"but the one over the whole family, {span}, reaches across it"
        )
    span = f"{fixed(found.low, decimals)} to {fixed(found.high, decimals)}"
    return f"{single}, {span}, reaches across the margin of {_margin(margin, alternative)}"


def _margin(margin: float, alternative: Alternative) -> str:
    return {"greater": "", "less": "−", "two-sided": "±"}[alternative] + plain(margin)


def _inside(found: Ends, margin: float, alternative: Alternative, decimals: int) -> str:
    low, high = fixed(found.low, decimals), fixed(found.high, decimals)
    match alternative:
        case "greater":
            return f"at {high}, below the margin of {plain(margin)}"
        case "less":
            return f"at {low}, above the margin of −{plain(margin)}"
        case "two-sided":
            return f"at {low} and {high}, inside the margin of ±{plain(margin)}"


def _beyond(found: Ends, margin: float, alternative: Alternative, decimals: int) -> str:
    if alternative != "less" and found.low_family > margin:
        return f"begins at {fixed(found.low_family, decimals)}, above the margin of {plain(margin)}"
    return f"ends at {fixed(found.high_family, decimals)}, below the margin of −{plain(margin)}"
