"""The decision rule, case by case."""

from __future__ import annotations

from math import inf

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
    allowed = {"greater": (-inf, 0.02), "less": (-0.02, inf), "two-sided": (-0.02, 0.02)}[alternative]
    assert relation(low, high, low_simultaneous, high_simultaneous, allowed) == expected


def test_an_end_on_the_margin_is_undecided():
    assert relation(0.0, 0.02, 0.0, 0.02, (-inf, 0.02)) == "undecided"
    assert relation(0.02, 0.04, 0.02, 0.04, (-inf, 0.02)) == "undecided"


@pytest.mark.parametrize(
    ("low", "high", "low_simultaneous", "high_simultaneous", "expected"),
    [
        (0.81, 0.95, 0.78, 0.97, "inside"),
        (0.80, 0.95, 0.78, 0.97, "undecided"),
        (0.60, 0.79, 0.58, 0.82, "undecided"),
        (0.60, 0.75, 0.58, 0.79, "beyond"),
    ],
)
def test_relation_to_a_least_of_eight_tenths(low, high, low_simultaneous, high_simultaneous, expected):
    assert relation(low, high, low_simultaneous, high_simultaneous, (0.8, inf)) == expected
