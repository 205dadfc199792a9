"""The surfaces a figure is drawn for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paper:
    """Width and type of one surface; lengths are SVG units, one unit a CSS pixel at full size."""

    name: str
    width: float
    size: float
    """Size of the text."""
    stacked: bool
    """True when labels stand above the plot and not beside it."""
    printed: bool
    """True when no style sheet can reach the shapes."""

    @property
    def small(self) -> float:
        """Size of secondary text."""
        return self.size - 1


WIDE = Paper("wide", width=900, size=13.5, stacked=False, printed=False)
NARROW = Paper("narrow", width=340, size=13, stacked=True, printed=False)
PRINT = Paper("print", width=700, size=11.5, stacked=False, printed=True)
