"""What a finished run and a decision look like in the terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.cli.console import mark, say, say_table
from audit.records import Finding, Role, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audit.api import FinishedRun
    from audit.gate import GateDecision

_ORDER = (Verdict.ERROR, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS, Verdict.NOT_APPLICABLE)
_CONTROLS = {Role.POSITIVE_CONTROL: "control +", Role.NEGATIVE_CONTROL: "control -", Role.DESCRIPTION: "describes"}


def say_run(run: FinishedRun, decision: GateDecision | None) -> None:
    """The findings of a run as one table, worst first within a suite, and what was not measured in one line."""
    del decision
    for suite in dict.fromkeys(finding.suite for finding in run.findings):
        findings = [f for f in run.findings if f.suite == suite and not f.missing]
        findings.sort(key=lambda f: (f.role is not Role.PROBE, _ORDER.index(f.verdict)))
        model = run.model_of(suite).name
        say(f"{suite}  ({model})")
        say_table(("probe", "form", "estimate", "95% interval", "margin", "verdict"), list(map(_row, findings)), right=(2, 3, 4))
        missing = [f for f in run.findings if f.suite == suite and f.missing]
        if missing:
            reasons = dict.fromkeys(f.reason for f in missing)
            say(f"{len(missing)} not measured: {'; '.join(reasons)}\n")


def _row(finding: Finding) -> Sequence[str]:
    from audit.findings.numbers import format_interval, format_signed, format_value

    role = _CONTROLS.get(finding.role)
    name = f"{finding.probe} ({role})" if role else finding.probe
    form = ", ".join(dict.fromkeys(finding.form))
    verdict = "– described" if finding.role is Role.DESCRIPTION else mark(finding.verdict)
    estimate = finding.headline
    if estimate is None:
        return name, form, "undefined", "", "", verdict
    shown = format_signed if estimate.unit == "cosine" else format_value
    margin = f"{finding.margin.value:g}" if finding.margin else "none"
    return name, form, shown(estimate), format_interval(estimate), margin, verdict


def say_decision(decision: GateDecision) -> None:
    """The verdict, its reason, and what decided it."""
    say(f"{mark(decision.verdict).upper()}  (exit {decision.exit_code})")
    say(decision.reason)
    for finding in decision.deciding[:10]:
        say(f"  {mark(finding.verdict)}  {finding.id}  {finding.source.file}:{finding.source.line}")
    if len(decision.deciding) > 10:
        say(f"  and {len(decision.deciding) - 10} more")


def decision_as_json(decision: GateDecision) -> dict[str, Any]:
    """A decision for scripts."""
    return {
        "verdict": str(decision.verdict),
        "exit_code": decision.exit_code,
        "reason": decision.reason,
        "counts": {str(name): count for name, count in decision.counts.items()},
        "deciding": [finding.id for finding in decision.deciding],
    }


def run_as_json(run: FinishedRun, decision: GateDecision | None, pages: Sequence[Path]) -> dict[str, Any]:
    """A finished run for scripts."""
    return {
        "run": str(run.path),
        "exit_code": decision.exit_code if decision else run.exit_code,
        "reports": [str(page) for page in pages],
        "gate": decision_as_json(decision) if decision else None,
        "findings": [
            {"id": finding.id, "role": str(finding.role), "verdict": str(finding.verdict), "statement": finding.statement}
            for finding in run.findings
        ],
    }
