"""A suite that is in order: terms, prompts, places, digest, and the file it is written to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from audit.records import Source
from audit.suite import AbsenceProbe, AssociationProbe, RestOf, Suite, UnitsProbe, load_suite

RICH = """\
suite: rich
title: "Everything: once"
summary: >
  Two lines
  become one.
version: 3
claims: [C6, C7]
notice: Sensitive words.
model: arrays:./model
concepts:
  north:
    label: The North
    terms: [Norway, "NO", Sweden]
    source: atlas
    note: A note.
    variants: {coast: [Norway], wide: {union: [north, south]}}
    aliases: {Norway: Norge, "NO": [Nein, Nope]}
  south: {terms: [Italy, Spain, norway]}
  all: {union: [north, south]}
  rest: {from: all, except: [north]}
  rows: {where: {set: flowers, kind: [rose, tulip]}}
  mixed: {union: [rows, north]}
  harm: {terms: [bomb], source: "Somebody, 2020"}
  calm: {terms: [beach]}
templates:
  photo: ["a photo of {}", "{}: a view"]
sources: {atlas: "An atlas, 1999"}
probes:
  - id: first
    ask: Is it?
    measure: association
    targets: {x: harm, y: rest}
    attributes: {a: rows, b: calm}
    forms: [[image, text], [rendered, text]]
    templates: photo
    attribute-templates: ["the word {}"]
    cluster: country
    alternative: greater
    margin: {g: 0.3}
    severity: critical
    control: negative
    family: own
    note: Why.
  - id: second
    ask: Is there a unit?
    measure: units
    concept: rows
    against: {rest-of: all}
    layers: [visual.layer4]
    units: ["RN101:1895"]
    also: {harm: harm, neutral: calm}
    describes: true
  - id: third
    ask: Is there none?
    measure: absence
    concept: north
    against: [harm, calm]
    among: "RN50x4:*"
    bound: {auroc: 0.85}
"""


@pytest.fixture
def rich(folder: Path) -> Suite:
    Path("rich.yaml").write_text(RICH)
    return load_suite("rich.yaml")


def test_terms_are_put_together_and_taken_away(rich: Suite) -> None:
    assert rich.terms("north") == ("Norway", "NO", "Sweden")
    assert rich.terms("north", "coast") == ("Norway",)
    assert rich.terms("north", "wide") == ("Norway", "NO", "Sweden", "Italy", "Spain")
    assert rich.terms("all") == ("Norway", "NO", "Sweden", "Italy", "Spain")  # norway and Norway are one term
    assert rich.terms("rest") == ("Italy", "Spain")
    assert rich.terms("rows") == ()


def test_it_is_known_what_selects_rows(rich: Suite) -> None:
    assert rich.selects_rows("rows")
    assert rich.selects_rows("mixed")
    assert not rich.selects_rows("all")
    assert rich.concept("rows").where == {"set": ("flowers",), "kind": ("rose", "tulip")}


def test_other_spellings_come_from_all_concepts(rich: Suite) -> None:
    assert rich.aliases == {"Norway": ("Norge",), "NO": ("Nein", "Nope")}


def test_prompts_by_id_by_list_and_by_default(rich: Suite) -> None:
    assert rich.templates_of("photo") == ("a photo of {}", "{}: a view")
    assert rich.templates_of(("x {}",)) == ("x {}",)
    assert rich.templates_of(None) == ("{}",)


def test_probes_are_of_their_measure_and_know_their_line(rich: Suite) -> None:
    first, second, third = rich.probes
    assert isinstance(first, AssociationProbe)
    assert isinstance(second, UnitsProbe)
    assert isinstance(third, AbsenceProbe)
    assert [probe.source for probe in rich.probes] == [Source("rich.yaml", line) for line in (29, 44, 53)]
    assert [probe.cluster_noun("text") for probe in rich.probes] == ["country", "item", "term"]
    assert first.margin is not None
    assert (first.margin.statistic, first.margin.value) == ("g", 0.3)
    assert second.against == RestOf(**{"rest-of": "all"})
    assert second.layers == ("visual.layer4",)
    assert (second.alternative, third.alternative) == ("greater", "greater")
    assert third.bound.auroc == 0.85
    assert rich.probe("third") is third


def test_what_is_left_out_has_a_default(small: str, folder: Path) -> None:
    Path("small.yaml").write_text(small)
    suite = load_suite("small.yaml")
    first, second = suite.probes
    assert (first.severity, first.control, first.describes, first.family, first.cluster) == (
        "medium",
        None,
        False,
        None,
        None,
    )
    assert isinstance(first, AssociationProbe)
    assert (first.forms, first.alternative, first.attribute_templates) == ((), "two-sided", None)
    assert isinstance(second, UnitsProbe)
    assert (second.units, second.layers, second.among, second.also) == ((), (), None, None)
    assert (suite.notice, suite.summary, suite.model, suite.claims) == ("", "", None, ())
    assert suite.concept("north").label == "north"
    assert suite.citations == ()


def test_default_layers_may_be_named(small: str, folder: Path) -> None:
    Path("small.yaml").write_text(small.replace("[rendered]", "[rendered]\n    layers: default"))
    (_, probe) = load_suite("small.yaml").probes
    assert isinstance(probe, UnitsProbe)
    assert probe.layers == ()


def test_nothing_in_a_suite_can_be_changed(rich: Suite) -> None:
    with pytest.raises(ValidationError):
        rich.title = "another"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        rich.probes[0].ask = "another"  # type: ignore[misc]


def test_folded_text_is_one_line_and_citations_are_all(rich: Suite) -> None:
    assert rich.summary == "Two lines become one."
    assert rich.citations == ("An atlas, 1999", "Somebody, 2020")
    assert rich.file == Path("rich.yaml")


def test_a_resolved_suite_is_the_same_suite(rich: Suite, folder: Path) -> None:
    Path("again.yaml").write_text(rich.resolved_yaml())
    again = load_suite("again.yaml")
    assert again.digest == rich.digest
    assert again.resolved_yaml() == rich.resolved_yaml()
    assert again.concepts == rich.concepts
    assert [probe.references for probe in again.probes] == [probe.references for probe in rich.probes]
    assert [again.definition(p.id) for p in again.probes] == [rich.definition(p.id) for p in rich.probes]


def test_the_digest_does_not_see_comments_layout_order_of_keys_or_place(rich: Suite, folder: Path) -> None:
    Path("sub").mkdir()
    moved = RICH.replace("suite: rich\n", "# a comment\n\nsuite:   'rich'\n").replace("version: 3\n", "")
    Path("sub/other.yaml").write_text(moved + "version: 3\n")
    assert load_suite("sub/other.yaml").digest == rich.digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Sweden", "Iceland"),
        ("g: 0.3", "g: 0.4"),
        ("{}: a view", "{} a view"),
        ("critical", "high"),
        ("Is it?", "Or not?"),
    ],
)
def test_the_digest_sees_every_change(rich: Suite, old: str, new: str) -> None:
    Path("rich.yaml").write_text(RICH.replace(old, new, 1))
    assert load_suite("rich.yaml").digest != rich.digest


def test_a_definition_writes_out_what_is_asked(rich: Suite) -> None:
    assert json.loads(rich.definition("first")) == {
        "measure": "association",
        "alternative": "greater",
        "cluster": "country",
        "forms": [["image", "text"], ["rendered", "text"]],
        "margin": {"g": 0.3},
        "templates": ["a photo of {}", "{}: a view"],
        "attribute-templates": ["the word {}"],
        "concepts": {
            "targets/x": ["bomb"],
            "targets/y": ["Italy", "Spain"],
            "attributes/a": {"where": {"set": ["flowers"], "kind": ["rose", "tulip"]}},
            "attributes/b": ["beach"],
        },
    }


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("severity: critical", "severity: low", True),
        ("ask: Is it?", "ask: Or is it not?", True),
        ("label: The North", "label: North", True),
        ("note: Why.", "note: Because.", True),
        ("Italy", "Malta", False),
        ("kind: [rose, tulip]", "kind: [rose]", False),
        ("cluster: country", "cluster: term", False),
        ("a photo of {}", "a picture of {}", False),
    ],
)
def test_a_definition_changes_with_the_question_only(rich: Suite, old: str, new: str, same: bool) -> None:
    Path("rich.yaml").write_text(RICH.replace(old, new))
    assert (load_suite("rich.yaml").definition("first") == rich.definition("first")) is same


def test_rows_and_terms_may_be_mixed_in_a_definition(rich: Suite, folder: Path) -> None:
    Path("rich.yaml").write_text(RICH.replace("{a: rows, b: calm}", "{a: mixed, b: calm}"))
    concepts = json.loads(load_suite("rich.yaml").definition("first"))["concepts"]
    assert concepts["attributes/a"]["union"] == [
        {"where": {"set": ["flowers"], "kind": ["rose", "tulip"]}},
        ["Norway", "NO", "Sweden"],
    ]
