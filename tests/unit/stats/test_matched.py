"""Pairs: their mean difference, its standard error, and its place in the family."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from audit.records import Estimate, Undefined
from audit.stats import (
    CrossedDifference,
    EffectSize,
    FamilyResult,
    MatchedDesign,
    TwoSampleDesign,
    crossed_difference,
    effect_size_dz,
    estimate_association,
    estimate_matched,
    matched_difference,
    max_t,
    mde,
    paired_difference,
)
from audit.stats.matched import flipped_moments
from audit.stats.shared_resamples import Flipping, Relabelling, SharedResamples

NAMES = tuple(f"role {i}" for i in range(12))


def sides(seed: int = 3, *, effect: float = 0.02, templates: int = 3, pairs: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Two sides that share what is of the block, which varies ten times as much as their difference."""
    generator = np.random.default_rng(seed)
    block = 0.1 * generator.normal(size=(pairs, 1))
    x, y = (block + 0.01 * generator.normal(size=(pairs, templates)) for _ in range(2))
    return x + effect, y


def test_the_parts_of_the_variance_are_those_of_a_two_way_table():
    x, y = sides(templates=4)
    grid = x - y
    found = paired_difference(grid)
    assert isinstance(found, CrossedDifference)
    n, t = grid.shape
    rows, columns = grid.mean(axis=1), grid.mean(axis=0)
    total = ((grid - grid.mean()) ** 2).sum()
    left = total - t * ((rows - grid.mean()) ** 2).sum() - n * ((columns - grid.mean()) ** 2).sum()
    mean_square = left / ((n - 1) * (t - 1))
    assert found.v_cluster == pytest.approx(rows.var(ddof=1) / n)
    assert found.v_template == pytest.approx(columns.var(ddof=1) / t)
    assert found.v_residual == pytest.approx(mean_square / (n * t))
    assert found.se**2 == pytest.approx(
        max(found.v_cluster + found.v_template - found.v_residual, found.v_cluster, found.v_template)
    )
    assert (found.value, found.method) == (pytest.approx(grid.mean()), "crossed-t")


def test_templates_that_move_the_difference_widen_the_interval():
    x, y = sides(templates=5)
    steady, moving = paired_difference(x - y), paired_difference(x - y + 0.02 * np.arange(-2, 3))
    assert moving.value == pytest.approx(steady.value)
    assert moving.se > 1.5 * steady.se
    assert moving.df < 6  # the templates decide, and there are five


def test_what_a_template_does_to_both_sides_is_gone():
    x, y = sides()
    shift = np.array([0.3, -0.2, 0.1])
    assert paired_difference((x + shift) - (y + shift)).se == pytest.approx(paired_difference(x - y).se)
    together = np.concatenate([x, y])
    in_x = np.arange(24) < 12
    assert crossed_difference(together, in_x).se > 3 * paired_difference(x - y).se


@pytest.mark.parametrize(
    ("differences", "reason"),
    [
        (np.array([[0.1, 0.2]]), "at least 2 pairs are needed, and there is 1"),
        (np.empty((0, 2)), "at least 2 pairs are needed, and there are 0"),
        (np.array([0.1, np.nan, 0.2]), "1 of 3 paired differences are missing or not finite"),
        (np.full((4, 2), 0.1), "the paired differences do not vary"),
        (np.zeros((4, 1)), "the paired differences do not vary"),
    ],
)
def test_what_cannot_be_computed_says_why(differences, reason):
    assert paired_difference(differences) == Undefined(name="cosine_difference", reason=reason)
    assert effect_size_dz(differences) == Undefined(name="effect_size_dz", reason=reason)
    grid = differences[:, None] if differences.ndim == 1 else differences
    found = estimate_matched(
        grid, grid * 0, NAMES[: len(grid)], block="role", alternative="greater", seed=0, n_items=2 * grid.size
    )
    assert [(m.name, m.reason) for m in found.all] == [
        (name, reason) for name in ("cosine_difference", "effect_size_dz", "effect_size_d")
    ]


def test_two_pairs_have_an_interval_and_no_dz():
    found = estimate_matched(
        np.array([[0.3], [0.1]]), np.zeros((2, 1)), ("a", "b"), block="role", alternative="greater", seed=0, n_items=4
    )
    raw, dz, _ = found.all
    assert (raw.value, raw.p, raw.smallest_p) == (pytest.approx(0.2), 0.25, 0.25)
    assert dz == Undefined(name="effect_size_dz", reason="with 2 pairs no correction takes out the bias of dz")
    with_family = found.with_family(max_t([found.design], seed=0, resamples=99)[0])
    assert with_family.of("effect_size_dz") == dz
    assert with_family.of("cosine_difference").p_adjusted is not None


def test_the_bias_of_dz_is_corrected():
    generator, values = np.random.default_rng(7), []
    for _ in range(4000):
        found = effect_size_dz(generator.normal(size=8) + 0.8)
        assert isinstance(found, EffectSize)
        values.append(found.value)
    assert np.mean(values) == pytest.approx(0.8, abs=0.02)  # uncorrected: 0.90


def test_everything_is_said_of_a_matched_association():
    x, y = sides()
    found = estimate_matched(x, y, NAMES, block="role", alternative="greater", seed=5, n_items=72)
    raw, dz, d = found.all
    crossed = paired_difference(x - y)
    assert (raw.value, raw.low, raw.high) == (crossed.value, *crossed.interval())
    assert (raw.n, raw.groups, raw.clusters, raw.block, raw.unit) == (72, (12,), 12, "role", "cosine")
    assert raw.method == "mean paired difference, crossed t over 12 pairs and 3 templates"
    assert (raw.p_method, raw.smallest_p, raw.seed) == ("exact", 2.0**-12, None)
    assert raw.mde == pytest.approx(mde(crossed.se, crossed.df, alternative="greater"))
    deviation = (x - y).mean(axis=1).std(ddof=1)
    assert dz.value == pytest.approx((1 - 3 / 43) * crossed.value / deviation)
    assert dz.mde == pytest.approx(raw.mde / deviation)
    assert "times the small-sample correction 1 - 3/(4 df - 1) = 0.930 on 11 df" in dz.method
    assert {estimate.p for estimate in found.all} == {raw.p}
    assert {estimate.block for estimate in found.all} == {"role"}
    assert found.headed_by("effect_size_d")[0] is d


def test_eat_d_is_the_one_without_blocks_and_its_interval_is_narrower():
    x, y = sides()
    matched = estimate_matched(x, y, NAMES, block="role", alternative="greater", seed=0, n_items=72)
    in_x = np.arange(24) < 12
    free = estimate_association(np.concatenate([x, y]), in_x, NAMES * 2, alternative="greater", seed=0, n_items=72)
    ours, theirs = matched.of("effect_size_d"), free.of("effect_size_d")
    assert ours.value == pytest.approx(theirs.value, abs=1e-12)
    assert matched.of("cosine_difference").value == pytest.approx(free.of("cosine_difference").value, abs=1e-12)
    assert ours.high - ours.low < 0.5 * (theirs.high - theirs.low)
    assert (ours.low > 0) == (matched.of("cosine_difference").low > 0)


def test_many_pairs_are_drawn_and_the_seed_is_kept():
    x, y = sides(pairs=60, templates=1)
    x = x - 0.95 * (x - y).mean()  # so that some draws are as extreme
    names = tuple(map(str, range(60)))
    raw = estimate_matched(
        x, y, names, block="person", alternative="two-sided", seed=9, n_items=120, resamples=999
    ).all[0]
    assert (raw.p_method, raw.seed, raw.smallest_p) == ("monte-carlo", 9, 1 / 1000)
    assert raw.method == "mean paired difference, paired t over 60 pairs"


def test_differences_that_cancel_over_templates_leave_no_p_and_no_standardised_value():
    sign = np.where(np.arange(12) % 2 == 0, 1.0, -1.0)[:, None] * np.arange(1, 13)[:, None]
    x = sign * np.array([1.0, -1.0])
    raw, dz, d = estimate_matched(x, x * 0, NAMES, block="role", alternative="greater", seed=0, n_items=48).all
    assert isinstance(raw, Estimate)
    assert raw.p is None
    assert isinstance(dz, Undefined)
    assert isinstance(d, Undefined)


def test_the_difference_alone_carries_an_interval_and_no_test():
    x, y = sides()
    found = matched_difference(x, y, block="role")
    assert (found.low, found.high) == paired_difference(x - y).interval()
    assert (found.p, found.mde, found.n, found.groups, found.block) == (None, None, 72, (12,), "role")
    assert isinstance(matched_difference(x, x, block="role"), Undefined)


def test_flipped_moments_are_those_of_each_choice_of_signs():
    x, y = sides(templates=4)
    grid = x - y
    signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(40, 12))
    for grids in (np.stack([grid, grid[::-1] ** 2]), grid[None, :, :1]):
        moments = flipped_moments(grids, signs)
        for place, own in enumerate(grids):
            for row, choice in enumerate(signs):
                one = paired_difference(own * choice[:, None])
                assert moments.value[place, row] == pytest.approx(one.value, abs=1e-12)
                assert moments.variance[place, row] == pytest.approx(one.se**2, rel=1e-9)
                assert moments.df[place, row] == pytest.approx(one.df, rel=1e-9)


def matched(seed: int, effect: float = 0.0, names: tuple[str, ...] = NAMES) -> MatchedDesign:
    return MatchedDesign(names, *sides(seed, effect=effect), "two-sided")


def unmatched(seed: int) -> TwoSampleDesign:
    return TwoSampleDesign(NAMES * 2, np.arange(24) < 12, np.concatenate(sides(seed, effect=0.0)), "two-sided")


def test_a_family_of_one_matched_test_is_the_paired_t():
    x, y = sides(4, effect=0.004, templates=1)
    (result,) = max_t([MatchedDesign(NAMES, x, y, "two-sided")], seed=0)
    theirs = stats.ttest_rel(x[:, 0], y[:, 0])
    assert isinstance(result, FamilyResult)
    assert result.p_adjusted == pytest.approx(theirs.pvalue, abs=0.02)
    assert (result.low, result.high) == pytest.approx(theirs.confidence_interval(0.95))


def test_matched_and_unmatched_tests_are_corrected_together():
    mixed = [matched(1, 0.05), unmatched(2), matched(3), unmatched(4)]
    results = max_t(mixed, seed=0, resamples=1999)
    alone = max_t(mixed[:1], seed=0, resamples=1999)
    assert results[0].p_adjusted <= 0.01
    assert results[0].level > alone[0].level
    assert len({result.level for result in results}) == 1
    assert 0.96 < results[0].level <= 1 - 0.05 / 4 + 1e-12  # never wider than Bonferroni's
    for test, result in zip(mixed, results, strict=True):
        low, high = test.difference().interval()
        assert result.low <= low < high <= result.high


def resampled(tests: list[MatchedDesign | TwoSampleDesign]) -> dict[int, np.ndarray]:
    """(50,) difference of every test under each resample, by its place."""
    grids = [[test.differences if isinstance(test, MatchedDesign) else test.scores] for test in tests]
    shared = SharedResamples(tests, grids, seed=3, resamples=50)
    found = [(places, moments) for part in shared.parts() for places, (moments,) in shared.moments(part)]
    return {place: own for places, moments in found for place, own in zip(places, moments.value, strict=True)}


def test_an_unmatched_test_is_permuted_alike_with_and_without_matched_ones_beside_it():
    free = unmatched(2)
    alone, beside = resampled([free]), resampled([matched(1), free])
    assert (alone[0] == beside[1]).all()
    assert abs(np.corrcoef(beside[0], beside[1])[0, 1]) < 0.4


def test_tests_of_different_shapes_each_get_their_own_regroupings():
    names = tuple(f"other {i}" for i in range(9))
    grid = np.random.default_rng(1).normal(size=(9, 2))
    tests = [unmatched(2), TwoSampleDesign(names, np.arange(9) < 4, grid, "greater"), matched(3), unmatched(4)]
    found = resampled(tests)
    free = {place: test for place, test in enumerate(tests) if isinstance(test, TwoSampleDesign)}
    relabelling = Relabelling(list(free.values()), seed=3, resamples=50)
    for place, test in free.items():
        regrouped = [crossed_difference(test.scores, mask).value for mask in relabelling.masks(test)]
        assert found[place] == pytest.approx(regrouped)
    assert found[2].shape == (50,)


def test_resamples_in_parts_are_those_in_one(monkeypatch):
    tests = [unmatched(2), matched(3), unmatched(4)]
    whole = max_t(tests, seed=0, resamples=500)
    monkeypatch.setattr("audit.stats.shared_resamples._AT_ONCE", 64)
    monkeypatch.setattr("audit.stats.shared_resamples._BATCH", 1)
    assert max_t(tests, seed=0, resamples=500) == whole


def test_tests_on_the_same_pairs_share_their_signs_whatever_the_order():
    first = matched(1)
    order = np.random.default_rng(0).permutation(12)
    shuffled = MatchedDesign(tuple(NAMES[i] for i in order), first.x[order], first.y[order], "two-sided")
    flips = Flipping([first, shuffled], seed=0, resamples=50)
    assert (flips.signs(first)[:, order] == flips.signs(shuffled)).all()
    same = max_t([first, shuffled, replace(first, x=first.y, y=first.x)], seed=0, resamples=999)
    assert len({result.p_adjusted for result in same}) == 1
    assert same[0].level == pytest.approx(0.95, abs=0.01)  # three times the same test costs nothing


def test_an_undefined_matched_test_leaves_the_family():
    flat = replace(matched(1), x=matched(1).y)
    found = max_t([flat, matched(2)], seed=0, resamples=99)
    assert found[0] == Undefined(name="p_adjusted", reason="the paired differences do not vary")
    assert isinstance(found[1], FamilyResult)
