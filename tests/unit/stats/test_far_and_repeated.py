"""Far tails, corrections that few resamples cannot carry, candidate against baseline, alpha over releases."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.records import Undefined
from audit.stats import (
    AlphaLedger,
    PermutationTest,
    change,
    crossed_difference,
    holm,
    holm_of,
    needed_resamples,
    paired_sign_flip,
    sign_flip_tail,
    two_sample,
    two_sample_tail,
)


@pytest.mark.parametrize("n", [12, 16, 20])
def test_a_saddlepoint_is_near_the_exact_p_where_many_partitions_are_as_extreme(n):
    rng, errors = np.random.default_rng(n), []
    while len(errors) < 15:
        scores = rng.exponential(size=2 * n)
        scores[:n] += rng.uniform(0.3, 1.5)
        exact = two_sample(scores, np.arange(2 * n) < n, alternative="greater", seed=0).p
        if 1_000 / comb(2 * n, n) < exact < 0.2:
            errors.append(abs(two_sample_tail(scores, n, scores[:n].sum()) / exact - 1))
    assert np.median(errors) < 0.03
    assert max(errors) < 0.15


@pytest.mark.parametrize("n", [14, 20])
def test_signs_likewise(n):
    rng, errors = np.random.default_rng(n), []
    while len(errors) < 15:
        pairs = rng.normal(size=n) + rng.uniform(0.2, 1)
        exact = paired_sign_flip(pairs, alternative="greater", seed=0).p
        if 500 / 2**n < exact < 0.2:
            errors.append(abs(sign_flip_tail(pairs, pairs.sum()) / exact - 1))
    assert np.median(errors) < 0.03


def test_it_is_refused_where_it_says_nothing():
    assert "at least 10 clusters" in two_sample_tail(np.arange(18.0), 9, 100).reason
    assert "separate completely" in two_sample_tail(np.arange(24.0), 12, sum(range(12, 24))).reason
    assert "at least 10 pairs" in sign_flip_tail(np.ones(9), 5).reason
    assert "same way" in sign_flip_tail(np.ones(12), 12).reason


def test_the_ladder_ends_in_a_saddlepoint_that_is_labelled_so():
    rng = np.random.default_rng(0)
    scores = np.concatenate([rng.normal(size=40) + 2, rng.normal(size=40)])
    found = two_sample(scores, np.arange(80) < 40, alternative="two-sided", seed=0, resamples=999)
    assert found.method == "saddlepoint"
    assert 0 < found.p < 1e-6
    near = two_sample(scores - 1.7 * (np.arange(80) < 40), np.arange(80) < 40, alternative="greater", seed=0)
    assert near.method == "monte-carlo"
    signs = paired_sign_flip(rng.normal(size=60) + 1.2, alternative="greater", seed=0, resamples=999)
    assert signs.method == "saddlepoint"
    assert 0 < signs.p < 1e-6


@given(st.integers(0, 10_000))
def test_turning_all_scores_turns_no_two_sided_tail(seed):
    rng = np.random.default_rng(seed)
    scores, in_x = np.concatenate([rng.normal(size=30) + 2.5, rng.normal(size=25)]), np.arange(55) < 30
    one = two_sample(scores, in_x, alternative="two-sided", seed=0, resamples=99)
    other = two_sample(-scores, in_x, alternative="two-sided", seed=0, resamples=99)
    assert np.isclose(one.p, other.p, rtol=1e-6)


def test_few_resamples_carry_no_correction_over_many_tests():
    assert needed_resamples(39) == 15_600
    tests = [PermutationTest(1.0, p, "monte-carlo", 9_999, 1e-4) for p in (0.001, 0.04)]
    assert np.allclose(holm_of(tests), holm(np.array([0.001, 0.04])))
    many = [*tests, *(PermutationTest(1.0, 0.5, "exact", 70, 1 / 70) for _ in range(30))]
    found = holm_of(many)
    assert "9,999 resamples are too few for 32 tests; at least 12,800" in found[0].reason
    assert isinstance(found[2], float)


def models(seed, grown):
    rng = np.random.default_rng(seed)
    in_x = np.arange(24) < 12
    base = rng.normal(size=(24, 1)) + 0.2 * rng.normal(size=(24, 5))
    candidate = base + 0.05 * rng.normal(size=(24, 5)) + grown * in_x[:, None]
    return candidate, base, in_x


def test_a_change_is_measured_on_the_same_stimuli():
    candidate, base, in_x = models(0, 0.5)
    found = change(candidate, base, in_x, tolerance=0.4)
    assert np.isclose(
        found.estimate.value, crossed_difference(candidate, in_x).value - crossed_difference(base, in_x).value
    )
    assert found.estimate.low > 0.4
    assert found.noninferior_p > 0.9
    apart = crossed_difference(base, in_x)
    assert found.estimate.high - found.estimate.low < 0.3 * np.ptp(apart.interval())
    same = change(*models(1, 0.0), tolerance=0.2)
    assert same.estimate.low < 0 < same.estimate.high
    assert same.noninferior_p < 0.001


def test_deviations_can_be_taken_out_and_shapes_must_agree():
    candidate, base, in_x = models(2, 0.0)
    scaled = change(3 * candidate, base, in_x, normalisation="sd")
    assert abs(scaled.estimate.value) < 0.1
    assert scaled.estimate.unit == "sd"
    assert isinstance(change(candidate[:, :4], base, in_x).estimate, Undefined)
    assert isinstance(change(base, base, in_x).estimate, Undefined)
    assert isinstance(change(np.zeros((24, 5)), base, in_x, normalisation="sd").estimate, Undefined)


def test_the_ledger_never_spends_more_than_alpha():
    ledger = AlphaLedger(0.05)
    assert np.isclose(ledger.next_level, 0.05 * 6 / np.pi**2)
    for _ in range(52):
        ledger = ledger.after()
    assert len(ledger.spent) == 52
    assert ledger.spent[0] / ledger.spent[3] == pytest.approx(16)
    assert 0.049 < ledger.total < 0.05
