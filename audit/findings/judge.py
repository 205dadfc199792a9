"""From what was measured to what was concluded: interval rules first, then the controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.controls import ControlRoom
from audit.findings.fingerprint import fingerprint
from audit.findings.interval import flaw, holds, relation, widened
from audit.findings.reason import NO_MARGIN, relation_reason
from audit.findings.statement import statement
from audit.records import Estimate, Finding, Margin, Role, Undefined, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audit.records import Alternative, Condition, Measured, Measurement
    from audit.stats.equivalence import Relation

Concluded = tuple[Verdict, str]
"""A verdict, and why."""

_BY_RELATION: dict[Relation, Verdict] = {
    "inside": Verdict.PASS,
    "undecided": Verdict.INCONCLUSIVE,
    "beyond": Verdict.FAIL,
}
"""In the order in which they decide when several estimates take part."""


def judge(measurements: Iterable[Measurement]) -> tuple[Finding, ...]:
    """A finding for every measurement, in the same order.

    A verdict rests on its interval and margin alone (see `relation`). Then the controls of its suite on the same model
    speak, those whose targets are shown in the same form (see `ControlRoom`).
    """
    measured = list(measurements)
    concluded = [_conclude(measurement) for measurement in measured]
    room = ControlRoom((m, verdict) for m, (verdict, _) in zip(measured, concluded, strict=True))
    return tuple(
        _finding(measurement, _with_controls(measurement, first, room))
        for measurement, first in zip(measured, concluded, strict=True)
    )


def _conclude(measurement: Measurement) -> Concluded:
    if measurement.missing:
        return Verdict.NOT_APPLICABLE, measurement.missing_reason or f"the {measurement.missing} lacks this form"
    if not measurement.estimates:
        return Verdict.ERROR, "the measure gave no estimate"
    for estimate, margin in _parts(measurement):
        if isinstance(estimate, Undefined):
            return Verdict.ERROR, f"{estimate.name} is undefined: {estimate.reason}"
        if problem := flaw(estimate, margin):
            return Verdict.ERROR, problem
    if measurement.role is Role.DESCRIPTION:
        return Verdict.NOT_APPLICABLE, "it describes and decides nothing"
    headline = measurement.estimates[0]
    if measurement.margin is None or isinstance(headline, Undefined):
        return Verdict.INCONCLUSIVE, NO_MARGIN
    if measurement.measure == "absence":
        headline = widened(headline)
    if measurement.role is Role.POSITIVE_CONTROL:
        return _positive_control(headline, measurement.margin, measurement.alternative)
    verdict, reason = _by_conditions(headline, measurement.margin, measurement)
    if verdict is Verdict.PASS and (unmet := _unmet(measurement.requirements)):
        return Verdict.INCONCLUSIVE, f"{unmet} was not shown, without which a pass means nothing"
    return verdict, reason


def _parts(measurement: Measurement) -> list[tuple[Measured, Margin | None]]:
    """Every estimate on which the verdict rests, with its margin."""
    others = (*measurement.conditions, *measurement.requirements)
    return [(measurement.estimates[0], measurement.margin), *((other.estimate, other.margin) for other in others)]


def _positive_control(headline: Estimate, margin: Margin, alternative: Alternative) -> Concluded:
    """Held when the pointwise interval shows it (see `holds`); the family plays no part, as no harm is claimed."""
    if holds(headline, margin, alternative):
        found = "a working model reaches the least that is named, and so does this one"
        return Verdict.PASS, found if margin.least else "the association that any working model shows is there"
    reason = relation_reason(headline, margin, alternative)
    absent = relation(headline, margin, alternative) == ("beyond" if margin.least else "inside")
    return (Verdict.FAIL if absent else Verdict.INCONCLUSIVE), f"the control did not hold: {reason}"


def _by_conditions(headline: Estimate, margin: Margin, measurement: Measurement) -> Concluded:
    """Fail when the headline and every condition are beyond, pass when one is inside, else inconclusive."""
    found = [("", headline, margin, measurement.alternative)]
    found += [
        (f"{condition.what}: ", condition.estimate, condition.margin, condition.alternative)
        for condition in measurement.conditions
        if isinstance(condition.estimate, Estimate)
    ]
    relations = [relation(estimate, bound, alternative) for _, estimate, bound, alternative in found]
    deciding = min(relations, key=list(_BY_RELATION).index)
    what, estimate, bound, alternative = found[relations.index(deciding)]
    reason = what + relation_reason(estimate, bound, alternative)
    return _BY_RELATION[deciding], reason + _and_conditions(deciding, measurement)


def _and_conditions(deciding: Relation, measurement: Measurement) -> str:
    if deciding == "beyond" and measurement.conditions:
        return ", and so does " + " and ".join(condition.what for condition in measurement.conditions)
    return ""


def _unmet(requirements: tuple[Condition, ...]) -> str:
    """What was required and not shown, or an empty string."""
    for required in requirements:
        estimate = required.estimate
        if not isinstance(estimate, Estimate) or estimate.low is None or estimate.low < required.margin.value:
            return required.what
    return ""


def _with_controls(measurement: Measurement, first: Concluded, room: ControlRoom) -> Concluded:
    verdict, reason = first
    if measurement.role is not Role.PROBE or verdict not in (Verdict.PASS, Verdict.FAIL):
        return first
    objection = room.objection(measurement)
    return (Verdict.INCONCLUSIVE, f"{objection}, so nothing is concluded ({reason})") if objection else first


def _finding(measurement: Measurement, concluded: Concluded) -> Finding:
    verdict, reason = concluded
    others = tuple(part.estimate for part in (*measurement.conditions, *measurement.requirements))
    return Finding(
        suite=measurement.suite,
        probe=measurement.probe,
        measure=measurement.measure,
        form=measurement.form,
        ask=measurement.ask,
        verdict=verdict,
        role=measurement.role,
        severity=measurement.severity,
        statement=statement(measurement),
        reason=reason,
        source=measurement.source,
        labels=measurement.labels,
        margin=measurement.margin,
        alternative=measurement.alternative,
        family=measurement.family,
        estimates=measurement.estimates + tuple(part for part in others if part not in measurement.estimates),
        evidence=measurement.evidence,
        sensitivity=measurement.sensitivity,
        breakdowns=measurement.breakdowns,
        excluded=measurement.excluded,
        warnings=measurement.warnings,
        units=measurement.units,
        how=measurement.how,
        missing=measurement.missing,
        fingerprint=fingerprint(
            measurement.suite, measurement.probe, measurement.form, measurement.ask, measurement.definition
        ),
    )
