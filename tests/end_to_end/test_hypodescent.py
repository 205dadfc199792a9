"""Morphs between two parents on arrays: the share that goes to the minority, step by step."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

import audit
from audit.records import Undefined, Verdict

SUITE = """\
suite: morphs
title: Morphs
concepts:
  faces: {label: faces, where: {kind: [morph]}}
  few: {label: few, terms: [minority]}
  many: {label: many, terms: [majority]}
probes:
  - id: middle
    ask: Where do morphs go?
    measure: hypodescent
    morphs: faces
    series: pair
    mixing: part
    minority: few
    majority: many
    margin: {excess: 0.1}
"""
SERIES, STEPS = 30, (0.25, 0.5, 0.75)


def finding_of(tmp_path, *, given=24, suite=SUITE, change=lambda rows: rows):
    """``given`` of the thirty middles lie closer to the minority; a quarter never does, three quarters always do."""
    rows, vectors = ["id,modality,kind,pair,part,term", "w0,text,word,,,minority", "w1,text,word,,,majority"], []
    vectors += [[1.0, 0.0], [0.0, 1.0]]
    for series in range(SERIES):
        for step in STEPS:
            towards = step > 0.5 or (step == 0.5 and series < given)
            rows.append(f"m{series}-{step},image,morph,pair {series},{step},")
            vectors.append([1.0, 0.5] if towards else [0.5, 1.0])
    (tmp_path / "folder").mkdir()
    np.save(tmp_path / "folder" / "embeddings.npy", np.array(vectors, dtype=np.float32))
    (tmp_path / "folder" / "stimuli.csv").write_text("\n".join(change(rows)) + "\n")
    (tmp_path / "morphs.yaml").write_text(suite)
    run = audit.run([str(tmp_path / "morphs.yaml")], model=f"arrays:{tmp_path / 'folder'}", out=tmp_path / "run")
    (finding,) = run.findings
    return finding


def test_the_share_of_middles_is_held_against_one_half(tmp_path):
    finding = finding_of(tmp_path)
    excess, share, _ = finding.estimates
    low, high = proportion_confint(24, SERIES, method="wilson")
    assert (share.name, share.value, share.low, share.high) == ("minority_share", 0.8, *map(pytest.approx, (low, high)))
    assert (excess.value, excess.low, excess.high) == pytest.approx((0.3, low - 0.5, high - 0.5))
    assert excess.p == pytest.approx(stats.binomtest(24, SERIES, alternative="greater").pvalue)
    assert finding.verdict is Verdict.FAIL
    (steps,) = finding.breakdowns
    assert {row.name: row.estimate.value for row in steps.rows} == {"0.25": 0.0, "0.5": 0.8, "0.75": 1.0}


def test_one_half_and_a_little_decides_nothing(tmp_path):
    assert finding_of(tmp_path, given=16).verdict is Verdict.INCONCLUSIVE


def test_few_for_the_minority_pass(tmp_path):
    assert finding_of(tmp_path, given=8).verdict is Verdict.PASS


def test_morphs_without_a_step_are_counted_and_none_is_guessed(tmp_path):
    def change(rows):
        return [row.replace("pair 3,0.5", "pair 3,half").replace("pair 4,0.5", ",0.5") for row in rows]

    finding = finding_of(tmp_path, change=change)
    assert [(e.what, e.count, e.names) for e in finding.excluded] == [
        ("morphs", 2, ("m3-0.5", "m4-0.5")),
        ("series", 2, ("pair 3", "pair 4")),
    ]
    assert finding.headline.n == 28
    assert finding.headline.value == pytest.approx(22 / 28 - 0.5)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (",0.5,", ",1.5,", "must lie between 0 and 1, and has 1.5"),
        (",0.5,", ",0.4,", "no morph is 0.5 in the column part, which has 0.25, 0.4, 0.75"),
        (",0.", ",a", "no morph has a number in the column part and a value of pair"),
    ],
)
def test_tables_that_cannot_be_used_say_why(tmp_path, old, new, reason):
    finding = finding_of(tmp_path, change=lambda rows: [row.replace(old, new) for row in rows])
    (estimate,) = finding.estimates
    assert isinstance(estimate, Undefined)
    assert reason in estimate.reason
    assert finding.verdict is Verdict.ERROR


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("minority: few", "minority: fewer", 14, "unknown concept 'fewer'"),
        ("minority: few", "minority: many", 14, "are the same concept, many"),
        ("margin: {excess: 0.1}", "margin: {excess: 0.6}", 16, "must be less than 0.5"),
        ("    series: pair\n", "", 8, "needs `series`"),
        ("margin: {excess: 0.1}", "at: 1.5", 16, "less than 1"),
    ],
)
def test_mistakes_are_found_at_their_line(refused, old, new, line, message):
    assert old in SUITE
    refused(SUITE.replace(old, new, 1), line, message)
