"""Concepts to stimuli: terms, tables, what is left out and what cannot be had."""

from __future__ import annotations

import pandas as pd
import pytest

from audit.records import LayerInfo, Modality, ModelInfo
from audit.stimuli import STYLES, Collector, Unavailable
from audit.suite import load_suite

SUITE = """\
suite: places
title: Places
concepts:
  all:
    label: Countries
    terms: [Egypt, Côte d'Ivoire, Peru, Chile, Atlantis]
    aliases: {"Côte d'Ivoire": [Ivory Coast]}
  africa: {label: Africa, terms: [Egypt, Côte d'Ivoire], variants: {north: [Egypt]}}
  rest: {label: The rest, from: all, except: [africa]}
  both: {label: Both, union: [africa, andes]}
  andes: {label: The Andes, terms: [Peru, Chile]}
  rows: {label: Rows, where: {kind: country}}
  unread: {label: Unread, terms: [日本, Kenya]}
templates: {place: ["{}", "a photo of {}"]}
probes:
  - {id: p, ask: Why?, measure: association, targets: {x: africa, y: andes}, attributes: {a: unread, b: rest}}
  - {id: q, ask: Why?, measure: units, concept: africa, against: {rest-of: all}}
  - {id: r, ask: Why?, measure: units, concept: rows, against: [both]}
"""

TABLE = pd.DataFrame(
    {
        "id": ["1", "2", "3", "4", "5", "6"],
        "modality": ["image"] * 5 + ["text"],
        "form": ["rendered"] * 4 + ["", ""],
        "kind": ["country"] * 4 + ["city", "country"],
        "term": ["Egypt", "Ivory Coast", "Peru", "Chile", "Peru", "Egypt"],
    }
)


@pytest.fixture
def suite(tmp_path):
    (tmp_path / "places.yaml").write_text(SUITE)
    return load_suite(str(tmp_path / "places.yaml"))


def model(*modalities, layers=()):
    return ModelInfo(
        spec="m", name="m", kind="test", modalities=frozenset(modalities), weights_digest="0" * 64, layers=layers
    )


BOTH = model(Modality.TEXT, Modality.IMAGE)


def ids(found):
    return [stimulus.content for stimulus in found.stimuli]


def test_text_is_every_term_in_every_template(suite):
    found = Collector(suite, BOTH, None).collect("andes", "text", templates=suite.templates_of("place"))
    assert ids(found) == ["Peru", "a photo of Peru", "Chile", "a photo of Chile"]
    assert found.clusters == ("Peru", "Chile")
    assert found.templates == ("{}", "a photo of {}")


def test_a_word_without_glyphs_is_left_out_and_counted(suite):
    found = Collector(suite, BOTH, None).collect("unread", "rendered")
    assert found.clusters == ("Kenya",)
    assert len(found.stimuli) == len(STYLES)
    (left_out,) = found.excluded
    assert (left_out.what, left_out.count, left_out.names) == ("Unread", 1, ("日本",))
    assert "no glyph" in left_out.reason


def test_terms_are_looked_up_in_a_table_with_their_other_spellings(suite):
    found = Collector(suite, BOTH, TABLE).collect("all", "rendered")
    assert ids(found) == ["1", "2", "3", "4"]
    assert found.clusters == ("Egypt", "Ivory Coast", "Peru", "Chile")
    assert [(e.count, e.names) for e in found.excluded] == [(1, ("Atlantis",))]


@pytest.mark.parametrize(
    ("concept", "variant", "form", "expected"),
    [
        ("africa", None, "rendered", ["1", "2"]),
        ("africa", "north", "rendered", ["1"]),
        ("rest", None, "rendered", ["3", "4"]),
        ("both", None, "rendered", ["1", "2", "3", "4"]),
        ("both", None, "image", ["1", "2", "3", "4", "5"]),
        ("rows", None, "image", ["1", "2", "3", "4"]),
        ("rows", None, "text", ["6"]),
    ],
)
def test_the_algebra_holds_on_rows(suite, concept, variant, form, expected):
    assert ids(Collector(suite, BOTH, TABLE).collect(concept, form, variant=variant)) == expected


def test_the_rest_of_a_concept_is_what_is_not_in_it(suite):
    collector = Collector(suite, BOTH, TABLE)
    africa = collector.collect("africa", "rendered")
    rest = collector.collect_against(suite.probe("q").against, "rendered", africa)
    assert ids(rest) == ["3", "4"]
    assert rest.label == "the other countries"
    assert [e.names for e in rest.excluded] == [("Atlantis",)]


@pytest.mark.parametrize(
    ("info", "table", "concept", "form", "missing", "reason"),
    [
        (model(Modality.TEXT), None, "andes", "rendered", "model", "cannot embed images"),
        (model(Modality.IMAGE), None, "andes", "text", "model", "cannot embed text"),
        (BOTH, None, "rows", "text", "stimuli", "shown as images or not at all"),
        (BOTH, None, "andes", "image", "stimuli", "no images were given"),
        (BOTH, TABLE.drop(columns="term"), "andes", "rendered", "stimuli", "no column 'term'"),
        (BOTH, TABLE.drop(columns="kind"), "rows", "image", "stimuli", "no column 'kind'"),
        (BOTH, TABLE.drop(columns="form"), "andes", "rendered", "stimuli", "has no stimuli in the form 'rendered'"),
    ],
)
def test_what_cannot_be_had_is_said(suite, info, table, concept, form, missing, reason):
    with pytest.raises(Unavailable, match=reason) as caught:
        Collector(suite, info, table).collect(concept, form)
    assert caught.value.missing == missing


def test_an_unknown_label_column_is_said(suite):
    with pytest.raises(Unavailable, match="no column 'person' to cluster by"):
        Collector(suite, BOTH, TABLE).collect("rows", "image", cluster="person")


def test_terms_are_matched_by_their_place_in_the_list(suite):
    collector = Collector(suite, BOTH, None)
    found = collector.collect("rest", "text", templates=suite.templates_of("place"), block="position")
    assert [(s.cluster, s.block) for s in found.stimuli if s.template == "{}"] == [
        ("Peru", "0"), ("Chile", "1"), ("Atlantis", "2")
    ]  # fmt: skip
    assert {s.block for s in collector.collect("rest", "text").stimuli} == {""}
    # What cannot be drawn leaves its place empty, and the others keep theirs.
    assert {s.block for s in collector.collect("unread", "rendered", block="position").stimuli} == {"1"}


def test_rows_are_matched_by_a_column_or_by_the_place_of_their_term(suite):
    collector = Collector(suite, BOTH, TABLE)
    assert [s.block for s in collector.collect("all", "rendered", block="position").stimuli] == ["0", "1", "2", "3"]
    assert [s.block for s in collector.collect("rows", "image", block="term").stimuli][:2] == ["Egypt", "Ivory Coast"]
    with pytest.raises(Unavailable, match="no column 'role' to match by"):
        collector.collect("rows", "image", block="role")
    with pytest.raises(Unavailable, match="terms have no label 'role' to match by, only their position"):
        Collector(suite, BOTH, None).collect("andes", "text", block="role")


def test_a_model_without_readable_units_is_said(suite):
    with pytest.raises(Unavailable, match="no units that can be read"):
        Collector(suite, model(Modality.TEXT), None).require_units()
    layer = LayerInfo("visual.last", "mean", 8, True)
    Collector(suite, model(Modality.IMAGE, layers=(layer,)), None).require_units()
    with pytest.raises(Unavailable, match="answer to pictures, not to text"):
        Collector(suite, model(Modality.IMAGE, Modality.TEXT, layers=(layer,)), None).require_units("text")
