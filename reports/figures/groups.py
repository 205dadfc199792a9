"""What a difference is made of: one dot a cluster, the two groups above each other, with their means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures.scale import covering
from reports.figures.svg import Drawing
from reports.figures.text import clip, width

if TYPE_CHECKING:
    from markupsafe import Markup

    from reports.figures.paper import Paper
    from reports.figures.scale import Scale

GOLDEN = 0.618033988749895
"""Steps of this size spread dots evenly over a strip, the same way each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strips:
    """Values of two groups; every list is in falling order."""

    x: str
    y: str
    x_values: tuple[tuple[str, float], ...]
    y_values: tuple[tuple[str, float], ...]
    axis: str
    alternative: str


def draw_strips(strips: Strips, paper: Paper) -> Markup:
    """Two strips on one axis; the outermost dots carry their names."""
    drawing = Drawing(paper, strips.alternative)
    left = 6.0 if paper.stacked else 0.24 * paper.width
    everything = [value for _, value in (*strips.x_values, *strips.y_values)]
    scale = covering((*everything, 0.0), left, paper.width - 8)
    label, strip = (1.7 * paper.size if paper.stacked else 0.0), (4.4 if paper.stacked else 3.8) * paper.size
    bottom = 2 * (label + strip)
    ticks = scale.ticks(4 if paper.stacked else 6)
    drawing.lines([(scale(value), 0, scale(value), bottom) for value, _ in ticks], "grid")
    for value, text in ticks:
        drawing.text(scale(value), bottom + 1.25 * paper.small, text, size=paper.small, paint="dim", anchor="middle")
    drawing.line(scale(0), 0, scale(0), bottom, "axis")
    middle = (scale.left + scale.right) / 2
    drawing.text(middle, bottom + 2.7 * paper.small, strips.axis, size=paper.small, paint="dim", anchor="middle")
    y = 0.0
    for name, values, hollow in ((strips.x, strips.x_values, False), (strips.y, strips.y_values, True)):
        if paper.stacked:
            drawing.text(0, y + 1.2 * paper.size, clip(name, paper.width, paper.size), size=paper.size)
        else:
            drawing.text(0, y + strip * 0.62, clip(name, left - 14, paper.size), size=paper.size)
        _strip(drawing, values, scale, y + label, strip, hollow=hollow)
        y += label + strip
    return drawing.markup(bottom + 3.2 * paper.small)


def _strip(
    drawing: Drawing, values: tuple[tuple[str, float], ...], scale: Scale, top: float, height: float, *, hollow: bool
) -> None:
    paper = drawing.paper
    paint = "other" if hollow else "concept"
    low, high = top + 0.42 * height, top + 0.86 * height
    places = [(scale(value), low + (high - low) * ((index * GOLDEN) % 1)) for index, (_, value) in enumerate(values)]
    drawing.dots(places, 3.4, paint, hollow=hollow)
    mean = scale(sum(value for _, value in values) / len(values))
    drawing.line(mean, low - 4, mean, high + 4, "ink", 2)
    (first, highest), (last, lowest) = values[0], values[-1]
    limit = (scale.right - scale.left) / 2.2
    text = clip(first, limit, paper.small)
    drawing.text(
        min(scale(highest), scale.right), top + 0.27 * height, text, size=paper.small, paint="dim", anchor="end"
    )
    if len(values) > 1 and scale(highest) - width(text, paper.small) - 12 > scale(lowest) + width(last, paper.small):
        drawing.text(scale(lowest), top + 0.27 * height, last, size=paper.small, paint="dim")
