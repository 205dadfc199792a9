"""Rebuilds ``probes/pictographs``: the pictures, their index, and what was left out and why.

``pip install -r recipes/requirements.txt``, then ``python -m recipes.pictographs.build``. The same packages give
the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recipes.packages import PACKAGES, fetch
from recipes.pictographs.art import Drawn, code, draw, draw_flag
from recipes.pictographs.curation import FLAGS_LEFT_OUT, THINGS, TONES, roles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(__file__).resolve().parents[2] / "probes" / "pictographs"
EMOJI_STYLES = ("noto", "twemoji", "fluent")
FLAG_STYLES = ("noto", "twemoji", "flag-icons", "circle-flags")
LARGEST = 16 * 2**20
"""Bytes that all pictures may have together."""

COLUMNS = (
    *("file", "emoji", "kind", "name", "subject", "tone", "gender", "hair", "age", "style"),
    *("source", "licence", "attribution", "sha256"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One pictograph, whatever its style."""

    kind: str
    name: str
    subject: str
    slug: str
    emoji: str
    draw: Callable[[str], Drawn | None]
    tone: str = ""
    gender: str = ""
    hair: str = ""
    age: str = ""

    @property
    def styles(self) -> tuple[str, ...]:
        """The styles it must be drawn in."""
        return FLAG_STYLES if self.kind == "flag" else EMOJI_STYLES


def slug(name: str) -> str:
    """A name as part of a file name or an id."""
    text = unicodedata.normalize("NFKD", name.replace("’", "")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def named() -> dict[str, dict[str, Any]]:
    """Every emoji by its CLDR name, skin tones beside their base."""
    records: list[dict[str, Any]] = json.loads((fetch("emojibase-data") / "en/data.json").read_text(encoding="utf-8"))
    return {each["label"]: each for record in records for each in (record, *record.get("skins", ()))}


def entries() -> Iterator[Entry]:
    """What was curated, drawn in every style or not."""
    by_name = named()

    def emoji(record: dict[str, Any]) -> tuple[str, Callable[[str], Drawn | None]]:
        points = record["hexcode"].lower()
        return points, lambda style: draw(style, points)

    for country in json.loads((fetch("flag-icons") / "country.json").read_text(encoding="utf-8")):
        alpha2 = country["code"].upper()
        # Kosovo has no ISO code; XK, which everybody uses, is reserved for users.
        if (country["iso"] or alpha2 == "XK") and alpha2 not in FLAGS_LEFT_OUT:
            yield flag(alpha2, by_name)
    for role in roles():
        subject = slug(role.role)
        for gender, base in role.names.items():
            records = [by_name[base], *by_name[base].get("skins", ())]
            for record in records:
                points, drawing = emoji(record)
                tone = TONES[record.get("tone", 0)]
                found = Entry("person", record["label"], subject, slug(record["label"]), points, drawing)
                yield replace(found, tone=tone, gender=gender, hair=role.hair, age=role.age)
    for kind, names in THINGS.items():
        for name in names:
            points, drawing = emoji(by_name[name])
            yield Entry(kind, name, slug(name), slug(name), points, drawing)


def flag(alpha2: str, by_name: dict[str, dict[str, Any]]) -> Entry:
    """The flag of an ISO 3166 code."""
    points = "-".join(f"{ord(letter) - ord('A') + 0x1F1E6:x}" for letter in alpha2)
    labels = {code(record["hexcode"]): name for name, record in by_name.items() if name.startswith("flag: ")}
    name = labels[points].removeprefix("flag: ") if points in labels else ""
    return Entry("flag", name, alpha2, f"flag-{alpha2.lower()}", points, lambda style: draw_flag(style, alpha2))


def main() -> None:
    """Draws everything anew."""
    kept: list[tuple[Entry, dict[str, Drawn]]] = []
    for entry in entries():
        pictures = {style: entry.draw(style) for style in entry.styles}
        lacking = [style for style, drawn in pictures.items() if drawn is None]
        if lacking or not entry.name:
            print(f"left out: {entry.kind} {entry.name or entry.subject}, not in {', '.join(lacking) or 'CLDR'}")
        else:
            kept.append((entry, {style: drawn for style, drawn in pictures.items() if drawn is not None}))
    check(kept)
    write(kept)
    for (kind, subjects), count in sorted(counts(kept).items()):
        print(f"{kind}: {subjects} subjects, {count} pictographs")


def counts(kept: list[tuple[Entry, dict[str, Drawn]]]) -> dict[tuple[str, int], int]:
    """(kind, number of subjects) -> number of pictographs."""
    each = Counter(entry.kind for entry, _ in kept)
    return {(kind, len({e.subject for e, _ in kept if e.kind == kind})): number for kind, number in each.items()}


def check(kept: list[tuple[Entry, dict[str, Drawn]]]) -> None:
    """Raises SystemExit when names, files or pictures are not unique, a role lacks a tone, or it is all too large."""
    for key in ("name", "slug"):
        values = Counter((entry.kind if key == "name" else "", getattr(entry, key)) for entry, _ in kept)
        if twice := [value for value, number in values.items() if number > 1]:
            raise SystemExit(f"{key} stands twice: {twice}")
    crossings = Counter((e.subject, e.gender) for e, _ in kept if e.kind == "person")
    if odd := [cell for cell, number in crossings.items() if number != len(TONES)]:
        raise SystemExit(f"not in every skin tone: {odd}")
    pictures: dict[tuple[str, bytes], str] = {}
    for entry, drawn in kept:
        for style, picture in drawn.items():
            if other := pictures.get((style, picture.png)):
                raise SystemExit(f"{style} draws {entry.name} as {other}")
            pictures[style, picture.png] = entry.name
    size = sum(len(png) for _, png in pictures)
    print(f"{len(pictures)} pictures, {size / 2**20:.1f} MiB")
    if size > LARGEST:
        raise SystemExit(f"that is more than {LARGEST / 2**20:.0f} MiB")


def write(kept: list[tuple[Entry, dict[str, Drawn]]]) -> None:
    """Writes the pictures and the index; what stood there before is removed."""
    for style in {*EMOJI_STYLES, *FLAG_STYLES}:
        shutil.rmtree(FOLDER / style, ignore_errors=True)
        (FOLDER / style).mkdir(parents=True)
    with (FOLDER / "index.csv").open("w", encoding="utf-8", newline="") as handle:
        table = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        table.writeheader()
        for entry, drawn in kept:
            for style, picture in drawn.items():
                package, path = PACKAGES[picture.package], f"{style}/{entry.slug}.png"
                (FOLDER / path).write_bytes(picture.png)
                row = {column: getattr(entry, column) for column in COLUMNS[1:9]}
                row |= {"file": path, "style": style, "source": picture.source, "licence": package.licence}
                row |= {"attribution": package.attribution, "sha256": hashlib.sha256(picture.png).hexdigest()}
                table.writerow(row)


if __name__ == "__main__":
    main()
