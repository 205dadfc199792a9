"""Lexicons: where they are looked for, and what they share with a suite."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audit.errors import DocumentError, Problem
from audit.suite import load_suite

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = """\
lexicon: words
title: Words
concepts:
  east: {terms: [Poland], source: atlas}
  west: {terms: [France], source: "Own list, 2026"}
  unused: {terms: [Chile], source: unread}
templates:
  short: ["{}"]
  unused-too: ["{}!"]
sources:
  atlas: An atlas, 1999
  unread: Never read
"""


def using(small: str, *names: str) -> str:
    return small.replace("version: 1", f"use: [{', '.join(names)}]")


def test_a_lexicon_beside_the_suite_is_used(small: str, folder: Path) -> None:
    Path("words.yaml").write_text(WORDS)
    text = using(small, "words.yaml").replace("y: south", "y: east").replace("templates: photo", "templates: short")
    Path("small.yaml").write_text(text)
    suite = load_suite("small.yaml")
    assert suite.terms("east") == ("Poland",)
    assert suite.templates_of("short") == ("{}",)
    assert suite.citations == ("An atlas, 1999",)


def test_of_a_lexicon_only_what_is_needed_is_kept(small: str, folder: Path) -> None:
    Path("words.yaml").write_text(WORDS)
    Path("small.yaml").write_text(using(small, "words.yaml").replace("[Italy, Spain]", "[Italy], note: kept"))
    suite = load_suite("small.yaml")
    assert set(suite.concepts) == {"north", "south", "harm", "calm"}
    assert suite.sources == {}
    alone = small.replace("version: 1\n", "").replace("[Italy, Spain]", "[Italy], note: kept")
    Path("alone.yaml").write_text(alone)
    assert load_suite("alone.yaml").digest == suite.digest


def test_a_bundled_lexicon_is_found_from_anywhere(small: str, folder: Path) -> None:
    Path("small.yaml").write_text(using(small, "lexicons/harms.yaml").replace("a: harm", "a: crime"))
    assert load_suite("small.yaml").terms("crime")


def test_a_lexicon_of_ones_own_comes_before_a_bundled_one(small: str, folder: Path) -> None:
    Path("lexicons").mkdir()
    Path("lexicons/harms.yaml").write_text("lexicon: mine\ntitle: Mine\nconcepts: {crime: {terms: [theft]}}\n")
    Path("small.yaml").write_text(using(small, "lexicons/harms.yaml").replace("a: harm", "a: crime"))
    assert load_suite("small.yaml").terms("crime") == ("theft",)


def test_mistakes_of_lexicons_are_found_with_those_of_the_suite(
    small: str, problems: Callable[..., list[Problem]]
) -> None:
    broken = WORDS.replace("[Poland]", "[NO, {a: b}]").replace("title: Words", "titel: Words")
    text = using(small, "words.yaml", "more.yaml").replace("a: harm", "a: harms").replace("y: south", "y: east")
    found = problems(text, words=broken, more="lexicon: [a")
    assert [(p.file, p.line, p.message) for p in found] == [
        ("more.yaml", 1, "this [ is never closed, or a comma is missing after it"),
        ("small.yaml", 16, "unknown concept 'harms'"),
        ("words.yaml", 2, "unknown key `titel`"),
        ("words.yaml", 4, "item 1 of `terms` needs text, but an unquoted NO is read as false"),
        ("words.yaml", 4, "item 2 of `terms` needs text, not a mapping"),
    ]


def test_a_name_that_is_defined_twice_names_both_places(small: str, problems: Callable[..., list[Problem]]) -> None:
    text = using(small, "words.yaml", "more.yaml")
    again = "lexicon: more\ntitle: More\nconcepts: {north: {terms: [Iceland]}, east: {terms: [Poland]}}\n"
    found = problems(text, words=WORDS, more=again)
    assert [(p.file, p.line, p.column, p.message) for p in found] == [
        ("more.yaml", 3, 39, "concept 'east' is defined twice; it is also at words.yaml:4"),
        ("small.yaml", 5, 3, "concept 'north' is defined twice; it is also at more.yaml:3"),
    ]


def test_a_lexicon_named_twice_is_refused(small: str, problems: Callable[..., list[Problem]]) -> None:
    (found,) = problems(using(small, "words.yaml", "./words.yaml"), words=WORDS)
    assert (found.line, found.message) == (3, "./words.yaml is the same file as words.yaml")


def test_a_suite_is_no_lexicon(small: str, problems: Callable[..., list[Problem]]) -> None:
    found = problems(using(small, "other.yaml"), other="suite: other\ntitle: Other\n")
    assert [(p.file, p.message) for p in found] == [
        ("other.yaml", "the lexicon needs `lexicon`"),
        ("other.yaml", "unknown key `suite`"),
    ]


def test_concepts_of_lexicons_may_be_made_of_one_another(small: str, folder: Path) -> None:
    Path("words.yaml").write_text(
        WORDS.replace("[Chile]", "[Chile]").replace("  unused:", "  all: {union: [east, west]}\n  unused:")
    )
    Path("more.yaml").write_text("lexicon: m\ntitle: M\nconcepts: {rest: {from: all, except: [west]}}\n")
    Path("small.yaml").write_text(using(small, "words.yaml", "more.yaml").replace("y: south", "y: rest"))
    suite = load_suite("small.yaml")
    assert suite.terms("rest") == ("Poland",)
    assert {"rest", "all", "east", "west"} < set(suite.concepts)


def test_a_ring_across_files_is_found(small: str, folder: Path) -> None:
    Path("words.yaml").write_text(
        "lexicon: w\ntitle: W\nconcepts:\n  east: {union: [west, north]}\n  west: {union: [east, north]}\n"
    )
    Path("small.yaml").write_text(using(small, "words.yaml").replace("y: south", "y: east"))
    with pytest.raises(DocumentError) as raised:
        load_suite("small.yaml")
    assert [problem.message for problem in raised.value.problems] == [
        "concept east is made of itself: east > west > east"
    ]


def test_what_a_missing_lexicon_may_define_is_not_said_to_be_unknown(
    small: str, problems: Callable[..., list[Problem]]
) -> None:
    text = using(small, "lost.yaml").replace("a: harm", "a: robbery").replace("y: south", "y: suoth")
    assert [problem.message for problem in problems(text)] == [
        "there is no lexicon lost.yaml",
        "unknown concept 'suoth'",  # a slip of the pen: there is a south
    ]
