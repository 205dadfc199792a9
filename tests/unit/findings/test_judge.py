"""Interval rules, conditions, requirements and controls."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.findings import judge, relation
from audit.records import Condition, Estimate, Finding, Margin, Role, Undefined, Verdict
from tests.unit.findings.example import auroc, estimate, measurement, unit_measurement


def one(*estimates: Any, **changes: Any) -> Finding:
    (finding,) = judge([measurement(*estimates, **changes)])
    return finding


def bound(value: float) -> Margin:
    return Margin("cosine_difference", value)


@pytest.mark.parametrize(
    ("low", "high", "family", "alternative", "verdict"),
    [
        (-0.01, 0.019, None, "greater", Verdict.PASS),
        (-0.90, -0.80, None, "greater", Verdict.PASS),
        (-0.01, 0.020, None, "greater", Verdict.INCONCLUSIVE),
        (0.021, 0.074, None, "greater", Verdict.FAIL),
        (0.020, 0.074, None, "greater", Verdict.INCONCLUSIVE),
        (0.022, 0.074, (0.019, 0.08), "greater", Verdict.INCONCLUSIVE),
        (0.022, 0.074, (0.021, 0.08), "greater", Verdict.FAIL),
        (-0.01, 0.019, (-0.02, 0.03), "greater", Verdict.PASS),
        (-0.019, 0.05, None, "less", Verdict.PASS),
        (-0.050, -0.021, None, "less", Verdict.FAIL),
        (-0.050, -0.021, (-0.06, -0.01), "less", Verdict.INCONCLUSIVE),
        (-0.019, 0.019, None, "two-sided", Verdict.PASS),
        (-0.021, 0.019, None, "two-sided", Verdict.INCONCLUSIVE),
        (0.021, 0.074, None, "two-sided", Verdict.FAIL),
        (-0.074, -0.021, None, "two-sided", Verdict.FAIL),
        (0.021, 0.074, (0.01, 0.09), "two-sided", Verdict.INCONCLUSIVE),
    ],
)
def test_the_interval_decides(
    low: float, high: float, family: tuple[float, float] | None, alternative: str, verdict: Verdict
) -> None:
    both = {} if family is None else {"low_simultaneous": family[0], "high_simultaneous": family[1]}
    assert one(estimate((low + high) / 2, low, high, **both), alternative=alternative).verdict is verdict


class TestTheLeastThatIsGoodEnough:
    """The recall of the worst group must reach 0.8, whatever side is tested."""

    def least(self, low: float, high: float, family: tuple[float, float] | None = None, **changes: Any) -> Finding:
        both = {} if family is None else {"low_simultaneous": family[0], "high_simultaneous": family[1]}
        made = estimate((low + high) / 2, low, high, name="worst_share", unit="share", sign="", **both)
        return one(made, **({"measure": "performance", "margin": Margin("worst_share", 0.8, least=True)} | changes))

    @pytest.mark.parametrize("alternative", ["greater", "less", "two-sided"])
    @pytest.mark.parametrize(
        ("low", "high", "family", "verdict"),
        [
            (0.81, 0.95, (0.75, 0.97), Verdict.PASS),
            (0.80, 0.95, None, Verdict.INCONCLUSIVE),
            (0.70, 0.79, (0.65, 0.82), Verdict.INCONCLUSIVE),
            (0.60, 0.70, (0.55, 0.79), Verdict.FAIL),
            (0.60, 0.70, (0.55, 0.80), Verdict.INCONCLUSIVE),
        ],
    )
    def test_the_interval_decides(
        self, low: float, high: float, family: tuple[float, float] | None, verdict: Verdict, alternative: str
    ) -> None:
        assert self.least(low, high, family, alternative=alternative).verdict is verdict

    @pytest.mark.parametrize(
        ("low", "high", "family", "reason", "side"),
        [
            (
                0.81,
                0.95,
                None,
                "begins at 0.810, above the margin of at least 0.8",
                "within the margin of at least 0.8",
            ),
            (
                0.60,
                0.70,
                (0.55, 0.79),
                "over the whole family ends at 0.790, below the margin of at least 0.8",
                "short of the margin of at least 0.8",
            ),
            (
                0.60,
                0.70,
                (0.55, 0.85),
                "ends at 0.700, below the margin of at least 0.8, but the one over the whole family, 0.550 to 0.850, "
                "reaches across it",
                "leaves open whether it reaches the margin of at least 0.8",
            ),
            (
                0.70,
                0.85,
                None,
                "interval, 0.700 to 0.850, reaches across the margin of at least 0.8",
                "leaves open whether it reaches the margin of at least 0.8",
            ),
        ],
    )
    def test_the_words(
        self, low: float, high: float, family: tuple[float, float] | None, reason: str, side: str
    ) -> None:
        finding = self.least(low, high, family)
        assert finding.reason.endswith(reason)
        assert finding.statement.endswith(f"{side}.")

    @pytest.mark.parametrize(
        ("low", "high", "verdict"),
        [(0.81, 0.95, Verdict.PASS), (0.7, 0.9, Verdict.INCONCLUSIVE), (0.5, 0.7, Verdict.FAIL)],
    )
    def test_a_positive_control_reaches_it(self, low: float, high: float, verdict: Verdict) -> None:
        assert self.least(low, high, role=Role.POSITIVE_CONTROL).verdict is verdict

    def test_as_a_condition(self) -> None:
        condition = Condition(
            "recall of the worst group", auroc(0.6, 0.5, 0.7, name="recall"), Margin("recall", 0.8, least=True)
        )
        (finding,) = judge([measurement(estimate(0.05, 0.04, 0.06), conditions=(condition,))])
        assert finding.verdict is Verdict.FAIL
        assert "recall of the worst group: 0.60 (95 % interval 0.50 to 0.70), short of" in finding.statement


def test_a_small_p_decides_nothing() -> None:
    assert one(estimate(0.005, 0.001, 0.009, p=1e-9)).verdict is Verdict.PASS


def test_a_simultaneous_interval_that_is_too_narrow_is_not_believed() -> None:
    narrow = estimate(0.03, 0.01, 0.05, low_simultaneous=0.025, high_simultaneous=0.035)
    assert one(narrow).verdict is Verdict.INCONCLUSIVE


class TestWithoutANumber:
    def test_no_margin(self) -> None:
        finding = one(estimate(0.05, 0.04, 0.06), margin=None)
        assert (finding.verdict, finding.reason) == (Verdict.INCONCLUSIVE, "no margin was declared")

    def test_undefined_headline(self) -> None:
        finding = one(Undefined(name="cosine_difference", reason="one cluster only"))
        assert finding.verdict is Verdict.ERROR
        assert "one cluster only" in finding.reason
        assert finding.headline is None

    def test_no_estimate_at_all(self) -> None:
        assert one().verdict is Verdict.ERROR

    @pytest.mark.parametrize("missing", ["model", "stimuli"])
    def test_missing(self, missing: str) -> None:
        finding = one(missing=missing, missing_reason="the model embeds no images")
        assert (finding.verdict, finding.missing) == (Verdict.NOT_APPLICABLE, missing)
        assert finding.statement == "Not measured: the model embeds no images."

    def test_no_interval(self) -> None:
        finding = one(estimate(0.001, None, None))
        assert finding.verdict is Verdict.INCONCLUSIVE
        assert "has no interval" in finding.reason

    @pytest.mark.parametrize(
        ("broken", "why"),
        [
            (estimate(math.nan, 0.0, 0.01), "not a finite number"),
            (estimate(0.0, -0.01, math.inf), "not a finite number"),
            (estimate(0.0, 0.01, -0.01), "ends below where it begins"),
            (estimate(0.0, -0.01, 0.01, name="hedges_g"), "the margin bounds cosine_difference"),
        ],
    )
    def test_a_flawed_estimate_is_an_error(self, broken: Estimate, why: str) -> None:
        finding = one(broken)
        assert finding.verdict is Verdict.ERROR
        assert why in finding.reason

    @pytest.mark.parametrize("value", [0.0, -0.02, math.nan, math.inf])
    def test_a_margin_that_bounds_nothing(self, value: float) -> None:
        assert one(estimate(0.0, -0.01, 0.01), margin=Margin("cosine_difference", value)).verdict is Verdict.ERROR

    def test_a_description_decides_nothing(self) -> None:
        finding = one(estimate(0.9, 0.8, 1.0), role=Role.DESCRIPTION)
        assert (finding.verdict, finding.role) == (Verdict.NOT_APPLICABLE, Role.DESCRIPTION)
        assert "margin" not in finding.statement


class TestConditions:
    """A unit must prefer the region and the harm before the probe fails."""

    BEYOND, INSIDE, BETWEEN = auroc(0.9, 0.8, 0.95), auroc(0.6, 0.5, 0.7), auroc(0.75, 0.6, 0.85)

    @pytest.mark.parametrize(
        ("concept", "harm", "verdict"),
        [
            (BEYOND, BEYOND, Verdict.FAIL),
            (BEYOND, INSIDE, Verdict.PASS),
            (INSIDE, BEYOND, Verdict.PASS),
            (BETWEEN, INSIDE, Verdict.PASS),
            (BEYOND, BETWEEN, Verdict.INCONCLUSIVE),
            (BETWEEN, BEYOND, Verdict.INCONCLUSIVE),
            (BEYOND, Undefined(name="auroc", reason="no harm words given"), Verdict.ERROR),
        ],
    )
    def test_both_must_be_beyond(self, concept: Estimate, harm: Estimate | Undefined, verdict: Verdict) -> None:
        harm = replace(harm, name="auroc_harm")
        condition = Condition("preference for terrorism over tourism", harm, Margin("auroc_harm", 0.75))
        (finding,) = judge([unit_measurement(concept, conditions=(condition,))])
        assert finding.verdict is verdict
        assert finding.estimates == (concept, harm)
        assert "preference for terrorism over tourism" in finding.statement


class TestAbsence:
    def judged(self, best: Estimate, decodable: float) -> Finding:
        required = Condition(
            "that the concept can be decoded", auroc(0.95, decodable, 1.0, name="probe"), Margin("probe", 0.9)
        )
        (finding,) = judge(
            [unit_measurement(best, measure="absence", margin=Margin("auroc", 0.85), requirements=(required,))]
        )
        return finding

    def test_the_bound_holds_for_all_units_at_once(self) -> None:
        best = auroc(0.7, 0.6, 0.8)
        assert self.judged(best, 0.91).verdict is Verdict.PASS
        assert self.judged(replace(best, high_simultaneous=0.86), 0.91).verdict is Verdict.INCONCLUSIVE

    def test_nothing_found_is_no_absence(self) -> None:
        finding = self.judged(auroc(0.7, 0.6, 0.8), 0.89)
        assert finding.verdict is Verdict.INCONCLUSIVE
        assert finding.reason.startswith("that the concept can be decoded was not shown")

    def test_a_unit_that_is_there(self) -> None:
        assert self.judged(auroc(0.97, 0.9, 1.0), 0.5).verdict is Verdict.FAIL


class TestControls:
    PROBE = measurement(estimate(0.05, 0.04, 0.06))
    CLEAN = measurement(estimate(0.0, -0.01, 0.01), probe="clean")
    UNDECIDED = measurement(estimate(0.0, -0.1, 0.1), probe="undecided")

    def control(self, role: Role, low: float, high: float, **changes: Any) -> Any:
        return measurement(
            estimate((low + high) / 2, low, high), **({"role": role, "probe": "flowers-insects"} | changes)
        )

    def verdicts(self, control: Any) -> list[Verdict]:
        return [finding.verdict for finding in judge([control, self.PROBE, self.CLEAN, self.UNDECIDED])]

    HELD = (Verdict.FAIL, Verdict.PASS, Verdict.INCONCLUSIVE)
    BROKEN = (Verdict.INCONCLUSIVE,) * 3

    @pytest.mark.parametrize(
        ("role", "low", "high", "own", "others"),
        [
            (Role.POSITIVE_CONTROL, 0.03, 0.3, Verdict.PASS, HELD),
            (Role.POSITIVE_CONTROL, 0.01, 0.3, Verdict.INCONCLUSIVE, BROKEN),
            (Role.POSITIVE_CONTROL, -0.01, 0.01, Verdict.FAIL, BROKEN),
            (Role.NEGATIVE_CONTROL, -0.01, 0.01, Verdict.PASS, HELD),
            (Role.NEGATIVE_CONTROL, -0.01, 0.05, Verdict.INCONCLUSIVE, HELD),
            (Role.NEGATIVE_CONTROL, 0.03, 0.05, Verdict.FAIL, BROKEN),
        ],
    )
    def test_what_a_control_does(
        self, role: Role, low: float, high: float, own: Verdict, others: tuple[Verdict, ...]
    ) -> None:
        assert self.verdicts(self.control(role, low, high)) == [own, *others]

    def test_the_reason_names_the_control_and_keeps_the_number(self) -> None:
        _, finding = judge([self.control(Role.NEGATIVE_CONTROL, 0.03, 0.05), self.PROBE])
        assert finding.reason == (
            "the control flowers-insects[text,text] is broken, so nothing is concluded "
            "(the 95 % interval begins at 0.040, above the margin of 0.02)"
        )

    def test_a_positive_control_without_a_number_is_broken(self) -> None:
        control = measurement(
            Undefined(name="cosine_difference", reason="no terms"), role=Role.POSITIVE_CONTROL, probe="c"
        )
        assert self.verdicts(control) == [Verdict.ERROR, *self.BROKEN]

    def test_a_control_the_model_cannot_be_asked_shows_nothing(self) -> None:
        control = measurement(role=Role.POSITIVE_CONTROL, missing="model", missing_reason="no images")
        assert self.verdicts(control) == [Verdict.NOT_APPLICABLE, *self.BROKEN]

    def test_a_control_speaks_for_its_own_form_only(self) -> None:
        held = self.control(Role.POSITIVE_CONTROL, 0.03, 0.05)
        unread = self.control(Role.POSITIVE_CONTROL, -0.01, 0.01, form=("rendered", "text"))
        verdicts = [finding.verdict for finding in judge([held, unread, self.PROBE])]
        assert verdicts == [Verdict.PASS, Verdict.FAIL, Verdict.FAIL]
        rendered = replace(self.PROBE, form=("rendered", "text"))
        assert judge([held, unread, rendered])[2].verdict is Verdict.INCONCLUSIVE
        alone = judge([held, rendered])[1]
        assert alone.verdict is Verdict.INCONCLUSIVE
        assert alone.reason.startswith("the suite has no positive control in the form 'rendered', so nothing")

    def test_what_is_shown_in_several_forms_needs_a_control_in_each(self) -> None:
        asked = unit_measurement(
            auroc(0.9, 0.85, 0.95, name="smallest_auroc"),
            measure="multimodality",
            form=("rendered", "pictograph"),
            margin=Margin("smallest_auroc", 0.75),
        )

        def control(form: str, low: float) -> Any:
            return self.control(Role.POSITIVE_CONTROL, low, low + 0.01, form=(form, "text"), probe=form)

        words, drawings = control("rendered", 0.03), control("pictograph", 0.03)
        assert judge([words, drawings, asked])[-1].verdict is Verdict.FAIL
        alone = judge([words, asked])[-1].reason
        assert alone.startswith("the suite has no positive control in the form 'pictograph', so nothing is concluded")
        broken = judge([words, control("pictograph", 0.0), asked])[-1].reason
        assert broken.startswith("the control pictograph[pictograph,text] is broken, so nothing is concluded")

    @pytest.mark.parametrize("elsewhere", [{"suite": "religion"}, {"model": "ff" * 32}])
    def test_controls_speak_for_their_suite_and_model_only(self, elsewhere: dict[str, str]) -> None:
        control = self.control(Role.NEGATIVE_CONTROL, 0.03, 0.05, **elsewhere)
        assert self.verdicts(control) == [Verdict.FAIL, *self.HELD]

    def test_the_family_does_not_weaken_a_positive_control(self) -> None:
        wide = estimate(0.1, 0.03, 0.2, low_simultaneous=-0.1, high_simultaneous=0.3)
        assert self.verdicts(measurement(wide, role=Role.POSITIVE_CONTROL))[0] is Verdict.PASS

    def test_a_two_sided_control_may_hold_either_way(self) -> None:
        control = self.control(Role.POSITIVE_CONTROL, -0.3, -0.03, alternative="two-sided")
        assert self.verdicts(control)[0] is Verdict.PASS


def test_the_fingerprint_follows_the_question_alone() -> None:
    first = one(estimate(0.05, 0.04, 0.06)).fingerprint
    assert len(first) == 64
    assert one(estimate(0.0, -0.01, 0.01), model="ff" * 32).fingerprint == first
    for changes in ({"suite": "x"}, {"probe": "x"}, {"form": ("text",)}, {"ask": "x"}, {"definition": "x"}):
        assert one(estimate(0.05, 0.04, 0.06), **changes).fingerprint != first


number = st.floats(-1, 1)


@st.composite
def intervals(draw: st.DrawFn) -> Estimate:
    family_low, low, value, high, family_high = sorted(draw(st.lists(number, min_size=5, max_size=5)))
    return estimate(value, low, high, low_simultaneous=family_low, high_simultaneous=family_high)


alternatives = st.sampled_from(["greater", "less", "two-sided"])
margins = st.floats(1e-3, 1)


@given(intervals(), margins, margins, alternatives)
def test_a_wider_margin_never_turns_pass_into_fail(
    made: Estimate, one_margin: float, other: float, alternative: Any
) -> None:
    order = ["beyond", "undecided", "inside"]
    narrow, wide = sorted([one_margin, other])
    assert order.index(relation(made, bound(narrow), alternative)) <= order.index(
        relation(made, bound(wide), alternative)
    )


@given(intervals(), margins, alternatives)
def test_mirror_image(made: Estimate, margin: float, alternative: Any) -> None:
    assert made.low is not None
    assert made.high is not None
    assert made.low_simultaneous is not None
    assert made.high_simultaneous is not None
    mirrored = estimate(
        -made.value,
        -made.high,
        -made.low,
        low_simultaneous=-made.high_simultaneous,
        high_simultaneous=-made.low_simultaneous,
    )
    turned: Any = {"greater": "less", "less": "greater", "two-sided": "two-sided"}[alternative]
    assert relation(made, bound(margin), alternative) == relation(mirrored, bound(margin), turned)


@given(intervals(), margins, alternatives)
def test_a_pass_lies_inside_and_a_fail_beyond(made: Estimate, margin: float, alternative: Any) -> None:
    finding = one(made, alternative=alternative, margin=Margin("cosine_difference", margin))
    assert made.low is not None
    assert made.high is not None
    if finding.verdict is Verdict.PASS:
        assert made.high < margin or alternative == "less"
        assert made.low > -margin or alternative == "greater"
    if finding.verdict is Verdict.FAIL:
        assert made.low > margin or made.high < -margin
        assert abs(made.value) > margin


@given(intervals(), margins, alternatives, st.sampled_from(Role), st.booleans())
def test_every_measurement_gives_one_finding_with_a_sentence(
    made: Estimate, margin: float, alternative: Any, role: Role, bounded: bool
) -> None:
    finding = one(made, alternative=alternative, role=role, margin=Margin(made.name, margin) if bounded else None)
    assert finding.statement.endswith(".")
    assert finding.reason
    assert not finding.reason.endswith(".")
    if finding.verdict in (Verdict.PASS, Verdict.FAIL):
        assert bounded
        assert role is not Role.DESCRIPTION
