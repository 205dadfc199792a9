"""What must hold for any data at all."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from audit.records import Estimate, Margin
from audit.stats import (
    Interval,
    PermutationTest,
    TwoSampleDesign,
    auroc,
    auroc_interval,
    average_precision,
    cohens_d,
    crossed_difference,
    eat_effect_size,
    effect_size_dz,
    estimate_association,
    estimate_matched,
    hedges_g,
    max_t,
    mde,
    paired_difference,
    paired_sign_flip,
    relation,
    tpr_at_fpr,
    two_sample,
)
from tests.strategies import grids, labelled_units, matched_sides, tidy, two_groups

alternatives = st.sampled_from(["greater", "less", "two-sided"])
seeds = st.integers(0, 1000)


def enumerated(scores, in_x, alternative):
    """p by looking at every partition, with exact fractions of an eighth."""
    n, n_x = len(scores), int(in_x.sum())
    sums = np.array([scores[list(chosen)].sum() for chosen in combinations(range(n), n_x)])
    differences = sums / n_x - (scores.sum() - sums) / (n - n_x)
    observed = scores[in_x].mean() - scores[~in_x].mean()
    close = 1e-9
    if alternative == "greater":
        return np.mean(differences >= observed - close)
    if alternative == "less":
        return np.mean(differences <= observed + close)
    return np.mean(np.abs(differences) >= abs(observed) - close)


@settings(max_examples=150)
@given(two_groups(), alternatives)
def test_exact_p_is_that_of_every_partition(groups, alternative):
    scores, in_x = groups
    test = two_sample(scores, in_x, alternative=alternative, seed=0)
    assert test.method == "exact"
    assert test.p == pytest.approx(enumerated(scores, in_x, alternative), abs=1e-12)
    assert test.smallest_p <= test.p <= 1


@settings(max_examples=60)
@given(two_groups(), alternatives, seeds, st.sampled_from([2.0**-30, 0.25, 3.0, 1e12]))
def test_order_and_scale_change_no_p(groups, alternative, seed, factor):
    scores, in_x = groups
    order = np.random.default_rng(seed).permutation(len(scores))
    p = two_sample(scores, in_x, alternative=alternative, seed=0).p
    assert two_sample(scores[order], in_x[order], alternative=alternative, seed=0).p == p
    assert two_sample(factor * scores, in_x, alternative=alternative, seed=0).p == p
    assert two_sample(scores + 7, in_x, alternative=alternative, seed=0).p == p


@settings(max_examples=60)
@given(two_groups())
def test_two_sided_p_has_no_sign_and_one_sided_p_mirrors(groups):
    scores, in_x = groups
    both = two_sample(scores, in_x, alternative="two-sided", seed=0)
    assert two_sample(-scores, in_x, alternative="two-sided", seed=0).p == both.p
    assert two_sample(scores, ~in_x, alternative="two-sided", seed=0).p == both.p
    up = two_sample(scores, in_x, alternative="greater", seed=0)
    assert two_sample(-scores, in_x, alternative="less", seed=0).p == up.p
    assert two_sample(scores, ~in_x, alternative="less", seed=0).p == up.p


@settings(max_examples=15)
@given(seeds, alternatives)
def test_monte_carlo_p_does_not_depend_on_the_order_of_items(seed, alternative):
    generator = np.random.default_rng(seed)
    scores, in_x = generator.normal(size=60), np.arange(60) < 25
    order = generator.permutation(60)
    test = two_sample(scores, in_x, alternative=alternative, seed=3, resamples=199)
    assert test.method == "monte-carlo"
    assert 1 / 200 <= test.p <= 1
    assert two_sample(scores[order], in_x[order], alternative=alternative, seed=3, resamples=199).p == test.p
    if alternative == "two-sided":
        assert two_sample(-scores, in_x, alternative=alternative, seed=3, resamples=199).p == test.p


@settings(max_examples=60)
@given(st.lists(tidy, min_size=2, max_size=9).filter(any), alternatives)
def test_paired_p_is_that_of_every_sign(differences, alternative):
    values = np.array(differences)
    signs = np.array(np.meshgrid(*[[-1, 1]] * len(values))).reshape(len(values), -1)
    means = np.abs(values) @ signs
    observed = values.sum()
    expected = {
        "greater": np.mean(means >= observed - 1e-9),
        "less": np.mean(means <= observed + 1e-9),
        "two-sided": np.mean(np.abs(means) >= abs(observed) - 1e-9),
    }[alternative]
    test = paired_sign_flip(values, alternative=alternative, seed=0)
    assert isinstance(test, PermutationTest)
    assert test.p == pytest.approx(expected, abs=1e-12)


@settings(max_examples=60)
@given(grids(), seeds)
def test_effects_flip_with_the_targets_and_ignore_order(grid, seed):
    scores, in_x = grid
    order = np.random.default_rng(seed).permutation(len(scores))
    means = scores.mean(axis=1)
    for effect in (
        lambda s, x: hedges_g(s, x).value,
        lambda s, x: cohens_d(s, x).low,
        lambda s, x: cohens_d(s, x).high,
    ):
        assert effect(scores[order], in_x[order]) == pytest.approx(effect(scores, in_x), rel=1e-6, abs=1e-9)
    g, flipped = hedges_g(scores, in_x), hedges_g(scores, ~in_x)
    assert (flipped.value, flipped.low, flipped.high) == pytest.approx((-g.value, -g.high, -g.low), rel=1e-6, abs=1e-9)
    d = eat_effect_size(means[in_x], means[~in_x])
    assert eat_effect_size(means[~in_x], means[in_x]) == pytest.approx(-d)
    assert eat_effect_size(5 * means[in_x] + 1, 5 * means[~in_x] + 1) == pytest.approx(d)
    assert abs(eat_effect_size(means[in_x], means[~in_x], ddof=0)) <= np.sqrt(
        len(in_x) ** 2 / (in_x.sum() * (~in_x).sum())
    )


@settings(max_examples=60)
@given(grids(), st.sampled_from([0.8, 0.95, 0.99]))
def test_crossed_t_floors_its_variance_and_agrees_with_g_about_zero(grid, level):
    scores, in_x = grid
    found = crossed_difference(scores, in_x)
    low, high = found.interval(level)
    assert found.se**2 >= max(found.v_cluster, found.v_template) * (1 - 1e-12)
    assert found.df > 0
    assert low < found.value < high
    g = hedges_g(scores, in_x, level=level)
    assume(min(abs(low), abs(high)) > 1e-6 * found.se)
    assert (g.low > 0, g.high < 0) == (low > 0, high < 0)


@settings(max_examples=10)
@given(st.lists(grids(), min_size=1, max_size=4), alternatives, seeds)
def test_simultaneous_intervals_hold_the_pointwise_ones(drawn, alternative, seed):
    tests = [
        TwoSampleDesign(tuple(f"c{i}" for i in range(len(in_x))), in_x, scores, alternative) for scores, in_x in drawn
    ]
    for test, result in zip(tests, max_t(tests, seed=seed, resamples=99), strict=True):
        low, high = crossed_difference(test.scores, test.in_x).interval(0.95)
        assert result.low <= low + 1e-9
        assert result.high >= high - 1e-9
        assert 0 < result.p_adjusted <= 1


@settings(max_examples=30)
@given(grids(), alternatives)
def test_association_estimates_are_complete_and_in_order(grid, alternative):
    scores, in_x = grid
    names = tuple(f"c{i}" for i in range(len(in_x)))
    found = estimate_association(scores, in_x, names, alternative=alternative, seed=1, n_items=scores.size)
    family = max_t([found.design], seed=2, resamples=99)[0]
    for estimate in found.with_family(family).all:
        assert isinstance(estimate, Estimate)
        assert estimate.low_simultaneous <= estimate.low + 1e-9
        assert estimate.low < estimate.value < estimate.high <= estimate.high_simultaneous + 1e-9
        assert 0 < estimate.smallest_p <= estimate.p <= 1
        assert estimate.mde > 0


@settings(max_examples=60)
@given(matched_sides(), alternatives, seeds)
def test_matched_estimates_flip_with_the_targets_and_ignore_the_order_of_blocks(sides, alternative, seed):
    x, y = sides
    order = np.random.default_rng(seed).permutation(len(x))
    names = tuple(f"b{i}" for i in range(len(x)))
    mirror = {"greater": "less", "less": "greater", "two-sided": "two-sided"}[alternative]

    def estimates(first, second, blocks, direction):
        found = estimate_matched(first, second, blocks, block="role", alternative=direction, seed=1, n_items=first.size)
        return found.with_family(max_t([found.design], seed=2, resamples=99)[0]).all

    ours = estimates(x, y, names, alternative)
    swapped = estimates(y, x, names, mirror)
    shuffled = estimates(x[order], y[order], tuple(names[i] for i in order), alternative)
    for one, turned, moved in zip(ours, swapped, shuffled, strict=True):
        assert isinstance(one, Estimate)
        near = {"rel": 1e-6, "abs": 1e-9}
        assert (turned.value, turned.low, turned.high) == pytest.approx((-one.value, -one.high, -one.low), **near)
        assert (turned.p, turned.mde) == (pytest.approx(one.p), pytest.approx(one.mde, rel=1e-6))
        assert (moved.value, moved.low, moved.high) == pytest.approx((one.value, one.low, one.high), **near)
        assert (moved.p, moved.p_adjusted) == (pytest.approx(one.p), one.p_adjusted)
        assert one.low_simultaneous <= one.low + 1e-9
        assert one.low < one.value < one.high <= one.high_simultaneous + 1e-9
        assert 0 < one.smallest_p <= one.p <= 1


@settings(max_examples=60)
@given(matched_sides(), st.sampled_from([0.8, 0.95, 0.99]))
def test_paired_variance_is_floored_and_what_a_pair_shares_does_not_count(sides, level):
    x, y = sides
    found = paired_difference(x - y)
    assert found.se**2 >= max(found.v_cluster, found.v_template) * (1 - 1e-12)
    shared = np.linspace(-3, 3, len(x))[:, None]
    moved = paired_difference((x + shared) - (y + shared))
    assert (moved.value, moved.se, moved.df) == pytest.approx((found.value, found.se, found.df), rel=1e-6, abs=1e-9)
    low, high = found.interval(level)
    dz = effect_size_dz(x - y, level=level)
    assume(min(abs(low), abs(high)) > 1e-6 * found.se)
    assert (dz.low > 0, dz.high < 0) == (low > 0, high < 0)


@given(
    st.floats(1e-6, 1e6),
    st.floats(2, 200),
    st.sampled_from([0.5, 0.8, 0.9]),
    alternatives,
)
@settings(max_examples=60)
def test_mde_grows_with_the_error_and_falls_with_the_degrees(se, df, power, alternative):
    effect = mde(se, df, power=power, alternative=alternative)
    assert effect > 0
    assert mde(2 * se, df, power=power, alternative=alternative) == pytest.approx(2 * effect, rel=1e-6)
    assert mde(se, df + 5, power=power, alternative=alternative) < effect
    assert mde(se, df, power=0.95, alternative=alternative) > effect


@given(st.lists(st.floats(-2, 2), min_size=4, max_size=4).map(sorted), st.floats(1e-6, 1.5), alternatives)
@settings(max_examples=300)
def test_no_interval_is_both_inside_and_beyond(ends, margin, alternative):
    low_simultaneous, low, high, high_simultaneous = ends
    inside = {
        "greater": high < margin,
        "less": low > -margin,
        "two-sided": -margin < low and high < margin,
    }[alternative]
    beyond = {
        "greater": low_simultaneous > margin,
        "less": high_simultaneous < -margin,
        "two-sided": low_simultaneous > margin or high_simultaneous < -margin,
    }[alternative]
    assert not (inside and beyond)
    allowed = Margin("cosine_difference", margin).allowed(alternative)
    decided = relation(low, high, low_simultaneous, high_simultaneous, allowed)
    assert decided == ("inside" if inside else "beyond" if beyond else "undecided")


@settings(max_examples=80)
@given(labelled_units(), seeds)
def test_selectivity_ignores_order_and_monotone_scales(labelled, seed):
    activations, positive = labelled
    order = np.random.default_rng(seed).permutation(len(positive))
    for measure in (auroc, average_precision, tpr_at_fpr):
        found = measure(activations, positive)
        assert ((found >= 0) & (found <= 1)).all()
        assert measure(activations[order], positive[order]) == pytest.approx(found, abs=1e-12)
        assert measure(np.exp(activations), positive) == pytest.approx(found, abs=1e-12)
    assert auroc(-activations, positive) == pytest.approx(1 - auroc(activations, positive), abs=1e-12)


@settings(max_examples=60)
@given(labelled_units())
def test_auroc_interval_holds_its_value_and_mirrors(labelled):
    activations, positive = labelled
    clusters = np.arange(len(positive))
    scores = activations[:, 0]
    area = float(auroc(activations, positive)[0])
    found, mirrored = auroc_interval(scores, positive, clusters), auroc_interval(-scores, positive, clusters)
    assert isinstance(found, Interval)
    assert isinstance(mirrored, Interval)
    assert 0 <= found.low <= area <= found.high <= 1
    assert (mirrored.low, mirrored.high) == pytest.approx((1 - found.high, 1 - found.low), abs=1e-6)
