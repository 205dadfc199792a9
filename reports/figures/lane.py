"""One row of a forest plot as a picture of its own, for a table that may go on over several pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures.forest import place_estimates, scale_of
from reports.figures.paper import Paper
from reports.figures.svg import Drawing

if TYPE_CHECKING:
    from markupsafe import Markup

    from reports.figures.forest import Forest, ForestGroup, ForestRow
    from reports.figures.scale import Scale

LANE = Paper("lane", width=150, size=10, stacked=False, printed=True)
HEIGHT = 44
"""Of one lane: three lines of the question beside it."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One estimate of a forest, on the axis that all of its estimates share."""

    forest: Forest
    group: ForestGroup
    row: ForestRow


def draw_lane(lane: Lane) -> Markup:
    """The estimate over its band, with the grid of the whole forest."""
    row = lane.row
    drawing = Drawing(LANE, f"{row.mark.word}: {row.number}, 95 % interval {row.interval}")
    scale = _scale(lane.forest)
    if lane.group.allowed is not None:
        low, high = lane.group.allowed
        drawing.rect(scale(low), 0, scale(high) - scale(low), HEIGHT, "band")
        ends = [scale(end) for end in (low, high) if scale.low < end < scale.high]
        drawing.lines([(x, 0, x, HEIGHT) for x in ends], "axis", dash="3 2")
    drawing.lines([(scale(value), 0, scale(value), HEIGHT) for value, _ in scale.ticks(4)], "grid")
    if lane.forest.null is not None:
        null = scale(lane.forest.null)
        drawing.line(null, 0, null, HEIGHT, "axis")
    place_estimates(drawing, [(row, HEIGHT / 2)], scale, 4.4)
    return drawing.markup(HEIGHT)


def draw_ruler(forest: Forest) -> Markup:
    """The axis above the lanes of a forest."""
    drawing = Drawing(LANE, f"Axis: {forest.axis}")
    scale = _scale(forest)
    for value, label in scale.ticks(4):
        drawing.text(scale(value), 9, label, size=LANE.size, paint="dim", anchor="middle")
        drawing.line(scale(value), 12, scale(value), 16, "axis")
    return drawing.markup(16)


def _scale(forest: Forest) -> Scale:
    return scale_of(forest, 8, LANE.width - 8)
