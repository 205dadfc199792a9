"""One unit asked in drawn words and pictographs on the model that ships; what is stored, and what is missing."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

import audit
from audit.records import Facet

SUITE = """\
suite: both
title: Words and flags
version: 1
concepts:
  north:
    label: the North
    terms: [Norway, Sweden, Finland, Denmark, Iceland, Estonia, Latvia, Ireland]
    pictographs: {flags: ["NO", SE, FI, DK, IS, EE, LV, IE]}
  south:
    label: the South
    terms: [Brazil, Kenya, Peru, Chile, Ghana, Angola, Fiji, Bolivia]
    pictographs: {flags: [BR, KE, PE, CL, GH, AO, FJ, BO]}
    variants: {half: {terms: [Brazil, Kenya, Peru, Chile], pictographs: {flags: [BR, KE, PE, CL]}}}
  alike: {label: words spelled alike, terms: [Brazen, Kenyon, Perry, Chill, Ghost, Angora]}
  other: {label: other words for it, terms: [samba, safari, Inca, Andes]}
probes:
  - id: search
    ask: Is there a unit that answers to the South in words and in flags?
    measure: multimodality
    concept: south
    against: [north]
    forms: [rendered, pictograph]
    layers: [visual.layer4.1.act3]
    lexical: {spelled-alike: alike, synonyms: other}
    margin: {auroc: 0.75}
  - id: named
    ask: Does this unit answer to the South in words and in flags?
    measure: multimodality
    concept: south
    against: [north]
    forms: [rendered, pictograph]
    units: [visual.layer4.1.act3/7/mean]
    describes: true
  - id: photographs
    ask: Does a unit answer to the South in words and in photographs?
    measure: multimodality
    concept: south
    against: [north]
    forms: [rendered, image]
    describes: true
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("both")
    (folder / "both.yaml").write_text(SUITE)
    return audit.run([str(folder / "both.yaml")], model="pocket", out=folder / "run", cache=folder / "cache")


def finding(run, probe):
    return next(each for each in run.findings if each.probe == probe)


def test_one_finding_over_all_forms(run):
    found = finding(run, "search")
    assert found.form == ("rendered", "pictograph")
    headline, *forms = found.estimates
    assert headline.name == "smallest_auroc"
    assert [(each.name, each.groups) for each in forms] == [("auroc", (4, 4))] * 2  # half of 8 + 8 named the unit
    assert headline.value == min(each.value for each in forms)
    assert headline.low == min(each.low for each in forms)
    assert headline.p == max(each.p for each in forms)
    assert headline.p_adjusted >= headline.p
    assert found.margin.statistic == "smallest_auroc"
    assert found.verdict == "inconclusive"
    assert any("20 were named on half of the clusters" in warning for warning in found.warnings)


def test_a_named_unit_is_measured_on_all_clusters(run):
    found = finding(run, "named")
    unit = "visual.layer4.1.act3/7/mean"
    assert found.statement.startswith(f"Unit {unit} ")
    rows = run.to_pandas("examples").query("probe == 'named'")
    assert len(rows) == 2 * (8 + 8)
    for form, estimate in zip(found.form, found.estimates[1:], strict=True):
        shown = rows[rows["label"].str.endswith(f"({form})")]
        assert estimate.value == pytest.approx(roc_auc_score(shown["group"] == "concept", shown["value"]))
        assert (estimate.groups, estimate.p_method) == ((8, 8), "exact")
    assert found.headline.n == 8 * 2 * len(set(run.to_pandas("stimuli")["template"]))
    (variation,) = found.sensitivity
    assert variation.name == "the South: half"
    assert variation.estimate.groups == (4, 8)


def test_the_lexical_control_is_said_and_shown(run):
    found = finding(run, "search")
    forms, words = found.breakdowns
    assert [row.name for row in forms.rows] == ["rendered", "pictograph"]
    assert [row.name for row in words.rows] == [
        "the South against words spelled alike",
        "words spelled alike against the rest",
        "other words for it against the rest",
    ]
    assert [row.estimate.groups for row in words.rows] == [(4, 6), (6, 4), (4, 4)]  # halves of 8 that named nothing
    assert words.note.rstrip(".").lower() in [warning.lower() for warning in found.warnings]
    roles = run.to_pandas("stimuli").query("probe == 'search'").groupby("role")["cluster"].nunique()
    assert (roles["spelled-alike"], roles["synonyms"]) == (6, 4)


def test_facets_are_kept_or_refused_with_a_reason(run):
    for name in ("search", "named"):
        for unit in finding(run, name).units:
            assert unit.facets_note
            assert all(isinstance(facet, Facet) and facet.name in facet.members for facet in unit.facets)
            assert np.isclose(sum(facet.share for facet in unit.facets), 1) or not unit.facets


def test_without_images_it_is_not_applicable(run):
    found = finding(run, "photographs")
    assert (found.verdict, found.missing) == ("not-applicable", "stimuli")
    assert "no images were given (--images TABLE" in found.reason
    assert found.reason.endswith("the question is about rendered and image together")


def test_every_unit_has_the_smallest_of_its_areas(run):
    units = run.to_pandas("units").query("probe == 'search'")
    assert units["selected"].sum() == 20
    best = finding(run, "search").units[0].unit
    assert units.loc[units["unit"] == best, "auroc"].between(0.5, 1).all()
