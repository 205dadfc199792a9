import numpy as np
import pytest

from audit.records import Undefined
from audit.stats.single_case import SingleCase, single_case_difference


def test_the_limits_are_order_statistics():
    """n = 65, level .95: rank ceil(66 * .975) = 65, the largest; mirrored, the smallest."""
    others = np.arange(65.0)
    found = single_case_difference(100.0, others)
    assert found == SingleCase(value=100 - 32, low=100 - 64, high=100 - 0, p=1 / 66)
    """n = 199: rank ceil(200 * .975) = 195, the 5th largest."""
    assert single_case_difference(0.0, np.arange(199.0)).low == -194


def test_ties_count_against_the_case_and_zeros_are_no_problem():
    found = single_case_difference(0.2, np.zeros(65))
    assert (found.value, found.low, found.high, found.p) == (0.2, 0.2, 0.2, 1 / 66)
    assert single_case_difference(0.0, np.zeros(65)).p == 1.0


def test_one_more_draw_falls_inside_as_often_as_promised():
    draws = np.random.default_rng(0).exponential(size=(4_000, 60))
    found = [single_case_difference(row[0], row[1:]) for row in draws]
    inside = np.mean([f.low <= 0 <= f.high for f in found])
    assert inside >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / len(draws))
    assert np.mean([f.p <= 0.05 for f in found]) <= 0.05 + 2 * np.sqrt(0.95 * 0.05 / len(draws))


@pytest.mark.parametrize("others", [np.zeros(38), np.array([])])
def test_too_few_others_bound_nothing(others):
    assert isinstance(single_case_difference(1.0, others), Undefined)


def test_a_missing_value_is_no_zero():
    assert isinstance(single_case_difference(float("nan"), np.zeros(60)), Undefined)
