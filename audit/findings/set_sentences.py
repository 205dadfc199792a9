"""Sentences about sets that differ in one attribute, about groups' likeness, about marked groups and about morphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.phrases import bounds, spans, spread

if TYPE_CHECKING:
    from audit.records import Estimate, Measurement


def counterfactual(measurement: Measurement, estimate: Estimate) -> str:
    """The estimate is ``labels.x`` minus ``labels.y``, the two levels that differ most, in the direction asked."""
    labels, marks = measurement.labels, bounds(measurement)
    towards = f"{labels.a} rather than {labels.b}"
    pairs = len(measurement.breakdowns[-1].rows) if measurement.breakdowns else 1
    number = spread(estimate, marks, f"the largest of {pairs} differences" if pairs > 1 else "")
    if not _settled(estimate):
        return (
            f"Within sets that differ in nothing else, the model shows no settled difference in how it associates them "
            f"with {towards}: the largest, of {labels.x} over {labels.y}, is {number}"
        )
    if estimate.value < 0:
        return (
            f"Within sets that differ in nothing else, no level differs from the reference in the direction asked: "
            f"with {towards} the nearest, {labels.x} over {labels.y}, comes to {number}"
        )
    return (
        f"Within sets that differ in nothing else, the model associates {labels.x} with {towards} more strongly than "
        f"{labels.y}, by {number}"
    )


def self_similarity(measurement: Measurement, estimate: Estimate) -> str:
    """``labels.x`` is the more alike of the two groups that differ most."""
    labels, number = measurement.labels, spread(estimate, bounds(measurement))
    if _settled(estimate):
        return f"To the model, {labels.x} are more alike than {labels.y}, by {number} between two of the same group"
    return (
        f"The model shows no settled difference in how alike the members of each group are: the largest, between "
        f"{labels.x} and {labels.y}, is {number}"
    )


def markedness(measurement: Measurement, estimate: Estimate) -> str:
    """``labels.x`` prefers the word for anyone most, ``labels.y`` least."""
    labels, number = measurement.labels, spread(estimate, bounds(measurement))
    closer = f"closer to {labels.a} than to the word for their group"
    if _settled(estimate):
        return f"Pictures of {labels.x} lie {closer} more often than those of {labels.y} do, by a share of {number}"
    return (
        f"The model shows no settled difference between groups in how often their pictures lie {closer}: the largest, "
        f"of {labels.x} over {labels.y}, is {number}"
    )


def hypodescent(measurement: Measurement, estimate: Estimate) -> str:
    """``labels.x`` is the minority parent's word, ``labels.y`` the other's, ``labels.a`` the step."""
    labels, number = measurement.labels, spread(estimate, bounds(measurement), "share minus one half")
    if spans(estimate, 0):
        return f"Morphs at {labels.a} are given to {labels.x} or {labels.y} without a settled preference: {number}"
    more = "more" if estimate.value > 0 else "less"
    return f"Morphs at {labels.a} are given to {labels.x}, not {labels.y}, {more} often than every other time: {number}"


def _settled(estimate: Estimate) -> bool:
    return not spans(estimate, 0) and estimate.low is not None and estimate.low != 0
