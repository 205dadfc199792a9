"""One verdict, one exit code: the order of weight, and that nothing broken ever passes."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.findings import Policy, judge
from audit.gate import decide
from audit.records import Estimate, Finding, Role, Severity, Undefined, Verdict
from tests.unit.findings.example import estimate, measurement

POLICY = Policy.model_validate({"policy": "default"})
STRICT = Policy.model_validate({"policy": "strict", "not-applicable": {"model": "inconclusive"}})
LENIENT = Policy.model_validate({"policy": "lenient", "not-applicable": {"stimuli": "allow"}})

PASS, FAIL, OPEN = estimate(0.0, -0.01, 0.01), estimate(0.05, 0.04, 0.06), estimate(0.0, -0.1, 0.1)


def made(*estimates: Any, **changes: Any) -> Finding:
    (finding,) = judge([measurement(*estimates, **changes)])
    return finding


PASSED = made(PASS, probe="passed")
FAILED = made(FAIL, probe="failed")
UNDECIDED = made(OPEN, probe="open")
ERROR = made(Undefined(name="cosine_difference", reason="no terms"), probe="error")
NO_MODEL = made(missing="model", missing_reason="no images", probe="picture")
NO_STIMULI = made(missing="stimuli", missing_reason="no photos given", probe="photo")
DESCRIBED = made(FAIL, role=Role.DESCRIPTION, probe="described")
HELD = made(FAIL, role=Role.POSITIVE_CONTROL, probe="held")
BROKEN = made(PASS, role=Role.POSITIVE_CONTROL, probe="broken")
FALSE_ALARM = made(FAIL, role=Role.NEGATIVE_CONTROL, probe="false-alarm")
SHAKY = made(OPEN, role=Role.POSITIVE_CONTROL, probe="shaky")
UNSURE = made(OPEN, role=Role.NEGATIVE_CONTROL, probe="unsure")
QUIET = made(PASS, role=Role.NEGATIVE_CONTROL, probe="quiet")
MINOR = made(FAIL, severity=Severity.LOW, probe="minor")


@pytest.mark.parametrize(
    ("findings", "policy", "verdict", "code"),
    [
        ([PASSED], POLICY, Verdict.PASS, 0),
        ([PASSED, HELD, QUIET, DESCRIBED, NO_MODEL], POLICY, Verdict.PASS, 0),
        ([PASSED, FAILED, ERROR, UNDECIDED, BROKEN], POLICY, Verdict.FAIL, 1),
        ([PASSED, ERROR, UNDECIDED, NO_STIMULI], POLICY, Verdict.ERROR, 6),
        ([PASSED, UNDECIDED], POLICY, Verdict.INCONCLUSIVE, 6),
        ([PASSED, NO_STIMULI], POLICY, Verdict.INCONCLUSIVE, 6),
        ([PASSED, NO_STIMULI], LENIENT, Verdict.PASS, 0),
        ([PASSED, NO_MODEL], STRICT, Verdict.INCONCLUSIVE, 6),
        ([PASSED, BROKEN], POLICY, Verdict.INCONCLUSIVE, 6),
        ([PASSED, FALSE_ALARM], POLICY, Verdict.INCONCLUSIVE, 6),
        ([], POLICY, Verdict.ERROR, 5),
        ([HELD, QUIET], POLICY, Verdict.ERROR, 5),
        ([NO_MODEL], POLICY, Verdict.ERROR, 5),
        ([DESCRIBED], POLICY, Verdict.ERROR, 5),
        ([MINOR], POLICY, Verdict.FAIL, 1),
    ],
)
def test_the_order_of_weight(findings: list[Finding], policy: Policy, verdict: Verdict, code: int) -> None:
    decision = decide(findings, policy)
    assert (decision.verdict, decision.exit_code) == (verdict, code)
    assert decision.reason.endswith(".")


def test_only_what_the_policy_requires() -> None:
    high = Policy.model_validate({"policy": "high", "require": {"severity": "high"}})
    assert decide([PASSED, MINOR], high).verdict is Verdict.PASS
    assert decide([MINOR], high).exit_code == 5
    low_control = replace(BROKEN, severity=Severity.LOW)
    assert decide([PASSED, low_control], high).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("findings", "reason"),
    [
        ([PASSED], "The required probe passes."),
        ([PASSED, PASSED], "All 2 required probes that could be measured pass."),
        ([FAILED], "1 required probe fails: regions/failed[text,text]."),
        ([FAILED] * 5, "5 required probes fail: " + ", ".join(["regions/failed[text,text]"] * 3) + " and 2 more."),
        ([ERROR], "1 required probe could not be measured: regions/error[text,text]."),
        ([UNDECIDED], "1 required probe is undecided: regions/open[text,text]."),
        (
            [UNDECIDED, NO_STIMULI],
            "2 required probes are undecided: regions/open[text,text], regions/photo[text,text].",
        ),
        ([NO_STIMULI], "1 required probe was not measured: regions/photo[text,text]."),
        ([BROKEN], "1 required control is broken, so its suite shows nothing: regions/broken[text,text]."),
        (
            [UNDECIDED, SHAKY, PASSED],
            "1 required control is broken, so its suite shows nothing: regions/shaky[text,text].",
        ),
        ([UNDECIDED, UNSURE], "2 required findings are undecided: regions/open[text,text], regions/unsure[text,text]."),
        ([UNSURE], "1 required control is undecided: regions/unsure[text,text]."),
        ([], "Nothing was measured that the policy requires."),
    ],
)
def test_reasons(findings: list[Finding], reason: str) -> None:
    assert decide(findings, POLICY).reason == reason


def test_counts_cover_every_finding_once() -> None:
    everything = [
        PASSED, FAILED, UNDECIDED, ERROR, NO_MODEL, NO_STIMULI, DESCRIBED, HELD, BROKEN, FALSE_ALARM, QUIET,
    ]  # fmt: skip
    decision = decide(everything, POLICY)
    assert decision.counts.sentence() == (
        "1 fail, 1 error, 1 inconclusive, 1 pass; 2 not measured; 1 described; 2 of 4 controls as expected"
    )
    assert decision.deciding == (FAILED,)
    assert decide([], POLICY).counts.sentence() == "nothing measured"


NOT_OURS = [
    replace(PASSED, verdict=cast("Verdict", "passed")),
    replace(PASSED, verdict=cast("Verdict", "")),
    replace(PASSED, estimates=()),
    replace(PASSED, margin=None),
    replace(PASSED, estimates=(replace(PASS, value=math.nan),)),
    replace(PASSED, estimates=(replace(PASS, high=math.nan),)),
    replace(PASSED, estimates=(replace(PASS, high=None),)),
    replace(PASSED, estimates=(replace(PASS, low_simultaneous=-math.inf),)),
]


@pytest.mark.parametrize("finding", NOT_OURS)
@pytest.mark.parametrize("severity", [Severity.HIGH, "unheard-of"])
def test_what_is_no_proper_pass_is_an_error(finding: Finding, severity: Any) -> None:
    decision = decide([PASSED, replace(finding, severity=severity)], POLICY)
    assert (decision.verdict, decision.exit_code) == (Verdict.ERROR, 6)


def test_a_missing_thing_of_unknown_kind_is_not_excused() -> None:
    assert decide([PASSED, replace(NO_MODEL, missing="")], LENIENT).verdict is Verdict.INCONCLUSIVE


numbers = st.none() | st.floats()
findings = st.builds(
    Finding,
    suite=st.just("s"),
    form=st.just(("text",)),
    verdict=st.sampled_from([*Verdict, "great"]),
    role=st.sampled_from([*Role, "witness"]),
    severity=st.sampled_from([*Severity, "tiny"]),
    missing=st.sampled_from(["", "model", "stimuli"]),
    margin=st.sampled_from([None, PASSED.margin]),
    estimates=st.lists(
        st.one_of(
            st.just(PASS),
            st.builds(Undefined),
            st.builds(
                Estimate,
                name=st.just("cosine_difference"),
                low=numbers,
                high=numbers,
                groups=st.just((1, 1)),
            ),
        ),
        max_size=2,
    ).map(tuple),
)
policies = st.builds(
    lambda severity, model, stimuli: Policy.model_validate(
        {"policy": "p", "require": {"severity": severity}, "not-applicable": {"model": model, "stimuli": stimuli}}
    ),
    st.sampled_from([str(severity) for severity in Severity]),
    st.sampled_from(["allow", "inconclusive"]),
    st.sampled_from(["allow", "inconclusive"]),
)
CODES = {Verdict.PASS: {0}, Verdict.FAIL: {1}, Verdict.INCONCLUSIVE: {6}, Verdict.ERROR: {5, 6}}
WORST = [Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.PASS]


@given(st.lists(findings, max_size=6), policies)
def test_a_gate_passes_only_when_everything_required_passes(made: list[Finding], policy: Policy) -> None:
    decision = decide(made, policy)
    assert decision.exit_code in CODES[decision.verdict]
    if decision.exit_code != 0:
        return
    assert any(finding.verdict == Verdict.PASS and finding.role not in _controls() for finding in made)
    for finding in made:
        if finding.role is Role.DESCRIPTION:
            continue
        below = finding.severity in list(Severity) and (
            list(Severity).index(finding.severity) < list(Severity).index(policy.severity)
        )
        excused = finding.verdict == Verdict.NOT_APPLICABLE and finding.missing in ("model", "stimuli")
        assert finding.verdict == Verdict.PASS or excused or (below and finding.role not in _controls())


def _controls() -> tuple[Role, Role]:
    return (Role.POSITIVE_CONTROL, Role.NEGATIVE_CONTROL)


@given(st.lists(findings, max_size=6), policies)
def test_an_error_never_improves_the_verdict(made: list[Finding], policy: Policy) -> None:
    error = replace(ERROR, severity=Severity.CRITICAL)
    before, after = decide(made, policy), decide([*made, error], policy)
    assert WORST.index(after.verdict) <= WORST.index(before.verdict)
    assert after.exit_code != 0


@given(st.permutations([PASSED, FAILED, ERROR, UNDECIDED, NO_MODEL, BROKEN, HELD]), st.integers(0, 7), policies)
def test_the_order_of_findings_does_not_matter(made: list[Finding], size: int, policy: Policy) -> None:
    some = made[:size]
    forward, backward = decide(some, policy), decide(some[::-1], policy)
    assert (forward.verdict, forward.exit_code, forward.counts) == (
        backward.verdict,
        backward.exit_code,
        backward.counts,
    )
