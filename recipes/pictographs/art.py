"""Draws one pictograph in one style: 96 x 96 pixels on a transparent ground, as small a PNG as its pixels allow."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import oxipng
import resvg_py
from PIL import Image

from recipes.packages import fetch, source

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SIDE = 96
_LEVELS = 43
"""Values a colour channel may take: far fewer bytes than with 256, and no value moves by more than 3 of 255."""


class Drawn(NamedTuple):
    """A picture and where it comes from."""

    png: bytes
    package: str
    source: str
    """``package@version:`` and the name or path in it."""


def code(points: str) -> str:
    """Code points in lower case without variation selectors, on which the packages do not agree."""
    return "-".join(point for point in points.lower().split("-") if point != "fe0f")


def flag_code(country: str) -> str:
    """The two regional indicators of an ISO 3166 code."""
    return "-".join(f"{ord(letter) - ord('A') + 0x1F1E6:x}" for letter in country)


def draw(style: str, points: str) -> Drawn | None:
    """The emoji with these code points, or None when the style does not have it."""
    package, chars = _EMOJI[style]
    name = _names(chars).get(code(points))
    return None if name is None else _icon(package, name)


def draw_flag(style: str, country: str) -> Drawn | None:
    """The flag of an ISO 3166 code, or None when the style does not have it."""
    if style == "twemoji":
        return draw(style, flag_code(country))
    if style == "circle-flags":
        return _icon("@iconify-json/circle-flags", country.lower())
    package, path = (
        ("flag-icons", f"flags/4x3/{country.lower()}.svg")
        if style == "flag-icons"
        # The icon set of Noto has no flags; this package has them, 64 pixels wide.
        else ("emoji-datasource-google", f"img/google/64/{flag_code(country)}.png")
    )
    file = fetch(package) / path
    if not file.is_file():
        return None
    image = _svg(file.read_text(encoding="utf-8")) if path.endswith(".svg") else Image.open(file)
    return Drawn(_png(image), package, f"{source(package)}:{path}")


_EMOJI = {
    "noto": ("@iconify-json/noto", "@iconify-json/noto"),
    "twemoji": ("@iconify-json/twemoji", "@iconify-json/twemoji"),
    # The coloured set does not say which code points its icons have; the flat one has the same names and does.
    "fluent": ("@iconify-json/fluent-emoji", "@iconify-json/fluent-emoji-flat"),
}


@cache
def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def _names(package: str) -> dict[str, str]:
    chars: dict[str, str] = _json(fetch(package) / "chars.json")
    return {code(points): name for points, name in chars.items()}


def _icon(package: str, name: str) -> Drawn | None:
    icons = _json(fetch(package) / "icons.json")
    parent = icons.get("aliases", {}).get(name, {})
    if set(parent) == {"parent"}:
        name = parent["parent"]
    if (icon := icons["icons"].get(name)) is None:
        return None
    width, height = (icon.get(edge, icons.get(edge, 16)) for edge in ("width", "height"))
    box = f"{icon.get('left', 0)} {icon.get('top', 0)} {width} {height}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{box}">'
    return Drawn(_png(_svg(f"{head}{icon['body']}</svg>")), package, f"{source(package)}:{name}")


def _svg(text: str) -> Image.Image:
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=text, width=SIDE, skip_system_fonts=True))))


def _png(image: Image.Image) -> bytes:
    # Premultiplied while it is resized, or edges darken.
    premultiplied = image.convert("RGBA").convert("RGBa")
    scale = SIDE / max(image.size)
    size = tuple(max(1, round(edge * scale)) for edge in image.size)
    if size != image.size:
        premultiplied = premultiplied.resize(size, Image.Resampling.LANCZOS)
    canvas = Image.new("RGBA", (SIDE, SIDE))
    canvas.paste(premultiplied.convert("RGBA"), ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    pixels = _rounded(np.asarray(canvas))
    raw = oxipng.RawImage(pixels.tobytes(), SIDE, SIDE, color_type=oxipng.ColorType.rgba())
    return bytes(raw.create_optimized_png(level=4))


def _rounded(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    step = 255 / (_LEVELS - 1)
    rounded = (np.round(np.round(pixels / step) * step)).astype(np.uint8)
    rounded[rounded[..., 3] == 0] = 0
    return rounded
