"""The largest difference between levels, and the pseudo-values of self-similarity."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.records import Undefined
from audit.stats import LevelComparison, paired_difference, pseudo_values


def levels(seed: int, *, k: int = 3, clusters: int = 9, templates: int = 1, effect: float = 0.0) -> LevelComparison:
    generator = np.random.default_rng(seed)
    cluster = generator.standard_normal((clusters, 1))
    scores = [cluster + 0.3 * generator.standard_normal((clusters, templates)) for _ in range(k)]
    scores[-1] = scores[-1] + effect
    names = tuple(f"role {i}" for i in range(clusters))
    return LevelComparison(
        names=tuple("abcdefgh"[:k]),
        clusters=(names,) * k,
        scores=tuple(scores),
        seed=1,
        n=k * clusters * templates,
        matched="role",
    )


@settings(max_examples=15)
@given(st.integers(0, 1_000), st.permutations(range(3)))
def test_the_order_of_the_levels_changes_nothing(seed, order):
    found = levels(seed)
    turned = replace(found, names=tuple(found.names[i] for i in order), scores=tuple(found.scores[i] for i in order))
    one, other = found.headline(), turned.headline()
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))
    assert set(found.extreme_pair()) == set(turned.extreme_pair())


@settings(max_examples=15)
@given(st.integers(0, 1_000))
def test_below_is_above_of_the_opposite(seed):
    below = replace(levels(seed), reference=0, alternative="less")
    above = replace(below, scores=tuple(-own for own in below.scores), alternative="greater")
    one, other = below.headline(), above.headline()
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))
    assert one.p == pytest.approx(other.p)


def test_every_pair_is_looked_at_and_the_largest_leads():
    found = levels(3, k=4, effect=2.0)
    differences = {
        (x, y): paired_difference(found.scores[i] - found.scores[j])
        for (i, x), (j, y) in combinations(enumerate(found.names), 2)
    }
    largest = max(differences, key=lambda pair: abs(differences[pair].value))
    assert found.headline().value == pytest.approx(abs(differences[largest].value))
    assert found.headline().low > 0.5
    assert found.headline().p == pytest.approx(2.0**-8, rel=0.5)  # nine pairs have 256 sign flips, two-sided
    assert set(found.extreme_pair()) == set(largest)
    rows = found.differences()
    assert [abs(row.value) for _, row in rows] == sorted((abs(d.value) for d in differences.values()), reverse=True)
    for _, row in rows:
        assert row.low_simultaneous <= row.low <= row.value <= row.high <= row.high_simultaneous


def test_levels_of_clusters_of_their_own_are_compared_as_two_samples():
    found = levels(5, effect=3.0)
    own = tuple(tuple(f"{level}{name}" for name in found.clusters[0]) for level in found.names)
    free = replace(found, clusters=own, matched="")
    assert free.headline().value == pytest.approx(found.headline().value)
    assert free.headline().high - free.headline().low > found.headline().high - found.headline().low


def test_without_one_pair_there_is_no_largest():
    found = levels(1, k=3)
    flat = replace(found, scores=(found.scores[0], found.scores[0], found.scores[2]))
    assert flat.headline() == Undefined(
        name="largest_difference", reason="of a and b, the paired differences do not vary"
    )
    assert flat.intervals(0.99) == {}


@given(st.integers(0, 1_000), st.integers(3, 8), st.integers(1, 3))
def test_pseudo_values_are_those_of_the_mean_cosine_without_each_cluster(seed, clusters, templates):
    vectors = np.random.default_rng(seed).standard_normal((clusters, templates, 5))

    def mean_cosine(kept):
        return np.mean([(vectors[i] * vectors[j]).sum(axis=1) for i, j in combinations(kept, 2)], axis=0)

    everything = list(range(clusters))
    whole = mean_cosine(everything)
    expected = [clusters * whole - (clusters - 1) * mean_cosine([j for j in everything if j != i]) for i in everything]
    found = pseudo_values(vectors)
    assert found == pytest.approx(np.array(expected))
    assert found.mean(axis=0) == pytest.approx(whole)


@pytest.mark.parametrize(("clusters", "are"), [(0, "are none"), (1, "is 1"), (2, "are 2")])
def test_two_clusters_have_no_pseudo_values(clusters, are):
    found = pseudo_values(np.ones((clusters, 1, 3)))
    assert isinstance(found, Undefined)
    assert found.reason == f"at least 3 clusters are needed, and there {are}"
