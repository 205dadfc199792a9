"""Shares of several groups: covariance, intervals, extremes, the permutation of groups, and shrinkage."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from audit.records import Estimate, Undefined
from audit.stats import (
    Interval,
    ShareComparison,
    group_shares,
    paule_mandel,
    permuted_gap,
    shrink,
)


def compared(outcomes, groups, clusters, names, seed=0):
    shares = group_shares(np.asarray(outcomes, float), np.asarray(groups), np.asarray(clusters), names)
    test = permuted_gap(np.asarray(outcomes, float), np.asarray(groups), np.asarray(clusters), seed=seed, resamples=999)
    return ShareComparison(shares, test, seed)


def nested(*counts):
    """(hits, n) of each group, every item its own cluster."""
    outcomes = np.concatenate([np.repeat([1, 0], [hits, n - hits]) for hits, n in counts])
    groups = np.repeat(np.arange(len(counts)), [n for _, n in counts])
    names = tuple("abcdefgh"[: len(counts)])
    return compared(outcomes, groups, np.arange(len(outcomes)), names)


def test_a_share_of_independent_items_has_wilsons_interval():
    shares = nested((8, 20), (3, 30)).shares
    found = shares.interval("a")
    assert np.allclose((found.low, found.high), proportion_confint(8, 20, method="wilson"))
    assert shares.covariance[0, 1] == 0
    # Variance of a mean of independent items: n/(n - 1) p (1 - p)/n = .4 .6/19.
    assert np.isclose(shares.covariance[0, 0], 0.4 * 0.6 / 19)


def test_a_difference_of_independent_shares_is_newcombes():
    found = nested((56, 70), (48, 80)).shares.difference("a", "b")
    # Newcombe 1998, table II, example (a), method 10: 0.0524 to 0.3339.
    assert np.allclose((found.low, found.high), (0.0524, 0.3339), atol=5e-5)
    assert np.allclose((found.low, found.high), confint_proportions_2indep(56, 70, 48, 80, method="newcomb"))


def test_items_of_a_cluster_that_agree_count_once():
    once = compared([1, 1, 0, 0, 0, 1], [0, 0, 0, 1, 1, 1], range(6), ("a", "b"))
    many = compared(np.repeat([1, 1, 0, 0, 0, 1], 10), np.repeat([0, 0, 0, 1, 1, 1], 10), np.repeat(range(6), 10), "ab")
    assert np.allclose(once.shares.covariance, many.shares.covariance)
    one, ten = once.shares.interval("a"), many.shares.interval("a")
    assert ten.low <= one.low + 1e-12
    assert ten.high >= one.high - 1e-12
    assert once.estimate("share_gap").groups == many.estimate("share_gap").groups == (3, 3)


def test_clusters_that_are_in_both_groups_take_out_what_they_share():
    rng = np.random.default_rng(0)
    ability = rng.random(60)
    outcomes = np.concatenate([ability < 0.5, ability < 0.6]).astype(float)
    groups, clusters = np.repeat([0, 1], 60), np.tile(np.arange(60), 2)
    crossed = compared(outcomes, groups, clusters, ("a", "b")).shares
    apart = compared(outcomes, groups, np.arange(120), ("a", "b")).shares
    assert crossed.crossed
    assert not apart.crossed
    one, other = crossed.difference("a", "b"), apart.difference("a", "b")
    assert one.high - one.low < 0.8 * (other.high - other.low)
    # The variance of the difference is that of the paired differences: var(d)/n.
    paired = outcomes[:60] - outcomes[60:]
    covariance = crossed.covariance
    assert np.isclose(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1], paired.var(ddof=1) / 60)


def test_the_gap_is_between_the_extremes_and_its_ends_hold_for_whichever_they_are():
    found = nested((4, 40), (24, 40), (12, 40))
    gap = found.estimate("share_gap")
    assert np.isclose(gap.value, 0.5)
    assert found.extreme_groups() == ("b", "a")
    best = found.shares.difference("b", "a")
    wide = found.shares.difference_ends(1 - 0.05 / 3, corrected=True)[0]
    assert np.isclose(gap.high, best.high)
    assert np.isclose(gap.low, wide[1, 0])
    assert gap.low < best.low
    assert gap.groups == (40, 40, 40)
    assert 0.2 < gap.mde < 0.5
    assert 0 < found.estimate("share_gap_corrected").value < gap.value
    largest, smallest = found.estimate("largest_share"), found.estimate("smallest_share")
    assert (largest.value, smallest.value) == (0.6, 0.1)
    assert np.isclose(found.estimate("share_ratio").value, 1 / 6)
    assert found.estimate("share_ratio").high <= 1


def test_no_hits_anywhere_is_a_gap_of_zero_with_an_upper_end():
    found = nested((0, 30), (0, 50))
    gap = found.estimate("share_gap")
    assert (gap.value, gap.low, gap.p) == (0.0, 0.0, None)
    # Newcombe's method 10 with no hit on either side: the upper end is the larger of the two Wilson upper ends.
    assert np.isclose(gap.high, proportion_confint(0, 30, method="wilson")[1])
    assert isinstance(found.estimate("share_ratio"), Undefined)
    assert found.test.reason == "all outcomes are equal"


def test_an_empty_group_is_undefined_and_named():
    shares = group_shares(np.ones(4), np.array([0, 0, 2, 2]), np.arange(4), ("a", "b", "c"))
    found = ShareComparison(shares, Undefined(name="p", reason="x"), 0)
    assert found.estimate("share_gap").reason == "no item belongs to b"
    assert isinstance(found.group("b"), Undefined)
    assert isinstance(found.group("a"), Estimate)
    assert found.intervals(0.99) == {}


@pytest.mark.parametrize("bad", [np.nan, 1.5, -0.1])
def test_outcomes_that_are_none_are_refused(bad):
    found = group_shares(np.array([1.0, bad]), np.array([0, 1]), np.arange(2), ("a", "b"))
    assert found.reason == "1 of 2 outcomes are missing or not between 0 and 1"


def test_a_wider_level_is_wider():
    found = nested((10, 40), (20, 40), (12, 40))
    narrow, wide = found.intervals(0.95), found.intervals(0.99)
    assert set(narrow) == {"share_gap", "share_ratio", "largest_share", "smallest_share"}
    for name, (low, high) in narrow.items():
        assert wide[name][0] <= low <= high <= wide[name][1]


def brute(values, groups):
    """p of the gap over all ways to give the items their groups."""
    k = max(groups) + 1

    def gap(labels):
        means = [np.mean([v for v, g in zip(values, labels, strict=True) if g == i]) for i in range(k)]
        return max(means) - min(means)

    seen = set(permutations(groups))
    return np.mean([gap(labels) >= gap(groups) - 1e-12 for labels in seen])


def test_the_permutation_of_whole_clusters_is_that_of_all_ways():
    values, groups = [1, 1, 0, 0, 1, 0], [0, 0, 1, 1, 2, 2]
    test = permuted_gap(np.array(values, float), np.array(groups), np.arange(6), seed=1, resamples=20_000)
    exact = brute(values, groups)
    assert abs(test.p - exact) < 4 * np.sqrt(exact * (1 - exact) / 20_000) + 1e-4


def test_matched_groups_change_places_within_their_cluster():
    rng = np.random.default_rng(2)
    x, y = (rng.random(7) < 0.9).astype(float), (rng.random(7) < 0.3).astype(float)
    test = permuted_gap(
        np.concatenate([x, y]), np.repeat([0, 1], 7), np.tile(np.arange(7), 2), seed=0, resamples=20_000
    )
    # Two groups whose clusters are in both: a sign flip of the paired differences, two-sided.
    flips = np.array(list(product([1, -1], repeat=7))) @ (x - y)
    exact = np.mean(np.abs(flips) >= abs((x - y).sum()) - 1e-12)
    assert abs(test.p - exact) < 4 * np.sqrt(exact * (1 - exact) / 20_000) + 1e-4
    twin = stats.permutation_test((x, y), lambda a, b: abs(a.mean() - b.mean()), permutation_type="samples")
    assert np.isclose(twin.pvalue, exact, atol=1e-9) or twin.pvalue <= 2 * exact


def test_names_of_groups_and_order_of_items_do_not_matter():
    rng = np.random.default_rng(3)
    outcomes, groups = (rng.random(90) < 0.4).astype(float), rng.integers(0, 3, 90)
    order = rng.permutation(90)
    one = compared(outcomes, groups, np.arange(90), ("a", "b", "c")).estimate("share_gap")
    other = compared(outcomes[order], groups[order], order, ("a", "b", "c")).estimate("share_gap")
    renamed = compared(outcomes, 2 - groups, np.arange(90), ("c", "b", "a")).estimate("share_gap")
    for found in (other, renamed):
        assert np.allclose((one.value, one.low, one.high), (found.value, found.low, found.high))


def test_one_group_has_nothing_to_be_compared_with():
    assert permuted_gap(np.array([0.0, 1.0]), np.array([0, 0]), np.arange(2), seed=0).reason.startswith("at least 2")
    assert isinstance(nested((3, 6)).estimate("share_gap"), Undefined)


def test_tau_is_paule_and_mandels():
    rng = np.random.default_rng(4)
    variances = rng.uniform(0.5, 3, 12)
    values = rng.normal(size=12) * 2 + rng.normal(size=12) * np.sqrt(variances)
    theirs = combine_effects(values, variances, method_re="iterated", atol=1e-12, maxiter=1000)
    assert np.isclose(paule_mandel(values, variances), theirs.tau2, rtol=1e-6)
    found = shrink(values, variances)
    assert np.isclose(found.mean, theirs.mean_effect_re, rtol=1e-6)
    # Shrinkage by hand for the first group.
    kept = theirs.tau2 / (theirs.tau2 + variances[0])
    assert np.isclose(found.values[0], found.mean + kept * (values[0] - found.mean), rtol=1e-6)


def test_what_chance_explains_is_shrunk_to_nothing():
    found = shrink(np.array([1.0, 1.1, 0.9]), np.ones(3))
    assert found.between == 0
    assert np.ptp(found.values) == 0
    assert isinstance(shrink(np.array([1.0, np.nan]), np.ones(2)), Undefined)
    assert isinstance(shrink(np.array([1.0]), np.ones(1)), Undefined)


def test_the_corrected_gap_is_zero_where_groups_of_different_size_do_not_differ():
    rng = np.random.default_rng(5)
    raw, corrected = [], []
    for _ in range(60):
        sizes = rng.integers(5, 301, 24)
        groups = np.repeat(np.arange(24), sizes)
        outcomes = (rng.random(len(groups)) < 0.3).astype(float)
        shares = group_shares(outcomes, groups, np.arange(len(groups)), tuple(map(str, range(24))))
        found = ShareComparison(shares, Undefined(name="p", reason="not asked"), 0)
        raw.append(found.estimate("share_gap").value)
        corrected.append(found.estimate("share_gap_corrected").value)
    assert np.mean(raw) > 0.2
    assert np.mean(corrected) < 0.03


def test_intervals_are_typed():
    assert isinstance(nested((3, 10), (4, 10)).shares.ratio("a", "b"), Interval)
    assert isinstance(nested((3, 10), (0, 10)).shares.ratio("a", "b"), Undefined)
