"""What was not decided: why, and what would decide it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.findings.numbers import counted
from audit.records import Modality, Role, Verdict
from reports.marks import CONTROLS
from reports.prose import words
from reports.prose.measurable import ADVICE, remedy

if TYPE_CHECKING:
    from audit.records import Finding
    from audit.store import Run
    from reports.view.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRow:
    """One finding that was not decided."""

    ask: str
    anchor: str
    id: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingKind:
    """All findings that lack the same thing."""

    count: str
    """``27 questions``."""
    why: str
    remedy: str
    suites: tuple[tuple[str, tuple[str, ...]], ...]
    """Title of each suite, with the ids of its findings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingGroup:
    """Findings that were not decided for the same kind of reason: one row each, or one entry a reason."""

    title: str
    size: int
    short: str
    """The group as the end of a clause that begins with a number."""
    rows: tuple[MissingRow, ...] = ()
    kinds: tuple[MissingKind, ...] = ()
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """The section; with no groups everything that was asked has been decided."""

    groups: tuple[MissingGroup, ...]


def build_missing(context: Context) -> Missing:
    """Errors first, then what lacks stimuli, what is undecided, and what this model cannot do."""
    findings = context.run.findings
    undecided = [f for f in findings if f.verdict is Verdict.INCONCLUSIVE and not f.missing]
    undecided += [f for f in findings if f.role in CONTROLS and f.verdict is Verdict.FAIL]
    undecided.sort(key=lambda f: f.role is not Role.PROBE)
    errors = [f for f in findings if f.verdict is Verdict.ERROR]
    without_stimuli = [f for f in findings if f.missing == "stimuli"]
    impossible = [f for f in findings if f.missing == "model"]
    limit = text_only(context.run)
    groups = (
        MissingGroup(
            title="Could not be computed",
            size=len(errors),
            short="could not be computed",
            rows=_each(context, errors),
        ),
        MissingGroup(
            title="Stimuli that were not given",
            size=len(without_stimuli),
            short="without stimuli, as none were given",
            kinds=_together(context, without_stimuli),
        ),
        MissingGroup(
            title="Not possible with this model",
            size=len(impossible),
            short=f"not possible, as {limit}" if limit else "not possible with this model",
            kinds=_together(context, impossible),
            lead=words.sentence(f"{limit}; what needs pictures or units was not asked of it") if limit else "",
        ),
        MissingGroup(
            title="Measured, and not decided",
            size=len(undecided),
            short="measured and not decided",
            rows=_each(context, undecided),
            lead=ADVICE,
        ),
    )
    return Missing(tuple(group for group in groups if group.size))


def text_only(run: Run) -> str:
    """``X reads text only`` when that is what every finding without a measurement lacks; else empty."""
    lacking = [finding for finding in run.findings if finding.missing]
    models = list(dict.fromkeys(run.model_of(finding.suite) for finding in lacking if finding.missing == "model"))
    if len(models) != 1 or models[0].modalities != frozenset({Modality.TEXT}):
        return ""
    return f"{models[0].name} reads text only"


def _each(context: Context, findings: list[Finding]) -> tuple[MissingRow, ...]:
    return tuple(
        MissingRow(
            ask=finding.ask,
            anchor=context.anchor(finding),
            id=finding.id,
            why=words.sentence(finding.reason),
            remedy=remedy(finding),
        )
        for finding in findings
    )


def _together(context: Context, findings: list[Finding]) -> tuple[MissingKind, ...]:
    """One entry a reason: a model that embeds no pictures lacks the same thing for forty questions."""
    by_reason: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_reason[finding.reason].append(finding)
    titles = {record.name: record.title or record.name for record in context.run.manifest.suites}
    return tuple(
        MissingKind(
            count=counted(len(members), "question"),
            why=words.sentence(reason),
            remedy=remedy(members[0]),
            suites=tuple(
                (titles[suite], tuple(finding.id for finding in members if finding.suite == suite))
                for suite in dict.fromkeys(finding.suite for finding in members)
            ),
        )
        for reason, members in by_reason.items()
    )


def gaps(missing: Missing) -> str:
    """One sentence for the first page: how many findings stand in each group."""
    counts = [f"{group.size:,} {group.short}" for group in missing.groups]
    if not counts:
        return ""
    return f"Of the questions asked: {'; '.join(counts)}. What the suites do not ask was not looked at."
