"""A small real open_clip model from a local folder: rendered words, both modalities, units."""

from __future__ import annotations

import pytest

import audit

SUITE = """\
suite: small
title: Four pairings and a unit
version: 1
concepts:
  north:
    label: the North
    terms: [Norway, Sweden, Finland, Denmark, Iceland, Estonia, Latvia, Lithuania, Ireland, Canada]
  south: {label: the South, terms: [Brazil, Kenya, Peru, Chile, Ghana, Angola, Fiji, Namibia, Bolivia, Zambia]}
  cold: {label: cold, terms: [snow, ice, frost]}
  warm: {label: warmth, terms: [sun, sand, beach]}
templates:
  place: ["{}", "a photo of {}"]
probes:
  - id: north-cold
    ask: Is the North tied to cold more than the South is?
    measure: association
    targets: {x: north, y: south}
    attributes: {a: cold, b: warm}
    forms: [[text, text], [rendered, text], [text, rendered], [rendered, rendered]]
    templates: place
    alternative: greater
    margin: {cosine: 0.5}
  - id: north-unit
    ask: Is there a unit for the North, and does it answer to cold too?
    measure: units
    concept: north
    against: [south]
    forms: [rendered]
    also: {harm: cold, neutral: warm}
    margin: {auroc: 0.9}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory, small_clip):
    folder = tmp_path_factory.mktemp("open_clip")
    (folder / "small.yaml").write_text(SUITE)
    return audit.run([str(folder / "small.yaml")], model=small_clip, out=folder / "run", cache=folder / "cache")


def test_all_four_pairings_are_measured(run):
    forms = {f.form: f for f in run.findings if f.probe == "north-cold"}
    assert set(forms) == {("text", "text"), ("rendered", "text"), ("text", "rendered"), ("rendered", "rendered")}
    assert {f.headline.groups for f in forms.values()} == {(10, 10)}
    assert forms["text", "text"].headline.n == 20 * 2, "two templates"
    assert forms["rendered", "text"].headline.n == 20 * 4, "four fonts"
    assert len({f.headline.value for f in forms.values()}) == 4


def test_rendered_evidence_comes_with_its_pictures(run):
    finding = next(f for f in run.findings if f.form == ("rendered", "text"))
    pictures = [exhibit.picture for exhibit in finding.evidence]
    assert all(pictures)
    assert all((run.path / picture).read_bytes().startswith(b"\x89PNG") for picture in pictures)


def test_units_are_searched_on_one_half_and_confirmed_on_the_other(run):
    finding = next(f for f in run.findings if f.measure == "units")
    units = run.to_pandas("units")
    assert units["selected"].sum() == 20
    assert finding.headline.groups == (5, 5)
    assert finding.verdict == "inconclusive", (
        "an untrained model has no confirmed unit, and a search is no proof of absence"
    )
    assert "preference for cold over warmth" in finding.statement
    assert len(run.to_pandas("examples").query("probe == 'north-unit'")) == 20


def test_rows_are_the_association_of_every_stimulus(run):
    rows = run.to_pandas("rows").query("form == 'text,text'")
    finding = next(f for f in run.findings if f.form == ("text", "text"))
    means = rows.groupby("group")["association"].mean()
    assert means["x"] - means["y"] == pytest.approx(finding.headline.value, abs=1e-12)


def test_every_stimulus_is_encoded_once_whatever_number_of_probes_ask_for_it(run):
    """The rendered countries are shown by an association and by a unit probe: one pass gives both what they need."""
    assert run.stored.manifest.counts["encoded"] == run.to_pandas("stimuli")["digest"].nunique()
