"""Region and harm: the same numbers by another way, and what chance gives."""

from __future__ import annotations

import numpy as np
import pytest

from audit.records import Undefined
from audit.stats import against_each, auroc, layer_alignment


def test_each_other_region_is_compared_alone():
    draw = np.random.default_rng(0)
    region = np.repeat([0, 1, 2], [12, 10, 8])
    responses = draw.normal(size=30)
    responses[region == 0] += 3
    found = against_each(responses, region, 0, seed=1)
    assert list(found) == [1, 2]
    for other, each in found.items():
        inside = np.isin(region, [0, other])
        by_hand = np.mean([a > b for a in responses[region == 0] for b in responses[region == other]])
        assert each.value == pytest.approx(by_hand)
        assert each.value == pytest.approx(float(auroc(responses[inside][:, None], region[inside] == 0)[0]))
    ordered = sorted(each.p for each in found.values())
    adjusted = sorted(each.p_adjusted for each in found.values())
    assert adjusted == pytest.approx([2 * ordered[0], max(2 * ordered[0], ordered[1])])


def test_the_cosine_is_that_of_centred_and_scaled_means():
    draw = np.random.default_rng(1)
    region = np.repeat([0, 1, 2], [9, 11, 10])
    activations = draw.normal(5, [1, 10, 0.1, 3], size=(30, 4))
    activations = np.column_stack([activations, np.full(30, 7.0)])  # a unit that does not vary
    harm, neutral = draw.normal(5, 2, size=(6, 5)), draw.normal(4, 2, size=(7, 5))
    found = layer_alignment(activations, region, harm, neutral, seed=2)
    centre, spread = activations[:, :4].mean(axis=0), activations[:, :4].std(axis=0)
    towards = ((harm[:, :4] - centre) / spread).mean(axis=0) - ((neutral[:, :4] - centre) / spread).mean(axis=0)
    for index, each in enumerate(found):
        own = ((activations[region == index, :4] - centre) / spread).mean(axis=0)
        assert each.value == pytest.approx(own @ towards / np.linalg.norm(own) / np.linalg.norm(towards))
        assert each.low <= each.value <= each.high
        assert each.groups == (int((region == index).sum()), 6, 7)


def test_a_region_that_is_tied_to_the_harm_is_found_and_the_others_are_not():
    draw = np.random.default_rng(2)
    region = np.repeat(np.arange(5), 12)
    activations = draw.normal(size=(60, 300))
    activations[region == 3, :30] += 1.0
    harm, neutral = draw.normal(size=(15, 300)), draw.normal(size=(15, 300))
    harm[:, :30] += 1.0
    found = layer_alignment(activations, region, harm, neutral, seed=3)
    assert found[3].p_adjusted == pytest.approx(1 / 2000)
    assert found[3].low > 0
    assert min(each.p_adjusted for i, each in enumerate(found) if i != 3) > 0.2


def test_with_labels_that_mean_nothing_one_family_in_twenty_is_wrong():
    draw = np.random.default_rng(4)
    region, wrong, runs = np.repeat(np.arange(4), 8), 0, 400
    for run in range(runs):
        z = draw.normal(size=(32, 40)) @ draw.normal(size=(40, 40))
        words = draw.normal(size=(20, 40)) + z.mean(axis=0)
        found = layer_alignment(z, region, words[:10], words[10:], seed=run, resamples=199)
        wrong += min(each.p_adjusted for each in found) <= 0.05
    assert wrong / runs <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)


def test_what_cannot_be_said_is_said():
    region = np.repeat([0, 1], [5, 5])
    activations, words = np.ones((10, 3)), np.ones((4, 3))
    assert "no unit varies" in layer_alignment(activations, region, words, words, seed=0)[0].reason
    varied = np.random.default_rng(0).normal(size=(10, 3))
    assert "do not differ" in layer_alignment(varied, region, words, words, seed=0)[0].reason
    assert "two clusters" in layer_alignment(varied, region, words[:1], words, seed=0)[1].reason
    broken = varied.copy()
    broken[0, 0] = np.nan
    assert all(isinstance(each, Undefined) for each in layer_alignment(broken, region, words, words, seed=0))
