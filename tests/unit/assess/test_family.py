"""Families of associations and of other measures: who takes which part of alpha."""

from __future__ import annotations

import numpy as np

from audit.assess.family import correct
from audit.assess.outcome import Outcome
from audit.records import Estimate, Measurement, Role, Severity, Source
from audit.stats import estimate_association


def measurement(*estimates, role=Role.PROBE, measure="association"):
    return Measurement(
        suite="s",
        probe="p",
        measure=measure,
        form=("text",),
        ask="?",
        role=role,
        severity=Severity.LOW,
        source=Source("s.yaml", 1),
        model="m",
        definition="d",
        family="s",
        estimates=estimates,
    )


def association(seed, role=Role.PROBE):
    scores, in_x = np.random.default_rng(seed).normal(size=(20, 1)), np.arange(20) < 10
    names = tuple(f"{seed}-{i}" for i in range(20))
    found = estimate_association(scores, in_x, names, alternative="two-sided", seed=0, n_items=20)
    return Outcome(measurement(*found.all, role=role), association=found)


GAP = Estimate(
    name="share_gap", value=0.2, unit="share", sign="", n=40, groups=(20, 20), method="gap", low=0.1, high=0.3, p=0.02
)


def asked_for(levels):
    def intervals(level):
        levels.append(level)
        return {"share_gap": (0.05, 0.35)}

    return Outcome(measurement(GAP, measure="performance"), intervals=intervals)


def test_measures_that_cannot_be_permuted_together_share_alpha_by_bonferroni():
    levels = []
    *_, changed = correct([association(0), association(1), asked_for(levels)], 0)
    (estimate,) = changed.measurement.estimates
    assert np.allclose(levels, [1 - 0.05 / 3])
    assert (estimate.low_simultaneous, estimate.high_simultaneous) == (0.05, 0.35)
    assert (estimate.low, estimate.high) == (0.1, 0.3)
    assert np.isclose(estimate.p_adjusted, 0.06)
    assert estimate.method == "gap; Bonferroni over a family of 3"


def test_associations_beside_them_take_what_is_left():
    alone = correct([association(0), association(1)], 0)[0].measurement.estimates[0]
    beside = correct([association(0), association(1), asked_for([])], 0)[0].measurement.estimates[0]
    assert beside.low_simultaneous < alone.low_simultaneous
    assert np.isclose(beside.p_adjusted, min(1.0, alone.p_adjusted * 3 / 2))
    assert alone.method.endswith("max-T over a family of 2")
    assert beside.method.endswith("max-T over a family of 2, of 3 with other measures")


def test_a_positive_control_stays_outside():
    levels = []
    correct([association(0, role=Role.POSITIVE_CONTROL), asked_for(levels)], 0)
    assert np.allclose(levels, [0.95])
