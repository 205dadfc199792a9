"""Planted units: as selective as was asked for, one channel only."""

from __future__ import annotations

import numpy as np
import pytest

from audit.calibration.unit_plant import Block, cluster_means, plant_unit
from audit.errors import ModelError
from audit.stats import auroc


@pytest.fixture(scope="module")
def block():
    rng = np.random.default_rng(5)
    clusters = np.repeat(np.arange(120), 3)
    positive = np.arange(120) < 40
    inputs = rng.normal(size=(360, 30, 4)) + 0.3 * (positive[clusters][:, None] * rng.normal(size=30))[:, :, None]
    sums = rng.normal(size=(360, 50, 4)) + rng.normal(size=(120, 50))[clusters][:, :, None]
    return Block("visual.layer4.0", inputs, sums, rng.normal(size=50)), clusters, positive


@pytest.mark.parametrize("area", [0.6, 0.75, 0.9])
def test_the_unit_is_as_selective_as_was_asked_for(block, area):
    found, clusters, positive = block
    edit = plant_unit(found, clusters, positive, area)
    response = cluster_means(found.edited(edit).mean(axis=1)[:, None], clusters)
    assert auroc(response, positive)[0] == pytest.approx(area, abs=0.005)


def test_the_edit_keeps_the_mean_response_of_its_channel(block):
    found, clusters, positive = block
    edit = plant_unit(found, clusters, positive, 0.8)
    assert found.edited(edit).mean() == pytest.approx(found.sums[:, edit.channel].mean(), abs=1e-6)


def test_the_channel_had_nothing_to_say_before(block):
    found, clusters, positive = block
    edit = plant_unit(found, clusters, positive, 0.8)
    before = cluster_means(found.sums.mean(axis=2), clusters)
    assert abs(auroc(before, positive)[edit.channel] - 0.5) < 0.02


def test_what_the_layer_cannot_tell_is_refused(block):
    found, clusters, positive = block
    blind = Block("visual.layer4.0", np.random.default_rng(0).normal(size=(360, 2, 4)), found.sums, found.scale)
    with pytest.raises(ModelError, match="no edit of a channel answers to the concept"):
        plant_unit(blind, clusters, positive, 0.95)
