"""Nothing is computed from what cannot be compared, and the reason is said."""

from __future__ import annotations

import numpy as np
import pytest

from audit.records import Undefined
from audit.stats import (
    TwoSampleDesign,
    auc,
    auroc_interval,
    bca,
    clopper_pearson,
    cluster_bootstrap,
    cohens_d,
    crossed_difference,
    eat_effect_size,
    estimate_association,
    estimate_unit,
    hedges_g,
    icc,
    max_t,
    max_t_units,
    paired_sign_flip,
    permutation_auroc,
    select_then_confirm,
    studentized_bootstrap,
    two_sample,
    wilson,
)
from audit.stats.groups import group_problem, label_problem

SIX = np.arange(6) < 3
GOOD = np.array([1.0, 2, 4, 3, 5, 6])
MISSING = np.array([1.0, np.nan, 4, 3, 5, 6])
INFINITE = np.array([1.0, np.inf, 4, 3, 5, 6])
EQUAL = np.full(6, 0.25)
ALONE = np.arange(6) < 1


def test_problems_are_plain_clauses():
    assert group_problem(GOOD, SIX) is None
    assert group_problem(MISSING, SIX) == "1 of 6 scores are missing or not finite"
    assert group_problem(GOOD, ALONE) == "each group needs at least 2 clusters, and there are 1 and 5"
    assert group_problem(EQUAL, SIX) == "all scores are equal"
    assert label_problem(SIX, np.arange(6)) is None
    assert label_problem(SIX, np.array([0, 0, 0, 1, 2, 3])) == (
        "each side needs at least 2 clusters, and there are 1 and 3"
    )
    assert label_problem(SIX, np.array([0, 1, 2, 2, 3, 4])) == "a cluster lies on both sides"


@pytest.mark.parametrize("scores", [MISSING, INFINITE, EQUAL])
@pytest.mark.parametrize(
    "statistic",
    [
        lambda s: two_sample(s, SIX, alternative="greater", seed=0),
        lambda s: crossed_difference(s, SIX),
        lambda s: hedges_g(s, SIX),
        lambda s: cohens_d(s, SIX),
        lambda s: eat_effect_size(s[:3], s[3:]),
        lambda s: studentized_bootstrap(s, SIX, seed=0),
        lambda s: max_t([TwoSampleDesign(tuple("abcdef"), SIX, s, "greater")], seed=0, resamples=9)[0],
        lambda s: estimate_association(s, SIX, tuple("abcdef"), alternative="less", seed=0, n_items=6).of("hedges_g"),
        lambda s: estimate_association(s, SIX, tuple("abcdef"), alternative="less", seed=0, n_items=6).of(
            "cosine_difference"
        ),
        lambda s: estimate_unit(s, SIX, np.arange(6), seed=0, n_items=6).auroc,
        lambda s: permutation_auroc(s, SIX, np.arange(6), seed=0),
        lambda s: icc(s, np.repeat([0, 1, 2], 2), np.ones(6, dtype=bool)),
    ],
)
def test_missing_infinite_and_equal_scores_are_undefined(statistic, scores):
    found = statistic(scores)
    assert isinstance(found, Undefined)
    assert found.reason


def test_scores_that_vary_only_between_the_groups_have_no_standard_error():
    flat = np.where(SIX, 1.0, 2.0)
    for found in (crossed_difference(flat, SIX), hedges_g(flat, SIX), studentized_bootstrap(flat, SIX, seed=0)):
        assert isinstance(found, Undefined)
        assert "do not vary within the groups" in found.reason
    assert two_sample(flat, SIX, alternative="less", seed=0).p == 1 / 20


def test_too_few_clusters_are_undefined():
    assert isinstance(crossed_difference(GOOD, ALONE), Undefined)
    assert two_sample(GOOD, ALONE, alternative="less", seed=0).p == 1 / 6
    assert isinstance(two_sample(GOOD, np.zeros(6, dtype=bool), alternative="less", seed=0), Undefined)
    assert isinstance(paired_sign_flip(np.array([1.0]), alternative="less", seed=0), Undefined)
    assert isinstance(paired_sign_flip(np.zeros(4), alternative="less", seed=0), Undefined)
    assert isinstance(paired_sign_flip(np.array([1.0, np.nan]), alternative="less", seed=0), Undefined)
    assert isinstance(auroc_interval(GOOD, ALONE, np.arange(6)), Undefined)
    assert isinstance(max_t_units(GOOD[:, None], ALONE, np.arange(6), seed=0), Undefined)
    assert isinstance(max_t_units(MISSING[:, None], SIX, np.arange(6), seed=0), Undefined)
    assert isinstance(select_then_confirm(GOOD[:, None], SIX, np.arange(6), seed=0), Undefined)
    assert isinstance(cluster_bootstrap(GOOD, SIX, np.array([0, 0, 0, 1, 2, 3]), seed=0), Undefined)
    assert isinstance(bca(GOOD, SIX, seed=0), Undefined)
    assert isinstance(wilson(0, 0), Undefined)
    assert isinstance(clopper_pearson(0, 0), Undefined)
    assert isinstance(auc(GOOD, np.array([])), Undefined)
    assert isinstance(auc(GOOD, MISSING), Undefined)
    assert isinstance(eat_effect_size(GOOD, np.array([])), Undefined)
    assert isinstance(icc(GOOD, np.arange(6), SIX), Undefined)
