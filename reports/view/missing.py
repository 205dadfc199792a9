"""What was not decided: why, and what would decide it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.findings.numbers import counted
from audit.records import Role, Verdict
from reports.marks import CONTROLS
from reports.prose import words
from reports.prose.measurable import ADVICE, remedy

if TYPE_CHECKING:
    from audit.records import Finding
    from reports.view.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRow:
    """One finding, or all that lack the same thing."""

    ask: str
    anchor: str
    """Empty when there is no card to lead to."""
    names: tuple[str, ...]
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class MissingGroup:
    """Findings that were not decided for the same kind of reason."""

    title: str
    rows: tuple[MissingRow, ...]
    short: str
    """The group as the end of a clause that begins with a number."""
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """The section; with no groups everything that was asked has been decided."""

    groups: tuple[MissingGroup, ...]


def build_missing(context: Context) -> Missing:
    """Errors first, then what lacks stimuli, what is undecided, and what this model cannot do."""
    findings = context.run.findings
    errors = [f for f in findings if f.verdict is Verdict.ERROR]
    undecided = [f for f in findings if f.verdict is Verdict.INCONCLUSIVE and not f.missing]
    undecided += [f for f in findings if f.role in CONTROLS and f.verdict is Verdict.FAIL]
    undecided.sort(key=lambda f: f.role is not Role.PROBE)
    without_stimuli = _together([f for f in findings if f.missing == "stimuli"])
    impossible = _together([f for f in findings if f.missing == "model"])
    groups = (
        MissingGroup("Could not be computed", _each(context, errors), "could not be computed"),
        MissingGroup("Stimuli that were not given", without_stimuli, "without stimuli, as none were given"),
        MissingGroup("Measured, and not decided", _each(context, undecided), "measured and not decided", ADVICE),
        MissingGroup("Not possible with this model", impossible, "not possible with this model"),
    )
    return Missing(tuple(group for group in groups if group.rows))


def _each(context: Context, findings: list[Finding]) -> tuple[MissingRow, ...]:
    return tuple(
        MissingRow(
            ask=finding.ask,
            anchor=context.anchor(finding),
            names=(finding.id,),
            why=words.sentence(finding.reason),
            remedy=remedy(finding),
        )
        for finding in findings
    )


def _together(findings: list[Finding]) -> tuple[MissingRow, ...]:
    """One row a reason: a model that embeds no pictures lacks the same thing for forty questions."""
    by_reason: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_reason[finding.reason].append(finding)
    return tuple(
        MissingRow(
            ask=members[0].ask if len(members) == 1 else counted(len(members), "question"),
            anchor="",
            names=tuple(finding.id for finding in members),
            why=words.sentence(reason),
            remedy=remedy(members[0]),
        )
        for reason, members in by_reason.items()
    )


def gaps(missing: Missing) -> str:
    """One sentence for the first page: how many findings stand in each group."""
    counts = [f"{sum(len(row.names) for row in group.rows):,} {group.short}" for group in missing.groups]
    if not counts:
        return ""
    return f"Of the questions asked: {'; '.join(counts)}. What the suites do not ask was not looked at."
