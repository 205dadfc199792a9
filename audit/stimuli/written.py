"""Words written across pictures: a white strip over the whole width, the word as large as it fits in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from audit.stimuli.images import FORM as IMAGE
from audit.stimuli.images import photograph
from audit.stimuli.native import FORM as NATIVE
from audit.stimuli.native import render_native
from audit.stimuli.pictographs import FORM as PICTOGRAPH
from audit.stimuli.pictographs import pictograph_picture
from audit.stimuli.rendered import SIDE, font_of, glyphs_of, picture_key, render
from audit.stimuli.stimulus import Unavailable

if TYPE_CHECKING:
    from audit.stimuli.stimulus import Stimulus

FORM = "written"
STYLE = "Noto Sans Bold"
PLACES = ("top", "centre", "bottom")
LEAST_AREA = 0.06
"""Below this share of the picture no word is legible."""
_MARGIN = 4
_SMALLEST = 8


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written on a picture, and where."""

    word: str
    """Empty for a strip without a word."""
    place: str
    """One of `PLACES`."""
    area: float
    """Share of the picture that the strip covers."""


def written_on(base: Stimulus, writing: Writing) -> Stimulus:
    """The picture of ``base`` with a word across it, as a stimulus of its own.

    It keeps cluster, item, style and labels; its content says what to draw. Raises Unavailable when the word cannot be
    drawn.
    """
    content = json.dumps([base.form, base.content, base.template, writing.word, writing.place, writing.area])
    return replace(base, key=_key(content), form=FORM, content=content)


def written_picture(content: str) -> Image.Image:
    """The picture that a content says, RGB, SIDE x SIDE pixels."""
    form, base, template, word, place, area = json.loads(content)
    picture = base_picture(form, base, template).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return draw_writing(picture, Writing(word, place, area))


def base_picture(form: str, content: str, template: str) -> Image.Image:
    """The picture that a word may be written on: a pictograph, an image of the user, or a drawn word."""
    if form == IMAGE:
        return photograph(content)
    if form == NATIVE:
        return render_native(content, template)
    return pictograph_picture(content) if form == PICTOGRAPH else render(content, template)


def draw_writing(picture: Image.Image, writing: Writing) -> Image.Image:
    """A copy of a picture with the strip and the word; the strip covers ``area`` of it to the nearest row of pixels."""
    strange = sorted({char for char in writing.word if not char.isspace() and ord(char) not in glyphs_of(STYLE)})
    if strange:
        raise Unavailable("stimuli", f"{writing.word!r} cannot be written: no glyph for {', '.join(strange)}")
    width, height = picture.size
    rows = max(1, round(writing.area * height))
    top = {"top": 0, "centre": (height - rows) // 2, "bottom": height - rows}[writing.place]
    drawn = picture.copy()
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, top, width - 1, top + rows - 1), fill="white")
    if not writing.word:
        return drawn
    for size in range(rows, _SMALLEST - 1, -1):
        font = font_of(STYLE, size)
        left, up, right, down = font.getbbox(writing.word)
        if right - left <= width - 2 * _MARGIN and down - up <= rows - 2:
            break
    else:
        raise Unavailable("stimuli", f"{writing.word!r} does not fit legibly in {writing.area:g} of the picture")
    pen.text((width / 2, top + rows / 2), writing.word, fill="black", font=font, anchor="mm")
    return drawn


@lru_cache(maxsize=65_536)
def _key(content: str) -> str:
    return picture_key(written_picture(content))
