"""What cannot be read of units is told by name and number."""

from __future__ import annotations

import numpy as np
import pytest

from audit.assess.unit_readings import constant_units, not_finite
from audit.measures import UnitResponses
from audit.records import Modality
from audit.stimuli import Stimulus, StimulusSet

UNITS = tuple(f"layer/{i}" for i in range(6))


def stimuli(name, count):
    return StimulusSet(
        name,
        name,
        "image",
        tuple(
            Stimulus(f"{name}-{i}", Modality.IMAGE, "image", f"{name}-{i}", f"{name}-{i}", "", "", "")
            for i in range(count)
        ),
    )


@pytest.fixture
def responses():
    values = np.random.default_rng(1).standard_normal((7, len(UNITS))).astype(np.float32)
    return UnitResponses(stimuli("a", 3), stimuli("b", 4), values, np.arange(7) < 3, UNITS, ("layer",) * 6)


def test_nothing_is_said_where_all_is_in_order(responses):
    assert not_finite([responses]) == ""
    assert constant_units([responses]) == ""


def test_units_without_a_number_are_counted(responses):
    responses.responses[2, 1], responses.responses[5, 4] = np.nan, np.inf
    assert not_finite([responses]) == (
        "2 of 6 units give no finite activation for some stimulus: layer/1, layer/4; "
        "leave them out with 'among' or 'layers'"
    )


def test_a_stimulus_that_gives_no_unit_a_number_is_named_and_not_its_units(responses):
    responses.responses[[1, 6]] = np.nan
    assert not_finite([responses]) == "the model gives no finite activation for a-1, b-3"


def test_units_that_give_one_number_in_every_form(responses):
    other = UnitResponses(
        responses.concept, responses.against, responses.responses.copy(), responses.positive, UNITS, ("layer",) * 6
    )
    responses.responses[:, [0, 3]] = 0.5
    other.responses[:, 3] = 2.0
    assert constant_units([responses]) == "2 of 6 units give one number for all stimuli: layer/0, layer/3"
    assert constant_units([responses, other]) == "1 of 6 units give one number for all stimuli: layer/3"
