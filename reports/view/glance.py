"""All findings of a suite on one axis, with the same numbers as a table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.findings.numbers import counted
from audit.records import Severity, Verdict
from reports.figures import Forest, ForestGroup, Lane
from reports.marks import CONTROLS, mark_of
from reports.numbers import Shown, margin_text, shown
from reports.prose import words
from reports.view.forest import allowed, forest_row

if TYPE_CHECKING:
    from audit.records import Finding, SuiteRecord
    from reports.marks import Mark
    from reports.view.context import Context

MOST_ROWS = 26
"""Rows of one plot; beyond it, passes of lower severity are folded, and what is left goes on in another plot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlanceRow:
    """One finding in the table under the plots."""

    ask: str
    anchor: str
    form: str
    standing: str
    shown: Shown
    margin: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One plot; a folded one is opened by the reader, and by the printer."""

    title: str
    forest: Forest
    caption: str
    rows: tuple[tuple[GlanceRow, Lane], ...]
    """Numbers and picture of each finding, for a surface on which the plot is a table."""
    folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteGlance:
    """One suite of the run."""

    anchor: str
    title: str
    name: str
    summary: str
    notice: str
    model: str
    plots: tuple[Plot, ...]
    rows: tuple[GlanceRow, ...]
    unplotted: tuple[GlanceRow, ...]
    """The rows that have no estimate, and so no place in a plot."""
    statistics: str
    """What the estimates of the table are."""


def build_glance(context: Context) -> tuple[SuiteGlance, ...]:
    """One entry for every suite that measured something, in the order of the run."""
    made = []
    run = context.run
    for index, record in enumerate(run.manifest.suites, start=1):
        findings = [finding for finding in run.findings if finding.suite == record.name and not finding.missing]
        if findings:
            made.append(_suite(context, record, findings, f"suite-{index}"))
    return tuple(made)


def _suite(context: Context, record: SuiteRecord, findings: list[Finding], anchor: str) -> SuiteGlance:
    names = dict.fromkeys(words.axis(finding.headline).split(";")[0] for finding in findings if finding.headline)
    return SuiteGlance(
        anchor=anchor,
        title=record.title or record.name,
        name=record.name,
        summary=words.sentence(record.summary),
        notice=record.notice,
        model=context.run.model_of(record.name).name,
        plots=tuple(_plots(context, findings)),
        rows=tuple(_row(context, finding) for finding in findings),
        unplotted=tuple(_row(context, finding) for finding in findings if finding.headline is None),
        statistics=" or ".join(names),
    )


def _row(context: Context, finding: Finding) -> GlanceRow:
    measured = finding.estimates[0] if finding.estimates else None
    return GlanceRow(
        ask=finding.ask,
        anchor=context.anchor(finding),
        form=words.forms_of(finding),
        standing=words.standing(finding).removeprefix("severity "),
        shown=shown(measured, finding.margin) if measured else Shown(value="undefined", undefined=finding.reason),
        margin=margin_text(finding.margin, finding.alternative),
        mark=mark_of(finding),
    )


def _plots(context: Context, findings: list[Finding]) -> list[Plot]:
    """Probes and descriptions first, then controls, on axes of their own: a control may be many times larger.

    So has every statistic, in each of its units. The marks are explained under the first statistic.
    """
    by_statistic: dict[tuple[bool, str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.headline is not None:
            key = finding.role in CONTROLS, finding.headline.name, finding.headline.unit
            by_statistic[key].append(finding)
    made: list[Plot] = []
    several = len({key[1:] for key in by_statistic}) > 1
    explained: set[bool] = set()
    for (control, name, _), members in sorted(by_statistic.items(), key=lambda item: item[0][0]):
        of = f": {words.statistic(name)}" if several else ""
        first, folded = (members, []) if control else _fold(members)
        titles = [(f"{'Controls' if control else 'Questions'}{of}", part, False) for part in _parts(first)]
        rest = f"{counted(len(folded), 'more finding')}: passes of low and medium severity"
        titles += [(rest, part, True) for part in _parts(folded)]
        made += [
            _plot(context, part, title, folded=hidden, explained=control in explained) for title, part, hidden in titles
        ]
        explained.add(control)
    return made


def _fold(findings: list[Finding]) -> tuple[list[Finding], list[Finding]]:
    if len(findings) <= MOST_ROWS:
        return findings, []
    grave = (Severity.HIGH, Severity.CRITICAL)
    first = [f for f in findings if f.verdict is not Verdict.PASS or f.severity in grave]
    rest = [f for f in findings if f not in first]
    return (first, rest) if first and rest else (findings, [])


def _parts(findings: list[Finding]) -> list[list[Finding]]:
    """Pieces that fit on a page, as even as can be."""
    if not findings:
        return []
    count = -(-len(findings) // MOST_ROWS)
    size = -(-len(findings) // count)
    return [findings[start : start + size] for start in range(0, len(findings), size)]


def _plot(context: Context, findings: list[Finding], title: str, *, folded: bool, explained: bool) -> Plot:
    questions: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        questions[f"{finding.probe}\n{finding.ask}"].append(finding)
    forms = {finding.form for finding in findings}
    groups = tuple(_group(context, members, alone=len(forms) == 1) for members in questions.values())
    headline = next(finding.headline for finding in findings if finding.headline)
    caption = [] if explained else [_caption(findings)]
    if any(row.untrained for group in groups for row in group.rows):
        caption.append(TICKS)
    if len(forms) == 1:
        caption.append(f"Form: {words.forms_of(findings[0])}.")
    forest = Forest(
        groups=groups,
        axis=words.axis(headline),
        null=words.null(headline.name),
        alternative=_alternative(findings, title),
        toward=_toward(findings),
    )
    lanes = [
        (_row(context, finding), Lane(forest, group, row))
        for group, members in zip(groups, questions.values(), strict=True)
        for row, finding in zip(group.rows, members, strict=True)
    ]
    return Plot(
        title=title,
        forest=forest,
        caption=" ".join(caption),
        rows=tuple(lanes),
        folded=folded,
    )


TICKS = "Grey ticks below a line: the same estimate on image towers that were never trained."
_MARKS = (
    "Mark: estimate, its shape the verdict. Thick line: 95 % interval. Thin whiskers: the interval that holds "
    "for the whole family at once. "
)
_SHADED = "Shaded: within the margin."
_CONTROLS = "Controls, on their own scale. A positive one is expected beyond the shaded margin, a negative one in it."
_LEAST = " Where the margin is the least that is good enough, a positive one is expected in it too."


def _caption(findings: list[Finding]) -> str:
    margins = [finding.margin for finding in findings if finding.margin]
    if findings[0].role not in CONTROLS:
        return _MARKS + _SHADED if margins else _MARKS.rstrip()
    return _CONTROLS + (_LEAST if any(margin.least for margin in margins) else "")


def _toward(findings: list[Finding]) -> str:
    """What lies to the right, where all findings of a plot say it alike."""
    measures = {finding.measure for finding in findings}
    if measures <= {"units", "multimodality", "absence"}:
        return "prefers the concept"
    return "the first group, more strongly" if measures == {"association"} else ""


def _group(context: Context, findings: list[Finding], *, alone: bool) -> ForestGroup:
    first = findings[0]
    role = words.standing(first) if first.role in CONTROLS or first.role == "description" else ""
    return ForestGroup(
        title=f"{words.sentence(role)[:-1]}: {first.ask}" if role else first.ask,
        rows=tuple(forest_row(context, f, "" if alone and len(findings) == 1 else words.forms_of(f)) for f in findings),
        allowed=allowed(first),
    )


def _alternative(findings: list[Finding], title: str) -> str:
    """The result in words: how many of each verdict, and what the largest estimate answers."""
    counts: dict[str, int] = defaultdict(int)
    for finding in findings:
        counts[mark_of(finding).word.lower()] += 1
    told = ", ".join(f"{number} {word}" for word, number in counts.items())
    least = all(finding.margin is not None and finding.margin.least for finding in findings)
    first = (min if least else max)(findings, key=lambda finding: finding.headline.value if finding.headline else 0.0)
    estimate = shown(first.estimates[0], first.margin)
    return (
        f"{title}: {counted(len(findings), 'estimate')} with intervals; {told}. "
        f"The {'smallest' if least else 'largest'} is {estimate.value} ({estimate.interval}): {first.ask}"
    )
