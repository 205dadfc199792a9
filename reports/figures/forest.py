"""Estimates with their intervals against margins: the plot of the whole run and of one finding's variations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures.scale import Scale, covering
from reports.figures.shapes import place_mark
from reports.figures.svg import Drawing, number
from reports.figures.text import clip, wrap

if TYPE_CHECKING:
    from markupsafe import Markup

    from reports.figures.paper import Paper
    from reports.figures.svg import Segment
    from reports.marks import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """One estimate. Positions are numbers; everything printed is text already."""

    label: str
    """What tells the row from the others of its group; may be empty when it is alone."""
    mark: Mark
    value: float
    low: float
    high: float
    low_family: float
    high_family: float
    number: str
    interval: str
    p: str = ""
    untrained: tuple[float, ...] = ()
    """The same estimate on towers that were never trained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestGroup:
    """Rows that answer one question against one margin."""

    title: str
    rows: tuple[ForestRow, ...]
    allowed: tuple[float, float] | None = None
    """Where the effect stays within the margin; one end may be infinite. None without a margin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """One plot with one axis."""

    groups: tuple[ForestGroup, ...]
    axis: str
    """What the axis counts."""
    null: float | None
    """The value that means nothing; None when none does."""
    alternative: str
    """Text that states the result, for readers who do not see the plot."""
    toward: str = ""
    """What lies to the right."""
    band: str = "within the margin"


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand, left to right."""

    label: float
    plot: tuple[float, float]
    number: float
    interval: float
    p: float


def _columns(paper: Paper, *, with_p: bool) -> _Columns:
    if paper.stacked:
        return _Columns(paper.width, (6, paper.width - 6), 0, 0, 0)
    # Numbers take what they need at this size; what is left is shared by questions and plot.
    unit, right = paper.size, paper.width
    p = right if with_p else right + unit
    interval = p - (4.6 + 10.2) * unit if with_p else right - 10.2 * unit
    number = interval - 0.9 * unit
    plot_right = number - 5.6 * unit
    label = 0.46 * plot_right
    return _Columns(label, (label + 1.6 * unit, plot_right), number, interval, p)


def draw_forest(forest: Forest, paper: Paper) -> Markup:
    """Estimate (shape of its verdict), thick pointwise interval, thin whiskers for the interval over the family."""
    with_p = any(row.p for group in forest.groups for row in group.rows)
    columns = _columns(paper, with_p=with_p)
    scale = scale_of(forest, *columns.plot)
    drawing = Drawing(paper, forest.alternative)
    blocks = [_Block(group, paper, columns) for group in forest.groups]
    top = 3.0 * paper.size if forest.toward or not paper.stacked else paper.size
    bottom = top + sum(block.height for block in blocks)
    y = top
    for block in blocks:  # bands first, so that nothing is covered
        block.band(drawing, scale, y)
        y += block.height
    _axis(drawing, forest, scale, top, bottom)
    _heads(drawing, forest, scale, columns, with_p=with_p)
    y = top
    for block in blocks:
        block.draw(drawing, scale, y)
        y += block.height
    return drawing.markup(bottom + 3.3 * paper.size)


class _Block:
    """One group, laid out."""

    def __init__(self, group: ForestGroup, paper: Paper, columns: _Columns) -> None:
        self.group, self.paper, self.columns = group, paper, columns
        self.lines = (
            wrap(group.title, columns.label * (0.93 if paper.stacked else 1), paper.size) if group.title else ()
        )
        self.leading = 1.28 * paper.size
        self.air = 0.55 * paper.size
        self.inline = not paper.stacked and len(group.rows) == 1 and not group.rows[0].label
        self.row = 2.9 * paper.size if paper.stacked else 1.62 * paper.size
        title = self.leading * len(self.lines)
        rows = max(title, self.row) if self.inline else title + self.row * len(group.rows)
        self.height = rows + 2 * self.air

    def band(self, drawing: Drawing, scale: Scale, y: float) -> None:
        if self.group.allowed is None:
            return
        low, high = self.group.allowed
        drawing.rect(scale(low), y, scale(high) - scale(low), self.height, "band")
        ends = [scale(end) for end in (low, high) if scale.low < end < scale.high]
        drawing.lines([(x, y, x, y + self.height) for x in ends], "axis", dash="3 2")

    def draw(self, drawing: Drawing, scale: Scale, y: float) -> None:
        size = self.paper.size
        weight = 400 if self.inline else 600
        if self.paper.stacked:  # text stands above the plot, so the plot ends where text begins
            drawing.rect(0, y, self.paper.width, self.air + self.leading * len(self.lines), "paper")
        for index, line in enumerate(self.lines):
            drawing.text(0, y + self.air + self.leading * index + size, line, size=size, weight=weight)
        start = y + self.air + self.leading * len(self.lines)
        middle = self.row - 0.9 * size if self.paper.stacked else self.row / 2
        if self.inline:
            start, middle = y + self.air, 0.64 * size
        placed = [(row, start + self.row * index + middle) for index, row in enumerate(self.group.rows)]
        for row, height in placed:
            self._words(drawing, row, height)
        place_estimates(drawing, placed, scale, 0.38 * size)

    def _words(self, drawing: Drawing, row: ForestRow, y: float) -> None:
        paper, columns = self.paper, self.columns
        if paper.stacked:
            base = y - 1.2 * paper.size
            drawing.rect(0, base - 0.8 * paper.size, paper.width, 1.2 * paper.size, "paper")
            drawing.text(
                paper.width, base, f"{row.number}  ({row.interval})", size=paper.small, anchor="end", paint="dim"
            )
            drawing.text(0, base, clip(row.label, paper.width * 0.5, paper.small), size=paper.small, paint="dim")
        else:
            base = y + 0.36 * paper.size
            drawing.text(
                0.9 * paper.size,
                base,
                clip(row.label, columns.label - paper.size, paper.size),
                size=paper.size,
                paint="dim",
            )
            drawing.text(columns.number, base, row.number, size=paper.size, anchor="end", weight=500)
            drawing.text(columns.interval, base, row.interval, size=paper.small, paint="dim")
            drawing.text(columns.p, base, row.p, size=paper.small, paint="dim", anchor="end")


def place_estimates(drawing: Drawing, placed: list[tuple[ForestRow, float]], scale: Scale, radius: float) -> None:
    """Draw estimates with both of their intervals, each at its height; below it a tick for every untrained tower.

    Like after like, as shapes of one look are one path.
    """
    for row, y in placed:
        below = y + 1.25 * radius
        drawing.lines([(scale(value), below, scale(value), below + 1.35 * radius) for value in row.untrained], "dim")
    for row, y in placed:
        thin: list[Segment] = []
        for end, inner, sign in ((row.low_family, row.low, -1), (row.high_family, row.high, 1)):
            x = scale(end)
            if end != inner:
                thin.append((scale(inner), y, x, y))
            if scale.low <= end <= scale.high:
                thin.append((x, y - 3, x, y + 3))
            else:
                drawing.path(f"M{number(x + 4 * sign)} {number(y)}l{-5 * sign} -3.5v7z", row.mark.paint)
        drawing.lines(thin, row.mark.paint)
    for row, y in placed:
        drawing.line(scale(row.low), y, scale(row.high), y, row.mark.paint, 3)
    for row, y in placed:
        place_mark(drawing, row.mark, scale(row.value), y, radius)


def scale_of(forest: Forest, left: float, right: float) -> Scale:
    """All estimates, intervals and margins fit; whiskers that would more than double the length are cut at an arrow."""
    rows = [row for group in forest.groups for row in group.rows]
    inner = [end for row in rows for end in (row.value, row.low, row.high, *row.untrained)]
    inner += [] if forest.null is None else [forest.null]
    inner += [end for group in forest.groups for end in group.allowed or () if abs(end) != float("inf")]
    low, high = min(inner), max(inner)
    reach = (high - low) / 2
    outer = [end for row in rows for end in (row.low_family, row.high_family) if low - reach <= end <= high + reach]
    return covering((*inner, *outer), left, right)


def _axis(drawing: Drawing, forest: Forest, scale: Scale, top: float, bottom: float) -> None:
    size = drawing.paper.small
    ticks = scale.ticks(5 if not drawing.paper.stacked else 4)
    drawing.lines([(scale(value), top, scale(value), bottom + 3) for value, _ in ticks], "grid")
    for value, label in ticks:
        drawing.text(scale(value), bottom + 1.35 * size, label, size=size, paint="dim", anchor="middle")
    if forest.null is not None:
        drawing.line(scale(forest.null), top, scale(forest.null), bottom + 3, "axis")
    middle = (scale.left + scale.right) / 2
    drawing.text(middle, bottom + 2.8 * size, forest.axis, size=size, paint="dim", anchor="middle")


def _heads(drawing: Drawing, forest: Forest, scale: Scale, columns: _Columns, *, with_p: bool) -> None:
    size = drawing.paper.small
    base = 1.1 * size
    if forest.toward:
        drawing.text(
            scale.right,
            base,
            f"{forest.toward} \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
            size=size,
            paint="dim",
            anchor="end",
        )
    if drawing.paper.stacked:
        return
    drawing.text(columns.number, base, "estimate", size=size, paint="dim", anchor="end")
    drawing.text(columns.interval, base, "95 % interval", size=size, paint="dim")
    if with_p:
        drawing.text(columns.p, base, "adjusted p", size=size, paint="dim", anchor="end")
