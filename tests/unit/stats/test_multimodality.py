"""One unit in several forms: the smallest AUROC, its interval, p and search."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import special
from sklearn.metrics import roc_auc_score

from audit.records import Undefined
from audit.stats import FormResponses, auroc_interval, confirm_multimodal, holm, multimodal_units, permutation_auroc

SIDES = (12, 28)
POSITIVE = np.arange(40) < 12
NAMES = tuple(f"word {i}" for i in range(40))


def forms(
    *shifts: float, units: int = 3, seed: int = 0, names: tuple[tuple[str, ...], ...] = ()
) -> list[FormResponses]:
    """Forms that show the same 40 clusters; unit 0 answers to the concept, the others to nothing."""
    generator = np.random.default_rng(seed)
    found = []
    for number, shift in enumerate(shifts):
        values = generator.normal(size=(40, units))
        values[:12, 0] += shift
        found.append(FormResponses(f"form {number}", values, POSITIVE, names[number] if names else NAMES))
    return found


def test_the_smallest_area_leads_and_every_form_is_told():
    shown = forms(1.5, 0.7)
    best = multimodal_units(shown, seed=3, resamples=999).units[0]
    assert best.unit == 0
    areas = [roc_auc_score(POSITIVE, each.activations[:, 0]) for each in shown]
    assert [area.auroc for area in best.forms] == pytest.approx(areas)
    assert best.value == pytest.approx(min(areas))
    for each, area in zip(shown, best.forms, strict=True):
        column = each.activations[:, 0]
        test = permutation_auroc(column, POSITIVE, np.arange(40), seed=3, resamples=999)
        assert (area.p, area.clusters) == (test.p, SIDES)
    assert best.p == max(area.p for area in best.forms)


def test_the_interval_is_that_of_the_worst_form_below_and_corrected_above():
    shown = forms(1.5, 0.7, units=1)
    (unit,) = multimodal_units(shown, seed=0, resamples=99).units
    ends = [
        [auroc_interval(each.activations[:, 0], POSITIVE, np.arange(40), level=level) for each in shown]
        for level in (0.95, 0.975)
    ]
    assert unit.low == min(interval.low for interval in ends[0])
    assert unit.high == min(interval.high for interval in ends[1])
    assert (unit.low_simultaneous, unit.high_simultaneous) == (unit.low, unit.high)
    assert (unit.p_adjusted, unit.selected) == (unit.p, None)


def test_several_named_units_are_adjusted_together():
    found = multimodal_units(forms(2, 2, units=4, seed=5), seed=0, resamples=999)
    assert [unit.value for unit in found.units] == sorted((unit.value for unit in found.units), reverse=True)
    adjusted = holm(np.array([unit.p for unit in found.units]))
    assert [unit.p_adjusted for unit in found.units] == pytest.approx(adjusted.tolist())
    for unit in found.units:
        assert unit.low_simultaneous < unit.low < unit.value < unit.high < unit.high_simultaneous
    assert found.shrinkage is None
    assert all(held.all() for held in found.held)


def test_p_is_exact_where_all_labellings_can_be_counted():
    values = np.array([5.0, 4.0, 3.0, 1.0, 2.0, 0.0, -1.0])
    positive = np.arange(7) < 3
    names = tuple("abcdefg")
    other = np.array([1.0, 5.0, 3.0, 2.0, 4.0, 0.0, -1.0])
    shown = [
        FormResponses("one", values[:, None], positive, names),
        FormResponses("two", other[:, None], positive, names),
    ]
    (unit,) = multimodal_units(shown, seed=0).units
    counted = [
        np.mean([sum(each[list(chosen)]) >= sum(each[:3]) for chosen in itertools.combinations(range(7), 3)])
        for each in (values, other)  # their values are ranks but for a constant
    ]
    assert [area.p for area in unit.forms] == pytest.approx(counted)
    assert unit.p == pytest.approx(max(counted))
    assert {area.p_method for area in unit.forms} == {"exact"}


def test_a_search_names_on_one_half_and_measures_on_the_other():
    shown = forms(4, 4, units=300, seed=2)
    found = confirm_multimodal(shown, seed=1, top=10, resamples=999)
    assert len(found.units) == 10
    assert [unit.unit for unit in found.units if unit.confirmed] == [0]
    assert found.shrinkage > 0.1
    for each, held in zip(shown, found.held, strict=True):
        assert (held[POSITIVE].sum(), held[~POSITIVE].sum()) == (6, 14)
        values = each.activations[held, found.units[0].unit]
        area = next(area for area in found.units[0].forms if area.form == each.form)
        assert area.auroc == pytest.approx(roc_auc_score(POSITIVE[held], values))
        assert area.clusters == (6, 14)


def test_a_cluster_shown_in_two_forms_is_in_the_same_half_of_both():
    # The first 20 names are shared, in another order; the others are shown in one form only.
    order = np.random.default_rng(0).permutation(40)
    names = tuple(NAMES[i] if i < 6 or 12 <= i < 26 else f"drawing {i}" for i in range(40))
    first, second = forms(1, 1)
    second = FormResponses(second.form, second.activations[order], POSITIVE[order], tuple(names[i] for i in order))
    held = confirm_multimodal([first, second], seed=4, resamples=99).held
    sides = [
        dict(zip(each.clusters, half.tolist(), strict=True)) for each, half in zip((first, second), held, strict=True)
    ]
    shared = set(sides[0]) & set(sides[1])
    assert len(shared) == 20
    assert all(sides[0][name] == sides[1][name] for name in shared)
    for each, half in zip((first, second), held, strict=True):
        assert abs(2 * half[each.positive].sum() - 12) <= 2
        assert abs(2 * half[~each.positive].sum() - 28) <= 2


def test_what_answers_in_one_form_only_is_not_confirmed():
    generator, confirmed = np.random.default_rng(7), 0
    for run in range(30):
        first = generator.random(100) < 0.5
        shown = []
        for strong in (first, ~first):
            values = generator.normal(size=(40, 100)) + 5 * POSITIVE[:, None] * strong
            shown.append(FormResponses(str(len(shown)), values, POSITIVE, NAMES))
        confirmed += any(unit.confirmed for unit in confirm_multimodal(shown, seed=run, resamples=199).units)
    assert confirmed <= 30 * 0.05 + 3 * np.sqrt(30 * 0.05 * 0.95)


@pytest.mark.parametrize("count", [2, 3])
def test_the_interval_covers(count):
    # The full run is benchmarks/multimodal.py. So many clusters that p is not counted exactly, which takes time.
    truth, held, runs = float(special.ndtr(1 / np.sqrt(2))), 0, 200
    positive, names, generator = np.arange(90) < 30, tuple(map(str, range(90))), np.random.default_rng(count)
    for run in range(runs):
        values = generator.normal(size=(count, 90, 1)) + positive[:, None]
        shown = [FormResponses(str(m), each, positive, names) for m, each in enumerate(values)]
        (unit,) = multimodal_units(shown, seed=run, resamples=19).units
        held += unit.low <= truth <= unit.high
    assert held / runs >= 0.93


def test_what_cannot_be_measured_says_why():
    few = FormResponses("few", np.zeros((3, 1)), np.array([True, False, False]), ("a", "b", "c"))
    found = multimodal_units([*forms(1, units=1), few], seed=0)
    assert found == Undefined(
        name="smallest_auroc", reason="in the form few each side needs at least 2 clusters, and there are 1 and 2"
    )
    turned = FormResponses("turned", np.ones((40, 1)), ~POSITIVE, NAMES)
    assert "belongs to the concept in one form" in multimodal_units([*forms(1, units=1), turned], seed=0).reason
    constant = FormResponses("flat", np.ones((40, 1)), POSITIVE, NAMES)
    assert "the unit responds alike" in multimodal_units([*forms(1, units=1), constant], seed=0).reason
    missing = FormResponses("gap", np.full((40, 1), np.nan), POSITIVE, NAMES)
    assert "missing activation" in multimodal_units([*forms(1, units=1), missing], seed=0).reason
    some = forms(2, 2)
    some[0].activations[3, 0] = np.nan
    some[1].activations[:, 1] = 4.0
    assert [unit.unit for unit in multimodal_units(some, seed=0, resamples=99).units] == [2]
    assert [unit.unit for unit in confirm_multimodal(some, seed=0, resamples=99).units] == [2]
