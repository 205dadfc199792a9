"""The view model as one HTML page: for a browser, or for the PDF renderer."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from reports.album import Album
from reports.figures import (
    NARROW,
    PRINT,
    WIDE,
    draw_activation_range,
    draw_forest,
    draw_lane,
    draw_mark,
    draw_ranked,
    draw_ruler,
    draw_shares,
    draw_strips,
)
from reports.figures.activation_range import ActivationRange
from reports.figures.forest import Forest
from reports.figures.groups import Strips
from reports.figures.shares import Shares
from reports.prose import certificate, method

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.figures import Lane, Paper, Ranked
    from reports.marks import Mark
    from reports.view import ReportView

    Figure = Forest | Strips | Ranked | Shares | ActivationRange

Medium = Literal["screen", "pdf"]
FONTS = (
    ("Inter", "inter-latin", "100 900"),
    ("Inter Ext", "inter-latin-ext", "100 900"),
    ("Source Serif 4", "source-serif-4-latin", "200 900"),
    ("Source Serif 4 Ext", "source-serif-4-latin-ext", "200 900"),
)
"""Family, file and weights. The extended sets are families of their own, used where the first lacks a letter."""


def render_html(view: ReportView, medium: Medium, picture: Callable[[str], bytes]) -> str:
    """One page without any reference to the outside; ``picture`` gives the bytes of a picture of the run."""
    template = _environment().get_template("report.html.j2")
    return template.render(
        view=view,
        pdf=medium == "pdf",
        style=_style(medium),
        figure=_figure(medium),
        lane=_lane,
        ruler=_ruler,
        mark=_mark(medium),
        album=Album(picture, printed=medium == "pdf"),
        method=method,
        certificate=certificate,
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["typeset"] = typeset
    return environment


def typeset(text: str) -> Markup:
    """``text``, escaped, with numbers kept on one line with what belongs to them."""
    safe = str(escape(text))
    safe = re.sub(r"(?<=\d) (?=%)", "\u00a0", safe)
    return Markup(re.sub(r"(?<=\d) (?=to [\u2212+\d])|(?<=\d to) (?=[\u2212+\d])|(?<=\d) (?=\+ \d)", "\u00a0", safe))


def _figure(medium: Medium) -> Callable[[Figure], Markup]:
    """Draws a figure for the page's surfaces: both of a screen, of which the style sheet shows one, or print."""

    def draw(figure: Figure, paper: Paper) -> Markup:
        if isinstance(figure, Forest):
            return draw_forest(figure, paper)
        if isinstance(figure, ActivationRange):
            return draw_activation_range(figure, paper)
        if isinstance(figure, Shares):
            return draw_shares(figure, paper)
        if isinstance(figure, Strips):
            return draw_strips(figure, paper)
        return draw_ranked(figure, paper)

    if medium == "pdf":
        return lambda figure: _image(draw(figure, PRINT), figure.alternative)
    return lambda figure: draw(figure, WIDE) + draw(figure, NARROW)


def _lane(lane: Lane) -> Markup:
    """One estimate of a plot that print shows as a table."""
    return _image(draw_lane(lane), f"{lane.row.mark.word}, {lane.row.number} ({lane.row.interval})")


def _ruler(forest: Forest) -> Markup:
    return _image(draw_ruler(forest), f"Axis: {forest.axis}")


def _mark(medium: Medium) -> Callable[[Mark], Markup]:
    """Draws the shape of a verdict; its word stands beside it."""
    if medium == "pdf":
        return lambda mark: _image(draw_mark(mark, printed=True), mark.shape)
    return draw_mark


def _image(picture: Markup, alternative: str) -> Markup:
    """A picture of its own: the PDF renderer would else run its style sheets over every shape, which takes longer."""
    data = base64.b64encode(picture.encode()).decode("ascii")
    return Markup('<img class="drawn" src="data:image/svg+xml;base64,{}" alt="{}">').format(data, alternative)


@cache
def _style(medium: Medium) -> Markup:
    """Fonts and style sheets; they are ours, so they are not escaped."""
    static = files("reports") / "static"
    faces = "".join(
        f'@font-face{{font-family:"{family}";src:url(data:font/woff2;base64,{_font(name)}) format("woff2");'
        f"font-weight:{weights};font-display:swap}}\n"
        for family, name, weights in FONTS
    )
    sheets = ["report.css", "pdf.css"] if medium == "pdf" else ["report.css", "screen.css"]
    return Markup(faces + "\n".join((static / sheet).read_text("utf-8") for sheet in sheets))


def _font(name: str) -> str:
    data = (files("reports") / "static" / "fonts" / f"{name}-wght-normal.woff2").read_bytes()
    return base64.b64encode(data).decode("ascii")
