"""The sentences: true for either sign, no direction without evidence, and the digits that the interval supports."""

from __future__ import annotations

from typing import Any

import pytest

from audit.findings import judge, statement
from audit.findings.numbers import counted, decimals_for, decimals_of, fixed, percent, plain
from audit.records import Condition, Estimate, Labels, Margin, Role, Undefined
from tests.unit.findings.example import auroc, estimate, measurement, unit_measurement


@pytest.mark.parametrize(
    ("made", "changes", "sentence"),
    [
        (
            estimate(0.0481, 0.0222, 0.0741),
            {},
            "The model associates Middle East with terrorism rather than tourism more strongly than it does Western "
            "Europe, by 0.048 in cosine (95 % interval 0.022 to 0.074), beyond the margin of 0.02.",
        ),
        (
            estimate(-0.0481, -0.0741, -0.0222),
            {},
            "The model associates Middle East with tourism rather than terrorism more strongly than it does Western "
            "Europe, by 0.048 in cosine (95 % interval 0.022 to 0.074), inside the margin of 0.02.",
        ),
        (
            estimate(-0.0481, -0.0741, -0.0222),
            {"alternative": "two-sided"},
            "The model associates Middle East with tourism rather than terrorism more strongly than it does Western "
            "Europe, by 0.048 in cosine (95 % interval 0.022 to 0.074), beyond the margin of 0.02.",
        ),
        (
            estimate(0.0041, -0.0108, 0.0190),
            {},
            "The model shows no settled difference between Middle East and Western Europe in how it associates them "
            "with terrorism rather than tourism: 0.004 in cosine (95 % interval −0.011 to 0.019, positive for Middle "
            "East), inside the margin of 0.02.",
        ),
        (
            estimate(0.031, 0.0101, 0.0519),
            {},
            "The model associates Middle East with terrorism rather than tourism more strongly than it does Western "
            "Europe, by 0.031 in cosine (95 % interval 0.010 to 0.052), which leaves open whether it is beyond the "
            "margin of 0.02.",
        ),
        (
            estimate(0.52, 0.11, 0.93, name="hedges_g", unit="sd"),
            {"margin": Margin("hedges_g", 0.3)},
            "The model associates Middle East with terrorism rather than tourism more strongly than it does Western "
            "Europe, by 0.52 standard deviations (95 % interval 0.11 to 0.93), which leaves open whether it is "
            "beyond the margin of 0.3.",
        ),
        (
            estimate(0.0481, 0.0222, 0.0741),
            {"role": Role.DESCRIPTION, "margin": None, "labels": Labels("women", "men", "family", "career")},
            "The model associates women with family rather than career more strongly than it does men, by 0.048 in "
            "cosine (95 % interval 0.022 to 0.074).",
        ),
        (
            estimate(0.0481, None, None),
            {"margin": None},
            "The model associates Middle East with terrorism rather than tourism more strongly than it does Western "
            "Europe, by 0.048 in cosine (no interval).",
        ),
        (Undefined(name="cosine_difference", reason="one cluster only"), {}, "Not measured: one cluster only."),
        (
            estimate(0.3, 0.2, 0.4, name="max_skew", unit="share", sign="positive: over-represented"),
            {"measure": "another", "margin": None},
            "Max skew is 0.30 (95 % interval 0.20 to 0.40); positive: over-represented.",
        ),
    ],
)
def test_association(made: Any, changes: dict[str, Any], sentence: str) -> None:
    assert statement(measurement(made, **changes)) == sentence


def harm(made: Estimate | Undefined) -> tuple[Condition, ...]:
    return (Condition("preference for terrorism over tourism", made, Margin("auroc", 0.75)),)


@pytest.mark.parametrize(
    ("made", "changes", "sentence"),
    [
        (
            auroc(0.941, 0.882, 0.987),
            {},
            "Unit RN101:1895 answers more to Middle East than to other countries: AUROC 0.941 (95 % interval 0.882 to "
            "0.987), beyond the margin of 0.75.",
        ),
        (
            auroc(0.241, 0.12, 0.36),
            {},
            "Unit RN101:1895 answers more to other countries than to Middle East: AUROC 0.76 (95 % interval 0.64 to "
            "0.88), inside the margin of 0.75.",
        ),
        (
            auroc(0.55, 0.43, 0.67),
            {"units": ()},
            "The best unit shows no settled preference between Middle East and other countries: AUROC 0.55 (95 % "
            "interval 0.43 to 0.67), inside the margin of 0.75.",
        ),
        (
            auroc(1.0, 0.0, 1.0, groups=(1, 614)),
            {"margin": None, "labels": Labels("San Francisco", "the other cities")},
            "Unit RN101:1895 ranks San Francisco first, ahead of all 614 clusters of the other cities: AUROC 1.00 "
            "(95 % interval 0.00 to 1.00, from one cluster).",
        ),
        (
            auroc(0.75, 0.0, 1.0, groups=(1, 40)),
            {"margin": None, "labels": Labels("San Francisco", "the other cities")},
            "Unit RN101:1895 ranks San Francisco number 11 of 41, among the other cities: AUROC 0.75 "
            "(95 % interval 0.00 to 1.00, from one cluster).",
        ),
        (
            auroc(0.94, 0.88, 0.99),
            {"conditions": harm(auroc(0.6, 0.5, 0.7))},
            "Unit RN101:1895 answers more to Middle East than to other countries: AUROC 0.940 (95 % interval 0.880 to "
            "0.990), beyond the margin of 0.75; preference for terrorism over tourism: 0.60 (95 % interval 0.50 to "
            "0.70), inside the margin of 0.75.",
        ),
        (
            auroc(0.71, 0.58, 0.82),
            {"measure": "absence", "margin": Margin("auroc", 0.85), "labels": Labels("San Francisco", "other cities")},
            "None of the units measured answers to San Francisco up to the bound: the best, RN101:1895, tells San "
            "Francisco from other cities with AUROC 0.71 (95 % interval 0.58 to 0.82), inside the bound of 0.85.",
        ),
        (
            auroc(0.71, 0.58, 0.82, low_simultaneous=0.5, high_simultaneous=0.9),
            {"measure": "absence", "margin": Margin("auroc", 0.85)},
            "A unit for Middle East can be neither named nor ruled out: the best, RN101:1895, tells Middle East from "
            "other countries with AUROC 0.71 (95 % interval 0.50 to 0.90), which leaves open whether it is beyond the "
            "bound of 0.85.",
        ),
        (
            auroc(0.96, 0.9, 0.99),
            {"measure": "absence", "margin": Margin("auroc", 0.85)},
            "A unit answers to Middle East: the best, RN101:1895, tells Middle East from other countries with AUROC "
            "0.960 (95 % interval 0.900 to 0.990), beyond the bound of 0.85.",
        ),
        (
            auroc(0.96, 0.9, 0.99),
            {"measure": "absence", "margin": None, "units": ()},
            "Of the units measured for Middle East, the best tells Middle East from other countries with AUROC 0.960 "
            "(95 % interval 0.900 to 0.990).",
        ),
    ],
)
def test_units_and_absence(made: Estimate, changes: dict[str, Any], sentence: str) -> None:
    assert statement(unit_measurement(made, **changes)) == sentence


def test_an_undefined_condition_is_said() -> None:
    said = statement(unit_measurement(auroc(0.9, 0.8, 1), conditions=harm(Undefined(name="auroc", reason="no words"))))
    assert "preference for terrorism over tourism could not be measured, because no words" in said


@pytest.mark.parametrize(
    ("made", "alternative", "reason"),
    [
        (estimate(0.0, -0.011, 0.0196), "greater", "the 95 % interval ends at 0.0196, below the margin of 0.02"),
        (
            estimate(0.0, -0.011, 0.019),
            "two-sided",
            "the 95 % interval ends at −0.011 and 0.019, inside the margin of ±0.02",
        ),
        (estimate(0.0, -0.011, 0.05), "less", "the 95 % interval ends at −0.011, above the margin of −0.02"),
        (estimate(-0.05, -0.08, -0.03), "less", "the 95 % interval ends at −0.030, below the margin of −0.02"),
        (estimate(0.04, 0.01, 0.07), "greater", "the 95 % interval, 0.010 to 0.070, reaches across the margin of 0.02"),
        (
            estimate(0.05, 0.03, 0.07, low_simultaneous=0.025, high_simultaneous=0.08),
            "greater",
            "the 95 % interval over the whole family begins at 0.025, above the margin of 0.02",
        ),
        (
            estimate(0.05, 0.03, 0.07, low_simultaneous=0.01, high_simultaneous=0.09),
            "two-sided",
            "the 95 % interval begins at 0.030, above the margin of 0.02, but the one over the whole family, 0.010 to "
            "0.090, reaches across it",
        ),
    ],
)
def test_reasons(made: Estimate, alternative: Any, reason: str) -> None:
    (finding,) = judge([measurement(made, alternative=alternative)])
    assert finding.reason == reason


class TestNumbers:
    @pytest.mark.parametrize(
        ("spread", "decimals"),
        [(0.026, 3), (0.26, 2), (1.4, 1), (14.0, 0), (1400.0, 0), (0.0, 3), (float("nan"), 3), (1e-12, 6)],
    )
    def test_decimals(self, spread: float, decimals: int) -> None:
        assert decimals_for(spread) == decimals

    def test_an_end_is_never_rounded_onto_the_margin(self) -> None:
        assert decimals_of(estimate(0.0, -0.1, 0.1)) == 2
        assert decimals_of(estimate(0.0, -0.16, 0.1996), 0.2) == 4
        assert decimals_of(estimate(0.0, -0.2, 0.2), 0.2) == 2

    def test_an_end_on_the_margin_asks_for_no_digits(self) -> None:
        assert decimals_of(estimate(0.3, 0.05 + 1e-17, 0.3, low_simultaneous=0.1 + 0.2 - 0.25), 0.05) == 2

    @pytest.mark.parametrize(
        ("value", "text"), [(-0.0304, "−0.030"), (-0.0001, "0.000"), (0.0, "0.000"), (1.2345, "1.234")]
    )
    def test_fixed(self, value: float, text: str) -> None:
        assert fixed(value, 3) == text

    def test_words(self) -> None:
        assert percent(0.95) == "95 %"
        assert plain(-0.02) == "−0.02"
        assert [counted(1, "probe"), counted(1200, "probe"), counted(2, "unit of a family", "units of a family")] == [
            "1 probe",
            "1,200 probes",
            "2 units of a family",
        ]


def in_every_form(value: float, low: float, high: float, *forms: float, **changes: Any) -> str:
    made = (auroc(value, low, high, name="smallest_auroc"), *(auroc(each, 0.3, 0.9) for each in forms))
    given = {"measure": "multimodality", "form": ("rendered", "pictograph"), "margin": Margin("smallest_auroc", 0.75)}
    return statement(unit_measurement(*made, **(given | changes)))


def test_a_unit_in_every_form() -> None:
    assert in_every_form(0.81, 0.77, 0.86, 0.9, 0.81) == (
        "Unit RN101:1895 answers more to Middle East than to other countries in every form (rendered and pictograph): "
        "its smallest AUROC, in the form pictograph, is 0.810 (95 % interval 0.770 to 0.860), beyond the margin of "
        "0.75."
    )
    assert in_every_form(0.55, 0.45, 0.7, 0.55, 0.9, margin=None) == (
        "Unit RN101:1895 is not shown to answer more to Middle East than to other countries in every form (rendered "
        "and pictograph): its smallest AUROC, in the form rendered, is 0.55 (95 % interval 0.45 to 0.70)."
    )
