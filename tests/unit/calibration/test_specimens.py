"""Specimens: what is said of them is true of what audits see."""

from __future__ import annotations

import numpy as np
import pytest

from audit.calibration.specimens import DOSES, UNITS, margin_of, prepare
from audit.calibration.trials import PLANTED
from audit.stats import auroc


@pytest.fixture(scope="module")
def prepared(material):
    return prepare(material)


@pytest.mark.parametrize("name", DOSES)
def test_the_truth_is_the_mean_over_every_stimulus_of_the_population(material, prepared, name):
    asked = material.suite.probe(PLANTED)
    known = prepared.bench.specimens[name]
    for place, population in material.populations.items():
        a, b = (known.embeddings(material.words[c].stimuli) for c in (asked.attributes.a, asked.attributes.b))
        s = [
            (known.embeddings(group.whole.stimuli) @ a.T).mean() - (known.embeddings(group.whole.stimuli) @ b.T).mean()
            for group in (population.x, population.y)
        ]
        assert s[0] - s[1] == pytest.approx(DOSES[name] * margin_of(material.suite), abs=1e-6)
        assert prepared.associations[name, place, PLANTED] == pytest.approx(s[0] - s[1], abs=1e-12)


@pytest.mark.parametrize("name", UNITS)
def test_the_planted_unit_tells_the_concept_as_well_as_its_record_says(material, prepared, name):
    known, planted = prepared.bench.specimens[name], prepared.units[name]
    population = material.populations[planted.population]
    means = []
    for group in (population.x, population.rest):
        found = known.units(group.whole.stimuli)
        column = found.values[:, found.units.index(planted.unit)]
        means.append(column.reshape(group.size, -1).mean(axis=1))
    positive = np.arange(sum(map(len, means))) < len(means[0])
    area = auroc(np.concatenate(means)[:, None].astype(np.float64), positive)[0]
    assert area == pytest.approx(planted.areas[planted.unit], abs=1e-9)
    assert area == pytest.approx(UNITS[name], abs=0.006)


def test_a_planted_unit_leaves_all_other_units_as_they_were(prepared):
    first, second = (prepared.bench.specimens[name].activations for name in ("planted-unit", "planted-unit-0.7"))
    channels = {prepared.units[name].unit.split("/")[1] for name in ("planted-unit", "planted-unit-0.7")}
    others = [i for i, unit in enumerate(first.units) if unit.split("/")[1] not in channels]
    np.testing.assert_array_equal(first.values[:, others], second.values[:, others])


def test_the_notes_say_what_was_done(prepared):
    notes = prepared.specimens.notes
    assert "Africa was tied to poverty rather than wealth more than Europe is, by 0.04 in cosine" in notes["planted-2x"]
    assert "was erased. A finding on it is about that edit." in notes["erased"]
    assert "one unit of the last block was made to prefer Africa, with an AUROC of 0.95" in notes["planted-unit"]
