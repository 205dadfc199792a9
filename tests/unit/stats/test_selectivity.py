"""Selectivity of many units at once: flags, chunks, ties."""

from __future__ import annotations

import numpy as np
import pytest

from audit.stats import auroc, average_precision, constant_units, finite_units, pearson, selectivity, tpr_at_fpr
from audit.stats.selectivity import centred_ranks

POSITIVE = np.arange(12) < 4


def test_missing_and_constant_units_are_flagged_and_do_not_touch_the_others():
    activations = np.random.default_rng(0).normal(size=(12, 4))
    alone = auroc(activations, POSITIVE)
    activations[3, 1] = np.nan
    activations[:, 2] = 0.5
    assert finite_units(activations).tolist() == [True, False, True, True]
    assert constant_units(activations).tolist() == [False, False, True, False]
    areas = auroc(activations, POSITIVE)
    assert areas[[0, 3]].tolist() == alone[[0, 3]].tolist()
    assert areas[2] == 0.5
    for measure in (auroc, average_precision, tpr_at_fpr, pearson):
        assert np.isnan(measure(activations, POSITIVE)[1])
    assert average_precision(activations, POSITIVE)[2] == pytest.approx(4 / 12)
    assert np.isnan(pearson(activations, POSITIVE)[2])


def test_labels_that_are_all_the_same_give_no_number():
    activations = np.random.default_rng(0).normal(size=(12, 2))
    nobody = np.zeros(12, dtype=bool)
    for measure in (auroc, average_precision, tpr_at_fpr, pearson):
        assert np.isnan(measure(activations, nobody)).all()


def test_chunks_do_not_change_the_numbers(monkeypatch):
    activations = np.round(np.random.default_rng(1).normal(size=(12, 30)), 1).astype(np.float32)
    whole = auroc(activations, POSITIVE), average_precision(activations, POSITIVE)
    monkeypatch.setattr(selectivity, "_CELLS", 12 * 7)
    assert auroc(activations, POSITIVE).tolist() == whole[0].tolist()
    assert average_precision(activations, POSITIVE).tolist() == whole[1].tolist()


def test_centred_mid_ranks():
    ((units, ranks),) = centred_ranks(np.array([[3.0], [1.0], [3.0], [2.0]]))
    assert units == slice(0, 1)
    # Ranks 3.5, 1, 3.5, 2, less their mean of 2.5.
    assert ranks.tolist() == [[1.0, -1.5, 1.0, -0.5]]


def test_tpr_keeps_ties_together():
    # Both of the highest scores are 5, one of each label: no threshold takes the positive without the negative.
    assert tpr_at_fpr(np.array([[5.0], [5.0], [1.0], [0.0]]), np.array([True, False, True, False]), 0.01)[0] == 0
