"""Writes into the lexicon of places how countries are called in their own language: ``python -m recipes.native_names``.

Names are those of Unicode CLDR in the official language with the most speakers. Of languages that tie, English comes
last and the one without a script in its tag first. A language in which CLDR does not name the country is passed over; a
country without any such language has no entry. Where English is chosen, the name is that of the lexicon.
"""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.suite import load_document
from audit.suite.lexicon import Lexicon
from recipes.packages import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEXICON = Path(__file__).resolve().parents[1] / "probes" / "lexicons" / "places.yaml"
OFFICIAL = {"official", "de_facto_official"}
"""What CLDR calls languages in which a state speaks; those of a part of it (``official_regional``) are others."""
ALTERNATIVES = ("", "-alt-short")
"""CLDR has a short name for some: ``Hong Kong`` beside ``Hong Kong SAR China``."""
JOINT = "\uf8ff"
"""A character that stands in no name."""
CODES = {"Kosovo": "XK", "Taiwan": "TW"}
"""ISO 3166 codes of the terms whose concept has flags for some of its terms only."""


@cache
def territories(language: str) -> Mapping[str, str]:
    """Names of countries in a language by ISO 3166 code; empty when CLDR has none."""
    path = fetch("cldr-localenames-full") / "main" / language.replace("_", "-") / "territories.json"
    if not path.is_file():
        return {}
    (found,) = json.loads(path.read_text(encoding="utf-8"))["main"].values()
    names: Mapping[str, str] = found["localeDisplayNames"]["territories"]
    return names


@cache
def populations() -> Mapping[str, Any]:
    """CLDR's table of countries: languages, their status, and the share of people who speak them."""
    path = fetch("cldr-core") / "supplemental" / "territoryInfo.json"
    table: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["supplemental"]["territoryInfo"]
    return table


def languages(code: str) -> list[str]:
    """The official languages of a country, that with the most speakers first."""
    spoken = populations()[code].get("languagePopulation", {})
    official = [name for name, facts in spoken.items() if facts.get("_officialStatus") in OFFICIAL]
    return sorted(
        official, key=lambda name: (-float(spoken[name]["_populationPercent"]), name == "en", len(name), name)
    )


def native_name(term: str, spellings: set[str], code: str) -> tuple[str, str] | None:
    """How a country is called in its own language, and the language; None when CLDR does not say.

    ``spellings`` are its names in English: where one of them is CLDR's short name, its short name is taken here too.
    """
    english = territories("en")
    form = next((each for each in ALTERNATIVES if english.get(code + each) in spellings), "")
    for language in languages(code):
        if language == "en":
            return term, language
        names = territories(language)
        if found := names.get(code + form) or names.get(code):
            return found, language
    return None


def codes(lexicon: Lexicon) -> Iterator[tuple[str, str, str]]:
    """Concept, term and ISO 3166 code: flags stand in the order of the terms."""
    for name, concept in lexicon.concepts.items():
        if name.startswith("m49-") and concept.pictographs is not None:
            yield from ((name, *pair) for pair in zip(concept.terms, concept.pictographs.flags, strict=True))
        elif name == "places-outside-m49":
            yield from ((name, term, CODES[term]) for term in concept.terms if term in CODES)


def all_names() -> dict[str, dict[str, str]]:
    """Concept -> term -> its native spelling."""
    lexicon, _ = load_document(LEXICON, Lexicon)
    found: dict[str, dict[str, str]] = {}
    for name, term, code in codes(lexicon):
        spellings = {term, *lexicon.concepts[name].aliases.get(term, ())}
        if named := native_name(term, spellings, code):
            found.setdefault(name, {})[term] = named[0]
    return found


def written(text: str, names: Mapping[str, Mapping[str, str]]) -> str:
    """The lexicon with the native spellings of its concepts, each before the concept's source."""
    text = re.sub(r"    native: \{[^}]*\}\n", "", text)
    for concept, spellings in names.items():
        pairs = (f"{term}: {json.dumps(name, ensure_ascii=False)}" for term, name in spellings.items())
        # No line ends inside a pair: what must not be broken is joined while the lines are made.
        joined = f"native: {{{', '.join(pair.replace(' ', JOINT) for pair in pairs)}}}"
        lines = textwrap.wrap(joined, 120, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False)
        block = "\n".join(lines).replace(JOINT, " ")
        text, done = re.subn(rf"(\n  {concept}:\n(?:    .*\n)*?)(    source: )", rf"\1{block}\n\2", text, count=1)
        if not done:
            raise SystemExit(f"no place for the native names of {concept} in {LEXICON}")
    return text


def main() -> None:
    """Rewrites the lexicon, and the licence of the names beside it."""
    LEXICON.write_text(written(LEXICON.read_text(encoding="utf-8"), all_names()), encoding="utf-8")
    shutil.copyfile(fetch("cldr-core") / "LICENSE", LEXICON.with_name("UNICODE-LICENCE.txt"))


if __name__ == "__main__":
    main()
