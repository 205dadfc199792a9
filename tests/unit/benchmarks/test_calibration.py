"""The kept results of the calibration: none fails, and the docs show them; a fast subset is simulated again here."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from audit.records import Undefined
from audit.stats import (
    TwoSampleDesign,
    crossed_difference,
    hedges_g,
    max_t,
    mde,
    noninferiority_p,
    two_sample,
    wilson,
)

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"
KEPT = json.loads((BENCHMARKS / "calibration.json").read_text())


@pytest.fixture
def summary(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import summary

    yield summary
    del sys.modules["summary"]


def halves(n):
    return np.arange(2 * n) < n


def test_no_row_of_the_kept_calibration_fails():
    assert [row["what"] for row in KEPT["rows"] if row["passed"] is False] == []
    assert sum(row["passed"] is True for row in KEPT["rows"]) > 80


def test_the_docs_show_the_kept_calibration(summary):
    rows = [SimpleNamespace(**row) for row in KEPT["rows"]]
    assert summary.table(rows) in summary.DOCS.read_text()
    assert summary.table(summary.of_units(rows)) in summary.UNITS.read_text()
    assert len(summary.of_units(rows)) == 12


# Bounds below are the targets of the calibration with three standard errors of the smaller simulation added.


@pytest.mark.parametrize("correlation", [0.0, 0.4])
def test_clusters_hold_their_level_where_items_do_not(correlation):
    rng, terms, items, runs = np.random.default_rng(1), 8, 10, 600
    by_cluster, by_item = 0, 0
    for run in range(runs):
        own = rng.normal(size=(2 * terms, 1)) * np.sqrt(correlation)
        scores = own + rng.normal(size=(2 * terms, items)) * np.sqrt(1 - correlation)
        by_cluster += two_sample(scores.mean(axis=1), halves(terms), alternative="two-sided", seed=run).p <= 0.05
        if run < 150:
            spread = np.repeat(halves(terms), items)
            by_item += two_sample(scores.ravel(), spread, alternative="two-sided", seed=run, resamples=199).p <= 0.05
    assert by_cluster / runs <= 0.057 + 3 * np.sqrt(0.05 * 0.95 / runs)
    if correlation:
        assert by_item / 150 > 0.2


def test_the_crossed_t_holds_its_level_and_its_interval_covers():
    rng, runs, held = np.random.default_rng(2), 800, 0
    for _ in range(runs):
        scores = rng.normal(size=(32, 1)) + 0.5 * rng.normal(size=(32, 10))
        slopes = 0.5 * rng.normal(size=(2, 10))
        low, high = crossed_difference(scores + np.where(halves(16)[:, None], *slopes), halves(16)).interval()
        held += low <= 0 <= high
    assert abs(held / runs - 0.95) <= 0.015 + 3 * np.sqrt(0.05 * 0.95 / runs)


@pytest.mark.parametrize("rho", [0.0, 0.8])
def test_a_family_holds_its_level(rho):
    rng, runs, names = np.random.default_rng(3), 150, tuple(f"c{i}" for i in range(24))
    rejected = 0
    for run in range(runs):
        scores = np.sqrt(rho) * rng.normal(size=24) + np.sqrt(1 - rho) * rng.normal(size=(20, 24))
        tests = [TwoSampleDesign(names, halves(12), row, "two-sided") for row in scores]
        found = [result for result in max_t(tests, seed=run, resamples=499) if not isinstance(result, Undefined)]
        rejected += min(result.p_adjusted for result in found) <= 0.05
    assert rejected / runs <= 0.057 + 3 * np.sqrt(0.05 * 0.95 / runs)


def test_an_effect_at_the_margin_seldom_passes_and_none_often_does():
    rng, runs, pairs, margin = np.random.default_rng(4), 4000, 100, 0.3
    for truth, low, high in ((margin, 0.0, 0.057), (0.0, 0.90 - 0.015, 0.918 + 0.015)):
        differences = truth + rng.normal(size=(runs, pairs))
        se = differences.std(axis=1, ddof=1) / np.sqrt(pairs)
        passes = np.mean(
            [
                noninferiority_p(float(m), float(s), pairs - 1, margin) <= 0.05
                for m, s in zip(differences.mean(axis=1), se, strict=True)
            ]
        )
        assert low <= passes <= high + 0.011


def test_the_power_at_the_minimum_detectable_effect_is_as_said():
    rng, runs, n = np.random.default_rng(5), 1000, 8
    effect = mde(np.sqrt(2 / n), 2 * n - 2, alternative="two-sided")
    hits = 0
    for _ in range(runs):
        low, high = crossed_difference(rng.normal(size=2 * n) + effect * halves(n), halves(n)).interval()
        hits += low > 0 or high < 0
    assert abs(hits / runs - 0.8) <= 0.02 + 3 * np.sqrt(0.16 / runs)


def test_hedges_g_is_unbiased_at_eight_a_side():
    rng, runs = np.random.default_rng(6), 4000
    values = [hedges_g(rng.normal(size=16) + halves(8), halves(8)).value for _ in range(runs)]
    assert abs(np.mean(values) - 1) < 0.01 + 3 * np.std(values) / np.sqrt(runs)


def test_wilson_covers():
    rng = np.random.default_rng(7)
    sizes, truth = rng.integers(5, 301, 4000), rng.random(4000)
    counts = rng.binomial(sizes, truth)
    found = [wilson(int(s), int(n)) for s, n in zip(counts, sizes, strict=True)]
    held = [w.low <= t <= w.high for w, t in zip(found, truth, strict=True)]
    assert np.mean(held) >= 0.94 - 3 * np.sqrt(0.05 * 0.95 / 4000)
