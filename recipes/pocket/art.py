"""Every picture that pocket learns from or is tested on, drawn at 96 pixels, by art style and emoji."""

from __future__ import annotations

import base64
import io
import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import resvg_py
from PIL import Image

from recipes.packages import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

SIDE = 96

TRAINED = (
    "noto",
    "noto-png",
    "noto-v1",
    "fluent-3d",
    "fluent-color",
    "fluent-flat",
    "fluent-contrast",
    "fxemoji",
    "emojione",
    "flag-icons",
    "flag-icons-square",
    "circle-flags",
    "flagpack",
    "cif",
)
"""Art styles that pocket is trained on. All are free of share-alike and copyleft terms."""

HELD_OUT = "twemoji"
"""The art style that training never sees."""

TONES = {"light": "1F3FB", "medium-light": "1F3FC", "medium": "1F3FD", "medium-dark": "1F3FE", "dark": "1F3FF"}
_TONE_POINTS = frozenset(TONES.values())


@dataclass(frozen=True, slots=True)
class Emoji:
    """One emoji."""

    code: str
    """Its code points without variation selectors, e.g. ``1F469-1F3FD-200D-1F33E``."""
    name: str
    """The name Unicode CLDR gives it: what pocket is taught to call it."""
    base: str
    """Code of the same emoji without skin tone."""

    @property
    def toned(self) -> bool:
        """Whether a skin tone was chosen."""
        return self.code != self.base

    @property
    def country(self) -> str:
        """ISO 3166 code of a flag of a country, else empty."""
        points = [int(point, 16) - 0x1F1E6 for point in self.code.split("-")]
        is_flag = len(points) == 2 and all(0 <= point < 26 for point in points)
        return "".join(chr(ord("A") + point) for point in points) if is_flag else ""


def plain(code: str) -> str:
    """A code without variation selectors, upper case."""
    points = re.split(r"[-_ ]", code.upper())
    return "-".join(point.zfill(4) for point in points if point not in {"FE0F", "FE0E"})


@cache
def emojis() -> tuple[Emoji, ...]:
    """Every emoji with a name, skin tones included; those of two different tones are left out."""
    found = []
    for entry in json.loads((fetch("emojibase-data") / "en/data.json").read_text(encoding="utf-8")):
        if entry.get("group") in {None, 2}:  # letters of flags, bare skin tones and hair styles
            continue
        base = plain(entry["hexcode"])
        found.append(Emoji(base, entry["label"].lower(), base))
        for skin in entry.get("skins", ()):
            code = plain(skin["hexcode"])
            if len(_TONE_POINTS & set(code.split("-"))) == 1 and "," not in skin["label"].split(": ", 1)[-1]:
                found.append(Emoji(code, skin["label"].lower(), base))
    return tuple(found)


def other_tones(emoji: Emoji) -> list[str]:
    """Names of the same emoji in each other skin tone; none for one without a chosen tone."""
    if not emoji.toned:
        return []
    head, _, own = emoji.name.rpartition(": ")
    if ", " in own:  # hair stands before the tone's place
        return []
    return [f"{head}: {tone} skin tone" for tone in TONES if f"{tone} skin tone" != own]


def other_genders(emoji: Emoji) -> list[str]:
    """The name with woman for man, or man for woman, where it begins with one."""
    first, _, rest = emoji.name.partition(" ")
    swapped = {"woman": "man", "man": "woman"}.get(first.rstrip(":"))
    if swapped is None:
        return []
    return [f"{swapped}{first[len(first.rstrip(':')) :]}{' ' + rest if rest else ''}"]


def pictures(style: str) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """(code, 96 x 96 x 4 picture) of every emoji that a style has."""
    known = {emoji.code for emoji in emojis()}
    seen: set[str] = set()
    for code, picture in _READERS[style](style):
        if (code := plain(code)) in known and code not in seen:
            seen.add(code)
            yield code, picture


def _squared(image: Image.Image) -> NDArray[np.uint8]:
    """The picture in the middle of a transparent square of 96 pixels."""
    image = image.convert("RGBA").convert("RGBa")  # premultiplied, or edges darken
    scale = SIDE / max(image.size)
    width, height = (max(1, round(edge * scale)) for edge in image.size)
    canvas = Image.new("RGBA", (SIDE, SIDE))
    drawn = image.resize((width, height), Image.Resampling.LANCZOS).convert("RGBA")
    canvas.paste(drawn, ((SIDE - width) // 2, (SIDE - height) // 2))
    return np.asarray(canvas)


def _svg(text: str) -> NDArray[np.uint8] | None:
    try:
        drawn = resvg_py.svg_to_bytes(svg_string=text, width=2 * SIDE)
    except ValueError:  # what resvg cannot draw is not in the style
        return None
    if isinstance(drawn, str):
        drawn = base64.b64decode(drawn)
    return _squared(Image.open(io.BytesIO(bytes(drawn))))


_ICON_SETS = {
    "noto": "@iconify-json/noto",
    "noto-v1": "@iconify-json/noto-v1",
    "fluent-color": "@iconify-json/fluent-emoji",
    "fluent-flat": "@iconify-json/fluent-emoji-flat",
    "fluent-contrast": "@iconify-json/fluent-emoji-high-contrast",
    "fxemoji": "@iconify-json/fxemoji",
    "emojione": "@iconify-json/emojione",
    "twemoji": "@iconify-json/twemoji",
    "circle-flags": "@iconify-json/circle-flags",
    "flagpack": "@iconify-json/flagpack",
    "cif": "@iconify-json/cif",
}


def _slug(name: str) -> str:
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", text.replace("’", "").replace("'", "")).strip("-")


@cache
def _codes_by_icon() -> dict[str, str]:
    """What the icons of all sets are called -> code: the names sets publish, then CLDR's and Unicode's own."""
    codes: dict[str, str] = {}
    for package in ("fluent-emoji-flat", "noto", "twemoji", "fluent-emoji-high-contrast"):
        chars = json.loads((fetch(f"@iconify-json/{package}") / "chars.json").read_text(encoding="utf-8"))
        for code, icon in chars.items():
            codes.setdefault(icon, code)
    for emoji in emojis():
        codes.setdefault(_slug(emoji.name), emoji.code)
        if emoji.country:
            codes.setdefault(_slug(emoji.name.replace("flag: ", "flag for ")), emoji.code)
        if "-" not in emoji.code:
            name = unicodedata.name(chr(int(emoji.code, 16)), "")
            codes.setdefault(_slug(name).replace("-", ""), emoji.code)
    return codes


def _flag_code(country: str) -> str:
    return "-".join(f"{0x1F1E6 + ord(letter) - ord('A'):X}" for letter in country.upper())


def _icons(style: str) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    folder = fetch(_ICON_SETS[style])
    icons = json.loads((folder / "icons.json").read_text(encoding="utf-8"))
    own: dict[str, str] = {}
    if (folder / "chars.json").is_file():
        own = {icon: code for code, icon in json.loads((folder / "chars.json").read_text(encoding="utf-8")).items()}
    flags = style in {"circle-flags", "flagpack", "cif"}
    entries: dict[str, Any] = dict(icons["icons"])
    for alias, target in icons.get("aliases", {}).items():
        parent = entries.get(target["parent"])
        if parent is not None and set(target) == {"parent"}:
            entries.setdefault(alias, parent)
    for name, icon in entries.items():
        if flags:
            code = _flag_code(name) if re.fullmatch("[a-z]{2}", name) else None
        else:
            code = own.get(name) or _codes_by_icon().get(name)
        if code is None:
            continue
        width, height = (icon.get(edge, icons.get(edge, 16)) for edge in ("width", "height"))
        left, top = icon.get("left", 0), icon.get("top", 0)
        head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" color="#222" '
        picture = _svg(f'{head}viewBox="{left} {top} {width} {height}">{icon["body"]}</svg>')
        if picture is not None:
            yield code, picture


def _files(folder: Path, pattern: str) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    for path in sorted(folder.glob(pattern)):
        with Image.open(path) as image:
            yield path.stem, _squared(image)


def _svg_flags(folder: Path) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    for path in sorted(folder.glob("??.svg")):
        picture = _svg(path.read_text(encoding="utf-8"))
        if picture is not None:
            yield _flag_code(path.stem), picture


_READERS = dict.fromkeys(_ICON_SETS, _icons) | {
    "noto-png": lambda _: _files(fetch("emoji-datasource-google") / "img/google/64", "*.png"),
    "fluent-3d": lambda _: _files(fetch("@lobehub/fluent-emoji-3d") / "assets", "*.webp"),
    "flag-icons": lambda _: _svg_flags(fetch("flag-icons") / "flags/4x3"),
    "flag-icons-square": lambda _: _svg_flags(fetch("flag-icons") / "flags/1x1"),
}
