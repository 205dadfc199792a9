"""Whether a run measured what it was asked, whatever the numbers say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.findings.numbers import counted
from audit.gate.decide import NOTHING, UNDECIDED
from audit.records import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.findings.policy import Policy
    from audit.records import Finding


@dataclass(frozen=True, slots=True)
class Completeness:
    """How a run without a gate ends."""

    exit_code: int
    """0 when everything was measured, 5 when nothing was, 6 when something is missing."""
    reason: str
    """One sentence."""


def completeness(findings: Sequence[Finding], policy: Policy) -> Completeness:
    """0 when every probe gave a number, 5 when none did, 6 when some did not.

    What the model cannot embed, or what had no stimuli, counts as missing unless the policy allows it.
    """
    if not any(finding.headline is not None for finding in findings):
        return Completeness(NOTHING, "Nothing was measured: no probe gave a number.")
    allowances = {"model": policy.not_applicable.model, "stimuli": policy.not_applicable.stimuli}
    lacking = [
        finding
        for finding in findings
        if finding.headline is None
        and not (finding.verdict == Verdict.NOT_APPLICABLE and allowances.get(finding.missing) == "allow")
    ]
    if lacking:
        return Completeness(UNDECIDED, f"{counted(len(lacking), 'probe')} could not be measured.")
    return Completeness(0, "Everything that applies was measured.")
