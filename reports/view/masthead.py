"""The first screen: verdict, reason, who should act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.records import Role, Verdict
from reports.marks import CONTROLS, DESCRIBED, MARKS, Mark
from reports.numbers import listed
from reports.prose import headline, words
from reports.view.missing import text_only
from reports.view.untrained import suspicious

if TYPE_CHECKING:
    from audit.records import Finding
    from audit.store import Run
    from reports.view.context import Context


@dataclass(frozen=True, slots=True)
class Fact:
    """One count under the verdict."""

    number: str
    words: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """What a reader who reads nothing else must know."""

    date: str
    suites: str
    model: str
    about: str
    note: str
    """What a reader must know of the model before trusting any number; may be empty."""
    others: tuple[str, ...]
    """Other models of the run, each with the suites that ran on it."""
    mark: Mark
    reason: str
    strongest: tuple[str, str]
    """The gravest finding as a sentence, and the model it is about when the run has several; empty when none failed."""
    act: str
    facts: tuple[Fact, ...]
    gaps: str
    """What was not decided, counted; empty when everything was."""
    suspicious: str
    """How many fails on pictures an untrained tower could have given too; empty when none."""


def build_masthead(context: Context, date: str, gaps: str) -> Masthead:
    """The masthead of a complete run."""
    run = context.run
    manifest, verdict = run.manifest, run.verdict or Verdict.ERROR
    first, *others = manifest.models

    def model_of(finding: Finding) -> str:
        return run.model_of(finding.suite).name

    ran = {model.name: [s.name for s in manifest.suites if run.model_of(s.name) == model] for model in manifest.models}
    gravest = headline.strongest(run.findings) if verdict is Verdict.FAIL else None
    return Masthead(
        date=date,
        suites=listed(suite.title or suite.name for suite in manifest.suites),
        model=first.name,
        about=words.kind(first),
        note=first.note,
        others=tuple(
            f"{listed(ran[model.name])} ran on {model.name} ({words.kind(model).lower()})" for model in others
        ),
        mark=MARKS[verdict],
        reason=headline.reason(verdict, run.findings, model_of),
        strongest=(gravest.statement, model_of(gravest) if others else "") if gravest else ("", ""),
        act=headline.act(verdict, run.findings, several=bool(others)),
        facts=tuple(_facts(run)),
        gaps=gaps,
        suspicious=suspicious(context),
    )


def _facts(run: Run) -> list[Fact]:
    findings = run.findings
    probes = [f for f in findings if f.role is Role.PROBE and not f.missing]
    facts = []
    for verdict in (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.PASS):
        count = sum(finding.verdict is verdict for finding in probes)
        if count or verdict in (Verdict.FAIL, Verdict.PASS):
            facts.append(Fact(f"{count:,}", MARKS[verdict].word.lower(), MARKS[verdict]))
    if missing := sum(bool(finding.missing) for finding in findings):
        why = ": it reads text only" if text_only(run) else ""
        facts.append(Fact(f"{missing:,}", f"not measured{why}", MARKS[Verdict.NOT_APPLICABLE]))
    if described := sum(f.role is Role.DESCRIPTION and not f.missing for f in findings):
        facts.append(Fact(f"{described:,}", "described", DESCRIBED))
    controls = [f for f in findings if f.role in CONTROLS and not f.missing]
    expected = sum(finding.verdict is Verdict.PASS for finding in controls)
    facts.append(Fact(f"{expected:,} of {len(controls):,}" if controls else "none", "controls as expected"))
    return facts
