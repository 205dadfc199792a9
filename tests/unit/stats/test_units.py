"""Whether units exist, which are confirmed, and what is said about one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from audit.records import Estimate, Undefined
from audit.stats import (
    Interval,
    auroc,
    auroc_interval,
    auroc_mde,
    estimate_unit,
    max_t_units,
    permutation_auroc,
    select_then_confirm,
)

POSITIVE = np.arange(80) < 20
ALONE = np.arange(80)


def noise(units: int = 50, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((80, units), dtype=np.float32)


def test_a_planted_unit_is_found_and_the_others_are_not():
    activations = noise()
    activations[:20, 7] += 3
    activations[5, 9] = np.nan
    found = max_t_units(activations, POSITIVE, ALONE, resamples=499, seed=0)
    assert found.p_adjusted[7] == found.smallest_p == 1 / 500
    assert np.isnan(found.p_adjusted[9])
    assert np.isnan(found.auroc[9])
    assert (np.delete(found.p_adjusted, [7, 9]) > 0.01).all()
    assert found.auroc[7] == auroc(activations[:, [7]], POSITIVE)[0] > found.null_threshold_95
    assert found.clusters == (20, 60)


def test_the_null_of_one_unit_is_its_rank_test():
    column = noise(1, seed=4)
    column[:20] += 0.4
    found = max_t_units(column, POSITIVE, ALONE, resamples=19_999, seed=0)
    one = permutation_auroc(column[:, 0].astype(float), POSITIVE, ALONE, seed=0)
    assert found.p_adjusted[0] == pytest.approx(one.p, abs=0.01)


def test_clusters_move_together():
    # Four renders of one word are one word: the null is wider than that of as many independent stimuli.
    activations = noise(200)
    words = np.repeat(np.arange(20), 4)
    together = np.repeat(noise(200, seed=3)[:20], 4, axis=0) + 0.1 * activations
    as_words = max_t_units(together, POSITIVE, words, resamples=499, seed=0)
    as_stimuli = max_t_units(together, POSITIVE, ALONE, resamples=499, seed=0)
    assert as_words.clusters == (5, 15)
    assert as_words.null_threshold_95 > as_stimuli.null_threshold_95 + 0.05


def test_labels_move_within_strata_only():
    # The response is the stratum itself; most of the concept lies in one stratum, which permuting within it keeps.
    strata = (np.arange(80) % 4 == 0) | POSITIVE
    column = strata[:, None].astype(float) + 1e-3 * noise(1)
    free = max_t_units(column, POSITIVE, ALONE, resamples=999, seed=0)
    held = max_t_units(column, POSITIVE, ALONE, strata=strata.astype(int), resamples=999, seed=0)
    assert free.p_adjusted[0] < 0.01 < held.p_adjusted[0]
    crossing = max_t_units(column, POSITIVE, ALONE // 2, strata=ALONE % 2, resamples=9, seed=0)
    assert crossing == Undefined(name="p_adjusted", reason="a cluster lies in two strata")


def test_a_selected_unit_shrinks_and_a_real_one_is_confirmed():
    activations = noise(400)
    activations[:20, 11] += 2
    found = select_then_confirm(activations, POSITIVE, ALONE, seed=1, top=10)
    assert len(found.units) == 10
    assert [unit.unit for unit in found.units if unit.confirmed] == [11]
    assert found.shrinkage > 0.1
    assert found.clusters == (10, 30)
    for unit in found.units:
        assert unit.low_simultaneous <= unit.low <= unit.auroc <= unit.high <= unit.high_simultaneous
        assert unit.p <= unit.p_holm


def test_confirmation_skips_missing_units_and_refuses_mixed_clusters():
    activations = noise(3)
    activations[0, 1] = np.nan
    assert {unit.unit for unit in select_then_confirm(activations, POSITIVE, ALONE, seed=0).units} == {0, 2}
    assert isinstance(select_then_confirm(activations, POSITIVE, ALONE // 8, seed=0), Undefined)
    assert isinstance(select_then_confirm(activations[:, [1]], POSITIVE, ALONE, seed=0), Undefined)


def test_interval_of_a_perfect_unit_is_not_a_point():
    scores = np.arange(80.0)[::-1]
    found = auroc_interval(scores, POSITIVE, ALONE)
    assert isinstance(found, Interval)
    assert found.high == 1
    assert 0.8 < found.low < 0.99
    below = auroc_interval(-scores, POSITIVE, ALONE)
    assert isinstance(below, Interval)
    assert (below.low, below.high) == pytest.approx((0, 1 - found.low))


def test_interval_widens_with_the_level_and_with_fewer_clusters():
    scores = noise(1, seed=2)[:, 0].astype(float) + POSITIVE
    narrow, wide = (
        auroc_interval(scores, POSITIVE, ALONE, level=0.8),
        auroc_interval(scores, POSITIVE, ALONE, level=0.99),
    )
    clustered = auroc_interval(scores, POSITIVE, ALONE // 4, level=0.8)
    assert wide.low < narrow.low < narrow.high < wide.high
    assert clustered.high - clustered.low > narrow.high - narrow.low


@pytest.mark.parametrize(("n_pos", "n_neg", "shift"), [(8, 40, 0.0), (15, 145, 2.0)])
def test_interval_covers(n_pos, n_neg, shift):
    # The full run is benchmarks/calibration.py.
    generator, truth = np.random.default_rng(8), float(special.ndtr(shift / np.sqrt(2)))
    positive, held, runs = np.arange(n_pos + n_neg) < n_pos, 0, 400
    for _ in range(runs):
        found = auroc_interval(
            generator.normal(size=n_pos + n_neg) + shift * positive, positive, np.arange(n_pos + n_neg)
        )
        held += found.low <= truth <= found.high
    assert held / runs >= 0.93


def test_mde_of_an_auroc_is_found_as_often_as_it_says():
    # The binormal model is not the Hanley-McNeil one, so this is near .80 and no more.
    area = auroc_mde(20, 60)
    generator, hits, runs = np.random.default_rng(3), 0, 400
    for run in range(runs):
        scores = generator.normal(size=80) + np.sqrt(2) * special.ndtri(area) * POSITIVE
        hits += permutation_auroc(scores, POSITIVE, ALONE, seed=run, resamples=199).p <= 0.05
    assert 0.72 <= hits / runs <= 0.88
    assert auroc_mde(2, 2) == 1
    assert auroc_mde(40, 120) < area


def test_estimates_of_one_unit():
    responses = noise(1, seed=6)[:, 0] + 1.5 * POSITIVE
    found = estimate_unit(responses, POSITIVE, ALONE, seed=2, n_items=320, family=10, resamples=999)
    headline = found.auroc
    assert isinstance(headline, Estimate)
    assert found.all == (found.auroc, found.auprc, found.pearson_r, found.tpr_at_1_fpr)
    assert [measured.name for measured in found.all] == ["auroc", "auprc", "pearson_r", "tpr_at_1_fpr"]
    assert headline.low_simultaneous < headline.low < headline.value < headline.high < headline.high_simultaneous
    assert headline.p_adjusted == pytest.approx(10 * headline.p)
    assert (headline.n, headline.groups, headline.alternative, headline.seed) == (320, (20, 60), "greater", 2)
    assert "prevalence of 0.250" in found.auprc.method
    assert found.pearson_r.low is None
    assert "no interval" in found.pearson_r.method


def test_a_unit_without_a_response_is_undefined_in_all_four():
    for responses, reason in (
        (np.zeros(80), "responds alike"),
        (np.full(80, np.nan), "missing"),
    ):
        found = estimate_unit(responses, POSITIVE, ALONE, seed=0, n_items=80)
        assert all(isinstance(measured, Undefined) and reason in measured.reason for measured in found.all)
