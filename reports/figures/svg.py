"""A drawing in SVG: presentation attributes for printers, classes on top for dark screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from reports.marks import PAINTS

if TYPE_CHECKING:
    from reports.figures.paper import Paper

FONT = "Inter, 'Inter Ext', sans-serif"


def number(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


class Drawing:
    """Collects shapes; every text that enters is escaped."""

    def __init__(self, paper: Paper, alternative: str) -> None:
        """``alternative`` is the text that stands for the picture and states its result."""
        self.paper = paper
        self._alternative = alternative
        self._parts: list[Markup] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, paint: str, width: float = 1, *, dash: str = "") -> None:
        """A straight line."""
        dashed = Markup(' stroke-dasharray="{}"').format(dash) if dash else ""
        self._parts.append(
            Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke-width="{}"{}{}/>').format(
                number(x1), number(y1), number(x2), number(y2), number(width), self._stroke(paint), dashed
            )
        )

    def rect(self, x: float, y: float, width: float, height: float, paint: str) -> None:
        """A filled rectangle."""
        self._parts.append(
            Markup('<rect x="{}" y="{}" width="{}" height="{}"{}/>').format(
                number(x), number(y), number(max(width, 0)), number(height), self._fill(paint)
            )
        )

    def circle(self, x: float, y: float, radius: float, paint: str, *, hollow: bool = False) -> None:
        """A disc, or a ring on paper."""
        look = self._ring(paint) if hollow else self._fill(paint)
        self._parts.append(
            Markup('<circle cx="{}" cy="{}" r="{}"{}/>').format(number(x), number(y), number(radius), look)
        )

    def path(self, commands: str, paint: str) -> None:
        """A filled path; ``commands`` are ours, never a user's text."""
        self._parts.append(Markup('<path d="{}"{}/>').format(commands, self._fill(paint)))

    def text(
        self,
        x: float,
        y: float,
        content: str,
        *,
        size: float,
        paint: str = "ink",
        anchor: str = "start",
        weight: int = 400,
    ) -> None:
        """One line of text; ``y`` is its baseline."""
        attributes = Markup("")
        if anchor != "start":
            attributes += Markup(' text-anchor="{}"').format(anchor)
        if weight != 400:
            attributes += Markup(' font-weight="{}"').format(weight)
        self._parts.append(
            Markup('<text x="{}" y="{}" font-size="{}"{}{}>{}</text>').format(
                number(x), number(y), number(size), attributes, self._fill(paint), escape(content)
            )
        )

    def markup(self, height: float) -> Markup:
        """The finished picture."""
        return Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" class="on-{}" viewBox="0 0 {} {}" role="img" aria-label="{}"'
            ' font-family="{}">{}</svg>'
        ).format(
            self.paper.name,
            number(self.paper.width),
            number(height),
            self._alternative,
            FONT,
            Markup("").join(self._parts),
        )

    def _fill(self, paint: str) -> Markup:
        return self._class(f"f-{paint}") + Markup(' fill="{}"').format(PAINTS[paint])

    def _stroke(self, paint: str) -> Markup:
        return self._class(f"s-{paint}") + Markup(' stroke="{}" fill="none"').format(PAINTS[paint])

    def _class(self, names: str) -> Markup:
        """Classes are for the style sheet of a screen; the PDF renderer knows none inside a picture."""
        return Markup("") if self.paper.printed else Markup(' class="{}"').format(names)

    def _ring(self, paint: str) -> Markup:
        return self._class(f"s-{paint} f-paper") + Markup(' stroke="{}" stroke-width="1.6" fill="{}"').format(
            PAINTS[paint], PAINTS["paper"]
        )
