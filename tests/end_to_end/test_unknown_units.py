"""Layers and units that a model does not have: an error of that finding on that model, with the nearest name."""

from __future__ import annotations

import pytest

import audit
from audit.records import Verdict
from tests.conftest import write_arrays

SUITE = """\
suite: names
title: Names of units
concepts:
  a: {label: spiders, terms: [spider, tarantula, widow], pictographs: {object: [spider, snail]}}
  b: {label: insects, terms: [ant, beetle, cricket, bee], pictographs: {object: [ant, beetle, cricket]}}
probes:
  - {id: layer, ask: Is there one?, measure: units, concept: a, against: [b], layers: [visual.layer4.2.act3]}
  - {id: channel, ask: Is there one?, measure: units, concept: a, against: [b], units: [visual.layer4.1.act3/1024/mean]}
  - {id: pattern, ask: Is there one?, measure: absence, concept: a, against: [b], among: "*/cls", bound: {auroc: 0.8}}
  - {id: pictures, ask: Which?, measure: visualize, units: [visual.layer4.1.act3/9999/mean], among: [a, b], steps: 1}
  - {id: of, ask: Which?, measure: visualize, of: channel, steps: 1}
  - id: forms
    ask: Is there one?
    measure: multimodality
    concept: a
    against: [b]
    forms: [rendered, pictograph]
    units: [visual.layer4.1.act3/3/cls]
    describes: true
  - {id: known, ask: Is there one?, measure: units, concept: a, against: [b], units: [visual.layer4.1.act3/1023/max]}
"""
UNITS = "its units go from 'visual.layer4.1.act3/0/mean' to 'visual.layer4.1.act3/1023/max'"


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("names")
    (folder / "names.yaml").write_text(SUITE)
    run = audit.run([str(folder / "names.yaml")], model="pocket", out=folder / "run", device="cpu")
    return {finding.probe: finding for finding in run.findings}


@pytest.mark.parametrize(
    ("probe", "reason"),
    [
        (
            "layer",
            "pocket has no layer 'visual.layer4.2.act3' whose units can be read; did you mean 'visual.layer4.1.act3'?",
        ),
        ("channel", f"pocket has no unit 'visual.layer4.1.act3/1024/mean'; {UNITS}"),
        ("pattern", "no unit of pocket matches '*/cls'; the first of them is 'visual.layer4.1.act3/0/mean'"),
        ("pictures", f"pocket has no unit 'visual.layer4.1.act3/9999/mean'; {UNITS}"),
        ("of", f"pocket has no unit 'visual.layer4.1.act3/1024/mean'; {UNITS}"),
        ("forms", f"pocket has no unit 'visual.layer4.1.act3/3/cls'; {UNITS}"),
    ],
)
def test_it_is_an_error_that_names_what_there_is(findings, probe, reason):
    assert findings[probe].verdict is Verdict.ERROR
    assert findings[probe].reason.endswith(reason)


def test_what_a_model_without_units_is_asked_about_them_is_not_applicable(tmp_path):
    """Whatever layers and units are named: it has none at all, which is no mistake in a name."""
    (tmp_path / "names.yaml").write_text(SUITE)
    folder = write_arrays(tmp_path / "model")
    run = audit.run([str(tmp_path / "names.yaml")], model=f"arrays:{folder}", out=tmp_path / "run")
    assert {finding.missing for finding in run.findings} == {"model"}
    assert {finding.verdict for finding in run.findings} == {Verdict.NOT_APPLICABLE}


def test_the_others_are_measured(findings):
    assert findings["known"].headline is not None
