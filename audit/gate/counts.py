"""How many findings of each kind, for the line under a verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.findings.controls import CONTROLS
from audit.findings.numbers import counted
from audit.records import Role, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audit.records import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Findings by what became of them; every finding is counted once."""

    passed: int
    failed: int
    inconclusive: int
    errors: int
    """Should have been measured and could not be."""
    not_measured: int
    """Not applicable: the model lacks the form, or its stimuli were not given."""
    described: int
    """Descriptions, which decide nothing."""
    controls: int
    controls_as_expected: int

    def sentence(self) -> str:
        """``1 fail, 2 inconclusive, 9 pass; 2 not measured; 3 of 3 controls as expected``."""
        verdicts = [
            f"{count:,} {word}"
            for count, word in (
                (self.failed, "fail"),
                (self.errors, "error"),
                (self.inconclusive, "inconclusive"),
                (self.passed, "pass"),
            )
            if count
        ]
        parts = [", ".join(verdicts) or "nothing measured"]
        if self.not_measured:
            parts.append(f"{self.not_measured:,} not measured")
        if self.described:
            parts.append(f"{self.described:,} described")
        if self.controls:
            parts.append(f"{self.controls_as_expected:,} of {counted(self.controls, 'control')} as expected")
        return "; ".join(parts)


def count(findings: Iterable[Finding]) -> Counts:
    """Count findings by role and verdict. A verdict that is none of ours counts as an error."""
    made: Counter[str] = Counter()
    for finding in findings:
        if finding.role is Role.DESCRIPTION:
            made["described"] += 1
        elif finding.role in CONTROLS and finding.verdict != Verdict.NOT_APPLICABLE:
            made["controls"] += 1
            made["controls_as_expected"] += finding.verdict == Verdict.PASS
        else:
            made[_BY_VERDICT.get(finding.verdict, "errors")] += 1
    names = ("passed", "failed", "inconclusive", "errors", "not_measured")
    return Counts(**{name: made[name] for name in (*names, "described", "controls", "controls_as_expected")})


_BY_VERDICT = {
    Verdict.PASS: "passed",
    Verdict.FAIL: "failed",
    Verdict.INCONCLUSIVE: "inconclusive",
    Verdict.ERROR: "errors",
    Verdict.NOT_APPLICABLE: "not_measured",
}
