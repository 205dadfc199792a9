"""Rebuilds ``audit/stimuli/fonts/native``: Noto fonts reduced to one script each: ``python -m recipes.native_fonts``.

Every glyph is given a code point of its own in a private plane, so that what HarfBuzz shaped can be drawn glyph by
glyph. Instructions for screens are left out: words are drawn large and reduced. Chinese, Korean and Tibetan have
thousands of glyphs, so their fonts hold what the native spellings of the lexicons need and no more, beside the kana of
Japanese; of every other script all is kept. The same packages give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools import subset
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

from audit.stimuli.native import PRIVATE_PLANE
from audit.suite import bundled_root, load_document
from audit.suite.lexicon import Lexicon
from recipes.debian import PACKAGES, fetch, source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fontTools.ttLib import TTFont

FOLDER = Path(__file__).resolve().parents[1] / "audit" / "stimuli" / "fonts" / "native"
COMMON = "0020,00A0,0028-0029,002C-002F,0027,2013,2019,00B7,200C-200D,25CC"
"""Spaces, joiners and the marks that names are written with, in every script."""
KANA = range(0x3041, 0x3100)
COLUMNS = ("file", "script", "style", "source", "source_sha256", "licence", "sha256")


@dataclass(frozen=True, slots=True)
class Font:
    """One font to make."""

    script: str
    style: str
    family: str
    """File name in the package, without ``Noto`` and the ending."""
    unicodes: str
    """Code points to keep; empty for those of the native spellings of the lexicons."""
    package: str = "fonts-noto-core"
    number: int = -1
    """Of the font in a collection."""


SCRIPTS = {
    "Arabic": ("SansArabic", "NaskhArabic", "0600-06FF,0750-077F,FB50-FDFF,FE70-FEFC,200C-200F"),
    "Armenian": ("SansArmenian", "SerifArmenian", "0530-058F,FB13-FB17"),
    "Bengali": ("SansBengali", "SerifBengali", "0980-09FF,0964-0965"),
    "Cyrillic": ("Sans", "Serif", "0400-052F"),
    "Devanagari": ("SansDevanagari", "SerifDevanagari", "0900-097F"),
    "Ethiopic": ("SansEthiopic", "SerifEthiopic", "1200-139F"),
    "Georgian": ("SansGeorgian", "SerifGeorgian", "10A0-10FF,1C90-1CBF"),
    "Greek": ("Sans", "Serif", "0370-03FF"),
    "Hebrew": ("SansHebrew", "SerifHebrew", "0590-05FF,FB1D-FB4F"),
    "Khmer": ("SansKhmer", "SerifKhmer", "1780-17FF"),
    "Latin": ("Sans", "Serif", "0020-007E,00A0-024F,0259,02B0-02FF,1E00-1EFF"),
    "Lao": ("SansLao", "SerifLao", "0E80-0EFF"),
    "Myanmar": ("SansMyanmar", "SerifMyanmar", "1000-109F"),
    "Sinhala": ("SansSinhala", "SerifSinhala", "0D80-0DFF"),
    "Tamil": ("SansTamil", "SerifTamil", "0B80-0BFF"),
    "Thai": ("SansThai", "SerifThai", "0E00-0E7F"),
}
STYLES = ("Noto Sans", "Noto Serif")


def fonts() -> Iterator[Font]:
    """Every font, script by script."""
    for script, (*families, unicodes) in SCRIPTS.items():
        yield from (Font(script, style, family, unicodes) for style, family in zip(STYLES, families, strict=True))
    for style, family in zip(STYLES, ("SansCJK", "SerifCJK"), strict=True):
        yield Font("CJK", style, family, "", "fonts-noto-cjk", 0)
    yield Font("Tibetan", "Noto Serif", "SerifTibetan", "")


def spellings() -> str:
    """All native spellings of the lexicons, one after the other."""
    folder = bundled_root() / "lexicons"
    lexicons = [load_document(path, Lexicon)[0] for path in sorted(folder.glob("*.yaml"))]
    concepts = [concept for lexicon in lexicons for concept in lexicon.concepts.values()]
    return "".join(spelling for concept in concepts for spelling in concept.native.values())


def needed(script: str) -> set[int]:
    """Code points of the native spellings that are of a script, by the first words of their Unicode names."""
    names, whole = {"CJK": (("CJK ", "HANGUL "), KANA), "Tibetan": (("TIBETAN ",), ())}[script]
    return {ord(char) for char in spellings() if unicodedata.name(char, "").startswith(names)} | set(whole)


def original(font: Font) -> Path:
    """The file of the package that it is made from."""
    folder = fetch(font.package) / "usr/share/fonts"
    if font.number >= 0:
        return folder / "opentype/noto" / f"Noto{font.family}-Regular.ttc"
    return folder / "truetype/noto" / f"Noto{font.family}-Regular.ttf"


def reduced(font: Font) -> TTFont:
    """The font with the glyphs of its script, each also under a code point of its own."""
    options = subset.Options(hinting=False, layout_features=["*"], glyph_names=False, notdef_outline=True)
    options.name_IDs = [0, 1, 2, 13, 14]
    options.font_number = max(font.number, 0)
    made = subset.load_font(str(original(font)), options)
    subsetter = subset.Subsetter(options)
    kept = set(subset.parse_unicodes(font.unicodes)) if font.unicodes else needed(font.script)
    subsetter.populate(unicodes={*kept, *subset.parse_unicodes(COMMON)})
    subsetter.subset(made)
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    own = {PRIVATE_PLANE + number: name for number, name in enumerate(made.getGlyphOrder())}
    table.cmap = {**made.getBestCmap(), **own}
    made["cmap"].tables = [table]
    return made


def main() -> None:
    """Makes all fonts and their index."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = []
    for font in fonts():
        file = FOLDER / f"{font.style.replace(' ', '')}-{font.script}.{'otf' if font.number >= 0 else 'ttf'}"
        reduced(font).save(file)
        path = original(font)
        row = (
            file.name,
            font.script,
            font.style,
            f"{source(font.package)}:{path.relative_to(fetch(font.package)).as_posix()}",
            hashlib.sha256(path.read_bytes()).hexdigest(),
            PACKAGES[font.package].licence,
            hashlib.sha256(file.read_bytes()).hexdigest(),
        )
        rows.append(row)
    with (FOLDER / "index.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main()
