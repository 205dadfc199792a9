"""One verdict for many findings: the only place where a printed verdict and its exit code are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.errors import NothingMeasured, RunError
from audit.findings.controls import CONTROLS, is_broken
from audit.findings.interval import ends, flaw
from audit.findings.numbers import counted
from audit.gate.counts import Counts, count
from audit.records import Role, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.findings.policy import Policy
    from audit.records import Finding

PASSED = 0
FAILED = 1
NOTHING = NothingMeasured.exit_code
UNDECIDED = RunError.exit_code
NAMED = 3
"""How many findings a reason names before it only counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateDecision:
    """What a gate says."""

    verdict: Verdict
    """Pass, fail, inconclusive or error."""
    exit_code: int
    """0 pass, 1 fail, 5 nothing measured, 6 inconclusive or error."""
    reason: str
    """One sentence."""
    counts: Counts
    """Over all findings, required or not."""
    deciding: tuple[Finding, ...]
    """The findings that made the verdict; the required ones when everything passed."""


def decide(findings: Sequence[Finding], policy: Policy) -> GateDecision:
    """The verdict of a run under a policy.

    Probes at or above the policy's severity must pass, and controls of any severity. A fail of a probe decides first
    (1), then anything that should have been measured and was not (6), then whatever is undecided: a probe that is
    inconclusive, a control that is not as expected, or a probe that did not apply where the policy wants it measured
    (6). It passes when at least one required probe passed and nothing stands against it (0); without one, nothing was
    measured (5). What does not look like a proper finding counts as an error, never as a pass.
    """
    required = [finding for finding in findings if _is_required(finding, policy)]
    by_weight: dict[Verdict, list[Finding]] = {verdict: [] for verdict in Verdict}
    for finding in required:
        by_weight[_weight(finding, policy)].append(finding)
    counts = count(findings)
    passed = [finding for finding in by_weight[Verdict.PASS] if finding.role not in CONTROLS]

    def decision(verdict: Verdict, code: int, reason: str, deciding: list[Finding]) -> GateDecision:
        return GateDecision(verdict=verdict, exit_code=code, reason=reason, counts=counts, deciding=tuple(deciding))

    if failed := by_weight[Verdict.FAIL]:
        return decision(Verdict.FAIL, FAILED, _named(failed, "fails", "fail"), failed)
    if errors := by_weight[Verdict.ERROR]:
        reason = _named(errors, "could not be measured", "could not be measured")
        return decision(Verdict.ERROR, UNDECIDED, reason, errors)
    if undecided := by_weight[Verdict.INCONCLUSIVE]:
        return decision(Verdict.INCONCLUSIVE, UNDECIDED, _undecided(undecided), undecided)
    if not passed:
        return decision(Verdict.ERROR, NOTHING, "Nothing was measured that the policy requires.", [])
    return decision(Verdict.PASS, PASSED, _all_pass(len(passed)), by_weight[Verdict.PASS])


def _is_required(finding: Finding, policy: Policy) -> bool:
    """Descriptions never count, controls always; a severity that is none of ours counts."""
    if finding.role is Role.DESCRIPTION:
        return False
    order = list(Severity)
    if finding.role in CONTROLS or finding.severity not in order:
        return True
    return order.index(finding.severity) >= order.index(policy.severity)


def _weight(finding: Finding, policy: Policy) -> Verdict:
    """How a required finding counts: as pass, fail, error, inconclusive, or (as not-applicable) not at all."""
    match finding.verdict:
        case Verdict.PASS:
            return Verdict.PASS if _rests_on_numbers(finding) else Verdict.ERROR
        case Verdict.FAIL:
            return Verdict.INCONCLUSIVE if finding.role in CONTROLS else Verdict.FAIL
        case Verdict.INCONCLUSIVE:
            return Verdict.INCONCLUSIVE
        case Verdict.NOT_APPLICABLE:
            allowances = {"model": policy.not_applicable.model, "stimuli": policy.not_applicable.stimuli}
            allowed = allowances.get(finding.missing) == "allow"
            return Verdict.NOT_APPLICABLE if allowed else Verdict.INCONCLUSIVE
        case _:
            return Verdict.ERROR


def _rests_on_numbers(finding: Finding) -> bool:
    """True when a pass has what a pass must rest on: a margin, and a sound estimate with an interval."""
    headline = finding.headline
    if headline is None or finding.margin is None or ends(headline) is None:
        return False
    return not flaw(headline, finding.margin)


def _undecided(findings: list[Finding]) -> str:
    if broken := [finding for finding in findings if is_broken(finding.role, finding.verdict)]:
        return _named(broken, "is broken, so its suite shows nothing", "are broken, so their suites show nothing")
    absent = [finding for finding in findings if finding.verdict == Verdict.NOT_APPLICABLE]
    if len(absent) == len(findings):
        return _named(absent, "was not measured", "were not measured")
    return _named(findings, "is undecided", "are undecided")


def _all_pass(passed: int) -> str:
    return (
        "The required probe passes." if passed == 1 else f"All {passed:,} required probes that could be measured pass."
    )


def _named(findings: list[Finding], one: str, many: str) -> str:
    """``2 required probes fail: regions/a[text,text], regions/b[text,text].``"""
    controls = sum(finding.role in CONTROLS for finding in findings)
    noun = "probe" if not controls else "control" if controls == len(findings) else "finding"
    names = ", ".join(finding.id for finding in findings[:NAMED])
    more = f" and {len(findings) - NAMED:,} more" if len(findings) > NAMED else ""
    return f"{counted(len(findings), 'required ' + noun)} {one if len(findings) == 1 else many}: {names}{more}."
