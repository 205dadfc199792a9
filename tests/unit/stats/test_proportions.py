"""Intervals of shares beyond the published ones."""

from __future__ import annotations

import numpy as np

from audit.records import Undefined
from audit.stats import wilson, wilson_simultaneous


def test_many_groups_are_wider_than_one_and_empty_groups_cost_nothing():
    successes, n = np.array([3, 0, 9, 0]), np.array([10, 12, 9, 0])
    together = wilson_simultaneous(successes, n)
    assert isinstance(together[3], Undefined)
    assert together[:3] == wilson_simultaneous(successes[:3], n[:3])
    for s, m, wide in zip(successes[:3], n[:3], together[:3], strict=True):
        one = wilson(int(s), int(m))
        assert wide.low <= one.low <= s / m <= one.high <= wide.high


def test_ends_are_exactly_zero_and_one():
    assert wilson(0, 9).low == 0
    assert wilson(9, 9).high == 1
    (none, all_of_them) = wilson_simultaneous(np.array([0, 9]), np.array([9, 9]))
    assert (none.low, all_of_them.high) == (0, 1)
