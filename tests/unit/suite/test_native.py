"""Native spellings: given once, they hold wherever the term stands, and count where they are shown."""

from __future__ import annotations

import pytest

from audit.suite import load_suite

LEXICON = """\
lexicon: lands
title: Lands
concepts:
  here: {label: Here, terms: [Iraq, Japan], native: {Iraq: العراق, Japan: 日本}}
"""
SUITE = """\
suite: places
title: Places
use: [lands.yaml]
concepts:
  near: {label: Near, terms: [Iraq, Iran]}
  far: {label: Far, terms: [Peru], variants: {east: [Japan]}}
probes:
  - {id: p, ask: Why?, measure: units, concept: near, against: [far], forms: [FORM]}
"""


@pytest.fixture
def load(tmp_path):
    def loaded(form="native", lexicon=LEXICON):
        (tmp_path / "lands.yaml").write_text(lexicon, encoding="utf-8")
        (tmp_path / "places.yaml").write_text(SUITE.replace("FORM", form), encoding="utf-8")
        return load_suite(str(tmp_path / "places.yaml"))

    return loaded


def test_a_spelling_of_a_lexicon_holds_for_terms_and_variants_of_a_suite(load):
    suite = load()
    assert set(suite.concepts) == {"near", "far"}
    assert suite.native == {"Iraq": "العراق", "Japan": "日本"}


def test_the_resolved_suite_reads_again_as_the_same(load, tmp_path):
    suite = load()
    (tmp_path / "again.yaml").write_text(suite.resolved_yaml(), encoding="utf-8")
    again = load_suite(str(tmp_path / "again.yaml"))
    assert again.native == suite.native
    assert again.digest == suite.digest


def test_another_spelling_is_another_question_only_where_it_is_shown(load):
    other = LEXICON.replace("العراق", "عيراق")
    assert load().definition("p") != load(lexicon=other).definition("p")
    assert load("rendered").definition("p") == load("rendered", lexicon=other).definition("p")
