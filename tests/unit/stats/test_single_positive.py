"""A concept with one cluster."""

from __future__ import annotations

import numpy as np

from audit.records import Undefined
from audit.stats import rank_single


def test_one_positive_cluster_is_a_rank_and_bounds_nothing():
    activations = np.array([[9.0, 1, np.nan], [1, 2, 1], [2, 3, 1], [3, 4, 1]])
    column, estimate = rank_single(activations, np.arange(4) < 1, n_items=16)
    assert column == 0
    assert (estimate.value, estimate.low, estimate.high) == (1.0, 0.0, 1.0)
    assert (estimate.p, estimate.p_adjusted, estimate.smallest_p) == (1 / 4, 3 / 4, 1 / 4)
    assert isinstance(rank_single(activations, np.arange(4) < 2, n_items=16), Undefined)
    assert isinstance(rank_single(activations[:, [2]], np.arange(4) < 1, n_items=16), Undefined)
