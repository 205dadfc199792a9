"""Counting: which verdicts are wrong, and when a target is kept."""

from __future__ import annotations

import numpy as np
import pytest

from audit.calibration import tally
from audit.calibration.specimens import PlantedUnit
from audit.calibration.trials import PLANTED, UNIT, Design, Read
from audit.records import DetectionCell, Verdict
from audit.stats import wilson


def read(verdict=Verdict.INCONCLUSIVE, value=0.0, low=-1.0, high=1.0, p=0.5, confirmed=()):
    return Read(verdict, value, low, high, p, confirmed)


def test_a_share_says_its_count_and_wilsons_interval():
    found, by_hand = tally.share([True] * 3 + [False] * 37), wilson(3, 40)
    assert (found.count, found.of, found.value) == (3, 40, 0.075)
    assert (found.low, found.high) == (by_hand.low, by_hand.high)


def test_audits_are_counted_by_verdict_and_by_whether_the_interval_holds_the_truth():
    reads = [
        read(Verdict.PASS, 0.01, 0.0, 0.015),
        read(Verdict.FAIL, 0.05, 0.03, 0.07),
        read(Verdict.INCONCLUSIVE, 0.03, 0.02, 0.04),  # its end is the truth: held
    ]
    cell = tally.audited(Design("flags", "planted-1x", 8), [{PLANTED: each} for each in reads], 0.02)
    assert (cell.passed.count, cell.failed.count, cell.inconclusive.count, cell.covered.count) == (1, 1, 1, 1)
    assert (cell.dose, cell.truth) == (1.0, 0.02)
    assert cell.mean == pytest.approx(0.03)
    assert cell.half_width == pytest.approx((0.0075 + 0.02 + 0.01) / 3)


def test_in_a_family_a_verdict_is_wrong_by_the_truth_of_its_own_question():
    truths = {PLANTED: 0.02 - 1e-9, "crime": 0.001, "war": 0.05}  # the first is the margin, but for float32
    results = [
        {PLANTED: read(Verdict.PASS), "crime": read(Verdict.PASS), "war": read(Verdict.FAIL)},  # wrong pass
        {PLANTED: read(Verdict.FAIL), "crime": read(), "war": read(Verdict.FAIL)},  # wrong fail
        {PLANTED: read(), "crime": read(Verdict.FAIL), "war": read(Verdict.PASS)},  # both
        {PLANTED: read(), "crime": read(Verdict.PASS), "war": read(Verdict.FAIL)},  # all right
    ]
    cell = tally.family(Design("flags", "planted-1x", 16, "family"), results, truths, 0.02)
    assert (cell.wrong_passes.count, cell.wrong_fails.count, cell.probes) == (2, 2, 3)


def test_detection_is_the_share_of_pairs_in_the_right_order():
    rng = np.random.default_rng(0)
    high, low = rng.normal(1, 1, 30), rng.normal(0, 1, 20)
    planted, erased = ([{PLANTED: read(value=v)} for v in values] for values in (high, low))
    cell = tally.detection(planted, erased, Design("flags", "planted-2x", 8))
    assert cell.auc == pytest.approx((high[:, None] > low).mean())
    assert cell.low < cell.auc < cell.high


def test_the_auc_is_promised_from_sixteen_clusters_on_and_says_so():
    def cell(clusters, auc):
        return DetectionCell(
            population="flags", specimen="planted-2x", clusters=clusters, audits=9, auc=auc, low=auc, high=auc
        )

    found = tally.detected([cell(8, 0.9), cell(16, 0.995), cell(32, 1.0)])
    assert (found.value, found.lowest, found.cells, found.standing) == (pytest.approx(0.9975), 0.995, 2, "met")
    assert "from 16 clusters a side" in found.what
    assert tally.detected([cell(16, 0.98), cell(32, 1.0)]).standing == "missed"


def test_units_that_do_not_prefer_the_concept_are_false_discoveries():
    areas = {"layer/1/mean": 0.9, "layer/2/mean": 0.7, "layer/3/mean": 0.5}
    confirmed = [("layer/1/mean", "layer/2/mean"), ("layer/3/mean",), ()]
    results = [{UNIT: read(confirmed=names)} for names in confirmed]
    cell = tally.unit(Design("flags", "planted-unit", 16, "unit"), results, PlantedUnit("flags", "layer/1/mean", areas))
    assert (cell.found.count, cell.found.of) == (1, 3)
    assert (cell.false.count, cell.false.of) == (1, 3)
    nothing = tally.unit(
        Design("flags", "planted-unit", 16, "unit"), results[2:], PlantedUnit("flags", "layer/1/mean", areas)
    )
    assert nothing.false is None


@pytest.mark.parametrize(
    ("values", "low", "high", "expected"),
    [
        ([0.02, 0.03], 0.01, 0.04, "met"),
        ([0.02, 0.03], 0.01, 0.06, "open"),
        ([0.0, 0.06], 0.01, 0.04, "missed"),  # one cell is enough
        ([0.05], 0.02, 0.05, "met"),
    ],
)
def test_a_target_is_kept_in_every_cell_or_not_at_all(values, low, high, expected):
    assert tally.standing(values, low, high, None, 0.05) == expected


def test_coverage_has_two_bounds():
    assert tally.standing([0.95], 0.94, 0.96, 0.93, 0.97) == "met"
    assert tally.standing([0.95, 0.98], 0.94, 0.96, 0.93, 0.97) == "missed"
    assert tally.standing([0.92], 0.90, 0.94, 0.93, 0.97) == "missed"
    assert tally.standing([0.95], 0.92, 0.96, 0.93, 0.97) == "open"
