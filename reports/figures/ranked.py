"""How one unit answers to every stimulus: the highest by name, the rest as a strip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures.groups import GOLDEN
from reports.figures.scale import Scale, covering
from reports.figures.svg import Drawing
from reports.figures.text import clip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from reports.figures.paper import Paper

NAMED = 14
"""How many stimuli are drawn with their names."""


@dataclass(frozen=True, slots=True)
class RankedRow:
    """One stimulus."""

    label: str
    value: float
    member: bool
    """True when it belongs to the concept."""
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """All stimuli of a unit, highest response first."""

    rows: tuple[RankedRow, ...]
    concept: str
    against: str
    axis: str
    alternative: str


def draw_ranked(ranked: Ranked, paper: Paper) -> Markup:
    """Members of the concept are filled and heavy, the others hollow and light."""
    drawing = Drawing(paper, ranked.alternative)
    named, rest = ranked.rows[:NAMED], ranked.rows[NAMED:]
    left = (0.34 if paper.stacked else 0.24) * paper.width
    right = paper.width - 3.4 * paper.size
    scale = covering([0.0, *(row.value for row in ranked.rows)], left, right, pad=0)
    step = 1.72 * paper.size
    top = _legend(drawing, ranked)
    bottom = top + step * len(named) + (2.9 * paper.size if rest else 0)
    ticks = scale.ticks(4 if paper.stacked else 6)
    drawing.lines([(scale(value), top, scale(value), bottom) for value, _ in ticks], "grid")
    for value, text in ticks:
        drawing.text(scale(value), bottom + 1.35 * paper.small, text, size=paper.small, paint="dim", anchor="middle")
    middle = (left + right) / 2
    drawing.text(middle, bottom + 2.8 * paper.small, ranked.axis, size=paper.small, paint="dim", anchor="middle")
    for index, row in enumerate(named):
        y = top + step * (index + 0.5)
        base = y + 0.36 * paper.size
        paint, weight = ("concept", 600) if row.member else ("dim", 400)
        label = clip(row.label, left - paper.size, paper.size)
        drawing.text(left - 0.8 * paper.size, base, label, size=paper.size, paint=paint, anchor="end", weight=weight)
        drawing.line(scale(0), y, scale(row.value), y, "concept" if row.member else "other", 1.4)
        drawing.circle(
            scale(row.value), y, 0.37 * paper.size, "concept" if row.member else "other", hollow=not row.member
        )
        drawing.text(scale(row.value) + 0.75 * paper.size, base, row.number, size=paper.small)
    if rest:
        _rest(drawing, rest, scale, top + step * len(named), left)
    return drawing.markup(bottom + 3.4 * paper.small)


def _legend(drawing: Drawing, ranked: Ranked) -> float:
    """One line that says what the two looks mean; two lines where the page is narrow. Returns where the plot begins."""
    paper = drawing.paper
    x, y = 6.0, 0.75 * paper.size
    limit = paper.width / (1 if paper.stacked else 2) - 2 * paper.size
    for member, name in ((True, ranked.concept), (False, ranked.against)):
        drawing.circle(x, y, 0.37 * paper.size, "concept" if member else "other", hollow=not member)
        drawing.text(
            x + 0.8 * paper.size, y + 0.36 * paper.size, clip(name, limit, paper.small), size=paper.small, paint="dim"
        )
        if paper.stacked:
            y += 1.5 * paper.size
        else:
            x += 0.5 * paper.width if len(name) > 36 else 0.3 * paper.width
    return (3.6 if paper.stacked else 2.2) * paper.size


def _rest(drawing: Drawing, rest: Sequence[RankedRow], scale: Scale, top: float, left: float) -> None:
    paper = drawing.paper
    height = 2.9 * paper.size
    drawing.text(
        left - 0.8 * paper.size,
        top + 0.62 * height,
        f"the other {len(rest):,}",
        size=paper.size,
        paint="dim",
        anchor="end",
    )
    for member, paint, radius in ((False, "other", 2.4), (True, "concept", 3.6)):
        places = [
            (scale(row.value), top + height * (0.22 + 0.6 * ((index * GOLDEN) % 1)))
            for index, row in enumerate(rest)
            if row.member is member
        ]
        drawing.dots(places, radius, paint)
