"""Rows of the tables that every measure fills in the same way."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from audit.records import Estimate, Measured

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audit.assess.outcome import Outcome, Plan
    from audit.stimuli import Stimulus

_NUMBERS = (
    "value", "low", "high", "level", "low_simultaneous", "high_simultaneous", "p", "p_adjusted", "p_method",
    "smallest_p", "alternative", "n", "clusters", "mde", "unit", "method", "seed", "block",
)  # fmt: skip


def stimulus_rows(plan: Plan[Any]) -> Iterator[Mapping[str, Any]]:
    """One row a stimulus and part it plays."""
    form = ",".join(plan.form)
    for part in plan.shown:
        for stimulus in part.stimuli.stimuli:
            yield {
                "suite": plan.suite,
                "probe": plan.probe,
                "form": form,
                "concept": part.stimuli.concept,
                "variant": part.variant,
                "role": part.role,
                **stimulus_row(stimulus),
            }


def stimulus_row(stimulus: Stimulus) -> Mapping[str, Any]:
    """What is said of a stimulus whatever part it plays."""
    return {
        "cluster": stimulus.cluster,
        "item": stimulus.item,
        "template": stimulus.template,
        "modality": str(stimulus.modality),
        "content": stimulus.content,
        "digest": stimulus.key,
        **(asdict(stimulus.credit) if stimulus.credit else {}),
    }


def estimate_rows(outcome: Outcome) -> Iterator[Mapping[str, Any]]:
    """One row an estimate: the headline, the others, the headline under each variation, and every breakdown."""
    measurement = outcome.measurement
    place = {"suite": measurement.suite, "probe": measurement.probe, "form": ",".join(measurement.form)}
    for index, estimate in enumerate(measurement.estimates):
        yield place | {"kind": "other" if index else "headline", "variation": ""} | _numbers(estimate)
    for variation in outcome.variations or measurement.sensitivity:
        yield place | {"kind": variation.kind, "variation": variation.name} | _numbers(variation.estimate)
    for breakdown in measurement.breakdowns:
        for row in breakdown.rows:
            yield place | {"kind": breakdown.kind, "variation": row.name} | _numbers(row.estimate)


def _numbers(estimate: Measured) -> dict[str, Any]:
    if not isinstance(estimate, Estimate):
        return {"name": estimate.name, "undefined": estimate.reason}
    groups = "+".join(map(str, estimate.groups))
    return {"name": estimate.name, "groups": groups} | {name: getattr(estimate, name) for name in _NUMBERS}
