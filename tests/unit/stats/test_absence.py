"""What a claim of absence needs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from audit.records import Undefined
from audit.stats import decodability, planted_recall


def test_a_concept_spread_over_units_can_be_decoded_and_noise_cannot():
    generator, positive = np.random.default_rng(0), np.arange(120) < 60
    activations = generator.standard_normal((120, 30))
    direction = generator.standard_normal(30)
    spread = activations + 0.8 * positive[:, None] * direction / np.linalg.norm(direction) * 4
    found, none = decodability(spread, positive, seed=0), decodability(activations, positive, seed=0)
    assert found.low > 0.85
    assert none.low < 0.5 < none.high
    assert isinstance(decodability(activations, np.arange(120) < 4, seed=0), Undefined)


def test_recall_of_planted_units_follows_the_bound():
    positive = np.arange(200) < 100
    activations = np.random.default_rng(0).standard_normal((200, 40))
    weak, strong = (planted_recall(activations, positive, bound, seed=0) for bound in (0.6, 0.8))
    assert weak.value < 0.5
    assert strong.low > 0.9
    # One unit, so the threshold is that of the rank test itself: its power is known.
    alone = planted_recall(activations[:, :1], positive, 0.6, seed=0)
    power = stats.norm.sf(1.645 - 0.1 / np.sqrt(201 / (12 * 100 * 100)))
    assert alone.value == pytest.approx(power, abs=0.07)
