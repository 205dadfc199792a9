"""Few templates that decide how uncertain an association is are named as such."""

from __future__ import annotations

import math

import numpy as np
import pytest

from audit.assess.association import plan
from audit.records import Modality, ModelInfo
from audit.stimuli import Collector
from audit.suite import load_suite

SUITE = """\
suite: few
title: Few templates
version: 1
concepts:
  x: {terms: [x0, x1, x2, x3, x4, x5]}
  y: {terms: [y0, y1, y2, y3, y4, y5]}
  a: {terms: [towards]}
  b: {terms: [away]}
templates: {own: [TEMPLATES]}
probes:
  - {id: p, ask: Why?, measure: association, targets: {x: x, y: y}, attributes: {a: a, b: b}, templates: own BLOCK}
"""
INFO = ModelInfo(spec="m", name="m", kind="test", modalities=frozenset({Modality.TEXT}), weights_digest="0" * 64)


class Turned:
    """Terms at angles between ``towards`` and ``away``; a template turns X by its own angle."""

    info = INFO

    def __init__(self, turn):
        self.turn = turn

    def embeddings(self, stimuli):
        return np.array([self.of(stimulus) for stimulus in stimuli])

    def of(self, stimulus):
        if stimulus.item in ("towards", "away"):
            return (1.0, 0.0) if stimulus.item == "towards" else (0.0, 1.0)
        angle = math.pi / 4 + 0.01 * int(stimulus.item[1]) * (1 if stimulus.item[0] == "x" else 2)
        angle += self.turn * (int(stimulus.template[0]) - 1) if stimulus.item[0] == "x" else 0
        return math.cos(angle), math.sin(angle)


@pytest.mark.parametrize("block", ["", ", block: position"])
@pytest.mark.parametrize(
    ("templates", "turn", "warned"), [(1, 0.2, False), (3, 0.2, True), (3, 0.0005, False), (5, 0.2, False)]
)
def test_few_templates_that_disagree_are_said(tmp_path, templates, turn, warned, block):
    listed = ", ".join(f'"{i} {{}}"' for i in range(templates))
    (tmp_path / "few.yaml").write_text(SUITE.replace("TEMPLATES", listed).replace(" BLOCK", block))
    suite = load_suite(tmp_path / "few.yaml")
    (planned,) = plan(suite, suite.probes[0], Collector(suite, INFO, None))
    measurement = planned.measure(Turned(turn), 0).measurement
    said = [warning for warning in measurement.warnings if f"which of the {templates} wordings" in warning]
    assert len(said) == warned
