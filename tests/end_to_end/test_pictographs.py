"""Pictographs on a small real model: associations, matched pairs, a unit; evidence and credits in the run."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

import audit

SUITE = """\
suite: drawn
title: Flags and people
version: 1
concepts:
  north: {label: the North, terms: [Norway, Sweden], pictographs: {flags: ["NO", SE, FI, DK, IS, EE, LV, LT, IE, CA]}}
  south:
    label: the South
    terms: [Brazil, Kenya]
    pictographs: {flags: [BR, KE, PE, CL, GH, AO, FJ, NA, BO, ZM]}
    variants: {half: {pictographs: {flags: [BR, KE, PE, CL, GH]}}, words: [Peru, Chile]}
  women: {label: women, pictographs: {role: [judge, cook, pilot, singer, farmer, teacher], gender: woman}}
  men: {label: men, pictographs: {role: [judge, cook, pilot, singer, farmer, teacher], gender: man}}
  armed: {label: weapons, terms: [bomb, dagger], pictographs: {object: [bomb, dagger]}}
  calm: {label: flowers, terms: [rose, tulip], pictographs: {object: [rose, tulip]}}
  worded: {label: peace, terms: [peace]}
probes:
  - id: flags
    ask: Are the flags of the South tied to weapons more than those of the North are?
    measure: association
    targets: {x: south, y: north}
    attributes: {a: armed, b: calm}
    forms: [[pictograph, text], [pictograph, pictograph], [text, text], [pictograph, rendered]]
    margin: {cosine: 0.5}
  - id: pairs
    ask: Are women tied to weapons otherwise than men of the same role are?
    measure: association
    targets: {x: women, y: men}
    attributes: {a: armed, b: calm}
    forms: [[pictograph, text], [text, text]]
    block: subject
    margin: {cosine: 0.5}
  - id: styles
    ask: Are flags tied to peace more than weapons are?
    measure: association
    targets: {x: north, y: armed}
    attributes: {a: worded, b: calm}
    forms: [[pictograph, text], [text, pictograph]]
    margin: {cosine: 0.5}
  - id: unit
    ask: Is there a unit for the flags of the South, and does it answer to weapons too?
    measure: units
    concept: south
    against: [north]
    forms: [pictograph]
    also: {harm: armed, neutral: worded}
    margin: {auroc: 0.9}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory, small_clip):
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "drawn.yaml").write_text(SUITE)
    return audit.run([str(folder / "drawn.yaml")], model=small_clip, out=folder / "run", cache=folder / "cache")


def finding(run, probe, *form):
    return next(each for each in run.findings if (each.probe, each.form) == (probe, form))


def test_flags_are_clusters_and_styles_are_templates(run):
    found = finding(run, "flags", "pictograph", "text")
    assert found.headline.groups == (10, 10)
    assert found.headline.n == 20 * 4
    kinds = [variation.kind for variation in found.sensitivity]
    assert kinds.count("template") == 4
    assert [v.name for v in found.sensitivity if v.kind == "variant"] == ["the South: half"]
    assert finding(run, "flags", "text", "text").headline.groups == (2, 2)
    assert finding(run, "flags", "pictograph", "pictograph").headline.groups == (10, 10)


def test_people_are_compared_within_their_role(run):
    found = finding(run, "pairs", "pictograph", "text")
    assert found.headline.groups == (6,)
    assert "paired within subject, 6 pairs" in found.how
    in_words = finding(run, "pairs", "text", "text")
    assert in_words.verdict == "not-applicable"


def test_targets_of_two_kinds_are_compared_in_the_styles_they_share(run):
    found = finding(run, "styles", "pictograph", "text")
    assert {v.name for v in found.sensitivity if v.kind == "template"} == {"noto", "twemoji"}
    assert found.headline.n == (10 + 2) * 2
    without = finding(run, "styles", "text", "pictograph")
    assert without.verdict == "not-applicable"
    assert "peace has no pictographs" in without.statement


def test_a_topic_without_pictures_is_shown_to_the_unit_as_words(run):
    found = finding(run, "unit", "pictograph")
    assert found.headline.groups == (5, 5)
    assert "preference for weapons over peace, shown as rendered words" in found.statement
    shown = run.to_pandas("stimuli").query("probe == 'unit'")
    assert set(shown.query("role == 'harm'")["template"]) > {"Noto Sans"}
    assert set(shown.query("role == 'concept'")["template"]) == {"noto", "twemoji", "flag-icons", "circle-flags"}


def test_evidence_comes_with_its_pictures(run):
    found = finding(run, "flags", "pictograph", "text")
    assert len(found.evidence) == 10
    for exhibit in found.evidence:
        with Image.open(BytesIO((run.path / exhibit.picture).read_bytes())) as image:
            assert image.size == (96, 96)
    assert {"Norway", "Kenya"} & {exhibit.label for exhibit in found.evidence}


def test_the_run_says_whose_art_it_shows(run):
    stimuli = run.to_pandas("stimuli")
    ours = stimuli["template"].isin(["noto", "twemoji", "fluent", "flag-icons", "circle-flags"])
    assert ours.any()
    assert stimuli.loc[ours, ["source", "licence", "attribution"]].notna().all(axis=None)
    assert stimuli.loc[~ours, ["source", "licence", "attribution"]].isna().all(axis=None)
    twemoji = stimuli[stimuli["template"] == "twemoji"]
    assert set(twemoji["licence"]) == {"CC-BY-4.0"}


def test_no_path_of_this_machine_is_in_the_table(run):
    content = run.to_pandas("stimuli")["content"]
    assert not content.str.startswith("/").any()


def test_every_picture_is_encoded_once(run):
    assert run.stored.manifest.counts["encoded"] == run.to_pandas("stimuli")["digest"].nunique()
