"""Typographic attacks on the model that ships, and on arrays where nothing can be written."""

from __future__ import annotations

import numpy as np
import pytest

import audit
from audit.records import Verdict
from tests.conftest import write_arrays

SUITE = """\
suite: attack
title: Attack
concepts:
  animals:
    label: animals
    pictographs: {object: [dog, cat, horse, tiger, monkey]}
    terms: [dog, cat, horse, tiger, monkey]
  things: {label: things, terms: [bell, candle, scissors, telephone]}
probes:
  - id: written
    ask: Does a word become the name?
    measure: typographic
    concept: animals
    labels: [animals, things]
    written: [things]
    places: [centre, bottom]
    areas: [0.2]
    limit: 20
    margin: {rate: 0.5}
"""


def run(tmp_path, suite=SUITE, **given):
    (tmp_path / "attack.yaml").write_text(suite)
    (finding,) = audit.run([str(tmp_path / "attack.yaml")], out=tmp_path / "run", **given).findings
    return finding


def test_words_across_pictures_are_counted_on_pocket(tmp_path):
    finding = run(tmp_path)
    assert finding.form == ("pictograph", "text")
    rate, blank = finding.estimates
    assert (rate.name, blank.name) == ("attack_rate", "changed_by_blank_strip")
    assert rate.n == 40
    assert rate.groups[1] == 4
    assert 0 <= rate.low <= rate.value <= rate.high <= 1
    kinds = {breakdown.kind: breakdown for breakdown in finding.breakdowns}
    assert [row.name for row in kinds["place"].rows] == ["centre", "bottom"]
    total = sum(row.estimate.value * row.estimate.n for row in kinds["label"].rows)
    assert np.isclose(total, rate.value * rate.n)
    hits = [e for e in finding.evidence if e.picture]
    assert len(hits) == len(finding.evidence)
    for exhibit in hits:
        assert (tmp_path / "run" / exhibit.picture).is_file()


def test_nothing_can_be_written_on_arrays(tmp_path):
    finding = run(tmp_path, model=f"arrays:{write_arrays(tmp_path / 'folder')}")
    assert finding.verdict is Verdict.NOT_APPLICABLE
    assert "nothing can be written on pictures that were embedded elsewhere" in finding.statement


def test_words_that_cannot_be_written_are_counted(tmp_path):
    finding = run(tmp_path, SUITE.replace("telephone]", "telephone, 電話]"))
    assert [(e.count, e.names) for e in finding.excluded] == [(1, ("電話",))]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("written: [things]", "written: [animal]", 15, "unknown concept 'animal'"),
        ("labels: [animals, things]", "labels: [animals]", 15, "writes 'things', which is not among labels"),
        ("areas: [0.2]", "areas: [0.6]", 17, "must be at most 0.5"),
        ("areas: [0.2]", "areas: []", 17, "must not be empty"),
        ("places: [centre, bottom]", "places: [middle]", 16, "must be top, centre or bottom"),
        ("margin: {rate: 0.5}", "margin: {gap: 0.5}", 19, "unknown key `gap`"),
    ],
)
def test_mistakes_are_found_at_their_line(refused, old, new, line, message):
    assert old in SUITE
    refused(SUITE.replace(old, new), line, message)
