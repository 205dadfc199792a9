"""Items one by one: what is said of a template, where not every item is shown in every one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from audit.assess.single_category import Items
from audit.measures import AssociationRows
from audit.records import Modality, Undefined
from audit.stimuli import Stimulus, StimulusSet

A, B = ("a0", "a1", "a2"), ("b0", "b1", "b2")


def rows(shown):
    """Associations of items; ``shown`` has (item, template, lean towards A), and the noise is the same for all."""
    stimuli = tuple(Stimulus(f"{i}{t}", Modality.TEXT, "text", i, i, i, t, i) for i, t, _ in shown)
    in_a = np.array([True] * 3 + [False] * 3)
    noise = np.array([-0.01, 0.0, 0.01, -0.02, 0.0, 0.02])
    grid = np.array([lean * in_a + noise for _, _, lean in shown])
    return AssociationRows(
        x=StimulusSet("jobs", "jobs", "text", stimuli),
        y=StimulusSet("", "", "text", ()),
        association=grid[:, in_a].mean(axis=1) - grid[:, ~in_a].mean(axis=1),
        by_attribute=grid,
        attributes=(*A, *B),
        in_a=in_a,
        weights=np.ones(6),
    )


# The cook is shown in the second template alone, where its lean must be found and not that of the first.
SHOWN = [("nurse", "t0", 0.5), ("nurse", "t1", 0.1), ("pilot", "t0", 0.0), ("pilot", "t1", 0.1), ("cook", "t1", 0.3)]


def test_every_template_has_its_largest_and_an_interval():
    given = rows(SHOWN)
    items = Items.of(given, "two-sided", 0)
    first, second = items.variations(given)
    assert (first.name, second.name) == ("t0 (nurse)", "t1 (cook)")
    assert np.isclose(first.estimate.value, 0.5)
    assert np.isclose(second.estimate.value, 0.3)
    # Welch's t of 3 against 3: V = (.01^2 + .02^2)/3, df = V^2/sum((s^2/3)^2/2) = 2.9412; Bonferroni over three items.
    se = np.sqrt((0.01**2 + 0.02**2) / 3)
    assert np.isclose(second.estimate.high, 0.3 + stats.t.ppf(1 - 0.025, 2.941176) * se, atol=1e-6)
    assert np.isclose(second.estimate.low, 0.3 - stats.t.ppf(1 - 0.025 / 3, 2.941176) * se, atol=1e-6)
    assert second.estimate.p_adjusted is None


def test_the_largest_is_that_in_the_direction_asked():
    given = rows([("nurse", "t", 0.2), ("pilot", "t", -0.3), ("cook", "t", 0.0)])
    found = {side: Items.of(given, side, 0).headline(0.95) for side in ("greater", "less", "two-sided")}
    assert {side: (item, towards) for side, (_, item, towards) in found.items()} == {
        "greater": ("nurse", 1.0),
        "less": ("pilot", -1.0),
        "two-sided": ("pilot", -1.0),
    }
    assert [round(found[side][0].value, 6) for side in found] == [0.2, 0.3, 0.3]


def test_all_items_take_the_same_permutation_and_the_wide_interval_holds_the_narrow():
    items = Items.of(rows(SHOWN), "greater", 0)
    wide, _ = items.simultaneous(0.95)
    for (low, high), raw in zip(wide, items.estimates, strict=True):
        assert low <= raw.low <= raw.high <= high


def test_effects_have_an_exact_p():
    items = Items.of(rows([("nurse", "t", 0.2)]), "greater", 0)
    _, effects = items.breakdowns("A", "B")
    # Of the 20 ways to choose three of six terms one separates them.
    assert np.isclose(effects.rows[0].estimate.p, 1 / 20)
    assert effects.rows[0].estimate.sign == "positive when the item lies closer to A than to B"


@pytest.mark.parametrize("lean", [0.0, 0.4])
def test_without_any_spread_there_is_no_answer(lean):
    given = rows([("nurse", "t", lean)])
    flat = np.where(given.in_a, lean, 0.0)[None, :]
    found = Items.of(
        AssociationRows(given.x, given.y, given.association, flat, given.attributes, given.in_a, given.weights),
        "greater",
        0,
    )
    assert isinstance(found, Undefined)
    assert found.reason.startswith("of nurse, ")
