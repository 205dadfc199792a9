"""What a headline sums up: the same statistic for every group, pair, item or label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.findings.numbers import counted
from audit.records import Estimate
from reports.figures import Forest, ForestGroup
from reports.marks import DESCRIBED
from reports.numbers import NONE, Shown, shown
from reports.prose import words
from reports.prose.breakdown import extremes, plural, undefined
from reports.view.forest import allowed, estimate_row

if TYPE_CHECKING:
    from audit.records import Breakdown, BreakdownRow, Finding
    from reports.figures import ForestRow

MOST_DRAWN = 24
"""More rows than this are drawn by their two ends; the table has all."""
ENDS = 10
"""So many rows of either end."""
_COLUMNS = (
    ("value", "Estimate"),
    ("interval", "95 % interval"),
    ("family", "Family interval"),
    ("p", "p"),
    ("p_adjusted", "Adjusted p"),
    ("n", "Stimuli"),
    ("clusters", "Clusters"),
)
_SUMMED_UP = ("worst_", "max_", "min_")
"""How the names of headlines begin that are the statistic of one row: what bounds them bounds every row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakdownView:
    """One breakdown as a sentence, a figure and a table, all with the same numbers."""

    title: str
    head: str
    """What a row is, over the column of names: ``Group``."""
    every: str
    """``Every group, as a table``."""
    sentence: str
    """The two ends, and what is undefined."""
    forest: Forest | None
    """None when no row could be computed."""
    caption: str
    whole: bool
    """Whether the figure shows every row."""
    columns: tuple[tuple[str, str], ...]
    """Field and heading of each column that holds a number somewhere."""
    rows: tuple[tuple[str, Shown], ...]
    """All rows, those that are undefined too."""


def build_breakdown(finding: Finding, breakdown: Breakdown) -> BreakdownView:
    """The view of one breakdown of a finding."""
    rows = tuple((row.name, shown(row.estimate)) for row in breakdown.rows)
    computed = [row for row in breakdown.rows if isinstance(row.estimate, Estimate)]
    sentence = " ".join(filter(None, (extremes(computed), undefined(breakdown))))
    return BreakdownView(
        title=breakdown.title,
        head=breakdown.kind[:1].upper() + breakdown.kind[1:],
        every=f"Every {breakdown.kind}, as a table",
        sentence=sentence,
        forest=_forest(finding, breakdown, computed, sentence),
        caption=_caption(finding, breakdown, computed),
        whole=len(computed) <= MOST_DRAWN,
        columns=tuple(column for column in _COLUMNS if any(getattr(row, column[0]) != NONE for _, row in rows)),
        rows=rows,
    )


def _forest(finding: Finding, breakdown: Breakdown, computed: list[BreakdownRow], sentence: str) -> Forest | None:
    estimates = [row.estimate for row in computed if isinstance(row.estimate, Estimate)]
    if not estimates:
        return None
    bounds = allowed(finding) if _is_bounded(finding, estimates[0]) else None
    what = plural(breakdown.kind)
    if len(computed) <= MOST_DRAWN:
        groups = [ForestGroup(title="", rows=_rows(finding, computed), allowed=bounds)]
    else:
        falling = sorted(computed, key=_value, reverse=True)
        groups = [
            ForestGroup(title=f"The {ENDS} highest", rows=_rows(finding, falling[:ENDS]), allowed=bounds),
            ForestGroup(title=f"The {ENDS} lowest", rows=_rows(finding, falling[-ENDS:]), allowed=bounds),
        ]
    return Forest(
        groups=tuple(groups),
        axis=words.axis(estimates[0]),
        null=words.null(estimates[0].name),
        alternative=f"{breakdown.title}, {counted(len(computed), breakdown.kind, what)}. {sentence}",
    )


def _rows(finding: Finding, rows: list[BreakdownRow]) -> tuple[ForestRow, ...]:
    return tuple(estimate_row(finding, row.estimate, row.name, DESCRIBED) for row in rows)


def _value(row: BreakdownRow) -> float:
    return row.estimate.value if isinstance(row.estimate, Estimate) else 0.0


def _is_bounded(finding: Finding, row: Estimate) -> bool:
    """Whether the margin of the headline holds for every row: the headline is the worst of them, in the same unit."""
    margin, headline = finding.margin, finding.headline
    if margin is None or headline is None or not margin.statistic.startswith(_SUMMED_UP):
        return False
    return margin.statistic == headline.name and headline.unit == row.unit


def _caption(finding: Finding, breakdown: Breakdown, computed: list[BreakdownRow]) -> str:
    estimates = [row.estimate for row in computed if isinstance(row.estimate, Estimate)]
    told = [f"One row a {breakdown.kind}"]
    if any(estimate.low is not None for estimate in estimates):
        told[0] += ", with its 95 % interval"
    if any(estimate.low_simultaneous is not None for estimate in estimates):
        told.append(f"Thin whiskers: the interval that holds for all {plural(breakdown.kind)} at once")
    if estimates and _is_bounded(finding, estimates[0]):
        told.append("Shaded: within the margin")
    if len(computed) > MOST_DRAWN:
        told.append(f"Drawn: {2 * ENDS} of {len(computed)}; the table has all")
    return ". ".join(told) + "."
