"""Where an interval lies against a margin: the rule on which every verdict rests."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.records import Alternative, Estimate, Margin
    from audit.stats.equivalence import Relation


@dataclass(frozen=True, slots=True)
class Ends:
    """The ends of an estimate's intervals; the family's are never inside the pointwise ones."""

    low: float
    high: float
    low_family: float
    high_family: float


def ends(estimate: Estimate) -> Ends | None:
    """The ends of both intervals, or None when the estimate has no interval.

    An estimate that is alone in its family has no simultaneous interval of its own; the pointwise one stands for it.
    """
    if estimate.low is None or estimate.high is None:
        return None
    low_family = estimate.low if estimate.low_simultaneous is None else estimate.low_simultaneous
    high_family = estimate.high if estimate.high_simultaneous is None else estimate.high_simultaneous
    return Ends(estimate.low, estimate.high, min(estimate.low, low_family), max(estimate.high, high_family))


def widened(estimate: Estimate) -> Estimate:
    """The estimate with its simultaneous interval in the place of the pointwise one.

    For the best of many units: whoever picks the largest of many estimates must use the interval that holds for all.
    """
    found = ends(estimate)
    return estimate if found is None else replace(estimate, low=found.low_family, high=found.high_family)


def flaw(estimate: Estimate, margin: Margin | None) -> str:
    """Why no verdict can rest on this estimate, or an empty string when one can."""
    found = ends(estimate)
    numbers = [estimate.value]
    if found is not None:
        numbers += [found.low, found.high, found.low_family, found.high_family]
    if not all(math.isfinite(number) for number in numbers):
        return f"{estimate.name} or its interval is not a finite number"
    if found is not None and found.low > found.high:
        return f"the interval of {estimate.name} ends below where it begins"
    if margin is not None and margin.statistic != estimate.name:
        return f"the margin bounds {margin.statistic}, but what was measured is {estimate.name}"
    if margin is not None and not (math.isfinite(margin.value) and margin.value > 0):
        return f"the margin of {margin.statistic} is not a positive number"
    return ""


def relation(estimate: Estimate, margin: Margin, alternative: Alternative) -> Relation:
    """Where the estimate's intervals lie against ``margin``.

    The rule is `audit.stats.equivalence.relation`: inside (the pointwise interval lies in the range that the margin
    allows), beyond (the simultaneous one lies outside it) or undecided. An estimate without an interval is undecided.
    """
    from audit.stats.equivalence import relation as decide  # here, as it brings scipy, which a gate does not need

    found = ends(estimate)
    if found is None:
        return "undecided"
    return decide(found.low, found.high, found.low_family, found.high_family, margin.allowed(alternative))


def past(estimate: Estimate, margin: Margin, alternative: Alternative) -> bool:
    """True when the pointwise interval lies wholly beyond the margin, whatever the one over the family says."""
    found = ends(estimate)
    low, high = margin.allowed(alternative)
    return found is not None and (found.low > high or found.high < low)


def holds(estimate: Estimate, margin: Margin, alternative: Alternative) -> bool:
    """True when the pointwise interval shows what a positive control must: an effect wholly beyond the margin.

    Where the margin is the least that is good enough, a working model reaches it.
    """
    if margin.least:
        return relation(estimate, margin, alternative) == "inside"
    return past(estimate, margin, alternative)
