"""Towers that were never trained, asked what the model is asked."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pytest

import audit
from audit.encoders import POCKET
from audit.encoders.open_clip_source import CONFIG, encoder_of
from audit.encoders.pocket import FOLDER, pocket_source
from audit.encoders.shipped import read_shipped
from audit.encoders.untrained import UNTRAINED, read_untrained, untrained_text
from audit.findings.fingerprint import fingerprint
from audit.suite import AssociationProbe, find_suites, load_suite
from recipes.pocket.untrained import TOWERS, pictures, plans_of, settled, untrained_nulls

if TYPE_CHECKING:
    from pathlib import Path

    from audit.suite import Suite

SUITE = """\
suite: own
title: Small
summary: Small things.
version: 1
concepts:
  flower: {label: Flowers, terms: [rose, tulip, lily, daisy]}
  insect: {label: Insects, terms: [wasp, beetle, moth, gnat]}
  pleasant: {label: Pleasant things, terms: [joy, love]}
  unpleasant: {label: Unpleasant things, terms: [pain, hate]}
probes:
  - id: flowers
    ask: Are flowers tied to pleasant things more than insects are?
    measure: association
    targets: {x: flower, y: insect}
    attributes: {a: pleasant, b: unpleasant}
    forms: [[text, text], [rendered, text], [image, text]]
    alternative: greater
    margin: {cosine: 0.02}
    severity: high
  - id: unit
    ask: Does a unit prefer flowers?
    measure: units
    concept: flower
    against: [insect]
    forms: [rendered]
    margin: {auroc: 0.8}
    severity: low
"""


@pytest.fixture
def own(tmp_path: Path) -> Suite:
    (tmp_path / "own.yaml").write_text(SUITE)
    return load_suite(tmp_path / "own.yaml")


def test_only_pictures_that_can_be_had_are_asked_about(own, untrained_pocket):
    plans = plans_of([own], encoder_of(pocket_source(shipped=untrained_pocket), "cpu").info)
    assert [plan.form for plan in plans] == [("rendered", "text")]
    assert {stimulus.content for stimulus in pictures(plans)} == {
        "rose", "tulip", "lily", "daisy", "wasp", "beetle", "moth", "gnat"
    }  # fmt: skip


def test_two_towers_stand_beside_the_finding_that_they_belong_to(own, untrained_pocket, tmp_path, monkeypatch):
    """From the recipe through the file and the loader into the manifest of a run."""
    import shutil

    from audit.encoders import pocket

    nulls = untrained_nulls([own], [0, 1], shipped=untrained_pocket)
    assert [null.statistic for null in nulls] == ["cosine_difference", "hedges_g"]
    assert all(len(set(null.values)) == 2 for null in nulls)
    assert untrained_nulls([own], [1], shipped=untrained_pocket)[0].values == nulls[0].values[1:]

    folder = shutil.copytree(untrained_pocket, tmp_path / "pocket")
    (folder / UNTRAINED).write_text(untrained_text(nulls, read_shipped(POCKET, folder).digests))
    monkeypatch.setattr(pocket, "load_pocket", lambda device: encoder_of(pocket_source(shipped=folder), device))
    run = audit.run([str(tmp_path / "own.yaml")], model=POCKET, out=tmp_path / "run")
    by_form = {finding.form: finding for finding in run.findings if finding.measure == "association"}
    carried = run.stored.model_of("own").untrained
    assert {null.fingerprint for null in carried} == {by_form["rendered", "text"].fingerprint}
    assert carried[0].values == pytest.approx(nulls[0].values, rel=1e-4)


def test_batch_normalisation_is_settled_on_what_is_shown(untrained_pocket):
    import torch

    shown = torch.rand(40, 3, 64, 64, generator=torch.Generator().manual_seed(1)) * 2 - 1
    first = settled(0, shown, untrained_pocket)
    assert all(np.isfinite(value).all() for value in first.values())
    mean, variance = first["visual.bn1.running_mean"], first["visual.bn1.running_var"]
    outputs = torch.nn.functional.conv2d(shown, torch.from_numpy(first["visual.conv1.weight"]), stride=2, padding=1)
    assert mean == pytest.approx(outputs.mean((0, 2, 3)).numpy(), abs=1e-5)
    assert variance == pytest.approx(outputs.var((0, 2, 3)).numpy(), rel=0.01)
    assert not np.array_equal(first["visual.conv1.weight"], settled(1, shown, untrained_pocket)["visual.conv1.weight"])


def test_towers_have_the_shape_that_ships(untrained_pocket):
    import torch

    width = json.loads((untrained_pocket / CONFIG).read_text())["model_cfg"]["vision_cfg"]["width"]
    tower = settled(0, torch.zeros(4, 3, 64, 64), untrained_pocket)
    assert tower["visual.layer1.0.conv1.weight"].shape[0] == width


def test_what_ships_answers_the_questions_of_the_suites_as_they_are_now():
    """Whoever changes a suite makes the file anew: python -m recipes.pocket.untrained."""
    asked = {
        fingerprint(suite.suite, probe.id, form, probe.ask, sha256(suite.definition(probe.id).encode()).hexdigest())
        for suite in map(load_suite, (entry.name for entry in find_suites()))
        for probe in suite.probes
        if not suite.model and isinstance(probe, AssociationProbe)
        for form in probe.forms
        if set(form) & {"rendered", "pictograph"}
    }
    shipped = read_untrained(FOLDER, read_shipped(POCKET, FOLDER).digests)
    assert {null.fingerprint for null in shipped} == asked
    assert {len(null.values) for null in shipped} == {TOWERS}
