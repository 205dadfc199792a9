"""Absence as a bounded claim: no unit answers to the concept up to a bound, and one that did would have been found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit.assess.outcome import Outcome
from audit.assess.selectivity import best_unit
from audit.assess.unit_tables import example_rows, unit_rows
from audit.records import Condition, Margin, Undefined, UnitSummary
from audit.stats import decodability, planted_recall

if TYPE_CHECKING:
    from audit.measures import UnitResponses
    from audit.records import Measurement

DECODABLE = 0.90
"""Lower bound of the AUROC of a linear probe: a concept that the model cannot tell at all is no evidence of absence."""
RECALL = 0.90
"""Share of synthetic units planted at the bound that the search must find."""


def absence(framed: Measurement, found: UnitResponses, margin: Margin, how: str, seed: int) -> Outcome:
    """The best unit's AUROC against the bound, and the two things without which a low one would mean nothing.

    The headline is the AUROC of the best of all units looked at with an interval that holds for all of them; the claim
    needs its upper end under the bound. Required besides: the concept is decodable from the units together
    (cross-fitted linear probe), and a unit planted at the bound would be found nine times in ten. Without one of the
    three the verdict is inconclusive. Source: METHODS of this project; planted units after Oikarinen et al. 2025.
    """
    chosen = best_unit(found, seed)
    if isinstance(chosen, Undefined):
        return Outcome(replace(framed, margin=margin, estimates=(chosen,)))
    requirements, notes = _requirements(found, margin, seed)
    measurement = replace(
        framed,
        margin=margin,
        estimates=chosen.estimates,
        requirements=requirements,
        warnings=(*framed.warnings, *notes),
        units=(UnitSummary(found.units[chosen.index], found.layers[chosen.index], chosen.estimates),),
        how=how,
    )
    rows = unit_rows(measurement, found, chosen.p_adjusted, selected={chosen.index}, confirmed=set())
    return Outcome(measurement, tables={"units": rows, "examples": example_rows(measurement, found, chosen.index)})


def _requirements(found: UnitResponses, margin: Margin, seed: int) -> tuple[tuple[Condition, ...], tuple[str, ...]]:
    decoded = decodability(found.responses, found.positive, seed=seed)
    recalled = planted_recall(found.responses, found.positive, margin.value, seed=seed)
    if isinstance(decoded, Undefined) or isinstance(recalled, Undefined):
        reason = decoded.reason if isinstance(decoded, Undefined) else recalled.reason  # type: ignore[union-attr]
        return (), (f"absence cannot be shown here: {reason}",)
    return (
        Condition("that the concept can be decoded from the units at all", decoded, Margin("auroc", DECODABLE)),
        Condition("that a unit planted at the bound would be found", recalled, Margin("share", RECALL)),
    ), ()
