"""What a unit answers to over the whole range of its activations: the share of the concept in each bin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures.svg import Drawing
from reports.figures.text import clip, width, wrap

if TYPE_CHECKING:
    from markupsafe import Markup

    from reports.figures.paper import Paper

PLOT = 11.5
"""Height of the bars, in sizes of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeBar:
    """One bin."""

    share: float | None
    """Of the concept; None for an empty bin."""
    low: float
    """Ends of the share's interval."""
    high: float
    cells: tuple[str, ...]
    """What stands under the bar, one text a row of the figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationRange:
    """All bins of a unit, the most inhibitory first."""

    bars: tuple[RangeBar, ...]
    ends: tuple[str, ...]
    """Ends of the bins, one more than there are bars."""
    zero: int | None
    """Which of the ends is zero."""
    concept: str
    rest: str
    rows: tuple[str, ...]
    """What the cells under the bars are."""
    axis: str
    alternative: str


def draw_activation_range(shown: ActivationRange, paper: Paper) -> Markup:
    """Bars of full height, filled from below by the concept, with its interval; numbers stand under each of them."""
    drawing = Drawing(paper, shown.alternative)
    unit, small = paper.size, paper.small
    left = (3.5 if paper.stacked else 13.0) * unit
    right = paper.width - 0.4 * unit
    step = (right - left) / len(shown.bars)
    top = _legend(drawing, shown, left)
    bottom = top + PLOT * unit

    def height(share: float) -> float:
        return bottom - share * (bottom - top)

    for share in (0, 0.5, 1):
        drawing.text(left - 0.5 * unit, height(share) + 0.36 * small, f"{100 * share:.0f} %", size=small, paint="dim",
                     anchor="end")  # fmt: skip
    drawing.lines([(left, height(share), right, height(share)) for share in (0, 0.5, 1)], "grid")
    for i, bar in enumerate(shown.bars):
        if bar.share is not None:
            x, wide = left + i * step + 0.08 * step, 0.84 * step
            drawing.rect(x, top, wide, height(bar.share) - top, "band")
            drawing.rect(x, height(bar.share), wide, bottom - height(bar.share), "concept")
    for paint, weight in (("paper", 4.6), ("ink", 1.6)):  # a light edge sets the interval off from a filled bar
        segments = []
        for i, bar in enumerate(shown.bars):
            if bar.share is not None:
                x, cap = left + (i + 0.5) * step, min(0.14 * step, 0.5 * unit)
                segments.append((x, height(bar.low), x, height(bar.high)))
                segments += [(x - cap, height(end), x + cap, height(end)) for end in (bar.low, bar.high)]
        drawing.lines(segments, paint, weight)
    if shown.zero is not None:
        x = left + shown.zero * step
        drawing.line(x, top - 0.5 * unit, x, bottom + 0.4 * unit, "axis", 1.2)
    y = _ends(drawing, shown, left, step, bottom)
    for row, name in enumerate(shown.rows):
        if paper.stacked:
            y += 1.5 * small
            drawing.text(0, y, clip(name, paper.width, small), size=small, paint="dim")
        y += 1.45 * small
        if not paper.stacked:
            drawing.text(
                left - 1.2 * unit, y, clip(name, left - 1.4 * unit, small), size=small, paint="dim", anchor="end"
            )
        for i, bar in enumerate(shown.bars):
            drawing.text(left + (i + 0.5) * step, y, bar.cells[row], size=small, paint="ink", anchor="middle")
    return drawing.markup(y + 0.7 * small)


def _ends(drawing: Drawing, shown: ActivationRange, left: float, step: float, bottom: float) -> float:
    """The ends of the bins under their edges, as many as fit, and what they are; returns the last baseline."""
    small = drawing.paper.small
    widest = max(width(end, small) for end in shown.ends) + 0.8 * small
    every = max(1, -(-int(widest) // max(int(step), 1)))
    start = 0 if shown.zero is None else shown.zero % every
    y = bottom + 1.5 * small
    for i, end in enumerate(shown.ends):
        if (i - start) % every == 0:
            drawing.text(left + i * step, y, end, size=small, paint="dim", anchor="middle")
    middle = left + step * len(shown.bars) / 2
    if drawing.paper.stacked:
        for line in wrap(shown.axis, drawing.paper.width, small):
            y += 1.35 * small
            drawing.text(drawing.paper.width / 2, y, line, size=small, paint="dim", anchor="middle")
    else:
        y += 1.45 * small
        drawing.text(middle, y, shown.axis, size=small, paint="dim", anchor="middle")
    return y + 0.5 * small


def _legend(drawing: Drawing, shown: ActivationRange, left: float) -> float:
    """What the two fills mean; returns where the plot begins."""
    paper = drawing.paper
    x, y = (0.0 if paper.stacked else left), 0.95 * paper.size
    for paint, name in (("concept", shown.concept), ("band", shown.rest)):
        drawing.rect(x, y - 0.75 * paper.size, 0.9 * paper.size, 0.9 * paper.size, paint)
        told = clip(name, paper.width - x - 2 * paper.size, paper.small)
        drawing.text(x + 1.35 * paper.size, y, told, size=paper.small, paint="dim")
        if paper.stacked:
            y += 1.5 * paper.size
        else:
            x += 3.2 * paper.size + width(told, paper.small)
    return y + (0.2 if paper.stacked else 1.2) * paper.size
