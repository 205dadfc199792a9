"""The crossed t, one grouping and many."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from audit.stats import crossed_difference
from audit.stats.crossed import crossed_moments


@pytest.mark.parametrize("templates", [1, 2, 6])
def test_many_groupings_at_once_agree_with_each_alone(templates):
    generator = np.random.default_rng(1)
    scores = generator.normal(size=(14, 1)) + generator.normal(size=(14, templates)) + 3
    masks = np.array([generator.permutation(np.arange(14) < 6) for _ in range(20)])
    grids = np.stack([scores, scores[::-1] ** 2])
    found = crossed_moments(grids, masks)
    assert found.value.shape == (2, 20)
    for place, grid in enumerate(grids):
        for row, mask in enumerate(masks):
            one = crossed_difference(grid, mask)
            ours = found.value[place, row], found.variance[place, row] ** 0.5, found.df[place, row]
            assert ours == pytest.approx((one.value, one.se, one.df))


def test_the_variance_never_falls_below_its_parts():
    # Noise alone makes the residual as large as the other two, and the sum of the three too small.
    scores = np.random.default_rng(3).normal(size=(10, 3))
    found = crossed_difference(scores, np.arange(10) < 5)
    assert found.v_cluster + found.v_template - found.v_residual < max(found.v_cluster, found.v_template)
    assert found.se**2 == pytest.approx(max(found.v_cluster, found.v_template))


def test_type_one_error_with_templates_that_differ_between_the_groups():
    # The full run is benchmarks/calibration.py.
    generator, in_x = np.random.default_rng(7), np.arange(24) < 12
    crossed, clusters_only, runs = 0, 0, 1500
    for _ in range(runs):
        slopes = np.where(in_x[:, None], *(0.5 * generator.normal(size=(2, 1, 8))))
        found = crossed_difference(generator.normal(size=(24, 1)) + slopes + 0.5 * generator.normal(size=(24, 8)), in_x)
        crossed += 2 * special.stdtr(found.df, -abs(found.value) / found.se) <= 0.05
        clusters_only += 2 * special.stdtr(22, -abs(found.value) / found.v_cluster**0.5) <= 0.05
    assert 0.035 <= crossed / runs <= 0.065
    assert clusters_only / runs > 0.07
