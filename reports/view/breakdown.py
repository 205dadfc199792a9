"""What a headline sums up: the same statistic for every group, pair, item or label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.findings.numbers import counted
from audit.records import Estimate
from reports.figures import Forest, ForestGroup
from reports.marks import DESCRIBED
from reports.numbers import NONE, Shown, common_decimals, shown
from reports.prose import words
from reports.prose.breakdown import extremes, plural, undefined
from reports.view.forest import allowed, estimate_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.records import Breakdown, Finding

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
_OF_ONE = ("largest_", "smallest_", "worst_")
"""How the name of a headline begins that is one of the rows: what bounds it bounds every row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakdownView:
    """One breakdown as a sentence, a figure and a table, all with the same numbers."""

    title: str
    head: str
    """What a row is, over the column of names: ``Group``."""
    every: str
    """``Every group, as a table``."""
    sentence: str
    """What the rows say, or their two ends; and what is undefined."""
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
    names = [words.form((row.name,)) if breakdown.kind == "form" else row.name for row in breakdown.rows]
    named = list(zip(names, (row.estimate for row in breakdown.rows), strict=True))
    computed = [(name, estimate) for name, estimate in named if isinstance(estimate, Estimate)]
    places = common_decimals([estimate for _, estimate in computed])
    rows = tuple((name, shown(estimate, places=places)) for name, estimate in named)
    sentence = " ".join(filter(None, (breakdown.note or extremes(computed, places), undefined(breakdown))))
    return BreakdownView(
        title=breakdown.title,
        head=breakdown.kind[:1].upper() + breakdown.kind[1:],
        every=f"Every {breakdown.kind}, as a table",
        sentence=sentence,
        forest=_forest(finding, breakdown, computed, sentence) if computed else None,
        caption=_caption(finding, breakdown, computed),
        whole=len(computed) <= MOST_DRAWN,
        columns=tuple(column for column in _COLUMNS if any(getattr(row, column[0]) != NONE for _, row in rows)),
        rows=rows,
    )


def _forest(finding: Finding, breakdown: Breakdown, computed: Sequence[tuple[str, Estimate]], sentence: str) -> Forest:
    estimates = [estimate for _, estimate in computed]
    places = common_decimals(estimates)
    bounds = allowed(finding) if _is_bounded(finding, estimates[0]) else None

    def group(title: str, rows: Sequence[tuple[str, Estimate]]) -> ForestGroup:
        made = tuple(estimate_row(finding, estimate, name, DESCRIBED, places=places) for name, estimate in rows)
        return ForestGroup(title=title, rows=made, allowed=bounds)

    groups = [group("", computed)]
    if len(computed) > MOST_DRAWN:
        falling = sorted(computed, key=lambda row: -row[1].value)
        groups = [group(f"The {ENDS} highest", falling[:ENDS]), group(f"The {ENDS} lowest", falling[-ENDS:])]
    return Forest(
        groups=tuple(groups),
        axis=words.axis(estimates[0]),
        null=words.null(estimates[0].name),
        alternative=f"{breakdown.title}, {counted(len(computed), breakdown.kind, plural(breakdown.kind))}. {sentence}",
    )


def _is_bounded(finding: Finding, row: Estimate) -> bool:
    """Whether the margin of the headline holds for every row: the headline is the worst of them.

    A margin that the smallest must stay under bounds no other row.
    """
    margin, headline = finding.margin, finding.headline
    if margin is None or headline is None or margin.statistic != headline.name:
        return False
    if margin.statistic.startswith("smallest_") and not margin.least:
        return False
    return margin.statistic in {f"{which}{row.name}" for which in _OF_ONE}


def _caption(finding: Finding, breakdown: Breakdown, computed: Sequence[tuple[str, Estimate]]) -> str:
    estimates = [estimate for _, estimate in computed]
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
