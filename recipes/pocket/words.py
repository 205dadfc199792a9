"""The words that pocket learns to recognise in print, and how they are drawn.

``words.txt`` holds the words of the suites and lexicons as they stood when pocket was trained, without those of
lexicons/harms.yaml and of the concepts ``vice``, ``unpleasant`` and ``weapons``: no rendered word of training names a
harm, so that no association of pictures with harms can have been planted here.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from ruamel.yaml import YAML

from recipes.packages import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

PROBES = Path(__file__).resolve().parents[2] / "probes"

SIDE = 224
"""A word is laid out at this size, as the tool lays out its own, and then made smaller."""
STORED = 80
_SIZES = (40, 44, 48, 52, 56, 60, 64)

_FAMILIES = (
    "roboto",
    "open-sans",
    "lato",
    "merriweather",
    "roboto-mono",
    "oswald",
    "playfair-display",
    "inter",
    "pt-serif",
    "nunito",
    "courier-prime",
    "bitter",
    "comic-neue",
    "raleway",
    "libre-baskerville",
    "ibm-plex-sans",
)
FONTS = tuple((family, weight) for family in _FAMILIES for weight in (400, 700))
"""Fonts of training; the four Noto fonts in which the tool draws words are not among them."""


def words() -> list[str]:
    """Words that training shows."""
    return (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").splitlines()


@cache
def bundled() -> dict[str, set[str]]:
    """Concept -> its words, of every suite and lexicon that ships today."""
    yaml, found = YAML(typ="safe"), dict[str, set[str]]()
    for path in sorted((*PROBES.glob("lexicons/*.yaml"), *PROBES.glob("suites/*.yaml"))):
        for name, concept in (yaml.load(path).get("concepts") or {}).items():
            lists = [concept.get("terms", [])]
            lists += [
                v if isinstance(v, list) else v.get("terms", []) for v in (concept.get("variants") or {}).values()
            ]
            found[name] = {str(word) for words in lists for word in words}
    return found


def never_trained() -> list[str]:
    """Words of the suites that training never shows: those for harms."""
    return sorted({word for found in bundled().values() for word in found} - set(words()))


@lru_cache(maxsize=4096)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def font_file(family: str, weight: int) -> str:
    """The Latin part of a font."""
    return str(fetch(f"@fontsource/{family}") / f"files/{family}-latin-{weight}-normal.woff")


def draw(word: str, font: str, largest: int, centre: tuple[float, float] = (0.5, 0.5)) -> Image.Image:
    """``word`` black on white at 224 pixels, as large as fits up to ``largest``, broken at spaces."""
    room, size = SIDE - 16, largest
    while True:
        face, lines = _font(font, size), list[str]()
        for part in word.split():
            if lines and face.getlength(f"{lines[-1]} {part}") <= room:
                lines[-1] = f"{lines[-1]} {part}"
            else:
                lines.append(part)
        width = max(face.getlength(line) for line in lines)
        if (width <= room and len(lines) * size * 1.25 <= room) or size <= 12:
            break
        size -= 4
    image = Image.new("L", (SIDE, SIDE), 255)
    height = len(lines) * size * 1.25
    left = 8 + (room - width) * centre[0]
    top = 8 + (room - height) * centre[1]
    ImageDraw.Draw(image).multiline_text(
        (left + width / 2, top + height / 2),
        "\n".join(lines),
        fill=0,
        font=face,
        anchor="mm",
        align="center",
        spacing=size // 5,
    )
    return image


def drawn(vocabulary: list[str], seed: int, layouts: int) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """(index of the word, 80 x 80 darkness): every word in every font, ``layouts`` times at chance sizes and places."""
    rng = np.random.default_rng(seed)
    for index, word in enumerate(vocabulary):
        for family, weight in FONTS:
            for _ in range(layouts):
                largest = int(rng.choice(_SIZES))
                picture = draw(word, font_file(family, weight), largest, tuple(rng.uniform(0.25, 0.75, 2)))
                small = picture.resize((STORED, STORED), Image.Resampling.BOX)
                yield index, 255 - np.asarray(small)
