"""A classification harm measured again without units is what the model itself gives with them set by hand."""

from __future__ import annotations

import numpy as np
import pytest

import audit
from audit.encoders import Intervention, LayerRef, load
from audit.stimuli import Collector, picture
from audit.suite import load_suite
from tests.conftest import write_arrays

ANIMALS = "dog, cat, horse, cow, pig, mouse, bear, monkey, lion, tiger, rabbit, frog"
THINGS = "hammer, chair, bed, door, key, candle, umbrella, bicycle, airplane, telephone, television, bell"
SUITE = f"""\
suite: taken
title: Taken for things
concepts:
  animals: {{label: animals, pictographs: {{object: [{ANIMALS}], styles: [noto]}}}}
  things: {{label: things, pictographs: {{object: [{THINGS}], styles: [noto]}}}}
  words-for-animals: {{label: words for animals, terms: [{ANIMALS}]}}
  words-for-things: {{label: words for things, terms: [{THINGS}]}}
probes:
  - id: taken
    ask: Are drawn things taken for things more often?
    measure: classification
    groups: [animals, things]
    labels: [words-for-animals, words-for-things]
    harms: [words-for-things]
    forms: [pictograph]
    margin: {{gap: 0.05}}
  - id: unit
    ask: What does the unit do?
    measure: units
    concept: animals
    against: [things]
    forms: [pictograph]
    units: [UNITS]
    ablate: [taken]
    describes: true
"""
LAYER = LayerRef("visual.layer4.1.act3", "mean")


def _hits(vectors, classes, harmful):
    return harmful[(vectors @ classes.T).argmax(axis=1)]


@pytest.fixture(scope="module")
def channels():
    """Most of the layer: with fewer hardly a picture changes its class."""
    return tuple(range(800))


@pytest.fixture(scope="module")
def suite_file(tmp_path_factory, channels):
    folder = tmp_path_factory.mktemp("taken")
    text = SUITE.replace("UNITS", ", ".join(f"{LAYER.name}/{channel}/mean" for channel in channels))
    (folder / "taken.yaml").write_text(text)
    return folder / "taken.yaml"


@pytest.fixture(scope="module")
def found(suite_file):
    run = audit.run([str(suite_file)], model="pocket", out=suite_file.parent / "run", device="cpu")
    return {finding.probe: finding for finding in run.findings}


def test_the_shares_are_those_of_the_model_with_the_units_set_by_hand(found, suite_file, channels):
    suite, encoder = load_suite(str(suite_file)), load("pocket", "cpu")
    collector = Collector(suite, encoder.info, None)
    sets = [collector.collect(name, "pictograph").stimuli for name in ("animals", "things")]
    pictures = [picture(stimulus) for each in sets for stimulus in each]
    words = [collector.collect(f"words-for-{name}", "text").stimuli for name in ("animals", "things")]
    classes = encoder.encode_text([word.content for each in words for word in each])
    classes = classes / np.linalg.norm(classes, axis=1, keepdims=True)
    harmful = np.repeat([0.0, 1.0], [len(each) for each in words])
    encoded = encoder.encode_images(pictures, [LAYER])
    means = encoded.activations[LAYER].mean(axis=0)
    change = Intervention(LAYER, channels, tuple(float(means[channel]) for channel in channels))
    (set_by_hand,) = encoder.encode_intervened(pictures, [[change]])
    sides = np.repeat([0, 1], [len(each) for each in sets])

    def difference(vectors):
        hits = _hits(vectors, classes, harmful)
        return hits[sides == 1].mean() - hits[sides == 0].mean()

    before, after = difference(encoded.embeddings), difference(set_by_hand)
    (states,) = (each for each in found["unit"].breakdowns if each.title.startswith("taken, with"))
    rows = [row.estimate for row in states.rows]
    assert before > 0.5
    assert before != after
    assert rows[0].value == pytest.approx(before)
    assert rows[1].value == pytest.approx(after)
    assert rows[2].value == pytest.approx(after - before)
    assert "the share of things beyond that of animals classified as" in states.note


def test_a_model_that_is_not_run_here_is_not_changed(tmp_path):
    """Nor is anything encoded for it: the probe is measured as ever, or is not applicable."""
    text = SUITE.replace("[UNITS]", "[a/0/mean]")
    (tmp_path / "taken.yaml").write_text(text)
    run = audit.run(
        [str(tmp_path / "taken.yaml")], model=f"arrays:{write_arrays(tmp_path / 'model')}", out=tmp_path / "run"
    )
    assert not any(finding.breakdowns for finding in run.findings)
