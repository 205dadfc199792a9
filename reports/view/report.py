"""The whole report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from audit.findings.numbers import counted
from audit.records import Role, Severity
from reports.marks import CONTROLS, LEGEND, mark_of, order_of
from reports.view.card import Card, build_card
from reports.view.certificate import CertificateView, build_certificate
from reports.view.context import Context
from reports.view.glance import SuiteGlance, build_glance
from reports.view.masthead import Masthead, build_masthead
from reports.view.missing import Missing, build_missing, gaps
from reports.view.provenance import Provenance, build_provenance
from reports.view.untrained import explanation

if TYPE_CHECKING:
    from audit.records import Certificate, Finding
    from audit.store import Run
    from reports.marks import Mark


_OF_UNITS = ("units", "multimodality", "absence", "visualize")
"""Measures whose findings stand under Units."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A plain note before sensitive content."""

    suite: str
    text: str


@dataclass(frozen=True, slots=True)
class CardGroup:
    """Cards under one heading."""

    anchor: str
    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """What both HTML and PDF are rendered from."""

    title: str
    created: str
    """ISO 8601, for metadata."""
    masthead: Masthead
    legend: tuple[Mark, ...]
    """The marks that occur."""
    glance: tuple[SuiteGlance, ...]
    missing: Missing
    notices: tuple[Notice, ...]
    """Notes of the suites that have findings under Findings, and of the models those ran on."""
    findings: tuple[CardGroup, ...]
    unit_notices: tuple[Notice, ...]
    """Notes of the suites that have findings under Units, and of the models those ran on."""
    units: tuple[CardGroup, ...]
    in_brief: str
    """What print leaves to the page; empty when every card is printed in full."""
    measures: frozenset[str]
    """The measures that gave a finding."""
    untrained: tuple[str, ...]
    """Why untrained towers are asked, and where they were not; empty in a run without pictures."""
    certificate: CertificateView | None
    """None when no certificate came with the tool."""
    provenance: Provenance


def build_view(run: Run, certificate: Certificate | None) -> ReportView:
    """The view model of a complete run, with the tool's own certificate when there is one."""
    context = Context(run)
    shown = [finding for finding in run.findings if not finding.missing]
    of_units = [finding for finding in shown if finding.measure in _OF_UNITS]
    others = [finding for finding in shown if finding not in of_units]
    name = run.manifest.models[0].name
    missing = build_missing(context)
    findings = _groups(context, "findings", others)
    return ReportView(
        title=f"Bias audit of {name}",
        created=run.manifest.created,
        masthead=build_masthead(context, date_text(run.manifest.created), gaps(missing)),
        legend=tuple(look for look in LEGEND if look in {mark_of(finding) for finding in shown}),
        glance=build_glance(context),
        missing=missing,
        notices=(*_model_notes(run, others), *_notices(run, others)),
        findings=findings,
        unit_notices=(*_model_notes(run, of_units), *_notices(run, of_units)),
        units=_groups(context, "units", of_units),
        in_brief=_in_brief([card for group in findings for card in group.cards]),
        measures=frozenset(finding.measure for finding in shown),
        untrained=explanation(context),
        certificate=None if certificate is None else build_certificate(certificate, run.manifest),
        provenance=build_provenance(context),
    )


def date_text(created: str) -> str:
    """``23 November 2026``; what is no date stays as it is."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return created
    return f"{moment.day} {moment:%B %Y}"


def _in_brief(cards: list[Card]) -> str:
    brief = sum(card.brief for card in cards)
    if not brief:
        return ""
    return (
        f"{brief:,} of the {counted(len(cards), 'finding')} here are given in brief: passes, controls as expected, and "
        "open questions of low or medium severity. Their numbers stand under “At a glance”, and their full cards in "
        "report.html."
    )


def _groups(context: Context, kind: str, findings: list[Finding]) -> tuple[CardGroup, ...]:
    """By severity, gravest first, then controls, then descriptions; inside a group fails first."""
    probes = [finding for finding in findings if finding.role is Role.PROBE]
    made = [(f"Severity {severity}", [f for f in probes if f.severity is severity]) for severity in reversed(Severity)]
    made.append(("Controls", [finding for finding in findings if finding.role in CONTROLS]))
    made.append(("Descriptions, which decide nothing", [f for f in findings if f.role is Role.DESCRIPTION]))
    return tuple(
        CardGroup(
            f"{kind}-{index}", title, tuple(build_card(context, finding) for finding in sorted(group, key=order_of))
        )
        for index, (title, group) in enumerate(made, start=1)
        if group
    )


def _notices(run: Run, findings: list[Finding]) -> tuple[Notice, ...]:
    suites = {finding.suite for finding in findings}
    return tuple(
        Notice(record.title or record.name, record.notice)
        for record in run.manifest.suites
        if record.notice and record.name in suites
    )


def _model_notes(run: Run, findings: list[Finding]) -> tuple[Notice, ...]:
    models = dict.fromkeys(run.model_of(finding.suite) for finding in findings)
    return tuple(Notice(model.name, model.note) for model in models if model.note)
