"""The right classes of pictures, by a column or by group; what names no class is counted and never guessed."""

from __future__ import annotations

import numpy as np
import pytest

from audit.assess.truth import right_classes
from audit.measures import ZeroShotRows
from audit.records import Modality
from audit.stimuli import Stimulus, StimulusSet

CLASSES = ("cook", "pilot", "police officer")
ALIASES = {"pilot": ("aviator",), "cook": ("Chef",)}


def rows(*cells):
    pictures = tuple(
        Stimulus(str(i), Modality.IMAGE, "image", "", str(i), str(i), "", "", labels={"job": cell})
        for i, cell in enumerate(cells)
    )
    classes = tuple(Stimulus(name, Modality.TEXT, "text", name, name, name, "{}", name) for name in CLASSES)
    group, labels = StimulusSet("all", "all", "image", pictures), StimulusSet("jobs", "jobs", "text", classes)
    return ZeroShotRows((group,), (labels,), np.zeros((len(cells), len(CLASSES))))


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("cook", ["cook"]),
        ("COOK", ["cook"]),
        ("chef", ["cook"]),
        ("aviator", ["pilot"]),
        ("police-officer", ["police officer"]),
        ("Police_Officer", ["police officer"]),
        ("cook|pilot", ["cook", "pilot"]),
        ("cook|clerk", ["cook"]),
        ("['cook', 'pilot']", ["cook", "pilot"]),
        ("clerk", []),
        ("", []),
        ("cooks", []),
        ("[broken", []),
    ],
)
def test_a_value_names_the_class_that_it_spells(cell, right):
    found, excluded = right_classes(rows(cell), "job", ALIASES)
    assert [name for name, is_right in zip(CLASSES, found[0], strict=True) if is_right] == right
    assert bool(excluded) is not bool(right)


def test_pictures_without_a_class_are_counted_by_what_they_say():
    _, excluded = right_classes(rows("clerk", "cook", "", "clerk", "judge|maid"), "job", ALIASES)
    (found,) = excluded
    assert (found.what, found.count, found.names) == ("pictures by their job", 4, ("clerk", "nothing", "judge or maid"))


def test_a_class_keeps_its_own_name_where_it_is_another_spelling_of_one_before_it():
    found, _ = right_classes(rows("pilot"), "job", {"cook": ("pilot",)})
    assert found[0].tolist() == [False, True, False]


def test_the_group_may_say_what_is_right():
    found, excluded = right_classes(rows("x", "y"), {"all": ("aviator", "cook")}, ALIASES)
    assert found.tolist() == [[True, True, False]] * 2
    assert not excluded
