"""Step-down max-T over shared permutations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from audit.records import Undefined
from audit.stats import FamilyResult, TwoSampleDesign, crossed_difference, max_t
from audit.stats.shared_resamples import Relabelling

IN_X = np.arange(20) < 10
NAMES = tuple(f"term {i}" for i in range(20))


def design(seed: int, effect: float = 0.0, templates: int = 1, alternative: str = "two-sided") -> TwoSampleDesign:
    generator = np.random.default_rng(seed)
    scores = generator.normal(size=(20, 1)) + 0.5 * generator.normal(size=(20, templates)) + effect * IN_X[:, None]
    return TwoSampleDesign(NAMES, IN_X, scores, alternative)


def test_a_family_of_one_is_the_pointwise_interval_and_nearly_its_test():
    test = design(1, effect=0.9)
    found = crossed_difference(test.scores, test.in_x)
    (result,) = max_t([test], seed=0)
    pointwise = 2 * stats.t.sf(abs(found.value) / found.se, found.df)
    assert result.p_adjusted == pytest.approx(pointwise, abs=0.01)
    assert result.critical == pytest.approx(stats.t.ppf(0.975, found.df), rel=1e-9)
    assert (result.low, result.high) == pytest.approx(
        (found.value - result.critical * found.se, found.value + result.critical * found.se)
    )


def test_the_same_test_many_times_costs_nothing_and_different_ones_cost_about_bonferroni():
    same = max_t([design(1)] * 10, seed=0, resamples=1999)
    different = max_t([design(seed) for seed in range(10)], seed=0, resamples=1999)
    assert same[0].level == pytest.approx(0.95, abs=0.01)
    assert different[0].level == pytest.approx(1 - 0.05 / 10, abs=0.004)
    assert different[0].critical > same[0].critical


def test_intervals_are_never_wider_than_bonferronis():
    # Two against two with ties: some permutations have no spread at all, and would ask for infinite intervals.
    scores = np.array([0.0, 1, 0, 1])
    tests = [TwoSampleDesign(tuple("abcd"), np.arange(4) < 2, scores, "greater")] * 3
    for result in max_t(tests, seed=0, resamples=199):
        assert result.level == pytest.approx(1 - 0.05 / 3)
        assert np.isfinite([result.low, result.high]).all()


def test_step_down_rejects_more_than_the_largest_statistic_alone():
    tests = [design(1, effect=4), design(2, effect=4), design(3, effect=1.15)]
    results = max_t(tests, seed=0, resamples=1999)
    alone = max_t(tests[2:], seed=0, resamples=1999)
    assert results[2].p_adjusted == pytest.approx(alone[0].p_adjusted, abs=0.002)
    assert results[2].p_adjusted >= max(results[0].p_adjusted, results[1].p_adjusted)


def test_an_undefined_member_leaves_the_family_and_keeps_its_place():
    flat = replace(design(1), scores=np.ones((20, 1)))
    results = max_t([design(1), flat, design(2)], seed=0, resamples=199)
    assert [type(result) for result in results] == [FamilyResult, Undefined, FamilyResult]
    assert results[1].reason == "all scores are equal"
    assert max_t([flat], seed=0) == (Undefined(name="p_adjusted", reason="all scores are equal"),)
    assert max_t([], seed=0) == ()


def test_swapped_targets_mirror_a_one_sided_test_under_every_permutation():
    first = design(1, alternative="greater")
    swapped = replace(first, in_x=~IN_X)
    relabelling = Relabelling([first, swapped], seed=0, resamples=50)
    assert (relabelling.masks(first) == ~relabelling.masks(swapped)).all()
    assert (relabelling.masks(first).sum(axis=1) == 10).all()


def test_shared_names_are_permuted_together_whatever_their_order():
    first = design(1)
    order = np.random.default_rng(0).permutation(20)
    shuffled = TwoSampleDesign(tuple(NAMES[i] for i in order), IN_X[order], first.scores[order], "two-sided")
    relabelling = Relabelling([first, shuffled], seed=0, resamples=50)
    assert (relabelling.masks(first)[:, order] == relabelling.masks(shuffled)).all()
    results = max_t([first, shuffled], seed=0, resamples=199)
    assert results[0].p_adjusted == results[1].p_adjusted


def test_a_name_on_both_sides_stands_for_two_clusters():
    twice = TwoSampleDesign(NAMES[:10] * 2, IN_X, design(1).scores, "two-sided")
    masks = Relabelling([twice], seed=0, resamples=2000).masks(twice)
    together = (masks[:, 0] == masks[:, 10]).mean()
    assert together == pytest.approx(9 / 19, abs=0.04)


def test_family_wise_error_of_correlated_and_independent_tests():
    # The full run is benchmarks/calibration.py.
    for rho in (0.0, 0.8):
        generator, errors, runs = np.random.default_rng(11), 0, 150
        for run in range(runs):
            common = generator.normal(size=20)
            tests = [
                TwoSampleDesign(
                    NAMES, IN_X, rho**0.5 * common + (1 - rho) ** 0.5 * generator.normal(size=20), "greater"
                )
                for _ in range(15)
            ]
            errors += min(result.p_adjusted for result in max_t(tests, seed=run, resamples=199)) <= 0.05
        assert errors / runs <= 0.09
