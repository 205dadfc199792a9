"""One case against others, and a concept with one cluster."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from audit.records import Undefined
from audit.stats import decodability, planted_recall, rank_single, single_case_difference


def test_a_case_against_a_sample_by_hand():
    # Others 1 2 3 4 5: mean 3, deviation sqrt(2.5); t(4) at .975 is 2.776445; reach = 2.776445 sqrt(2.5 * 1.2).
    found = single_case_difference(7.0, np.arange(1.0, 6))
    assert found.value == 4
    assert found.high - found.value == pytest.approx(2.776445 * np.sqrt(3), abs=1e-5)
    assert found.value - found.low == pytest.approx(found.high - found.value)
    assert isinstance(single_case_difference(1.0, np.ones(5)), Undefined)
    assert isinstance(single_case_difference(1.0, np.ones(1)), Undefined)


def test_a_case_from_the_same_population_is_covered():
    generator = np.random.default_rng(0)
    held = 0
    for _ in range(1000):
        found = single_case_difference(generator.normal(), generator.normal(size=8))
        held += found.low <= 0 <= found.high
    assert 0.93 <= held / 1000 <= 0.97


def test_one_positive_cluster_is_a_rank_and_bounds_nothing():
    activations = np.array([[9.0, 1, np.nan], [1, 2, 1], [2, 3, 1], [3, 4, 1]])
    column, estimate = rank_single(activations, np.arange(4) < 1, n_items=16)
    assert column == 0
    assert (estimate.value, estimate.low, estimate.high) == (1.0, 0.0, 1.0)
    assert (estimate.p, estimate.p_adjusted, estimate.smallest_p) == (1 / 4, 3 / 4, 1 / 4)
    assert isinstance(rank_single(activations, np.arange(4) < 2, n_items=16), Undefined)
    assert isinstance(rank_single(activations[:, [2]], np.arange(4) < 1, n_items=16), Undefined)


def test_a_concept_spread_over_units_can_be_decoded_and_noise_cannot():
    generator, positive = np.random.default_rng(0), np.arange(120) < 60
    activations = generator.standard_normal((120, 30))
    direction = generator.standard_normal(30)
    spread = activations + 0.8 * positive[:, None] * direction / np.linalg.norm(direction) * 4
    found, none = decodability(spread, positive, seed=0), decodability(activations, positive, seed=0)
    assert found.low > 0.85
    assert none.low < 0.5 < none.high
    assert isinstance(decodability(activations, np.arange(120) < 4, seed=0), Undefined)


def test_recall_of_planted_units_follows_the_bound():
    positive = np.arange(200) < 100
    activations = np.random.default_rng(0).standard_normal((200, 40))
    weak, strong = (planted_recall(activations, positive, bound, seed=0) for bound in (0.6, 0.8))
    assert weak.value < 0.5
    assert strong.low > 0.9
    # One unit, so the threshold is that of the rank test itself: its power is known.
    alone = planted_recall(activations[:, :1], positive, 0.6, seed=0)
    power = stats.norm.sf(1.645 - 0.1 / np.sqrt(201 / (12 * 100 * 100)))
    assert alone.value == pytest.approx(power, abs=0.07)
