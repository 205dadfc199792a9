"""The shapes of verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures.paper import Paper
from reports.figures.svg import Drawing, number

if TYPE_CHECKING:
    from markupsafe import Markup

    from reports.marks import Mark


def place_mark(drawing: Drawing, mark: Mark, x: float, y: float, radius: float = 5) -> None:
    """Draw the shape of a verdict with its centre at (x, y)."""
    r, paint = radius, mark.paint
    match mark.shape:
        case "diamond":
            d = r * 1.3
            ahead, back = number(d), number(-d)
            drawing.path(f"M{number(x)} {number(y - d)}l{ahead} {ahead}l{back} {ahead}l{back} {back}z", paint)
        case "square":
            drawing.rect(x - r, y - r, 2 * r, 2 * r, paint)
            h = r / 2
            drawing.lines([(x - h, y - h, x + h, y + h), (x - h, y + h, x + h, y - h)], "paper", 1.6)
        case "half":
            drawing.circle(x, y, r, paint, hollow=True)
            drawing.path(f"M{number(x)} {number(y - r)}a{number(r)} {number(r)} 0 0 0 0 {number(2 * r)}z", paint)
        case "disc":
            drawing.circle(x, y, r, paint)
        case "ring":
            drawing.circle(x, y, r, paint, hollow=True)
        case _:
            drawing.line(x - r, y, x + r, y, paint, 2.2)


def draw_mark(mark: Mark, *, printed: bool = False) -> Markup:
    """The shape alone, for use beside its word; hidden from screen readers, which have the word."""
    drawing = Drawing(Paper("mark", width=16, size=0, stacked=False, printed=printed), "")
    place_mark(drawing, mark, 8, 8, 5.4)
    return drawing.markup(16)
