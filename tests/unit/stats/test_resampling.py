"""Bootstrap intervals."""

from __future__ import annotations

import numpy as np
import pytest

from audit.records import Undefined
from audit.stats import bca, cluster_bootstrap, crossed_difference, studentized_bootstrap

IN_X = np.arange(60) < 30


def test_on_normal_scores_they_are_near_the_t_interval():
    scores = np.random.default_rng(0).normal(size=60) + IN_X
    expected = crossed_difference(scores, IN_X).interval()
    for found in (studentized_bootstrap(scores, IN_X, seed=0), bca(scores, IN_X, seed=0)):
        assert (found.low, found.high) == pytest.approx(expected, abs=0.06)


def test_shifting_and_flipping_the_scores_shifts_and_flips_the_interval():
    scores = np.random.default_rng(1).exponential(size=60)
    found, moved = (studentized_bootstrap(s, IN_X, seed=0) for s in (scores, scores + 2 * IN_X))
    assert (moved.low - 2, moved.high - 2) == pytest.approx((found.low, found.high))
    flipped = studentized_bootstrap(-scores, IN_X, seed=0)
    assert (-flipped.high, -flipped.low) == pytest.approx((found.low, found.high))


def test_whole_clusters_are_drawn():
    generator = np.random.default_rng(2)
    clusters = np.repeat(np.arange(20), 3)
    scores = generator.normal(size=20)[clusters] + 0.1 * generator.normal(size=60)
    by_cluster, by_item = cluster_bootstrap(scores, IN_X, clusters, seed=0), studentized_bootstrap(scores, IN_X, seed=0)
    assert by_cluster.high - by_cluster.low > 1.4 * (by_item.high - by_item.low)
    means = scores.reshape(20, 3).mean(axis=1)
    expected = crossed_difference(means, np.arange(20) < 10).interval()
    assert (by_cluster.low, by_cluster.high) == pytest.approx(expected, abs=0.3)


def test_too_few_clusters_for_a_studentized_draw_are_undefined():
    scores = np.array([1.0, 2, 3, 5])
    found = studentized_bootstrap(scores, np.arange(4) < 2, seed=0)
    assert isinstance(found, Undefined)
    assert found.reason == "too few clusters for a studentized bootstrap"
    missing = cluster_bootstrap(np.array([1.0, np.nan, 3, 5]), np.arange(4) < 2, np.arange(4), seed=0)
    assert isinstance(missing, Undefined)
