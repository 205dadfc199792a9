"""What a finished run and a decision look like in the terminal and as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from audit.cli.console import say, say_table
from audit.records import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audit.api import FinishedRun
    from audit.gate import GateDecision, TextTable

SHOWN = 12
"""How many findings the terminal names; the report has all of them."""


def say_run(run: FinishedRun) -> None:
    """The suites of a run, the findings that need a reader first, and how to see the rest."""
    from audit.gate import MARKS, count, finding_table, suite_table

    for model in run.stored.manifest.models:
        suites = [record.name for record in run.stored.manifest.suites if record.model == model.weights_digest]
        say(f"{model.name}: {', '.join(suites)}")
    say()
    _say(suite_table(run.findings))
    table = finding_table(run.findings, most=SHOWN)
    if table.rows:
        say()
        # The reasons are sentences: they belong into the report, and would break the rows of a terminal.
        say_table(table.columns[:-1], [row[:-1] for row in table.rows])
    say()
    say(count(run.findings).sentence())
    for finding in run.findings:
        if finding.verdict is Verdict.ERROR:
            say(f"could not be measured: {finding.id}, because {finding.reason}")
    reasons = Counter(finding.reason for finding in run.findings if finding.missing)
    for reason, number in reasons.most_common():
        say(f"not measured: {number}, because {reason}")
    if run.verdict is not None:
        policy = run.stored.manifest.policy.partition("@")[0]
        say(f"{'verdict':<9}{MARKS[run.verdict]} {run.verdict}, under the policy {policy}")


def _say(table: TextTable) -> None:
    say_table(table.columns, table.rows)


def say_decision(decision: GateDecision) -> None:
    """The verdict, its reason, and where the findings that decided it are asked."""
    from audit.gate import MARKS

    say(f"{MARKS[decision.verdict]} {decision.verdict.upper()} (exit {decision.exit_code}): {decision.reason}")
    for finding in decision.deciding[:SHOWN]:
        say(f"  {MARKS[finding.verdict]} {finding.verdict}  {finding.id}  {finding.source.file}:{finding.source.line}")
    if len(decision.deciding) > SHOWN:
        say(f"  and {len(decision.deciding) - SHOWN} more")


def decision_as_json(decision: GateDecision) -> dict[str, Any]:
    """A decision for scripts."""
    return {
        "verdict": str(decision.verdict),
        "exit_code": decision.exit_code,
        "reason": decision.reason,
        "counts": asdict(decision.counts),
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
            {
                "id": finding.id,
                "role": str(finding.role),
                "verdict": str(finding.verdict),
                "statement": finding.statement,
            }
            for finding in run.findings
        ],
    }
