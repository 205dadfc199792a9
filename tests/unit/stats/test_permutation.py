"""Permutation tests beyond what the reference numbers and the properties say."""

from __future__ import annotations

import numpy as np
import pytest

from audit.stats import paired_sign_flip, two_sample
from audit.stats.subset_sums import LARGEST_TABLE, count_signs, count_subsets, sums_by_size, table_size


def test_the_ladder_is_exact_up_to_22_a_side_and_for_few_against_many():
    assert table_size(44, 22) == LARGEST_TABLE
    assert table_size(46, 23) > LARGEST_TABLE
    generator = np.random.default_rng(0)
    for n_x, n, method in ((4, 200, "exact"), (196, 200, "exact"), (23, 46, "monte-carlo"), (15, 160, "monte-carlo")):
        test = two_sample(generator.normal(size=n), np.arange(n) < n_x, alternative="greater", seed=0, resamples=99)
        assert test.method == method
    assert test.resamples == 99
    assert test.smallest_p == 1 / 100


def test_the_seed_decides_a_monte_carlo_p_and_nothing_else():
    scores, in_x = np.random.default_rng(5).normal(size=80), np.arange(80) < 40
    first, again, other = (
        two_sample(scores, in_x, alternative="two-sided", seed=seed, resamples=999) for seed in (1, 1, 2)
    )
    assert first == again
    assert first.p != other.p
    assert first.p == pytest.approx(other.p, abs=0.06)


def test_a_monte_carlo_p_is_never_zero():
    scores = np.arange(60.0)
    assert two_sample(scores, scores >= 30, alternative="greater", seed=0, resamples=999).p == 1 / 1000
    assert paired_sign_flip(scores + 1, alternative="greater", seed=0, resamples=999).p == 1 / 1000


def test_a_difference_of_zero_has_a_two_sided_p_of_one():
    scores = np.array([1.0, 4, 2, 3])
    assert two_sample(scores, np.arange(4) < 2, alternative="two-sided", seed=0).p == 1
    assert paired_sign_flip(np.array([1.0, -1, 2, -2]), alternative="two-sided", seed=0).p == 1


def test_scores_far_from_zero_keep_their_ties():
    scores = np.array([0.1, 0.2, 0.3, 0.0]) + 1e6
    assert two_sample(scores, np.arange(4) < 2, alternative="greater", seed=0).p == 4 / 6


def test_subset_sums_are_complete_and_sorted():
    sums = sums_by_size(np.array([1, 2, 4]), 2)
    assert [entry.tolist() for entry in sums] == [[0], [1, 2, 4], [3, 5, 6]]
    assert count_subsets(np.arange(1.0, 6), 2, 7.0) == 4
    assert count_subsets(np.arange(1.0, 6), 2, 9.0, 3.0) == 2
    assert count_signs(np.array([1.0, 2, 3]), 2.0) == 3
