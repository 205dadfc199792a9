"""Shares of a whole as bars: how many of many audits passed, settled nothing, or failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures.shapes import place_mark
from reports.figures.svg import Drawing
from reports.figures.text import clip, width

if TYPE_CHECKING:
    from markupsafe import Markup

    from reports.figures.paper import Paper
    from reports.marks import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesRow:
    """One bar; its parts stand in the order of the figure's marks and make up the whole."""

    label: str
    parts: tuple[float, ...]
    wrong: str
    """How many were wrong, in words; empty where nothing can be."""
    covered: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesGroup:
    """Bars under one title."""

    title: str
    rows: tuple[SharesRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """One plot. The middle part is hollow, so that left and right can be told apart without colour."""

    groups: tuple[SharesGroup, ...]
    marks: tuple[Mark, Mark, Mark]
    alternative: str
    label: str
    """Head of the labels."""
    wrong: str
    covered: str


def draw_shares(shares: Shares, paper: Paper) -> Markup:
    """Bars from left to right, with what was wrong and what was covered beside them."""
    drawing = Drawing(paper, shares.alternative)
    unit = paper.size
    covered = paper.width
    wrong = covered - 8.8 * unit
    left, right = (2.0, paper.width - 2) if paper.stacked else (13.5 * unit, wrong - 11.2 * unit)
    y = _legend(drawing, shares, left)
    if not paper.stacked:
        drawing.text(0, y, shares.label, size=paper.small, paint="dim")
        drawing.text(wrong, y, shares.wrong, size=paper.small, paint="dim", anchor="end")
        drawing.text(covered, y, shares.covered, size=paper.small, paint="dim", anchor="end")
        y += 0.4 * unit
    for group in shares.groups:
        y += 1.9 * unit
        drawing.text(0, y, clip(group.title, paper.width, unit), size=unit, weight=600)
        y += 0.55 * unit
        for row in group.rows:
            if paper.stacked:
                y += 1.25 * unit
                told = "; ".join(filter(None, (row.wrong, f"{shares.covered} {row.covered}")))
                drawing.text(0, y, row.label, size=paper.small, paint="dim")
                room = paper.width - width(row.label, paper.small) - unit
                drawing.text(paper.width, y, clip(told, room, paper.small), size=paper.small, paint="dim", anchor="end")
                y += 0.4 * unit
            else:
                base = y + 1.0 * unit
                drawing.text(0.9 * unit, base, clip(row.label, left - 1.5 * unit, unit), size=unit, paint="dim")
                drawing.text(wrong, base, row.wrong, size=paper.small, anchor="end")
                drawing.text(covered, base, row.covered, size=paper.small, paint="dim", anchor="end")
            _bar(drawing, shares, row, (left, right), y + 0.15 * unit)
            y += 1.65 * unit
    return drawing.markup(y + 0.3 * unit)


def _bar(drawing: Drawing, shares: Shares, row: SharesRow, span: tuple[float, float], top: float) -> None:
    height, (left, right) = 1.1 * drawing.paper.size, span
    x = left
    for index, (part, mark) in enumerate(zip(row.parts, shares.marks, strict=True)):
        wide = part * (right - left)
        if wide > 0:
            if index == 1:
                drawing.rect(x, top, wide, height, "band")
                edge = [(x, top, x + wide, top), (x, top + height, x + wide, top + height)]
                drawing.lines(edge, mark.paint, 1)
            else:
                drawing.rect(x, top, max(wide, 1), height, mark.paint)
            told = f"{100 * part:.0f}"
            if wide > width(told, drawing.paper.small) + 8:
                paint = "ink" if index == 1 else "paper"
                base = top + 0.78 * height
                drawing.text(x + wide / 2, base, told, size=drawing.paper.small, paint=paint, anchor="middle")
        x += wide


def _legend(drawing: Drawing, shares: Shares, left: float) -> float:
    """The three marks, left to right as the parts of a bar are; returns the baseline of what comes next."""
    size, x = drawing.paper.small, left + 4
    for mark in shares.marks:
        place_mark(drawing, mark, x, 0.75 * size, 0.36 * size)
        drawing.text(x + 0.9 * size, 1.1 * size, mark.word, size=size, paint="dim")
        x += width(mark.word, size) + 3.2 * size
    drawing.text(x - 0.6 * size, 1.1 * size, "in %", size=size, paint="dim")
    return (1.0 if drawing.paper.stacked else 2.9) * size
