"""The decision rule, case by case."""

from __future__ import annotations

import pytest

from audit.stats import relation


@pytest.mark.parametrize(
    ("alternative", "low", "high", "low_simultaneous", "high_simultaneous", "expected"),
    [
        ("greater", -0.05, 0.01, -0.08, 0.04, "inside"),
        ("greater", -0.90, 0.01, -0.95, 0.04, "inside"),
        ("greater", 0.01, 0.03, 0.00, 0.04, "undecided"),
        ("greater", 0.03, 0.09, 0.01, 0.11, "undecided"),
        ("greater", 0.05, 0.09, 0.03, 0.11, "beyond"),
        ("less", -0.01, 0.90, -0.04, 0.95, "inside"),
        ("less", -0.09, -0.05, -0.11, -0.03, "beyond"),
        ("less", -0.09, -0.03, -0.11, -0.01, "undecided"),
        ("two-sided", -0.01, 0.01, -0.03, 0.03, "inside"),
        ("two-sided", -0.09, 0.01, -0.11, 0.03, "undecided"),
        ("two-sided", -0.09, -0.05, -0.11, -0.03, "beyond"),
        ("two-sided", 0.05, 0.09, 0.03, 0.11, "beyond"),
        ("two-sided", 0.03, 0.09, 0.01, 0.11, "undecided"),
    ],
)
def test_relation_to_a_margin_of_two_hundredths(alternative, low, high, low_simultaneous, high_simultaneous, expected):
    assert relation(low, high, low_simultaneous, high_simultaneous, 0.02, alternative) == expected


def test_an_end_on_the_margin_is_undecided():
    assert relation(0.0, 0.02, 0.0, 0.02, 0.02, "greater") == "undecided"
    assert relation(0.02, 0.04, 0.02, 0.04, 0.02, "greater") == "undecided"
