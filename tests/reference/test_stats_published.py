"""Numbers from papers, tables, or worked out by hand in the comment above them."""

from __future__ import annotations

from fractions import Fraction
from math import comb, sqrt

import numpy as np
import pytest

from audit.stats import (
    benjamini_hochberg,
    benjamini_yekutieli,
    clopper_pearson,
    crossed_difference,
    eat_effect_size,
    estimate_association,
    hedges_g,
    holm,
    icc,
    max_t_units,
    mde,
    noninferiority_p,
    paired_sign_flip,
    tost_p,
    two_sample,
    wilson,
    wilson_simultaneous,
)

FOUR = np.arange(8) < 4


def test_separated_groups_of_four_have_p_of_one_in_seventy():
    # C(8, 4) = 70 partitions; only the observed one reaches the largest difference, and two-sided its mirror image too.
    scores = np.array([9.0, 8, 7, 6, 1, 2, 3, 4])
    one = two_sample(scores, FOUR, alternative="greater", seed=0)
    assert (one.p, one.smallest_p, one.resamples, one.statistic) == (1 / 70, 1 / 70, 70, 5.0)
    assert two_sample(scores, FOUR, alternative="two-sided", seed=0).p == 2 / 70
    assert two_sample(scores, FOUR, alternative="less", seed=0).p == 1.0


def test_ties_count_against_the_effect():
    # X = {1, 1}, Y = {1, 0}: sums of two of {1, 1, 1, 0} are 2 (three ways) and 1 (three ways); 2 is observed.
    assert two_sample(np.array([1.0, 1, 1, 0]), np.arange(4) < 2, alternative="greater", seed=0).p == 3 / 6


def test_ties_that_rounding_would_break_still_count():
    # 0.1 + 0.2 and 0.3 + 0.0 are equal, but not in floating point: sums of two of .1 .2 .3 0 are .1 .2 .3 .3 .4 .5.
    assert two_sample(np.array([0.1, 0.2, 0.3, 0.0]), np.arange(4) < 2, alternative="greater", seed=0).p == 4 / 6
    assert two_sample(np.array([0.3, 0.0, 0.1, 0.2]), np.arange(4) < 2, alternative="greater", seed=0).p == 4 / 6


def test_unequal_sizes_are_two_sided_by_the_size_of_the_difference():
    # X = {5}, Y = {0, 0, 1}: differences 5 - 1/3, 0 - 2, 0 - 2, 1 - 5/3; only the first is as large.
    test = two_sample(np.array([5.0, 0, 0, 1]), np.arange(4) < 1, alternative="two-sided", seed=0)
    assert (test.p, test.smallest_p) == (1 / 4, 1 / 4)


def test_a_large_separated_design_is_still_counted():
    # 22 against 22, complete separation: one partition of C(44, 22) = 2 104 098 963 720.
    scores = np.arange(44.0)
    test = two_sample(scores, scores >= 22, alternative="greater", seed=0)
    assert test.method == "exact"
    assert test.p == 1 / comb(44, 22) == 1 / 2_104_098_963_720


def test_darwins_maize_by_sign_flips():
    # Fisher 1935, section 21, on Darwin's 15 pairs of plants (eighths of an inch): 863 of 32,768 sign patterns have a
    # sum of +314 or more, as many have -314 or less, so p = 1726 / 32768 = 0.05267.
    differences = np.array([49.0, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48])
    assert paired_sign_flip(differences, alternative="two-sided", seed=0).p == 1726 / 32768
    assert paired_sign_flip(differences, alternative="greater", seed=0).p == 863 / 32768


def test_crossed_variance_by_hand():
    # X rows (1 2), (3 6); Y rows (0 0), (2 0). T = 2, so:
    # row means X 1.5 4.5 (variance 4.5), Y 0 1 (variance 0.5): V_cluster = 4.5/2 + 0.5/2 = 2.5
    # columns X 2 4, Y 1 0: D = 1 4 (variance 4.5): V_template = 4.5/2 = 2.25, value 2.5
    # interaction of X: (1 - 1.5 - 2 + 3) = .5 and so on, squares sum to 4 * .25 = 1; of Y: (0 - 0 - 1 + .5) = -.5,
    # again 1; with 1 degree each: V_residual = 1/(2*2) + 1/(2*2) = .5. V = 2.5 + 2.25 - .5 = 4.25
    # df = 4.25^2 / (2.25^2/1 + .25^2/1 + 2.25^2/1 + .25^2/1 + .25^2/1) = 18.0625 / 10.3125
    found = crossed_difference(np.array([[1.0, 2], [3, 6], [0, 0], [2, 0]]), np.arange(4) < 2)
    assert (found.v_cluster, found.v_template, found.v_residual) == pytest.approx((2.5, 2.25, 0.5))
    assert (found.value, found.se, found.df) == pytest.approx((2.5, sqrt(4.25), 18.0625 / 10.3125))
    assert found.method == "crossed-t"


def test_effect_sizes_by_hand():
    # X = 2 4 6, Y = 1 2 3. Difference 2. Pooled variance (2*4 + 2*1)/4 = 2.5, d = 2/sqrt(2.5), J = 1 - 3/15 = .8.
    # All six: mean 3, squares 1 1 9 4 1 0 = 16: sample variance 16/5, population variance 16/6.
    x, y = np.array([2.0, 4, 6]), np.array([1.0, 2, 3])
    assert hedges_g(np.concatenate([x, y]), np.arange(6) < 3).value == pytest.approx(0.8 * 2 / sqrt(2.5))
    assert eat_effect_size(x, y) == pytest.approx(2 / sqrt(16 / 5))
    assert eat_effect_size(x, y, ddof=0) == pytest.approx(2 / sqrt(16 / 6))


def test_association_matches_ieat_when_clusters_are_items():
    # iEAT (Steed & Caliskan 2021): d is the EAT effect with the sample deviation, p the share of equal partitions whose
    # difference is at least as large.
    s = np.array([0.11, 0.07, 0.09, 0.02, 0.05, 0.01, -0.02, 0.03])
    found = estimate_association(s[:, None], FOUR, tuple("abcdefgh"), alternative="greater", seed=0, n_items=8)
    # Sum of X is 29 hundredths; subsets of four of 11 9 7 5 3 2 1 -2 that reach it, written out:
    # 11+9+7+5=32, 11+9+7+3=30, 11+9+7+2=29 are all, so 3/70.
    assert found.of("cosine_difference").p == 3 / 70
    assert found.of("effect_size_d").value == pytest.approx((0.0725 - 0.0175) / np.std(s, ddof=1), abs=1e-12)
    assert found.of("cosine_difference").value == pytest.approx(0.055)
    assert found.of("cosine_difference").groups == (4, 4)
    assert found.of("cosine_difference").seed is None


def test_wilson_and_clopper_pearson_as_published():
    # Newcombe 1998, Statistics in Medicine 17, table I: methods 3 (score), 4 (with continuity correction), 5 (exact).
    published = {
        (81, 263): ((0.2553, 0.3662), (0.2535, 0.3682), (0.2527, 0.3676)),
        (15, 148): ((0.0624, 0.1605), (0.0598, 0.1644), (0.0578, 0.1617)),
        (0, 20): ((0.0, 0.1611), (0.0, 0.2005), (0.0, 0.1684)),
        (1, 29): ((0.0061, 0.1718), (0.0018, 0.1963), (0.0009, 0.1776)),
    }
    for (successes, n), (score, corrected, exact) in published.items():
        for found, expected in (
            (wilson(successes, n), score),
            (wilson_simultaneous(np.array([successes]), np.array([n]))[0], corrected),
            (clopper_pearson(successes, n), exact),
        ):
            assert (found.low, found.high) == pytest.approx(expected, abs=5.1e-5)


def test_adjustments_by_hand():
    # Sorted p .01 .02 .03 .20. Holm: 4*.01, 3*.02, max(2*.03, .06), .20. BH from above: .20, 4*.03/3, 4*.02/2, 4*.01.
    p = np.array([0.20, 0.01, 0.03, 0.02])
    assert holm(p) == pytest.approx([0.20, 0.04, 0.06, 0.06])
    assert benjamini_hochberg(p) == pytest.approx([0.20, 0.04, 0.04, 0.04])
    # BY multiplies by 1 + 1/2 + 1/3 + 1/4 = 25/12.
    assert benjamini_yekutieli(p) == pytest.approx(np.array([0.20, 0.04, 0.04, 0.04]) * 25 / 12)


def test_mde_with_many_degrees_is_that_of_the_normal():
    # z(.975) + z(.8) = 1.959964 + .841621; one-sided z(.95) + z(.8) = 1.644854 + .841621.
    assert mde(1.0, 1e7, alternative="two-sided") == pytest.approx(2.801585, abs=1e-5)
    assert mde(1.0, 1e7, alternative="greater") == pytest.approx(2.486475, abs=1e-5)


def test_mde_as_in_cohens_tables():
    # Cohen 1988, table 2.3.5: d = .50 with 64 a group has power .80, two-sided at .05 (0.8015 exactly).
    assert mde(sqrt(2 / 64), 126, alternative="two-sided", power=0.8014596) == pytest.approx(0.5, abs=1e-5)


def test_equivalence_by_hand():
    # t(10) has P(T <= -1.812461) = .05, so a value 1.812461 standard errors below the margin just passes at .05.
    assert noninferiority_p(0.3 - 1.812461 * 0.1, 0.1, 10, 0.3) == pytest.approx(0.05, abs=1e-6)
    # Off centre by .1, the nearer margin (.2 away, 2 se) decides: P(T <= -2) with 10 degrees is .036694.
    assert tost_p(0.1, 0.1, 10, 0.3) == pytest.approx(0.036694, abs=1e-6)
    assert tost_p(-0.1, 0.1, 10, 0.3) == pytest.approx(0.036694, abs=1e-6)


def test_intraclass_correlation_of_shrout_and_fleiss():
    # Shrout & Fleiss 1979, table 2: six targets, four judges; BMS = 11.24, WMS = 6.26, ICC(1,1) = .17.
    ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    scores, clusters = np.array(ratings, dtype=float).ravel(), np.repeat(np.arange(6), 4)
    bms, wms = 56.20833333 / 5, 112.75 / 18
    found = icc(scores, clusters, np.ones(24, dtype=bool))
    assert found == pytest.approx((bms - wms) / (bms + 3 * wms))
    assert round(found, 2) == 0.17


def _rank_sum_tail(n_pos: int, n_neg: int) -> list[Fraction]:
    """P(U >= u) for u = 0, 1, ..., from the Gaussian binomial coefficient, in whole numbers."""
    top = n_pos * n_neg
    counts = [1] + [0] * top
    for i in range(1, n_pos + 1):
        for j in range(top, n_neg + i - 1, -1):
            counts[j] -= counts[j - n_neg - i]
        for j in range(i, top + 1):
            counts[j] += counts[j - i]
    tails, running = [], 0
    for count in reversed(counts):
        running += count
        tails.append(Fraction(running, comb(n_pos + n_neg, n_pos)))
    return tails[::-1]


def test_null_threshold_of_the_best_unit_is_that_of_the_rank_sum():
    # The largest of k independent units exceeds u with 1 - (1 - P(U >= u))^k. For 20 against 200 and 2,560 units the
    # 95 % point of the exact distribution is an AUROC of .769; the normal approximation says .779, too high so far out.
    tails = _rank_sum_tail(20, 200)
    exact = next(u for u, tail in enumerate(tails) if (1 - float(tail)) ** 2560 >= 0.95) / 4000
    assert exact == pytest.approx(0.769, abs=5e-4)
    activations = np.random.default_rng(1).standard_normal((220, 2560), dtype=np.float32)
    found = max_t_units(activations, np.arange(220) < 20, np.arange(220), resamples=999, seed=0)
    assert found.null_threshold_95 == pytest.approx(exact, abs=0.006)
