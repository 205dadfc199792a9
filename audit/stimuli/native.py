"""Words drawn in their own script: dark on white, centred, as `rendered` draws them.

HarfBuzz joins, reorders and places the glyphs, for Arabic and Devanagari are not written letter by letter; Pillow draws
them one by one. All places are whole numbers, so that the pixels are the same on every machine.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

from audit.records import Exclusion, Modality
from audit.stimuli.rendered import SIDE, glyphs_of, picture_key, render
from audit.stimuli.stimulus import Stimulus, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORM = "native"

STYLES = ("Noto Sans", "Noto Serif")
"""Rendering styles; of Arabic the second is Naskh, and Tibetan has the second alone."""

PRIVATE_PLANE = 0xF0000
"""Glyph n of a font of `_FONTS` is also the character PRIVATE_PLANE + n; see recipes/native_fonts.py."""

_FONTS = Path(__file__).parent / "fonts" / "native"
_LARGEST, _SMALLEST = 56, 10
_MARGIN = 12
_FINE = 4
"""Words are drawn this many times as large, and reduced."""


@dataclass(frozen=True, slots=True)
class _Font:
    """The font of one script in one style."""

    file: Path
    glyphs: frozenset[int]
    """Code points that it can write."""
    shaper: Any
    """The font of HarfBuzz, in units of the font."""
    em: int
    """Units of the font in the size of a letter."""
    line: int
    """Units from one line to the next."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text as glyphs."""

    glyphs: tuple[tuple[int, int, int], ...]
    """Number of the glyph, and where it stands: right of the start of the line and above its base, in units."""
    width: int


@cache
def _fonts(style: str) -> tuple[_Font, ...]:
    """The fonts of a style, in the order of their scripts."""
    import uharfbuzz as hb  # only needed when words are drawn in their own script
    from fontTools.ttLib import TTFont

    found = []
    with (_FONTS / "index.csv").open(encoding="utf-8", newline="") as handle:
        files = [_FONTS / row["file"] for row in csv.DictReader(handle) if row["style"] == style]
    for file in files:
        with TTFont(file, lazy=True) as font:
            glyphs = frozenset(code for code in font.getBestCmap() if code < PRIVATE_PLANE)
            em, head = font["head"].unitsPerEm, font["hhea"]
            line = head.ascent - head.descent + head.lineGap
        face = hb.Face(hb.Blob.from_file_path(str(file)))
        found.append(_Font(file, glyphs, hb.Font(face), em, line))
    return tuple(found)


@lru_cache(maxsize=256)
def _pen(file: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)


def _shaped(text: str, font: _Font) -> _Line:
    """One line of text in the glyphs of a font, from left to right as they are seen."""
    import uharfbuzz as hb

    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font.shaper, buffer)
    x, placed = 0, []
    for glyph, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        placed.append((glyph.codepoint, x + at.x_offset, at.y_offset))
        x += at.x_advance
    return _Line(tuple(placed), x)


def _lines(word: str, font: _Font, size: int) -> list[_Line] | None:
    """``word`` broken at spaces into lines that fit the picture at ``size``, or None when one does not fit."""
    room = (SIDE - 2 * _MARGIN) * font.em
    texts: list[str] = []
    for part in word.split():
        candidate = f"{texts[-1]} {part}" if texts else part
        if texts and _shaped(candidate, font).width * size <= room:
            texts[-1] = candidate
        else:
            texts.append(part)
    lines = [_shaped(text, font) for text in texts]
    fits = all(line.width * size <= room for line in lines) and len(lines) * size * font.line <= room
    return lines if fits else None


def _draw(lines: Sequence[_Line], font: _Font, size: int) -> Image.Image:
    """Lines of glyphs, centred by their ink."""
    side = SIDE * _FINE
    pen, ink = _pen(font.file, size * _FINE), Image.new("L", (side, side), 0)
    drawing = ImageDraw.Draw(ink)

    def pixels(units: int) -> int:
        return (2 * units * size * _FINE + font.em) // (2 * font.em)

    base = side // 2 - pixels((len(lines) - 1) * font.line) // 2
    for number, line in enumerate(lines):
        left = side // 2 - pixels(line.width) // 2
        for glyph, x, y in line.glyphs:
            at = (left + pixels(x), base + pixels(number * font.line) - pixels(y))
            drawing.text(at, chr(PRIVATE_PLANE + glyph), fill=255, font=pen, anchor="ls")
    box = ink.getbbox()
    assert box is not None
    centred = Image.new("L", (side, side), 0)
    centred.paste(ink.crop(box), ((side - box[2] + box[0]) // 2, (side - box[3] + box[1]) // 2))
    return ImageOps.invert(centred.reduce(_FINE)).convert("RGB")


def render_native(word: str, style: str) -> Image.Image:
    """``word`` in its own script as an RGB picture of SIDE x SIDE pixels in one of `STYLES`, as large as it fits.

    A word in Latin letters is the same picture as a rendered word. Raises Unavailable when no font has all its
    characters.
    """
    wanted = {ord(char) for char in word if not char.isspace()}
    if wanted <= glyphs_of(style):
        return render(word, style)
    font = next((font for font in _fonts(style) if wanted <= font.glyphs), None)
    if font is None:
        raise Unavailable("stimuli", f"{word!r} cannot be drawn: no font of one script has all its characters")
    for size in range(_LARGEST, _SMALLEST - 1, -2):
        lines = _lines(word, font, size)
        if lines is not None:
            return _draw(lines, font, size)
    raise Unavailable("stimuli", f"{word!r} is too long to be drawn legibly")


@lru_cache(maxsize=65_536)
def _key(word: str, style: str) -> str:
    return picture_key(render_native(word, style))


def native_stimuli(
    terms: Sequence[str], spellings: Mapping[str, str]
) -> tuple[tuple[Stimulus, ...], tuple[Exclusion, ...]]:
    """Every term in its own spelling, in every style that can write it; its cluster is the term.

    Terms without a native spelling, and those that no font can write, are left out and counted.
    """
    found: list[Stimulus] = []
    left_out: dict[str, str] = {}
    for term in terms:
        if term not in spellings:
            left_out[term] = "no native spelling is given"
            continue
        spelling, drawn = spellings[term], len(found)
        for style in STYLES:
            try:
                key = _key(spelling, style)
            except Unavailable as why:
                left_out[term] = why.reason
            else:
                found.append(Stimulus(key, Modality.IMAGE, FORM, spelling, term, term, style, term))
        if len(found) > drawn:
            left_out.pop(term, None)
    reasons = dict.fromkeys(left_out.values())
    named = {why: tuple(term for term in left_out if left_out[term] == why) for why in reasons}
    return tuple(found), tuple(Exclusion("terms", len(names), why, names) for why, names in named.items())
