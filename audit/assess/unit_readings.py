"""Responses of the units that a probe asks about, and why it cannot ask about those."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING

import numpy as np

from audit.assess.framing import named
from audit.measures import unit_responses
from audit.registry import suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.engine import Encodings
    from audit.measures import UnitResponses
    from audit.stimuli import Stimulus, StimulusSet
    from audit.suite import AbsenceProbe, MultimodalityProbe, UnitsProbe

_FEW = 500
"""Of more units than these the nearest name says nothing: channels differ by a digit."""


def unknown_units(
    encodings: Encodings,
    stimuli: Sequence[Stimulus],
    *,
    layers: Sequence[str] = (),
    units: Sequence[str] = (),
    among: str | None = None,
) -> str:
    """Which of the layers or units that a probe names the model does not have, with the nearest; empty when none.

    A suite is not of one model, so this is no mistake in it: the finding on this model is an error, and says so. At
    most the first of ``stimuli`` is encoded for it.
    """
    name, names = encodings.info.name, sorted({layer.name for layer in encodings.info.layers})
    if unknown := [layer for layer in layers if layer not in names]:
        return f"{name} has no layer {unknown[0]!r} whose units can be read; {suggestion(unknown[0], names)}"
    if not (units or among):
        return ""
    known = encodings.units(stimuli[:1], layers).units
    there = set(known)
    if unknown := [unit for unit in units if unit not in there]:
        few = len(known) < _FEW
        which = suggestion(unknown[0], list(known)) if few else f"its units go from {known[0]!r} to {known[-1]!r}"
        return f"{name} has no unit {unknown[0]!r}; {which}"
    if among and not fnmatch.filter(known, among):
        return f"no unit of {name} matches {among!r}; the first of them is {known[0]!r}"
    return ""


def read_units(
    asked: UnitsProbe | AbsenceProbe | MultimodalityProbe,
    concept: StimulusSet,
    against: StimulusSet,
    encodings: Encodings,
) -> UnitResponses:
    """Responses to a concept and to what it is compared with, of units that are there."""
    layers, units = getattr(asked, "layers", ()), getattr(asked, "units", ())
    return unit_responses(concept, against, encodings, layers=layers, units=units, among=asked.among or "*")


def not_finite(shown: Sequence[UnitResponses]) -> str:
    """What the model gives no finite activation for: stimuli, where no unit has one, else units; empty when there is
    none. Nothing that holds of all units can be said then.
    """
    clusters: list[str] = []
    units: dict[str, None] = {}
    for found in shown:
        finite = np.isfinite(found.responses)
        silent = ~finite.any(axis=1)
        clusters += [found.clusters[i] for i in np.flatnonzero(silent)]
        units |= dict.fromkeys(found.units[i] for i in np.flatnonzero(~finite[~silent].all(axis=0)))
    if clusters:
        return named("the model gives no finite activation for", clusters)
    if not units:
        return ""
    of = f"{len(units):,} of {len(shown[0].units):,} units give no finite activation for some stimulus:"
    return f"{named(of, list(units))}; leave them out with 'among' or 'layers'"


def constant_units(shown: Sequence[UnitResponses]) -> str:
    """How many units give one number for everything they are shown, which tells nothing apart; empty when none."""
    same = np.logical_and.reduce([(found.responses == found.responses[:1]).all(axis=0) for found in shown])
    if not same.any():
        return ""
    return named(
        f"{int(same.sum()):,} of {len(same):,} units give one number for all stimuli:",
        [shown[0].units[i] for i in np.flatnonzero(same)],
    )
