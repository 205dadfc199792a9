"""One finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.findings.numbers import counted
from audit.records import Role, Severity, Verdict
from reports.marks import CONTROLS, DESCRIBED, EXPECTED, MARKS, Mark, mark_of
from reports.numbers import Shown, margin_text, shown
from reports.prose import variations, words
from reports.view.breakdown import BreakdownView, build_breakdown
from reports.view.evidence import Evidence, build_evidence
from reports.view.sensitivity import Sensitivity, build_sensitivity
from reports.view.unit import UnitPanel, build_unit
from reports.view.untrained import Untrained, build_untrained

if TYPE_CHECKING:
    from audit.records import Finding
    from reports.view.context import Context


QUIET = frozenset(mark.word for mark in (MARKS[Verdict.PASS], EXPECTED, DESCRIBED))


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One estimate in the table of a card."""

    name: str
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything the report says about one finding."""

    anchor: str
    mark: Mark
    id: str
    about: str
    """Form, severity, and the model when the run has several."""
    ask: str
    statement: str
    reason: str
    source: str
    """``suite.yaml:41``."""
    quiet: bool
    """True for what needs no reader first: passes, controls as expected, descriptions; their details are folded."""
    drawn: bool
    """True for what a page shows with all of its figures: all that is not quiet, and descriptions, which are nothing
    without them."""
    failed: bool
    """True for what print shows with all that it rests on."""
    brief: bool
    """True for what print shows in brief: all that neither fails nor errs nor leaves a grave question open."""
    breakdowns: tuple[BreakdownView, ...]
    evidence: Evidence | None
    untrained: Untrained | None
    sensitivity: Sensitivity | None
    variations: str
    """What is asked of the sensitivity: whether its wordings, definitions or label sets matter."""
    units: tuple[UnitPanel, ...]
    numbers: tuple[NumberRow, ...]
    margin: str
    """The margin that bounds the first number, in words."""
    how: tuple[str, ...]
    notes: tuple[str, ...]
    """Warnings, and what was left out."""


def build_card(context: Context, finding: Finding) -> Card:
    """The card of a finding that was measured, or should have been."""
    look = mark_of(finding)
    units = tuple(build_unit(context, finding, unit) for unit in finding.units)
    return Card(
        anchor=context.anchor(finding),
        mark=look,
        id=finding.id,
        about=" · ".join(_about(context, finding)),
        ask=finding.ask,
        statement=finding.statement,
        reason=words.sentence(finding.reason),
        source=f"{finding.source.file}:{finding.source.line}",
        quiet=look.word in QUIET and not units,
        drawn=look.word not in QUIET or bool(units) or finding.role is Role.DESCRIPTION,
        failed=finding.verdict in (Verdict.FAIL, Verdict.ERROR),
        brief=not units and not needs_reader(finding),
        breakdowns=tuple(build_breakdown(finding, breakdown) for breakdown in finding.breakdowns),
        evidence=None if any(unit.ranked for unit in units) else build_evidence(context, finding),
        untrained=build_untrained(context, finding),
        sensitivity=build_sensitivity(finding),
        variations=variations.question(finding),
        units=units,
        numbers=tuple(NumberRow(words.statistic(e.name), shown(e, finding.margin)) for e in finding.estimates),
        margin=_margin(finding),
        how=tuple(_how(finding)),
        notes=tuple(_notes(context, finding)),
    )


def needs_reader(finding: Finding) -> bool:
    """True for fails, errors, open questions of high or critical severity, and controls that are not as expected."""
    if finding.verdict is Verdict.INCONCLUSIVE and finding.role is Role.PROBE:
        return finding.severity in (Severity.HIGH, Severity.CRITICAL)
    if finding.verdict in (Verdict.FAIL, Verdict.ERROR):
        return True
    return finding.role in CONTROLS and finding.verdict is not Verdict.PASS


def _about(context: Context, finding: Finding) -> list[str]:
    parts = [words.forms_of(finding), words.standing(finding)]
    if len(context.run.manifest.models) > 1:
        parts.append(context.model(finding).name)
    return parts


def _margin(finding: Finding) -> str:
    if finding.margin is None:
        return "No margin was declared."
    if finding.role is Role.POSITIVE_CONTROL:
        value = margin_text(finding.margin, finding.alternative)
        side = "" if finding.margin.least else "beyond "
        return f"Expected, declared beforehand: {words.statistic(finding.margin.statistic)} {side}{value}."
    value = margin_text(finding.margin, finding.alternative)
    side = {"greater": "at most ", "less": "at least "}.get(finding.alternative, "within ")
    if finding.margin.least:
        side = ""
    return f"Margin, declared beforehand: {words.statistic(finding.margin.statistic)} {side}{value}."


def _how(finding: Finding) -> list[str]:
    told = [words.sentence(finding.how)] if finding.how else []
    headline = finding.headline
    if headline is None:
        return told
    told.append(words.sentence(f"Interval and test: {headline.method}"))
    if headline.sign:
        told.append(words.sentence(headline.sign))
    if headline.smallest_p is not None:
        told.append(f"The smallest p that this design can give is {shown_p(headline.smallest_p)}.")
    if headline.design_effect is not None and headline.design_effect > 1:
        told.append(f"Design effect: {headline.design_effect:.2f}; the clusters count, not the items in them.")
    if finding.family:
        told.append(f"Family over which failing is corrected: {finding.family}.")
    if headline.seed is not None:
        told.append(f"Seed: {headline.seed}.")
    return told


def shown_p(p: float) -> str:
    """A p-value of a design, which may be far smaller than one that is worth telling apart."""
    return f"{p:.1g}" if p < 0.0001 else f"{p:.4f}".rstrip("0")


def _notes(context: Context, finding: Finding) -> list[str]:
    """Warnings, but for the model's note, which stands above all of its cards."""
    known = words.sentence(context.model(finding).note)
    notes = [warning for warning in map(words.sentence, finding.warnings) if warning != known]
    for excluded in finding.excluded:
        names = (
            f" ({', '.join(excluded.names)}{', …' if excluded.count > len(excluded.names) else ''})"
            if excluded.names
            else ""
        )
        stimuli = counted(excluded.count, "stimulus", "stimuli")
        notes.append(words.sentence(f"Left out of {excluded.what}: {stimuli}{names}, because {excluded.reason}"))
    return notes
