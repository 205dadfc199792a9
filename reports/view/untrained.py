"""What towers that were never trained give, beside what the model gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.records import Role, Verdict
from reports.figures import Forest, ForestGroup
from reports.marks import mark_of
from reports.numbers import aligned, shown
from reports.prose import untrained, words
from reports.view.forest import allowed, estimate_row

if TYPE_CHECKING:
    from audit.records import Finding
    from reports.prose.untrained import Pair
    from reports.view.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Untrained:
    """The check of one finding."""

    sentence: str
    place: str
    """Where the model's own estimate lies."""
    warning: bool
    """True when that is something to be warned of."""
    forests: tuple[Forest, ...]
    """One a statistic, the finding's own first."""
    caption: str
    values: tuple[tuple[str, tuple[str, ...]], ...]
    """By statistic, what each tower gives."""


def build_untrained(context: Context, finding: Finding) -> Untrained | None:
    """None for a finding that shows no picture, or whose question was not put to untrained towers."""
    pairs = untrained.compared(finding, context.untrained(finding))
    if not pairs:
        return None
    return Untrained(
        sentence=untrained.ranges(finding, pairs),
        place=untrained.place(finding, pairs),
        warning=untrained.claims(finding) and any(map(untrained.is_inside, pairs)),
        forests=tuple(_forest(finding, pair) for pair in pairs),
        caption="The model’s estimate and its 95 % interval; each grey tick below is a tower that was never trained.",
        values=tuple((words.statistic(null.statistic), aligned(null.values, sign=True)) for _, null in pairs),
    )


def _forest(finding: Finding, pair: Pair) -> Forest:
    estimate, null = pair
    own = shown(estimate, finding.margin)
    bounded = finding.margin is not None and finding.margin.statistic == estimate.name
    row = replace(estimate_row(finding, estimate, "the model", mark_of(finding)), untrained=null.values)
    return Forest(
        groups=(ForestGroup(title="", rows=(row,), allowed=allowed(finding) if bounded else None),),
        axis=words.axis(estimate),
        null=words.null(estimate.name),
        alternative=f"The model {own.value} ({own.interval}); untrained towers {untrained.ends(null)}.",
    )


def explanation(context: Context) -> tuple[str, ...]:
    """For the methods: why untrained towers are asked, and where they were not; empty for a run without pictures."""
    shown = [f for f in context.run.findings if f.measure == "association" and f.headline and set(f.form) != {"text"}]
    checked = [nulls for finding in shown if (nulls := context.untrained(finding))]
    told = [untrained.why(len(checked[0][0].values))] if checked else []
    if shown and len(checked) < len(shown):
        told.append(untrained.unchecked(len(shown) - len(checked), len(shown)))
    return tuple(told)


def suspicious(context: Context) -> str:
    """For the first page: how many fails on pictures an untrained tower could have given too; empty when none."""
    failed = [f for f in context.run.findings if f.verdict is Verdict.FAIL and f.role is Role.PROBE]
    checks = [check for finding in failed if (check := build_untrained(context, finding))]
    return untrained.suspicion(sum(check.warning for check in checks), len(checks))
