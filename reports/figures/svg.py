"""A drawing in SVG: short classes for the style sheet of a screen, presentation attributes for printers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from reports.marks import PAINTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.figures.paper import Paper

FONT = "Inter, 'Inter Ext', sans-serif"
_ANCHORS = {"middle": "m", "end": "e"}

Segment = tuple[float, float, float, float]
"""x1, y1, x2, y2."""


def number(value: float) -> str:
    """A coordinate with one decimal at most."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


class Drawing:
    """Collects shapes; every text that enters is escaped.

    Shapes of one look are one path, and on a screen the style sheet holds all that shapes share: a report has
    thousands of them.
    """

    def __init__(self, paper: Paper, alternative: str) -> None:
        """``alternative`` is the text that stands for the picture and states its result; empty for a decoration."""
        self.paper = paper
        self._alternative = alternative
        self._parts: list[Markup] = []
        self._open: tuple[str, Markup] = ("", Markup())
        """Commands and look of the last path, which goes on while the look stays the same."""

    def line(self, x1: float, y1: float, x2: float, y2: float, paint: str, width: float = 1, *, dash: str = "") -> None:
        """A straight line."""
        self.lines([(x1, y1, x2, y2)], paint, width, dash=dash)

    def lines(self, segments: Iterable[Segment], paint: str, width: float = 1, *, dash: str = "") -> None:
        """Straight lines of one look."""
        look = self._class(f"s-{paint}", stroke=PAINTS[paint], fill="none")
        if width != 1:
            look += Markup(' stroke-width="{}"').format(number(width))
        if dash:
            look += Markup(' stroke-dasharray="{}"').format(dash)
        self._path("".join(map(_segment, segments)), look)

    def rect(self, x: float, y: float, width: float, height: float, paint: str) -> None:
        """A filled rectangle."""
        self._close()
        self._parts.append(
            Markup('<rect x="{}" y="{}" width="{}" height="{}"{}/>').format(
                number(x), number(y), number(max(width, 0)), number(height), self._fill(paint)
            )
        )

    def circle(self, x: float, y: float, radius: float, paint: str, *, hollow: bool = False) -> None:
        """A disc, or a ring on paper."""
        self.dots([(x, y)], radius, paint, hollow=hollow)

    def dots(self, places: Iterable[tuple[float, float]], radius: float, paint: str, *, hollow: bool = False) -> None:
        """Discs of one look; rings that lie over each other all stay visible."""
        look = self._fill(paint)
        if hollow:
            look = self._class(f"o s-{paint}", stroke=PAINTS[paint], stroke_width="1.6", fill=PAINTS["paper"])
        r = number(radius)  # an arc that almost meets its beginning is the shortest way to write a circle
        self._path("".join(f"M{number(x)} {number(y - radius)}a{r} {r} 0 1 0 .1 0z" for x, y in places), look)

    def path(self, commands: str, paint: str) -> None:
        """A filled path; ``commands`` are ours, never a user's text."""
        self._path(commands, self._fill(paint))

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
        """One line of text; ``y`` is its baseline. Small, dim text that begins at ``x`` is what a screen assumes."""
        if not content:
            return
        self._close()
        names = [_ANCHORS[anchor]] if anchor in _ANCHORS else []
        names += ["b"] if size != self.paper.small else []
        names += [f"f-{paint}"] if paint != "dim" else []
        look = self._class(" ".join(names), fill=PAINTS[paint], font_size=number(size), text_anchor=anchor)
        if weight != 400:
            look += Markup(' font-weight="{}"').format(weight)
        self._parts.append(
            Markup('<text x="{}" y="{}"{}>{}</text>').format(number(x), number(y), look, escape(content))
        )

    def markup(self, height: float) -> Markup:
        """The finished picture."""
        self._close()
        name = Markup('role="img" aria-label="{}"').format(self._alternative)
        own = Markup(' xmlns="http://www.w3.org/2000/svg" font-family="{}"').format(FONT) if self.paper.printed else ""
        return Markup('<svg class="on-{}" viewBox="0 0 {} {}" {}{}>{}</svg>').format(
            self.paper.name,
            number(self.paper.width),
            number(height),
            name if self._alternative else Markup('aria-hidden="true"'),
            own,
            Markup("").join(self._parts),
        )

    def _path(self, commands: str, look: Markup) -> None:
        begun, last = self._open
        if begun and look != last:
            self._close()
            begun = ""
        self._open = begun + commands, look

    def _close(self) -> None:
        commands, look = self._open
        if commands:
            self._parts.append(Markup('<path d="{}"{}/>').format(commands, look))
        self._open = "", Markup()

    def _fill(self, paint: str) -> Markup:
        return self._class(f"f-{paint}", fill=PAINTS[paint])

    def _class(self, names: str, **attributes: str) -> Markup:
        """The look by class names on a screen, by attributes in print, where a picture has no style sheet."""
        if self.paper.printed:
            return Markup("").join(
                Markup(' {}="{}"').format(name.replace("_", "-"), value) for name, value in attributes.items()
            )
        return Markup(' class="{}"').format(names) if names else Markup("")


def _segment(segment: Segment) -> str:
    x1, y1, x2, y2 = map(number, segment)
    if y1 == y2:
        return f"M{x1} {y1}H{x2}"
    return f"M{x1} {y1}V{y2}" if x1 == x2 else f"M{x1} {y1}L{x2} {y2}"
