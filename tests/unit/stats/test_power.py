"""What a design can see."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from audit.stats import crossed_difference, design_effect, icc, mde
from audit.stats.power import t_power


def test_power_at_the_mde():
    # The full run is benchmarks/calibration.py.
    generator, in_x, runs = np.random.default_rng(4), np.arange(24) < 12, 2000
    effect = mde(np.sqrt(2 / 12), 22, alternative="two-sided")
    hits = 0
    for _ in range(runs):
        found = crossed_difference(generator.normal(size=24) + effect * in_x, in_x)
        hits += 2 * special.stdtr(found.df, -abs(found.value) / found.se) <= 0.05
    assert 0.78 <= hits / runs <= 0.82


@pytest.mark.parametrize("alternative", ["greater", "less", "two-sided"])
def test_power_without_an_effect_is_the_level(alternative):
    assert t_power(0.0, 1.0, 12.0, alternative=alternative) == pytest.approx(0.05, abs=1e-9)
    assert t_power(-3.0, 1.0, 12.0, alternative=alternative) == t_power(3.0, 1.0, 12.0, alternative=alternative)


def test_design_effect_of_items_in_clusters():
    assert design_effect(0.1, 10) == pytest.approx(1.9)
    assert design_effect(0.4, 1) == 1


def test_intraclass_correlation_takes_the_groups_out_and_allows_unequal_clusters():
    generator = np.random.default_rng(0)
    sizes = generator.integers(5, 15, 60)
    clusters = np.repeat(np.arange(60), sizes)
    in_x = clusters < 30
    scores = 0.5**0.5 * generator.normal(size=60)[clusters] + 0.5**0.5 * generator.normal(size=len(clusters))
    alone = icc(scores, clusters, in_x)
    assert alone == pytest.approx(0.5, abs=0.12)
    assert icc(scores + 10 * in_x, clusters, in_x) == pytest.approx(alone)
    assert icc(generator.normal(size=len(clusters)), clusters, in_x) == pytest.approx(0, abs=0.05)
