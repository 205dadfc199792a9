"""The first sentences: why this verdict, and who should act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.numbers import counted
from audit.records import Role, Severity, Verdict
from reports.marks import CONTROLS
from reports.numbers import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audit.records import Finding


def reason(verdict: Verdict, findings: Sequence[Finding], model_of: Callable[[Finding], str] = lambda _: "") -> str:
    """One sentence that says why the run has its verdict; fails on several models are counted by model."""
    probes = [finding for finding in findings if finding.role is Role.PROBE and not finding.missing]
    failed = [finding for finding in probes if finding.verdict is Verdict.FAIL]
    errors = [finding for finding in findings if finding.verdict is Verdict.ERROR]
    undecided = [finding for finding in probes if finding.verdict is Verdict.INCONCLUSIVE]
    match verdict:
        case Verdict.FAIL:
            return _failed(failed, probes, model_of)
        case Verdict.ERROR if not any(finding.headline for finding in findings):
            return "Nothing could be measured, so nothing can be said."
        case Verdict.ERROR if errors:
            return f"{counted(len(errors), 'finding')} that should have been measured could not be computed."
        case Verdict.ERROR:
            return "Nothing was measured that the policy requires."
        case Verdict.PASS:
            return _passed(probes)
        case _:
            return _undecided(findings, undecided, probes)


def _failed(failed: Sequence[Finding], probes: Sequence[Finding], model_of: Callable[[Finding], str]) -> str:
    models = dict.fromkeys(map(model_of, probes))
    verb = "lies" if len(failed) == 1 else "lie"
    if len(models) < 2:
        return f"{counted(len(failed), 'finding')} of {len(probes):,} {verb} beyond the margin declared beforehand."
    told: list[str] = []
    for model in models:
        count = sum(model_of(finding) == model for finding in failed)
        asked = sum(model_of(finding) == model for finding in probes)
        told.append(f"{counted(count, 'finding') if not told else f'{count:,}'} of {asked:,} on {model}")
    return f"{listed(told)} {verb} beyond the margin declared beforehand."


def _passed(probes: Sequence[Finding]) -> str:
    inside = [finding for finding in probes if finding.verdict is Verdict.PASS]
    if len(inside) == len(probes):
        if len(probes) == 1:
            return "The one finding lies inside the margin declared beforehand."
        return f"All {len(probes):,} findings lie inside the margins declared beforehand."
    rest = len(probes) - len(inside)
    return (
        f"Every finding that the policy requires lies inside its margin; {counted(rest, 'finding')} below the severity "
        f"it requires {'does' if rest == 1 else 'do'} not."
    )


def _undecided(findings: Sequence[Finding], undecided: Sequence[Finding], probes: Sequence[Finding]) -> str:
    if broken := broken_suites(findings):
        return f"The controls of {listed(broken)} did not come out as expected, so nothing is concluded there."
    absent = [finding for finding in findings if finding.missing == "stimuli"]
    if absent and not undecided:
        return f"{counted(len(absent), 'finding')} could not be measured, because the stimuli were not given."
    if not undecided:
        return "A control is not settled, so the suite it belongs to decides nothing."
    verb = "is" if len(undecided) == 1 else "are"
    return f"{counted(len(undecided), 'finding')} of {len(probes):,} {verb} neither inside nor beyond the margin."


def strongest(findings: Sequence[Finding]) -> Finding | None:
    """The gravest fail: highest severity first, then farthest beyond its margin."""
    failed = [
        finding
        for finding in findings
        if finding.verdict is Verdict.FAIL and finding.role is Role.PROBE and finding.headline is not None
    ]
    return max(failed, key=_weight) if failed else None


def _weight(finding: Finding) -> tuple[int, float]:
    headline, margin = finding.headline, finding.margin
    if headline is None or margin is None:
        return list(Severity).index(finding.severity), 0.0
    far = abs(headline.value) / margin.value
    if margin.least:  # the farther below, the worse: half of the margin weighs as much as half beyond another
        far = 2 - far
    return list(Severity).index(finding.severity), far


def act(verdict: Verdict, findings: Sequence[Finding], *, several: bool = False) -> str:
    """Who should act, and what they should do first."""
    match verdict:
        case Verdict.FAIL:
            model = "a model that failed" if several else "this model"
            return (
                f"Whoever releases {model}: under this policy it may not be released as it is. Begin with the "
                "findings marked Fail, the gravest first."
            )
        case Verdict.ERROR:
            return "Whoever ran this audit: see “Not measured” for what went wrong, mend it and run again."
        case Verdict.PASS:
            return (
                "Nobody has to, as far as these suites ask. A pass speaks for the questions below and for no others; "
                "whoever releases the model should read what was not measured."
            )
        case _ if broken_suites(findings):
            return (
                "Whoever ran this audit: find out why the controls failed (the model’s loading, its tokenizer, the "
                "suite’s word lists) before reading the other findings of that suite."
            )
        case _:
            return (
                "Whoever ran this audit: the model is neither cleared nor condemned. “Not measured” says what would "
                "settle each question."
            )


def broken_suites(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Suites of which a positive control did not hold, or a negative one failed."""
    broken = [
        finding.suite
        for finding in findings
        if finding.role in CONTROLS
        and not finding.missing
        and (
            finding.verdict is Verdict.FAIL
            or (finding.role is Role.POSITIVE_CONTROL and finding.verdict is not Verdict.PASS)
        )
    ]
    return tuple(dict.fromkeys(broken))
