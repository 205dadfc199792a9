"""How verdicts look: a word, a shape and a colour, so that none of the three is needed alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.records import Finding, Role, Standing, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Mark:
    """One verdict as readers see it."""

    word: str
    shape: str
    """Name of the drawn shape: diamond, square, half, disc or dash."""
    paint: str
    """Name of its colour in `PAINTS` and in the style sheet."""


MARKS = {
    Verdict.FAIL: Mark("Fail", "diamond", "fail"),
    Verdict.ERROR: Mark("Error", "square", "error"),
    Verdict.INCONCLUSIVE: Mark("Inconclusive", "half", "open"),
    Verdict.PASS: Mark("Pass", "disc", "pass"),
    Verdict.NOT_APPLICABLE: Mark("Not measured", "dash", "none"),
}
"""In the order in which readers should look at them."""

DESCRIBED = Mark("Described", "ring", "none")
EXPECTED = Mark("As expected", "disc", "pass")
UNEXPECTED = Mark("Not as expected", "diamond", "fail")
UNSETTLED = Mark("Not settled", "half", "open")

STANDINGS: Mapping[Standing, Mark] = {
    "missed": Mark("Missed", "diamond", "fail"),
    "open": Mark("Not settled", "half", "open"),
    "met": Mark("Met", "disc", "pass"),
}
"""Targets of the tool's own certificate."""

LEGEND = (*MARKS.values(), DESCRIBED, EXPECTED, UNEXPECTED, UNSETTLED)
"""Every mark, in the order in which a legend shows those that occur."""

PAINTS = {
    "ink": "#1d1c1a",
    "dim": "#5f5c55",
    "grid": "#e3dfd4",
    "axis": "#8b877c",
    "band": "#ece8dd",
    "paper": "#fdfcf9",
    "fail": "#b3400a",
    "open": "#00629b",
    "pass": "#00735a",
    "error": "#1d1c1a",
    "none": "#5f5c55",
    "concept": "#8a3a6e",
    "other": "#8b877c",
}
"""Colours on light paper: Okabe and Ito's palette (vermilion, blue, bluish green, black, reddish purple), darkened
where text needs a contrast of 4.5. The style sheet has the same names for dark paper."""

CONTROLS = (Role.POSITIVE_CONTROL, Role.NEGATIVE_CONTROL)


def mark_of(finding: Finding) -> Mark:
    """The mark of a finding; controls are as expected or not, and descriptions carry no verdict."""
    if finding.missing:
        return MARKS[Verdict.NOT_APPLICABLE]
    if finding.role is Role.DESCRIPTION:
        return MARKS[Verdict.ERROR] if finding.verdict is Verdict.ERROR else DESCRIBED
    if finding.role in CONTROLS and finding.verdict is not Verdict.ERROR:
        return {Verdict.PASS: EXPECTED, Verdict.FAIL: UNEXPECTED}.get(finding.verdict, UNSETTLED)
    return MARKS[finding.verdict]


def order_of(finding: Finding) -> int:
    """Where a finding stands among others of its severity: fail, error, inconclusive, pass."""
    return list(MARKS).index(finding.verdict)
