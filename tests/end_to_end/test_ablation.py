"""An association that runs through one unit goes away with that unit, and the others stay."""

from __future__ import annotations

import numpy as np
import pytest

from audit.assess import Assessment
from audit.encoders.edits import EDITS, read_specimens
from audit.encoders.open_clip_source import encoder_of
from audit.encoders.pocket import pocket_source, pocket_weights
from audit.engine import Cache, LiveEncodings
from audit.stimuli import Collector
from audit.suite import load_suite

SUITE = """\
suite: planted
title: An association through one unit
use: [lexicons/harms.yaml, lexicons/neutral.yaml]
concepts:
  south: {label: the South, pictographs: {flags: [KE, NG, GH, TZ, UG, MZ, ZM, ZW, AO, CM, SN, ML], styles: [noto]}}
  north: {label: the North, pictographs: {flags: [FR, DE, IT, ES, PT, NL, BE, SE, IE, FI, DK, GR], styles: [noto]}}
probes:
  - id: poverty
    ask: Is the South tied to poverty?
    measure: association
    targets: {x: south, y: north}
    attributes: {a: poverty, b: wealth}
    forms: [[pictograph, text]]
    margin: {cosine: 0.02}
  - id: crime
    ask: Is the South tied to crime?
    measure: association
    targets: {x: south, y: north}
    attributes: {a: crime, b: public-life}
    forms: [[pictograph, text]]
    margin: {cosine: 0.02}
  - id: unit
    ask: What does the unit do?
    measure: units
    concept: south
    against: [north]
    forms: [pictograph]
    units: [UNIT]
    ablate: [poverty, crime]
"""
AT = "visual.attnpool"


def _direction(encodings: LiveEncodings, collector: Collector, a: str, b: str) -> np.ndarray:
    means = [encodings.embeddings(collector.collect(each, "text").stimuli).mean(axis=0) for each in (a, b)]
    return means[0] - means[1]


STRENGTH = 6.0
"""How far the unit moves a picture along the planted direction, for one of its activation."""


def _edited(channel: int, towards: np.ndarray) -> dict[str, np.ndarray]:
    """The weights by which the channel is read, with what it answers to moving the embedding ``towards`` (d,)."""
    weights = pocket_weights()
    inner = np.linalg.pinv(weights[f"{AT}.c_proj.weight"].astype(np.float64)) @ (towards / np.linalg.norm(towards))
    value = weights[f"{AT}.v_proj.weight"].astype(np.float64)
    value[:, channel] += STRENGTH * inner
    return {f"{AT}.v_proj.weight": value.astype(np.float32)}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """The measurements by probe, the unit, and by how much the association grew when it was planted."""
    folder = tmp_path_factory.mktemp("ablation")
    edit = read_specimens(EDITS).edits["planted-unit"]
    unit = f"visual.layer4.1.act3/{edit.channel}/mean"
    (folder / "suite.yaml").write_text(SUITE.replace("UNIT", unit))
    suite = load_suite(str(folder / "suite.yaml"))
    replaced = edit.replaced(pocket_weights())
    before = LiveEncodings(encoder_of(pocket_source(replaced), "cpu"), Cache(folder, "before"))
    collector = Collector(suite, before.info, None)
    towards, other = (
        _direction(before, collector, *pair) for pair in (("poverty", "wealth"), ("crime", "public-life"))
    )
    # Only what the other association does not share, so that the unit carries the one and not the other.
    own = towards - other * (towards @ other) / (other @ other)
    after = LiveEncodings(
        encoder_of(pocket_source(replaced | _edited(edit.channel, own)), "cpu"), Cache(folder, "after")
    )
    south, north = (collector.collect(each, "pictograph").stimuli for each in ("south", "north"))

    def association(encodings: LiveEncodings) -> float:
        return float((encodings.embeddings(south).mean(axis=0) - encodings.embeddings(north).mean(axis=0)) @ towards)

    assessment = Assessment([suite], {suite.suite: collector}, after, 0)
    assessment.prepare()
    measured = {each.probe: each for each in assessment.measure(lambda *_: None).measurements}
    return measured, unit, association(after) - association(before)


def rows(measurement, title):
    (found,) = (each for each in measurement.breakdowns if each.title.startswith(title))
    return [row.estimate for row in found.rows]


def test_the_planted_association_goes_away_with_its_unit(planted):
    measured, _, amount = planted
    assert amount > 0.02
    before, after, change, controls = rows(measured["unit"], "poverty, with unit")
    assert before.value == pytest.approx(measured["poverty"].estimates[0].value, abs=1e-6)
    assert after.value == pytest.approx(before.value + change.value, abs=1e-9)
    assert change.value == pytest.approx(-amount, rel=0.15)
    assert change.high < 0
    assert change.p == change.smallest_p == pytest.approx(1 / 200)
    assert controls.low > change.value
    assert abs(controls.value) < amount / 20


def test_the_other_association_stays(planted):
    measured, _, amount = planted
    _, _, change, _ = rows(measured["unit"], "crime, with unit")
    assert abs(change.value) < amount / 10
    poverty, crime = rows(measured["unit"], "Part that goes away")
    assert poverty.low > 0
    assert poverty.value > 3 * abs(crime.value)


def test_the_backward_pass_puts_it_first_and_agrees_with_exact_runs(planted):
    measured, unit, _ = planted
    (ranked,) = (each for each in measured["unit"].breakdowns if each.title.startswith("Change of poverty"))
    assert ranked.rows[0].name == unit
    assert len(ranked.rows) == 10
    assert float(ranked.note.split(" is ")[-1].split()[0]) > 0.9


def test_what_else_is_lost_is_said_with_an_interval(planted):
    measured, _, _ = planted
    before, after, change = rows(measured["unit"], "Naming the other stimuli")
    assert 0 <= before.low <= before.value <= before.high <= 1
    assert change.value == pytest.approx(after.value - before.value)
    assert change.low < change.high
