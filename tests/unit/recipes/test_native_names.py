"""The recipe of native names: which language speaks for a country, and where its name is written."""

from __future__ import annotations

import pytest

from audit.suite import load_document
from audit.suite.lexicon import Lexicon
from recipes import native_names

POPULATIONS = {
    "XA": {"languagePopulation": {"aa": ("30", "official"), "bb": ("70", "official"), "cc": ("90", None)}},
    "XB": {"languagePopulation": {"en": ("61", "official"), "aa": ("61", "official"), "aa_Latn": ("61", "official")}},
    "XC": {"languagePopulation": {"dd": ("99", "official"), "aa": ("1", "de_facto_official")}},
    "XD": {"languagePopulation": {"dd": ("99", "official")}},
    "XE": {"languagePopulation": {"en": ("99", "official")}},
}
NAMES = {
    "en": {"XA": "Land A", "XA-alt-short": "A"},
    "aa": {"XA": "aA", "XB": "aB", "XC": "aC"},
    "bb": {"XA": "Land bA", "XA-alt-short": "bA"},
}


@pytest.fixture(autouse=True)
def tables(monkeypatch):
    spoken = {
        code: {
            "languagePopulation": {
                name: {"_populationPercent": share, **({"_officialStatus": status} if status else {})}
                for name, (share, status) in facts["languagePopulation"].items()
            }
        }
        for code, facts in POPULATIONS.items()
    }
    monkeypatch.setattr(native_names, "populations", lambda: spoken)
    monkeypatch.setattr(native_names, "territories", lambda language: NAMES.get(language, {}))


@pytest.mark.parametrize(
    ("code", "spellings", "name"),
    [
        ("XA", {"Land A"}, ("Land bA", "bb")),
        ("XA", {"A"}, ("bA", "bb")),
        ("XB", {"B"}, ("aB", "aa")),
        ("XC", {"C"}, ("aC", "aa")),
        ("XD", {"D"}, None),
        ("XE", {"E"}, ("the term", "en")),
    ],
)
def test_the_official_language_with_the_most_speakers_that_has_a_name_speaks(code, spellings, name):
    assert native_names.native_name("the term", spellings, code) == name


def test_writing_the_names_again_changes_nothing():
    text = native_names.LEXICON.read_text(encoding="utf-8")
    lexicon, _ = load_document(native_names.LEXICON, Lexicon)
    names = {name: dict(concept.native) for name, concept in lexicon.concepts.items() if concept.native}
    assert native_names.written(text, names) == text


def test_no_name_is_broken_over_two_lines():
    text = "concepts:\n  land:\n    terms: [Côte d'Ivoire]\n    source: us\n"
    spellings = {f"A land with a long name {i}": f"So lang wie in {i}" for i in range(9)}
    lines = native_names.written(text, {"land": spellings}).splitlines()
    pairs = [f'{term}: "{name}"' for term, name in spellings.items()]
    assert all(sum(pair in line for line in lines) == 1 for pair in pairs)
    assert lines[-1] == "    source: us"
    assert max(map(len, lines)) <= 120
