"""Responses of the units that a probe asks about; a unit that the model does not have is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import ModelError
from audit.measures import unit_responses
from audit.registry import suggestion

if TYPE_CHECKING:
    from audit.engine import Encodings
    from audit.measures import UnitResponses
    from audit.stimuli import StimulusSet
    from audit.suite import AbsenceProbe, MultimodalityProbe, UnitsProbe


def read_units(
    asked: UnitsProbe | AbsenceProbe | MultimodalityProbe,
    concept: StimulusSet,
    against: StimulusSet,
    encodings: Encodings,
) -> UnitResponses:
    """Responses to a concept and to what it is compared with. ModelError when there is no such unit."""
    layers, units = getattr(asked, "layers", ()), getattr(asked, "units", ())
    found = unit_responses(concept, against, encodings, layers=layers, units=units, among=asked.among or "*")
    if unknown := [name for name in units if name not in found.units]:
        known = encodings.units(concept.stimuli[:1], layers).units
        raise ModelError(
            f"{encodings.info.name} has no unit {unknown[0]!r}, which {asked.source.file}:{asked.source.line} names",
            hint=suggestion(unknown[0], list(known)) if len(known) < 500 else f"its units look like {known[0]!r}",
        )
    if not found.units:
        raise ModelError(
            f"no unit of {encodings.info.name} matches {asked.among!r}, which {asked.source.file}:{asked.source.line} "
            "asks for"
        )
    return found
