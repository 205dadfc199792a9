"""Words drawn as pictures, as Goh et al. (2021) showed them: dark on white, centred, one word a picture."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from audit.stimuli.stimulus import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

SIDE = 224
"""Height and width of a picture in pixels; every model's own preprocessing resizes it."""

STYLES: Mapping[str, str] = {
    "Noto Sans": "NotoSans-Regular.ttf",
    "Noto Sans Bold": "NotoSans-Bold.ttf",
    "Noto Serif": "NotoSerif-Regular.ttf",
    "Noto Sans Mono": "NotoSansMono-Regular.ttf",
}
"""Rendering styles: they are to pictures of words what templates are to prompts."""

_FONTS = Path(__file__).parent / "fonts"
_LARGEST, _SMALLEST = 56, 10
_MARGIN = 12


@lru_cache(maxsize=256)
def font_of(style: str, size: int) -> ImageFont.FreeTypeFont:
    """The font of a style at a size in pixels."""
    # The basic layout engine is in every build of Pillow; Raqm is not, and would draw other pixels.
    return ImageFont.truetype(str(_FONTS / STYLES[style]), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=16)
def glyphs_of(style: str) -> frozenset[int]:
    """Code points for which the font of a style has a glyph."""
    from fontTools.ttLib import TTFont  # only needed when words are rendered; comes with WeasyPrint

    with TTFont(_FONTS / STYLES[style], lazy=True) as font:
        return frozenset(font.getBestCmap())


def _lines(word: str, style: str, size: int) -> list[str] | None:
    """``word`` broken at spaces into lines that fit the picture at ``size``, or None when one does not fit."""
    font, room = font_of(style, size), SIDE - 2 * _MARGIN
    lines: list[str] = []
    for part in word.split():
        candidate = f"{lines[-1]} {part}" if lines else part
        if lines and font.getlength(candidate) <= room:
            lines[-1] = candidate
        else:
            lines.append(part)
    fits = all(font.getlength(line) <= room for line in lines) and len(lines) * size * 1.25 <= room
    return lines if fits else None


def render(word: str, style: str) -> Image.Image:
    """``word`` as an RGB picture of SIDE x SIDE pixels in ``style``, as large as it fits.

    Raises Unavailable when the font has no glyph for a character: a row of empty boxes would be measured as a word.
    """
    strange = sorted({char for char in word if not char.isspace() and ord(char) not in glyphs_of(style)})
    if strange or not word.strip():
        raise Unavailable(
            "stimuli", f"{word!r} cannot be rendered: no glyph for {', '.join(strange) or 'an empty word'}"
        )
    for size in range(_LARGEST, _SMALLEST - 1, -2):
        lines = _lines(word, style, size)
        if lines is not None:
            break
    else:
        raise Unavailable("stimuli", f"{word!r} is too long to be rendered legibly")
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    ImageDraw.Draw(picture).multiline_text(
        (SIDE / 2, SIDE / 2), "\n".join(lines), fill="black", font=font_of(style, size), anchor="mm", align="center"
    )
    return picture


def picture_key(picture: Image.Image) -> str:
    """sha256 of mode, size and pixels: two pictures share a key exactly when they are the same picture."""
    head = f"{picture.mode}:{picture.width}x{picture.height}:".encode()
    return hashlib.sha256(head + picture.tobytes()).hexdigest()


@lru_cache(maxsize=65_536)
def word_key(word: str, style: str) -> str:
    """The key of a rendered word, remembered: a suite asks for the same words in many probes."""
    return picture_key(render(word, style))


def text_key(text: str) -> str:
    """sha256 of a prompt."""
    return hashlib.sha256(b"text:" + text.encode()).hexdigest()
