"""Whatever a stream is split into, and in whichever order its parts are merged, the summary is that of numpy on all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from audit.engine import BinReservoir, BottomK, Histogram, Moments, Ranks, TopK

EDGES = (np.array([-3.0, -1.0, 0.0, 2.0, 3.0]), np.array([-1.0, 1.0]))

numbers = st.one_of(
    st.sampled_from([-3.0, -1.0, 0.0, 2.0, 3.0, np.nan, np.inf, -np.inf]),
    st.floats(-5, 5, width=32, allow_subnormal=False),
)
streams = st.integers(0, 40).flatmap(lambda n: arrays.arrays(np.float32, (n, 2), elements=numbers))


def made():
    """One of each."""
    return {
        "moments": Moments(2),
        "top": TopK(2, 4),
        "bottom": BottomK(2, 4),
        "histogram": Histogram(EDGES),
        "ranks": Ranks([np.array([0.0, 2.0]), np.array([-1.0])]),
        "reservoir": BinReservoir(EDGES, 3, seed=7),
    }


@st.composite
def parted(draw):
    """A stream with its keys, and the parts that it comes in, in any order; some may be empty."""
    values = draw(streams)
    keys = draw(st.permutations([f"k{i:02}" for i in range(len(values))]))
    parts = draw(st.lists(st.integers(0, 4), min_size=len(values), max_size=len(values)))
    order = draw(st.permutations(range(5)))
    return keys, values, [np.flatnonzero(np.array(parts, dtype=int) == part) for part in order]


def fed(keys, values):
    found = made()
    for reducer in found.values():
        reducer.update(keys, values)
    return found


@given(parted())
def test_parts_that_are_merged_are_one_pass(split):
    keys, values, parts = split
    whole, merged = fed(keys, values), made()
    for rows in parts:
        part = fed([keys[i] for i in rows], values[rows])
        for name, reducer in merged.items():
            reducer.merge(part[name])
    one, other = whole["moments"], merged["moments"]
    np.testing.assert_array_equal(one.count, other.count)
    np.testing.assert_array_equal(one.left_out, other.left_out)
    np.testing.assert_array_equal((one.low, one.high), (other.low, other.high))
    np.testing.assert_allclose(one.mean, other.mean, atol=1e-9)
    np.testing.assert_allclose(one.m2, other.m2, atol=1e-7)
    for unit in range(2):
        assert whole["top"].of(unit) == merged["top"].of(unit)
        assert whole["bottom"].of(unit) == merged["bottom"].of(unit)
        np.testing.assert_array_equal(whole["histogram"].counts[unit], merged["histogram"].counts[unit])
        np.testing.assert_array_equal(whole["ranks"].below[unit], merged["ranks"].below[unit])
        np.testing.assert_array_equal(whole["ranks"].equal[unit], merged["ranks"].equal[unit])
        for place in range(len(EDGES[unit]) - 1):
            assert whole["reservoir"].of(unit, place) == merged["reservoir"].of(unit, place)
    np.testing.assert_array_equal(whole["histogram"].below, merged["histogram"].below)
    np.testing.assert_array_equal(whole["histogram"].above, merged["histogram"].above)


@given(parted())
def test_they_say_what_numpy_says_of_the_whole(split):
    keys, values, parts = split
    found = made()
    for rows in parts:
        for reducer in found.values():
            reducer.update([keys[i] for i in rows], values[rows])
    for unit in range(2):
        rows = np.flatnonzero(np.isfinite(values[:, unit]))
        column = values[rows, unit].astype(np.float64)
        moments = found["moments"]
        assert moments.count[unit] == len(column)
        assert moments.left_out[unit] == len(values) - len(column)
        if len(column):
            np.testing.assert_allclose(moments.mean[unit], column.mean(), atol=1e-9)
            np.testing.assert_allclose(moments.std[unit], column.std(), atol=1e-6)
            assert (moments.low[unit], moments.high[unit]) == (column.min(), column.max())
        else:
            assert np.isnan(moments.std[unit])
        ranked = sorted((-value, keys[i]) for i, value in zip(rows, column, strict=True))
        assert [(-seen.value, seen.key) for seen in found["top"].of(unit)] == ranked[:4]
        ranked = sorted((value, keys[i]) for i, value in zip(rows, column, strict=True))
        assert [(seen.value, seen.key) for seen in found["bottom"].of(unit)] == ranked[:4]
        np.testing.assert_array_equal(found["histogram"].counts[unit], np.histogram(column, EDGES[unit])[0])
        assert found["histogram"].below[unit] == (column < EDGES[unit][0]).sum()
        assert found["histogram"].above[unit] == (column > EDGES[unit][-1]).sum()
        wanted = (np.array([0.0, 2.0]), np.array([-1.0]))[unit]
        np.testing.assert_array_equal(found["ranks"].below[unit], (column[:, None] < wanted).sum(axis=0))
        np.testing.assert_array_equal(found["ranks"].equal[unit], (column[:, None] == wanted).sum(axis=0))
        assert found["ranks"].count[unit] == len(column)
        for place, count in enumerate(found["histogram"].counts[unit]):
            sample = found["reservoir"].of(unit, place)
            assert len(sample) == min(3, count)
            assert len({seen.key for seen in sample}) == len(sample)
            assert all(values[keys.index(seen.key), unit] == seen.value for seen in sample)
            low, high = EDGES[unit][place : place + 2]
            last = place == len(EDGES[unit]) - 2
            assert all(low <= seen.value < high or (last and seen.value == high) for seen in sample)


def test_every_stimulus_of_a_bin_is_as_likely_to_be_kept():
    edges, kept = [np.array([0.0, 1.0])], np.zeros(20)
    for seed in range(3_000):
        reservoir = BinReservoir(edges, 5, seed)
        reservoir.update([str(i) for i in range(20)], np.full((20, 1), 0.5))
        for seen in reservoir.of(0, 0):
            kept[int(seen.key)] += 1
    # 3,000 draws of 5 of 20: each is kept 750 times on average, with a standard deviation of 23.7.
    assert kept.sum() == 15_000
    assert abs(kept - 750).max() < 4.5 * 23.7


def test_a_smaller_sample_begins_a_larger_one():
    edges, values = [np.array([0.0, 1.0])], np.full((50, 1), 0.5)
    few, many = BinReservoir(edges, 3, 0), BinReservoir(edges, 10, 0)
    for reservoir in (few, many):
        reservoir.update([str(i) for i in range(50)], values)
    assert few.of(0, 0) == many.of(0, 0)[:3]


def test_moments_far_from_zero_keep_their_digits():
    rng = np.random.default_rng(0)
    values = 1e6 + rng.standard_normal((5_000, 1))
    moments = Moments(1)
    for start in range(0, 5_000, 7):
        part = values[start : start + 7]
        moments.update([""] * len(part), part)
    assert moments.std[0] == pytest.approx(values.std(), rel=1e-9)
