"""Statistics of the first k, by hand, and what chance and sampling make of them."""

from __future__ import annotations

import numpy as np
import pytest

from audit.records import Undefined
from audit.stats import RETRIEVAL_STATISTICS, Ranking
from audit.stats import skew as s

HALF = np.array([0.5, 0.5])


def test_skews_by_hand():
    # Three of the first four are of group 0: ln(.75/.5) and ln(.25/.5).
    found = s.top_shares(np.array([0, 0, 1, 0, 1, 1]), 4, 2)
    assert found.tolist() == [0.75, 0.25]
    assert np.isclose(s.max_skew(found, HALF, 4), np.log(1.5))
    assert np.isclose(s.min_skew(found, HALF, 4), np.log(0.5))
    assert s.bias_at_k(found) == 0.5
    # -(.75 ln .75 + .25 ln .25)/ln 2
    assert np.isclose(s.normalised_entropy(found), 0.811278124459)


def test_a_group_that_is_not_found_counts_as_found_once():
    found = s.top_shares(np.array([0, 0, 0, 0]), 4, 2)
    assert np.isclose(s.min_skew(found, HALF, 4), np.log(0.25 / 0.5))
    assert np.isclose(s.max_skew(found, HALF, 4), np.log(2))
    assert s.normalised_entropy(found) == 0


def test_ndkl_by_hand():
    # Prefixes 0, 01: KL = ln 2 and 0; weights 1 and 1/log2(3).
    assert np.isclose(s.ndkl(np.array([0, 1]), HALF), np.log(2) / (1 + 1 / np.log2(3)))


def ranking(seed, lean, queries=12, n=60):
    """Every query ranks its own order of all pictures; group 0 is pushed up by ``lean``."""
    rng = np.random.default_rng(seed)
    group = np.arange(n) % 2
    ranked = tuple(np.argsort(-(rng.normal(size=n) + lean * (group == 0))) for _ in range(queries))
    return Ranking(ranked, group, np.arange(n), 2, uniform=False, seed=0)


def test_a_strong_preference_is_told_from_chance():
    strong, none = ranking(0, 2.0), ranking(1, 0.0)
    found = strong.estimate("max_skew", 10, "greater")
    assert found.p == 1 / 500
    assert 0 < found.low < found.value < found.high
    assert "by chance" in found.method
    nothing = none.estimate("max_skew", 10, "greater")
    assert nothing.p > 0.01
    assert nothing.low == 0
    assert strong.estimate("min_skew", 10, "greater").p == 1 / 500
    assert strong.estimate("bias_at_k", 10, "two-sided").value > 0.3


def test_where_no_group_is_preferred_few_lower_ends_are_above_zero():
    above = [ranking(seed, 0.0, queries=8, n=40).estimate("max_skew", 10, "greater").low > 0 for seed in range(60)]
    assert np.mean(above) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)


def test_the_interval_holds_the_bias_of_a_large_pool():
    # What ranking by noise plus a push gives in the limit: P(group 0 | in the top quarter).
    rng = np.random.default_rng(9)
    large = rng.normal(size=400_000) + 0.5 * (np.arange(400_000) % 2 == 0)
    top = np.argsort(-large)[:100_000]
    truth = 1 - 2 * np.mean(top % 2)
    held = []
    for seed in range(60):
        found = ranking(seed, 0.5, queries=8, n=80).estimate("bias_at_k", 20, "two-sided")
        held.append(found.low <= truth <= found.high)
    assert np.mean(held) >= 0.93 - 3 * np.sqrt(0.05 * 0.95 / 60)


@pytest.mark.parametrize("name", RETRIEVAL_STATISTICS)
def test_what_cannot_be_had_is_undefined(name):
    assert "k is 100, and the smallest pool" in ranking(0, 0).estimate(name, 100, "greater").reason
    assert isinstance(ranking(0, 0, queries=1).estimate(name, 10, "greater"), Undefined)
    of_one = Ranking((np.array([0, 2]), np.array([1, 3])), np.array([0, 1, 0, 1]), np.arange(4), 2, False, 0)
    assert "a group has no picture in the pool of a query" in of_one.estimate(name, 1, "greater").reason


def test_three_groups_have_no_bias_of_two():
    group = np.arange(30) % 3
    three = Ranking((np.arange(30), np.arange(30)[::-1]), group, np.arange(30), 3, False, 0)
    assert isinstance(three.estimate("bias_at_k", 6, "two-sided"), Undefined)
    assert three.estimate("max_skew", 6, "greater").value == 0


def test_pictures_of_own_pools_change_groups_within_them():
    group = np.array([0, 1] * 20)
    ranked = tuple(np.arange(10 * q, 10 * q + 10) for q in range(4))
    apart = Ranking(ranked, group, np.arange(40), 2, False, 0)
    assert np.isfinite(apart.by_chance("max_skew", 4)).all()
