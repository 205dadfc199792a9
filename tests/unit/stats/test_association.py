"""The estimates of an association, as a finding takes them."""

from __future__ import annotations

import numpy as np
import pytest

from audit.records import Estimate, Undefined
from audit.stats import (
    crossed_difference,
    difference_estimates,
    estimate_association,
    max_t,
    mde,
)

IN_X = np.arange(16) < 8
NAMES = tuple(f"c{i}" for i in range(16))


def grid(effect: float = 0.05, templates: int = 4) -> np.ndarray:
    generator = np.random.default_rng(2)
    return (
        0.03 * generator.normal(size=(16, 1)) + 0.01 * generator.normal(size=(16, templates)) + effect * IN_X[:, None]
    )


def test_the_headline_is_the_raw_difference_with_everything_said():
    scores = grid()
    found = estimate_association(
        scores, IN_X, NAMES, alternative="greater", seed=5, n_items=128, items_per_cluster=2, intraclass=0.25
    )
    raw, crossed = found.of("cosine_difference"), crossed_difference(scores, IN_X)
    assert found.all[0] is raw
    assert (raw.value, raw.low, raw.high) == (crossed.value, *crossed.interval())
    assert (raw.unit, raw.n, raw.groups, raw.clusters) == ("cosine", 128, (8, 8), 16)
    assert raw.method == "difference of means, crossed t over 16 clusters and 4 templates"
    assert raw.mde == pytest.approx(mde(crossed.se, crossed.df, alternative="greater"))
    assert raw.design_effect == 1.25
    assert (raw.p_method, raw.smallest_p, raw.seed) == ("exact", 1 / 12870, None)
    assert found.headed_by("hedges_g")[0] is found.of("hedges_g")
    assert {estimate.p for estimate in found.all} == {raw.p}


def test_the_seed_is_kept_only_where_it_was_used():
    scores, in_x = np.random.default_rng(1).normal(size=(60, 1)), np.arange(60) < 30
    found = estimate_association(
        scores, in_x, tuple(map(str, range(60))), alternative="less", seed=9, n_items=60, resamples=99
    )
    assert (found.of("cosine_difference").p_method, found.of("cosine_difference").seed) == ("monte-carlo", 9)


def test_an_intraclass_correlation_that_is_unknown_leaves_no_design_effect():
    unknown = Undefined(name="icc", reason="one item a cluster")
    found = estimate_association(
        grid(), IN_X, NAMES, alternative="greater", seed=0, n_items=64, items_per_cluster=2, intraclass=unknown
    )
    assert found.of("hedges_g").design_effect is None


def test_family_results_widen_every_estimate_and_an_undefined_one_changes_nothing():
    found = estimate_association(grid(), IN_X, NAMES, alternative="two-sided", seed=0, n_items=64)
    noise = [
        estimate_association(
            np.random.default_rng(s).normal(size=(16, 4)), IN_X, NAMES, alternative="two-sided", seed=0, n_items=64
        )
        for s in range(9)
    ]
    result = max_t([found.design, *(other.design for other in noise)], seed=0, resamples=999)[0]
    for before, after in zip(found.all, found.with_family(result).all, strict=True):
        assert isinstance(after, Estimate)
        assert after.low_simultaneous < before.low < before.high < after.high_simultaneous
        assert after.p_adjusted == result.p_adjusted
    raw = found.with_family(result).of("cosine_difference")
    assert (raw.low_simultaneous, raw.high_simultaneous) == pytest.approx((result.low, result.high))
    assert found.with_family(Undefined(name="p_adjusted", reason="none")) is found


def test_templates_that_cancel_leave_the_raw_difference_and_no_standardised_one():
    # Every row mean is the same, so there is no deviation of cluster means to divide by, but templates do differ.
    sign = np.where(np.arange(16) % 2 == 0, 1.0, -1.0)
    scores = np.column_stack([sign, -sign]) * (np.arange(1, 17) * np.where(IN_X, 1, 2))[:, None]
    found = estimate_association(scores, IN_X, NAMES, alternative="greater", seed=0, n_items=32)
    assert isinstance(found.of("cosine_difference"), Estimate)
    assert found.of("cosine_difference").p is None
    assert isinstance(found.of("hedges_g"), Undefined)
    assert isinstance(found.of("effect_size_d"), Undefined)


def test_saturation_two_separated_groups_have_the_same_d_at_any_distance():
    near, far = (
        estimate_association(grid(effect), IN_X, NAMES, alternative="greater", seed=0, n_items=64)
        for effect in (0.5, 5.0)
    )
    assert far.of("cosine_difference").value > 9 * near.of("cosine_difference").value
    assert far.of("effect_size_d").value - near.of("effect_size_d").value < 0.02
    assert near.of("effect_size_d").low < near.of("effect_size_d").value < near.of("effect_size_d").high < 2


def test_the_difference_alone_carries_an_interval_and_no_test():
    scores = grid()
    found, flat = difference_estimates(np.stack([scores, scores * 0]), IN_X)
    assert (found.low, found.high) == crossed_difference(scores, IN_X).interval()
    assert (found.p, found.mde, found.n) == (None, None, 64)
    assert isinstance(flat, Undefined)
