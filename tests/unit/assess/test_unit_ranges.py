"""Ranges of units on activations that are made up: what is counted, drawn and pictured, and what cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from audit.assess.unit_ranges import PICTURED, SAMPLED, UnitRanges
from audit.engine import UnitActivations
from audit.measures import UnitResponses
from audit.stimuli import StimulusSet, word_stimulus

UNITS = ("a/0/max", "a/1/max", "a/2/max")


class Made:
    """Encodings whose activations stand in a table by the word; the pool is read in parts of five."""

    def __init__(self, table):
        self.table = table
        self.scans = 0

    def units(self, stimuli, layers=()):
        del layers
        values = np.array([self.table[stimulus.content] for stimulus in stimuli], dtype=np.float32)
        return UnitActivations(values, UNITS, ("a", "a", "a"))

    def scan(self, stimuli, units, reducers):
        self.scans += 1
        columns = [UNITS.index(unit) for unit in units]
        for start in range(0, len(stimuli), 5):
            part = stimuli[start : start + 5]
            for reducer in reducers:
                reducer.update([s.key for s in part], self.units(part).values[:, columns])


def words(label, names):
    return StimulusSet(label, label, "rendered", tuple(word_stimulus(name, "Noto Sans") for name in names))


@pytest.fixture(scope="module")
def ranges():
    """30 words of a concept, 30 others, and a pool of 60, ten of which are words of the probe."""
    rng = np.random.default_rng(3)
    names = [f"w{i}" for i in range(110)]
    table = {name: (0.5, *rng.standard_normal(2)) for name in names}
    concept, against = words("concept", names[:30]), words("against", names[30:60])
    pool = words("pool", names[50:])
    found = UnitResponses(concept, against, np.zeros((60, 3)), np.arange(60) < 30, UNITS, ("a",) * 3)
    encodings = Made(table)
    made = UnitRanges(found, [pool], encodings, [UNITS[2], UNITS[0], UNITS[1]], layers=(), seed=0)
    return made, encodings, table


def test_the_pool_is_read_three_times_and_no_stimulus_twice(ranges):
    made, encodings, table = ranges
    items = list(made.items())
    assert encodings.scans == 3
    bins = [row for row in made.bins() if row["unit"] == UNITS[2]]
    values = np.array([row[2] for row in table.values()], dtype=np.float32).astype(float)
    edges = [row["z_low"] for row in bins] + [bins[-1]["z_high"]]
    assert [row["n"] for row in bins] == np.histogram(values / values.std(), edges)[0].tolist()
    assert sum(row["concept_n"] for row in bins) == 30
    own = [row for row in items if row["unit"] == UNITS[2]]
    assert sum(row["group"] == "concept" for row in own) == 30
    assert sum(row["group"] == "against" for row in own) == 30
    assert {row["item"] for row in own if row["group"] == "pool"} <= {f"w{i}" for i in range(60, 110)}


def test_a_unit_that_gives_one_number_has_no_range(ranges):
    made, _, _ = ranges
    assert {row["unit"] for row in made.bins()} == {UNITS[1], UNITS[2]}
    assert {row["unit"] for row in made.items()} == {UNITS[1], UNITS[2]}


def test_the_sample_is_fixed_in_size_and_the_first_unit_pictured(ranges):
    made, _, _ = ranges
    items = list(made.items())
    for unit in (UNITS[1], UNITS[2]):
        for row in made.bins():
            if row["unit"] == unit:
                drawn = [i for i in items if i["unit"] == unit and i["bin"] == row["bin"] and i["sampled"]]
                assert len(drawn) == min(SAMPLED, row["n"])
    pictured = [item for item in items if item["picture"]]
    assert {item["unit"] for item in pictured} == {UNITS[2]}
    assert all(item["draw"] <= PICTURED for item in pictured)
    names = {f"figures/{name}" for name, _ in made.pictures()}
    assert names == {item["picture"] for item in pictured}


def test_what_was_drawn_of_the_pool_stands_among_the_stimuli(ranges):
    made, _, _ = ranges
    drawn = {item["item"] for item in made.items() if item["group"] == "pool"}
    pooled = list(made.pooled())
    assert {row["item"] for row in pooled} == drawn
    assert len(pooled) == len(drawn)
    assert {row["role"] for row in pooled} == {"pool"}


def test_it_says_how_many_it_rests_on(ranges):
    assert "all 60 single stimuli of the probe and 50 of a pool" in ranges[0].how
