"""Pictures of units of the model that ships: made, held against natural stimuli, shown, kept; and where none can be."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import audit
import reports
from audit.encoders import LayerRef, load
from audit.records import Role, Verdict
from tests.conftest import write_arrays

SUITE = """\
suite: seen
title: Seen
concepts:
  animals:
    label: animals
    pictographs: {object: [dog, cat, horse, tiger, monkey]}
  things: {label: things, pictographs: {object: [bell, candle, scissors, telephone]}, terms: [bell, candle]}
probes:
  - id: unit
    ask: Is there a unit for animals?
    measure: units
    concept: animals
    against: [things]
    units: [visual.layer4.1.act3/3/mean]
  - id: pictures
    ask: What picture excites it most?
    measure: visualize
    of: unit
    seeds: 2
    steps: 12
  - id: named
    ask: What picture excites two units most?
    measure: visualize
    units: [visual.layer4.1.act3/3/max, visual.layer4.1.act3/9/mean]
    among: [animals, things]
    seeds: 1
    steps: 3
    facet: {concept: things, form: rendered}
"""


def run(tmp_path, suite=SUITE, name="run", **given):
    (tmp_path / "seen.yaml").write_text(suite)
    return audit.run([str(tmp_path / "seen.yaml")], out=tmp_path / name, cache=tmp_path / "cache", **given)


def test_pictures_of_units_are_made_shown_and_kept(tmp_path):
    said = []
    finished = run(tmp_path, progress=lambda *each: said.append(each))
    _, pictures, named = finished.findings
    assert (pictures.verdict, pictures.role) == (Verdict.NOT_APPLICABLE, Role.DESCRIPTION)
    assert "2 pictures made for unit visual.layer4.1.act3/3/mean" in pictures.statement
    assert "27 natural stimuli, animals and things." in pictures.statement
    assert pictures.reason == "it describes and decides nothing"
    (unit,) = pictures.units
    assert unit.unit == "visual.layer4.1.act3/3/mean"
    assert len(unit.pictures) == 2

    encoder, layer = load("pocket", device="cpu"), LayerRef("visual.layer4.1.act3", "mean")
    stored = [Image.open(finished.path / made.picture) for made in unit.pictures]
    assert {(picture.mode, picture.size) for picture in stored} == {("RGB", (64, 64))}
    given = encoder.encode_images(stored, [layer]).activations[layer][:, 3]
    reached, activations = pictures.breakdowns
    rows = {row.name: row.estimate.value for row in activations.rows}
    np.testing.assert_allclose([rows["seed 0"], rows["seed 1"]], given, rtol=1e-4)
    # Nine subjects in three art styles.
    headline = pictures.headline
    assert (headline.name, headline.n, headline.clusters, headline.low) == ("percentile", 27, 9, None)
    shares = [row.estimate.value for row in reached.rows]
    assert headline.value == min(shares)
    assert [made.value for made in unit.pictures] == shares
    natural = max(value for name, value in rows.items() if name.startswith("highest natural stimulus"))
    assert [share == 1 for share in shares] == [value > natural for value in given]
    assert [made.label.endswith("failed") for made in unit.pictures] == [share < 0.999 for share in shares]
    assert any("with 27 natural stimuli, above all of them is the most" in warning for warning in pictures.warnings)

    assert [unit.unit for unit in named.units] == ["visual.layer4.1.act3/3/max", "visual.layer4.1.act3/9/mean"]
    assert any("of held-out pictures; one half is chance" in warning for warning in named.warnings)
    steps = [total for what, _, total in said if what == "steps of feature visualization"]
    assert (steps.count(24), steps.count(6)) == (24, 6)
    assert any(what.startswith("feature visualization: 1 unit, 2 pictures x 12 steps, about ") for what, _, _ in said)

    page = reports.write_html(finished.path).read_text()
    assert page.count("picture made to excite unit visual.layer4.1.act3/3/mean") == 2
    assert "Pictures like these illustrate; the natural stimuli that the unit answers to are the evidence." in page

    again = []
    second = run(tmp_path, name="again", progress=lambda *each: again.append(each))
    assert not [what for what, _, _ in again if "feature visualization" in what]
    assert second.findings == finished.findings


def test_there_are_no_pictures_without_the_model(tmp_path):
    suite = SUITE.replace("    units: [visual.layer4.1.act3/3/mean]\n", "").replace(
        "things, pictographs", "Things, pictographs"
    )
    findings = run(tmp_path, suite, model=f"arrays:{write_arrays(tmp_path / 'folder')}").findings
    for finding in findings[1:]:
        assert (finding.verdict, finding.missing) == (Verdict.NOT_APPLICABLE, "model")
        assert "a picture of a unit needs the model itself" in finding.statement


def test_a_unit_that_there_is_not(tmp_path):
    suite = SUITE.replace("act3/9/mean]", "act3/9000/mean]")
    (finding,) = (each for each in run(tmp_path, suite).findings if "9000" in each.reason)
    assert finding.verdict is Verdict.ERROR
    assert "pocket has no unit 'visual.layer4.1.act3/9000/mean'; its units go from" in finding.reason
    assert finding.source.line == 21


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("    of: unit\n", "    of: units\n", 18, "'units' is no units or multimodality probe of this suite"),
        ("    of: unit\n", "    of: named\n", 18, "'named' is no units or multimodality probe of this suite"),
        ("    of: unit\n", "", 17, "needs `of` or `units`"),
        ("    of: unit\n", "    of: unit\n    units: [a/1/mean]\n", 19, "has `of` and `units`"),
        ("    of: unit\n", "    of: unit\n    forms: [rendered]\n", 19, "has `of` and `forms`"),
        ("    among: [animals, things]\n", "", 24, "names units and needs `among`"),
        ("    among: [animals, things]\n", "    among: [animals, thing]\n", 25, "unknown concept 'thing'"),
        ("concept: things, form", "concept: thing, form", 28, "unknown concept 'thing'"),
        ("    seeds: 2\n", "    seeds: 0\n", 19, "must be at least 1"),
        ("    seeds: 2\n", "    describes: false\n", 19, "must be True"),
        ("    seeds: 2\n", "    control: positive\n", 15, "is a description and a control at once"),
    ],
)
def test_mistakes_are_found_at_their_line(refused, old, new, line, message):
    assert old in SUITE
    refused(SUITE.replace(old, new, 1), line, message)
