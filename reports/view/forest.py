"""Findings as rows of a forest plot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit.records import Estimate
from reports.figures import ForestRow
from reports.marks import mark_of
from reports.numbers import NONE, shown

if TYPE_CHECKING:
    from audit.records import Finding
    from reports.marks import Mark
    from reports.view.context import Context


def forest_row(context: Context, finding: Finding, label: str, *, with_p: bool = True) -> ForestRow:
    """The headline of a finding, which must have one, with what untrained towers give."""
    row = estimate_row(finding, finding.estimates[0], label, mark_of(finding), with_p=with_p)
    name = finding.estimates[0].name
    return replace(row, untrained=next((n.values for n in context.untrained(finding) if n.statistic == name), ()))


def estimate_row(
    finding: Finding, measured: object, label: str, mark: Mark, *, with_p: bool = False, places: int | None = None
) -> ForestRow:
    """One estimate of a finding, in the digits that its interval supports, or with so many decimals."""
    if not isinstance(measured, Estimate):
        raise TypeError("an undefined estimate has no place on an axis")
    text = shown(measured, finding.margin, places=places)
    low = measured.value if measured.low is None else measured.low
    high = measured.value if measured.high is None else measured.high
    return ForestRow(
        label=label,
        mark=mark,
        value=measured.value,
        low=low,
        high=high,
        low_family=low if measured.low_simultaneous is None else min(low, measured.low_simultaneous),
        high_family=high if measured.high_simultaneous is None else max(high, measured.high_simultaneous),
        number=text.value,
        interval="no interval" if text.interval == NONE else text.interval,
        p=text.p_adjusted if with_p else "",
    )


def allowed(finding: Finding) -> tuple[float, float] | None:
    """Where the effect stays within the margin; None without a margin."""
    return None if finding.margin is None else finding.margin.allowed(finding.alternative)
