"""One plain sentence a finding: what was measured, how large, how uncertain. It claims no more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.interval import flaw, relation, widened
from audit.findings.numbers import plain
from audit.findings.phrases import bounds, spans, spread, start
from audit.findings.set_sentences import counterfactual, hypodescent, markedness, self_similarity
from audit.findings.share_sentences import shares
from audit.records import Estimate, Role, Undefined

if TYPE_CHECKING:
    from audit.records import Alternative, Condition, Margin, Measurement

CHANCE = 0.5
"""AUROC of a unit that tells nothing."""


def statement(measurement: Measurement) -> str:
    """The sentence for one measured probe form.

    It follows the estimate, not the verdict: a control that breaks the suite does not change what was measured. When
    the estimate is negative the sentence names the other side, and when its interval contains zero (0.5 for AUROC) no
    direction is claimed.
    """
    if measurement.missing:
        return f"Not measured: {measurement.missing_reason or _MISSING[measurement.missing]}."
    first = measurement.estimates[0] if measurement.estimates else None
    if first is None:
        return "Not measured: the measure gave no estimate."
    if isinstance(first, Undefined):
        return f"Not measured: {first.reason}."
    if problem := flaw(first, measurement.margin):
        return f"Not measured: {problem}."
    match measurement.measure:
        case "association":
            said = _association(measurement, first)
        case "units":
            said = _units(measurement, first)
        case "multimodality":
            said = _multimodality(measurement, first)
        case "visualize":
            said = _visualize(measurement, first)
        case "absence":
            first = widened(first)
            said = _absence(measurement, first)
        case "typographic":
            said = (
                f"A word written across a picture of {measurement.labels.x} becomes its name in a share of "
                f"{spread(first, bounds(measurement))} of the pairs"
            )
        case "retrieval":
            said = _retrieval(measurement, first)
        case "single-category":
            said = _single_category(measurement, first)
        case "classification" | "performance":
            said = shares(measurement, first)
        case "counterfactual":
            said = counterfactual(measurement, first)
        case "self-similarity":
            said = self_similarity(measurement, first)
        case "markedness":
            said = markedness(measurement, first)
        case "hypodescent":
            said = hypodescent(measurement, first)
        case _:
            sign = f"; {first.sign}" if first.sign else ""
            said = f"{start(first.name.replace('_', ' '))} is {spread(first, bounds(measurement))}{sign}"
    conditions = "".join(map(_condition, measurement.conditions))
    return f"{said}{_against_margin(measurement, first)}{conditions}."


_MISSING = {"model": "the model cannot embed this form", "stimuli": "no stimuli of this form were given"}


def _association(measurement: Measurement, estimate: Estimate) -> str:
    labels, marks = measurement.labels, bounds(measurement)
    if spans(estimate, 0):
        return (
            f"The model shows no settled difference between {labels.x} and {labels.y} in how it associates them with "
            f"{labels.a} rather than {labels.b}: {spread(estimate, marks, f'positive for {labels.x}')}"
        )
    a, b = (labels.a, labels.b) if estimate.value > 0 else (labels.b, labels.a)
    return (
        f"The model associates {labels.x} with {a} rather than {b} more strongly than it does {labels.y}, "
        f"by {spread(estimate, marks, mirror=0.0 if estimate.value < 0 else None)}"
    )


_FOUND = {
    "max_skew": "the group that is found most beyond its due, mostly {x}, has a skew of {}",
    "ndkl": "the groups found first diverge from their due by {} nats, in favour of {x}",
    "bias_at_k": "the first group's share exceeds the second's by {}, most are {x}",
}


def _retrieval(measurement: Measurement, estimate: Estimate) -> str:
    number = spread(estimate, bounds(measurement))
    labels = measurement.labels
    said = _FOUND.get(estimate.name, estimate.name.replace("_", " ") + " is {}").format(number, x=labels.x, y=labels.y)
    return f"Among {labels.a}, {said}, on average over the queries"


def _single_category(measurement: Measurement, estimate: Estimate) -> str:
    labels, marks = measurement.labels, bounds(measurement)
    if spans(estimate, 0) or estimate.low is None or estimate.low <= 0:
        return (
            f"The model ties none of {labels.y} to {labels.a} rather than {labels.b} beyond doubt: the strongest, "
            f"{labels.x}, by {spread(estimate, marks)}"
        )
    tied = f"Of {labels.y}, the model ties {labels.x} most to {labels.a} rather than {labels.b}"
    return f"{tied}, by {spread(estimate, marks)}"


def _units(measurement: Measurement, estimate: Estimate) -> str:
    labels, marks = measurement.labels, bounds(measurement)
    unit = f"Unit {measurement.units[0].unit}" if measurement.units else "The best unit"
    if estimate.groups[:1] == (1,) and len(estimate.groups) == 2:
        return f"{unit} {_rank(measurement, estimate)}: AUROC {spread(estimate, marks, 'from one cluster')}"
    if spans(estimate, CHANCE):
        return f"{unit} shows no settled preference between {labels.x} and {labels.y}: AUROC {spread(estimate, marks)}"
    if estimate.value > CHANCE:
        return f"{unit} answers more to {labels.x} than to {labels.y}: AUROC {spread(estimate, marks)}"
    return f"{unit} answers more to {labels.y} than to {labels.x}: AUROC {spread(estimate, marks, mirror=1.0)}"


def _multimodality(measurement: Measurement, estimate: Estimate) -> str:
    """The smallest AUROC of any form; the estimates after the headline are those of the forms, in their order."""
    labels = measurement.labels
    unit = f"Unit {measurement.units[0].unit}" if measurement.units else "The best unit"
    values = [each.value for each in measurement.estimates[1:] if isinstance(each, Estimate)]
    worst = (
        f", in the form {measurement.form[values.index(min(values))]}," if len(values) == len(measurement.form) else ""
    )
    shown = " and ".join((", ".join(measurement.form[:-1]), measurement.form[-1]))
    answers = "answers" if estimate.low is not None and estimate.low > CHANCE else "is not shown to answer"
    return (
        f"{unit} {answers} more to {labels.x} than to {labels.y} in every form ({shown}): its smallest AUROC{worst} is "
        f"{spread(estimate, bounds(measurement))}"
    )


def _rank(measurement: Measurement, estimate: Estimate) -> str:
    """Of one cluster an AUROC is a rank: it beats that share of the others, ties counted half."""
    labels, others = measurement.labels, estimate.groups[1]
    rank = 1 + (1 - estimate.value) * others
    if rank == 1:
        return f"ranks {labels.x} first, ahead of all {others:,} clusters of {labels.y}"
    return f"ranks {labels.x} number {rank:,.0f} of {others + 1:,}, among {labels.y}"


def _visualize(measurement: Measurement, estimate: Estimate) -> str:
    """How far the worst picture got; natural stimuli are counted, as a share of few of them says little."""
    made = sum(len(unit.pictures) for unit in measurement.units)
    named = [unit.unit for unit in measurement.units]
    units = f"unit {named[0]}" if len(named) == 1 else f"{len(named)} units"
    natural = f"{estimate.n:,} natural stimuli, {measurement.labels.x}"
    if estimate.value == 1:
        which = "The picture" if made == 1 else f"Each of the {made} pictures"
        whose = "it" if len(named) == 1 else "its unit"
        return f"{which} made for {units} excites {whose} more than all {natural}"
    above = round(estimate.value * estimate.n)
    which = "The picture" if made == 1 else f"Of the {made} pictures"
    worst = "excites it" if made == 1 else "the worst excites its unit"
    return f"{which} made for {units}{'' if made == 1 else ','} {worst} more than {above:,} of {natural}"


def _absence(measurement: Measurement, estimate: Estimate) -> str:
    labels, margin, marks = measurement.labels, measurement.margin, bounds(measurement)
    best = f"the best, {measurement.units[0].unit}," if measurement.units else "the best"
    told = f"tells {labels.x} from {labels.y} with AUROC {spread(estimate, marks)}"
    if margin is None:
        return f"Of the units measured for {labels.x}, {best} {told}"
    match relation(estimate, margin, measurement.alternative):
        case "inside":
            return f"None of the units measured answers to {labels.x} up to the bound: {best} {told}"
        case "beyond":
            return f"A unit answers to {labels.x}: {best} {told}"
        case "undecided":
            return f"A unit for {labels.x} can be neither named nor ruled out: {best} {told}"


def _condition(condition: Condition) -> str:
    estimate = condition.estimate
    if isinstance(estimate, Undefined):
        return f"; {condition.what} could not be measured, because {estimate.reason}"
    margin = condition.margin
    return f"; {condition.what}: {spread(estimate, (margin.value,))}{_side(estimate, margin, condition.alternative)}"


def _against_margin(measurement: Measurement, estimate: Estimate) -> str:
    """The end of the sentence: where the headline lies against its margin, unless the probe only describes."""
    if measurement.margin is None or measurement.role is Role.DESCRIPTION:
        return ""
    word = "bound" if measurement.measure == "absence" else "margin"
    return _side(estimate, measurement.margin, measurement.alternative, word)


def _side(estimate: Estimate, margin: Margin, alternative: Alternative, word: str = "margin") -> str:
    bound = f"the {word} of {'at least ' if margin.least else ''}{plain(margin.value)}"
    match relation(estimate, margin, alternative):
        case "inside":
            return f", within {bound}" if margin.least else f", inside {bound}"
        case "beyond":
            return f", short of {bound}" if margin.least else f", beyond {bound}"
        case "undecided":
            return f", which leaves open whether it {'reaches' if margin.least else 'is beyond'} {bound}"
