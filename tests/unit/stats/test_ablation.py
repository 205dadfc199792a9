"""Controls that match, ranks among them, and shares with an interval; expected values are worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from audit.records import Estimate, Undefined
from audit.stats import (
    against_controls,
    control_range,
    difference_estimates,
    largest_means,
    matched_controls,
    mean_change,
    removed_share,
)

CHANGE = Estimate(name="cosine_change", value=-0.03, unit="cosine", sign="", n=40, groups=(10, 10), method="t")


def test_a_single_unit_is_held_against_its_nearest_neighbours_of_the_same_layer():
    features = np.column_stack([np.arange(40.0), np.zeros(40)])
    layers = np.repeat([0, 1], 20)
    candidates = np.ones(40, dtype=bool)
    candidates[[5, 6]] = False
    found = matched_controls(features, layers, [5], candidates, seed=0, sets=18 + 1)
    assert isinstance(found, Undefined)  # 18 are left in its layer
    assert "18 sets" in found.reason
    features, layers = np.column_stack([np.arange(60.0), np.zeros(60)]), np.zeros(60, dtype=np.intp)
    candidates = np.ones(60, dtype=bool)
    candidates[30] = False
    found = matched_controls(features, layers, [30], candidates, seed=0, sets=20)
    assert sorted(found.sets[:, 0].tolist()) == [*range(20, 30), *range(31, 41)]
    assert found.imbalance == pytest.approx((0.0, 0.0), abs=1e-12)


def test_several_units_are_replaced_one_by_one_from_their_own_layers():
    draw = np.random.default_rng(0)
    features, layers = draw.normal(size=(400, 2)), np.repeat([0, 1], 200)
    candidates = np.ones(400, dtype=bool)
    candidates[[3, 7, 250]] = False
    found = matched_controls(features, layers, [3, 7, 250], candidates, seed=1)
    assert found.sets.shape == (199, 3)
    assert (layers[found.sets] == [0, 0, 1]).all()
    assert not np.isin(found.sets, [3, 7, 250]).any()
    assert all(len(set(row)) == 3 for row in found.sets.tolist())
    assert len({frozenset(row) for row in found.sets.tolist()}) == 199
    for place, unit in enumerate((3, 7, 250)):
        inside = layers == layers[unit]
        far = np.linalg.norm((features - features[unit]) / features[inside].std(axis=0), axis=1)
        own = np.sort(far[inside & candidates])
        assert far[found.sets[:, place]].max() <= own[49]
    again = matched_controls(features, layers, [3, 7, 250], candidates, seed=1)
    np.testing.assert_array_equal(again.sets, found.sets)


def test_the_rank_among_controls_counts_both_directions_and_ties():
    controls = np.array([0.01, -0.02, 0.03, -0.05, *[0.0] * 15])
    found = against_controls(CHANGE, controls)
    assert found.p == pytest.approx(3 / 20)  # |0.03| ties and |-0.05| is beyond
    assert found.smallest_p == pytest.approx(1 / 20)
    assert "19 sets" in found.method
    missing = Undefined(name="cosine_change", reason="why")
    assert against_controls(missing, controls) is missing


def test_under_exchangeable_controls_the_rank_p_is_uniform():
    draw = np.random.default_rng(3)
    ps = [against_controls(replace(CHANGE, value=float(row[0])), row[1:]).p for row in draw.normal(size=(4000, 40))]
    assert np.mean(np.array(ps) <= 0.05) == pytest.approx(2 / 40, abs=3 * np.sqrt(0.05 * 0.95 / 4000))


def test_the_range_of_the_controls_is_that_of_their_order():
    found = control_range(np.arange(201.0) / 100, CHANGE)
    assert (found.value, found.low, found.high) == pytest.approx((1.0, 0.05, 1.95))
    assert isinstance(control_range(np.array([np.nan]), CHANGE), Undefined)


def test_the_share_removed_has_the_interval_of_fieller():
    """One template and one group of size m against a constant one: Fieller's formula for a ratio of means."""
    draw = np.random.default_rng(4)
    m = 30
    before = draw.normal(1.0, 0.4, m)
    change = -0.6 * before + draw.normal(0, 0.1, m)
    in_x = np.arange(2 * m) < m
    own, other = np.zeros(2 * m), np.zeros(2 * m)
    own[:m], other[:m] = before, change
    own[m:] = other[m:] = np.tile(
        [1e-9, -1e-9], m // 2
    )  # the other side is 0 but for what keeps it from being constant

    def difference(values):
        return difference_estimates(values[None, :, None], in_x)[0]

    found = removed_share(difference(own), difference(other), lambda r: difference(other + r * own))
    assert found.value == pytest.approx(-change.mean() / before.mean())
    # Fieller: (c + r b)^2 <= t^2 (v_cc + 2 r v_bc + r^2 v_bb)
    t2 = stats.t.ppf(0.975, m - 1) ** 2
    v = np.cov(before, change) / m
    a = before.mean() ** 2 - t2 * v[0, 0]
    b = 2 * (change.mean() * before.mean() - t2 * v[0, 1])
    c = change.mean() ** 2 - t2 * v[1, 1]
    expected = np.sort(np.roots([a, b, c]).real)
    np.testing.assert_allclose([found.low, found.high], expected, atol=1e-4)


def test_of_nothing_no_share_goes_away():
    before = Estimate(name="d", value=0.01, unit="cosine", sign="", n=4, groups=(2, 2), method="", low=-0.1, high=0.2)
    found = removed_share(before, CHANGE, lambda _: CHANGE)
    assert isinstance(found, Undefined)
    assert "holds 0" in found.reason


def test_the_change_of_an_outcome_is_that_of_clusters():
    before = np.array([1, 1, 0, 0, 1, 1.0])
    after = np.array([0, 1, 0, 0, 1, 0.0])
    clusters = np.array([0, 0, 1, 1, 2, 3])
    found = mean_change(before, after, clusters, name="accuracy_change")
    moved = np.array([-0.5, 0.0, 0.0, -1.0])
    expected = stats.t.interval(0.95, 3, loc=moved.mean(), scale=stats.sem(moved))
    assert found.value == pytest.approx(-0.375)
    assert (found.low, found.high) == pytest.approx(expected)


def test_where_nothing_changes_the_interval_still_has_a_width():
    same = np.tile([0.0, 1.0], 20)
    found = mean_change(same, same, np.arange(40), name="accuracy_change")
    upper = 1.959964**2 / 40 / (1 + 1.959964**2 / 40)
    assert (found.value, found.low, found.high) == pytest.approx((0.0, -upper, upper), abs=1e-6)
    assert isinstance(mean_change(same, same, np.zeros(40), name="accuracy_change"), Undefined)


def test_the_largest_means_hold_for_all_columns_at_once():
    draw = np.random.default_rng(5)
    values = draw.normal(size=(12, 1000))
    values[:, 7] += 4
    first, second = largest_means(values, 2, name="promotion", n=48)
    assert first[0] == 7
    column = values[:, 7]
    expected = stats.t.interval(0.95, 11, loc=column.mean(), scale=stats.sem(column))
    wide = stats.t.interval(1 - 0.05 / 1000, 11, loc=column.mean(), scale=stats.sem(column))
    assert (first[1].low, first[1].high) == pytest.approx(expected)
    assert (first[1].low_simultaneous, first[1].high_simultaneous) == pytest.approx(wide)
    assert first[1].low_simultaneous > 0 > second[1].low_simultaneous
