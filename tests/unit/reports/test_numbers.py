from __future__ import annotations

import pytest

from audit.records import Margin, Undefined
from reports.numbers import aligned, listed, margin_text, p_text, shown, signed, span
from tests.unit.reports.small import estimate


def test_an_estimate_has_the_digits_that_its_interval_supports() -> None:
    text = shown(estimate(), Margin("cosine_difference", 0.02))
    assert (text.value, text.interval, text.family) == ("+0.051", "0.019 to 0.083", "0.006 to 0.096")
    wide = shown(estimate(value=0.6, low=-0.8, high=2.0, low_simultaneous=None, high_simultaneous=None))
    assert (wide.value, wide.interval, wide.family) == ("+0.6", "−0.8 to 2.0", "–")


def test_an_end_never_looks_like_the_margin_that_it_is_not() -> None:
    text = shown(estimate(low=0.01, high=0.01996), Margin("cosine_difference", 0.02))
    assert text.interval == "0.01000 to 0.01996"


def test_pairs_are_called_pairs() -> None:
    assert shown(estimate(groups=(15, 15))).clusters == "15 + 15"
    assert shown(estimate(groups=(40,), block="role")).clusters == "40 pairs"


def test_a_probability_has_no_plus_sign() -> None:
    assert shown(estimate(name="auroc", unit="probability", value=0.941, low=0.88, high=0.98)).value == "0.941"


def test_an_undefined_estimate_is_no_number() -> None:
    text = shown(Undefined(name="hedges_g", reason="no spread"))
    assert (text.value, text.undefined, text.interval) == ("undefined", "no spread", "–")


@pytest.mark.parametrize(
    ("value", "text"), [(0.05, "+0.05"), (-0.05, "−0.05"), (0.001, "0.00"), (-0.001, "0.00"), (0.0, "0.00")]
)
def test_signs(value: float, text: str) -> None:
    assert signed(value, 2) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [(None, "–"), (0.00001, "< 0.0001"), (0.0123, "0.012"), (0.5, "0.50"), (1.0, "1.00"), (0.0004, "0.00040")],
)
def test_p_values(p: float | None, text: str) -> None:
    assert p_text(p) == text


def test_ranges_margins_and_lists() -> None:
    assert span(-0.0104, 0.022, 3) == "−0.010 to 0.022"
    assert span(None, 0.1, 2) == "–"
    margin = Margin("cosine_difference", 0.02)
    assert [margin_text(margin, side) for side in ("greater", "less", "two-sided")] == ["0.02", "−0.02", "±0.02"]
    assert margin_text(None, "greater") == "–"
    assert [listed(names) for names in ((), ("a",), ("a", "b"), ("a", "b", "c"))] == ["", "a", "a and b", "a, b and c"]
    assert aligned([0.1234, -0.05], sign=True) == ("+0.123", "−0.050")
    assert aligned([], sign=True) == ()
