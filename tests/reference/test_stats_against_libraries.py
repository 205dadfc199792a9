"""The same numbers as scipy, statsmodels and scikit-learn where they define the same thing."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower, TTestPower
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import ttost_ind

from audit.stats import (
    auc,
    auroc,
    average_precision,
    bca,
    benjamini_hochberg,
    benjamini_yekutieli,
    clopper_pearson,
    cohens_d,
    crossed_difference,
    effect_size_dz,
    estimate_matched,
    holm,
    mde,
    paired_difference,
    paired_sign_flip,
    pearson,
    permutation_auroc,
    tost_p,
    tpr_at_fpr,
    two_sample,
    wilson,
)
from audit.stats.random_subsets import random_subset_sums

RNG = np.random.default_rng(20)


@pytest.fixture(autouse=True)
def _the_same_numbers_whatever_ran_before() -> None:
    RNG.bit_generator.state = np.random.default_rng(20).bit_generator.state


@pytest.mark.parametrize("sizes", [(5, 5), (4, 9), (9, 4)])
@pytest.mark.parametrize("alternative", ["greater", "less", "two-sided"])
def test_exact_permutation_against_scipy(sizes, alternative):
    x, y = RNG.normal(size=sizes[0]) + 0.5, RNG.normal(size=sizes[1])
    ours = two_sample(np.concatenate([x, y]), np.arange(sum(sizes)) < sizes[0], alternative=alternative, seed=0)
    difference = lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis)  # noqa: E731
    if alternative == "two-sided":
        # scipy doubles the smaller tail; ours compares absolute differences.
        theirs = stats.permutation_test(
            (x, y), lambda a, b, axis: np.abs(difference(a, b, axis)), vectorized=True, alternative="greater"
        )
    else:
        theirs = stats.permutation_test((x, y), difference, vectorized=True, alternative=alternative)
    assert ours.p == pytest.approx(theirs.pvalue, abs=1e-9)


def test_monte_carlo_p_is_near_the_exact_one():
    # 30 against 30 is Monte Carlo; the large-sample truth is Welch's t, within its own error.
    scores = RNG.normal(size=60)
    scores[:30] += 0.5
    ours = two_sample(scores, np.arange(60) < 30, alternative="greater", seed=1)
    theirs = stats.ttest_ind(scores[:30], scores[30:], alternative="greater").pvalue
    assert ours.method == "monte-carlo"
    assert ours.p == pytest.approx(theirs, rel=0.1)


@pytest.mark.parametrize(("n", "size"), [(2, 1), (3, 2), (9, 3), (12, 1), (12, 6), (11, 10), (13, 5)])
def test_random_subsets_are_all_equally_likely(n, size):
    # Powers of two: every subset has a sum of its own.
    sums = random_subset_sums(2.0 ** np.arange(n), size, 200 * comb(n, size), np.random.default_rng(0))
    found, counts = np.unique(sums, return_counts=True)
    assert found.tolist() == sorted(map(sum, combinations((2.0 ** np.arange(n)).tolist(), size)))
    assert stats.chisquare(counts).pvalue > 0.001


@pytest.mark.parametrize(("n", "size"), [(1, 1), (3, 3), (3, 0), (200, 200)])
def test_random_subsets_of_all_or_none_hold_all_or_none(n, size):
    values = np.arange(1.0, n + 1)
    found = random_subset_sums(values, size, 10, np.random.default_rng(0))
    assert found.tolist() == [values.sum() if size else 0.0] * 10


@pytest.mark.parametrize(("n", "size"), [(64, 32), (65, 30), (200, 3), (150, 149), (129, 64)])
def test_random_subsets_of_several_words_are_those_of_a_permutation(n, size):
    generator = np.random.default_rng(3)
    values = generator.standard_t(2, size=n)
    ours = random_subset_sums(values, size, 20_000, generator)
    theirs = [generator.permutation(values)[:size].sum() for _ in range(20_000)]
    assert stats.ks_2samp(ours, theirs).pvalue > 0.001


def test_random_subsets_have_the_exact_moments():
    # Beyond one word and with few in the subset.
    values = np.zeros(150)
    values[:75] = 1
    drawn = random_subset_sums(values, 20, 50_000, np.random.default_rng(0))
    assert drawn.mean() == pytest.approx(10, abs=0.05)
    assert drawn.var() == pytest.approx(stats.hypergeom(150, 75, 20).var(), rel=0.03)


def test_paired_test_against_scipy():
    differences = RNG.normal(size=10) + 0.4
    theirs = stats.permutation_test((differences,), np.mean, permutation_type="samples", alternative="greater")
    assert paired_sign_flip(differences, alternative="greater", seed=0).p == pytest.approx(theirs.pvalue, abs=1e-9)
    many = RNG.normal(size=80) + 0.2
    monte_carlo = paired_sign_flip(many, alternative="two-sided", seed=0)
    assert monte_carlo.method == "monte-carlo"
    assert monte_carlo.p == pytest.approx(stats.ttest_1samp(many, 0).pvalue, rel=0.1)


@pytest.mark.parametrize("pairs", [2, 3, 11, 40])
def test_one_template_is_the_paired_t(pairs):
    x, y = RNG.normal(size=pairs) + 0.3, RNG.normal(size=pairs)
    theirs = stats.ttest_rel(x, y)
    for found in (paired_difference(x - y), paired_difference((x - y)[:, None])):
        assert found.value == pytest.approx((x - y).mean(), abs=1e-12)
        assert found.value / found.se == pytest.approx(theirs.statistic, rel=1e-12)
        assert found.df == pytest.approx(theirs.df, rel=1e-12)
        assert found.interval() == pytest.approx(tuple(theirs.confidence_interval(0.95)), abs=1e-12)
        alone = stats.ttest_1samp(x - y, 0).confidence_interval(0.99)
        assert found.interval(0.99) == pytest.approx(tuple(alone), abs=1e-11)


@pytest.mark.parametrize("alternative", ["greater", "less", "two-sided"])
def test_exact_sign_flips_are_those_of_scipy(alternative):
    x, y = RNG.normal(size=(2, 9))
    theirs = stats.permutation_test(
        (x, y), lambda a, b, axis: (a - b).mean(axis=axis), permutation_type="samples", alternative=alternative
    )
    found = estimate_matched(
        x[:, None], y[:, None], tuple("abcdefghi"), block="role", alternative=alternative, seed=0, n_items=18
    ).of("cosine_difference")
    assert (found.p_method, found.p) == ("exact", pytest.approx(theirs.pvalue, abs=1e-15))
    assert found.smallest_p == 2.0 ** (-8 if alternative == "two-sided" else -9)


def test_the_interval_of_dz_holds_the_noncentral_t_from_scipy():
    differences = RNG.normal(size=14) + 0.8
    found, t = effect_size_dz(differences), stats.ttest_1samp(differences, 0)
    scale = 1 / np.sqrt(14)
    assert found.value == pytest.approx((1 - 3 / (4 * 13 - 1)) * t.statistic * scale)
    assert stats.nct.sf(t.statistic, 13, found.low / scale) == pytest.approx(0.025, abs=1e-6)
    assert stats.nct.cdf(t.statistic, 13, found.high / scale) == pytest.approx(0.025, abs=1e-6)


def test_the_mde_of_pairs_against_statsmodels():
    x, y = RNG.normal(size=(2, 15, 1))
    names = tuple(map(str, range(15)))
    for alternative, theirs in (("two-sided", "two-sided"), ("greater", "larger")):
        raw = estimate_matched(x, y, names, block="role", alternative=alternative, seed=0, n_items=30).all[0]
        effect = TTestPower().solve_power(nobs=15, alpha=0.05, power=0.8, alternative=theirs)
        assert raw.mde == pytest.approx(effect * (x - y).std(ddof=1), rel=1e-6)


@pytest.mark.parametrize("sizes", [(2, 2), (5, 12), (30, 8)])
def test_one_template_is_welchs_t(sizes):
    x, y = RNG.normal(size=sizes[0]), 3 * RNG.normal(size=sizes[1])
    found = crossed_difference(np.concatenate([x, y])[:, None], np.arange(sum(sizes)) < sizes[0])
    theirs = stats.ttest_ind(x, y, equal_var=False)
    assert found.value / found.se == pytest.approx(theirs.statistic)
    assert found.df == pytest.approx(theirs.df)
    assert found.interval() == pytest.approx(theirs.confidence_interval(0.95))


def test_crossed_components_against_an_analysis_of_variance():
    # The cluster-by-template mean square of a group is that of a two-way table without replication.
    grid = RNG.normal(size=(9, 1)) + RNG.normal(size=(9, 4))
    in_x = np.arange(9) < 5
    expected = 0.0
    for group in (grid[in_x], grid[~in_x]):
        n, t = group.shape
        total = ((group - group.mean()) ** 2).sum()
        rows = t * ((group.mean(axis=1) - group.mean()) ** 2).sum()
        columns = n * ((group.mean(axis=0) - group.mean()) ** 2).sum()
        expected += (total - rows - columns) / ((n - 1) * (t - 1)) / (n * t)
    assert crossed_difference(grid, in_x).v_residual == pytest.approx(expected)


def test_noncentral_interval_covers_the_t_from_scipy():
    x, y = RNG.normal(size=12) + 1, RNG.normal(size=12)
    scores, in_x = np.concatenate([x, y]), np.arange(24) < 12
    found, raw = cohens_d(scores, in_x), crossed_difference(scores, in_x)
    scale, t = np.sqrt(2 / 12), raw.value / raw.se
    assert stats.nct.sf(t, raw.df, found.low / scale) == pytest.approx(0.025, abs=1e-6)
    assert stats.nct.cdf(t, raw.df, found.high / scale) == pytest.approx(0.025, abs=1e-6)


def test_mde_against_statsmodels():
    for n, alternative, theirs in ((10, "two-sided", "two-sided"), (25, "greater", "larger")):
        effect = TTestIndPower().solve_power(nobs1=n, alpha=0.05, power=0.8, alternative=theirs)
        assert mde(np.sqrt(2 / n), 2 * n - 2, alternative=alternative) == pytest.approx(effect, rel=1e-6)


def test_tost_against_statsmodels():
    x, y = RNG.normal(size=20), RNG.normal(size=20) + 0.1
    found = crossed_difference(np.concatenate([x, y]), np.arange(40) < 20)
    theirs = ttost_ind(x, y, -0.8, 0.8, usevar="unequal")[0]
    assert tost_p(found.value, found.se, found.df, 0.8) == pytest.approx(theirs)


def test_adjustments_against_statsmodels_and_scipy():
    p = RNG.uniform(size=30) ** 3
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p))
    assert benjamini_yekutieli(p) == pytest.approx(stats.false_discovery_control(p, method="by"))
    assert benjamini_yekutieli(p) == pytest.approx(multipletests(p, method="fdr_by")[1])


@pytest.mark.parametrize(("successes", "n"), [(0, 7), (7, 7), (3, 11), (180, 300)])
def test_shares_against_statsmodels(successes, n):
    found, exact = wilson(successes, n), clopper_pearson(successes, n)
    assert (found.low, found.high) == pytest.approx(proportion_confint(successes, n, method="wilson"), abs=1e-12)
    assert (exact.low, exact.high) == pytest.approx(proportion_confint(successes, n, method="beta"), abs=1e-9)


def test_selectivity_against_scikit_learn_with_many_ties():
    positive = np.arange(140) < 25
    activations = np.round(RNG.normal(size=(140, 40)) * np.geomspace(0.3, 30, 40)).astype(np.float32)
    areas, precisions = auroc(activations, positive), average_precision(activations, positive)
    rates, correlations = tpr_at_fpr(activations, positive), pearson(activations, positive)
    for unit, column in enumerate(activations.T.astype(float)):
        assert areas[unit] == pytest.approx(roc_auc_score(positive, column), abs=1e-12)
        assert precisions[unit] == pytest.approx(average_precision_score(positive, column), abs=1e-12)
        false, true, _ = roc_curve(positive, column, drop_intermediate=False)
        assert rates[unit] == pytest.approx(true[false <= 0.01].max(), abs=1e-12)
        assert correlations[unit] == pytest.approx(np.corrcoef(column, positive)[0, 1], abs=1e-9)
        assert auc(column[positive], column[~positive]) == pytest.approx(areas[unit])


def test_rank_test_is_mann_whitneys():
    scores, positive = RNG.normal(size=17), np.arange(17) < 7
    scores[:7] += 0.6
    ours = permutation_auroc(scores, positive, np.arange(17), seed=0)
    theirs = stats.mannwhitneyu(scores[:7], scores[7:], alternative="greater", method="exact")
    assert ours.method == "exact"
    assert ours.p == pytest.approx(theirs.pvalue, abs=1e-12)
    assert ours.statistic == pytest.approx(theirs.statistic / 70 - 0.5)


def test_bca_against_scipy():
    x, y = RNG.exponential(size=40), RNG.normal(size=30)
    theirs = stats.bootstrap(
        (x, y),
        lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis),
        method="BCa",
        n_resamples=20_000,
        vectorized=True,
        rng=np.random.default_rng(0),
    ).confidence_interval
    ours = bca(np.concatenate([x, y]), np.arange(70) < 40, seed=1, resamples=20_000)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.02)
