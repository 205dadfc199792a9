"""A unit's concept held against every other one alone, and all of them against a harm in the layer as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.measures import unit_responses
from audit.records import Breakdown, BreakdownRow, Estimate
from audit.stats import against_each, layer_alignment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.measures import UnitResponses
    from audit.stimuli import Collector, StimulusSet
    from audit.suite import UnitsProbe


def regions_of(probe: UnitsProbe, form: str, collector: Collector) -> Mapping[str, str]:
    """The label of the concept that each cluster of the comparison belongs to; empty unless several are named."""
    if not isinstance(probe.against, tuple) or len(probe.against) < 2:
        return {}
    found: dict[str, str] = {}
    for name in probe.against:
        each = collector.collect(name, form, cluster=probe.cluster)
        for cluster in each.clusters:
            found.setdefault(cluster, each.label)
    return found


def region_breakdowns(
    found: UnitResponses,
    unit: int,
    regions: Mapping[str, str],
    held: NDArray[np.bool_],
    topics: tuple[StimulusSet, StimulusSet] | None,
    encodings: Encodings,
    layers: Sequence[str],
    seed: int,
) -> Iterator[Breakdown]:
    """The unit against each other concept on the clusters that had no part in naming it, ``held`` (clusters,); and,
    with the harm and the neutral topic, every concept's place between them in the unit's layer.

    Harm is never looked at alone: what a layer gives one region is shown beside what it gives the others.
    """
    own = [found.concept.label] * len(found.concept.clusters)
    of_cluster = [*own, *(regions[each] for each in found.against.clusters)]
    names = list(dict.fromkeys(of_cluster))
    region = np.array([names.index(name) for name in of_cluster])
    responses = found.responses[:, unit]
    compared = against_each(responses[held], region[held], 0, seed=seed)
    rows = tuple(BreakdownRow(names[other], each) for other, each in compared.items())
    yield Breakdown(
        title=f"{found.concept.label} against each other concept alone, unit {found.units[unit]}",
        kind="concept",
        rows=rows,
        note=_told(found.concept.label, rows),
    )
    if topics is None:
        return
    harm, neutral = topics
    layer = found.layers[unit]
    words = unit_responses(harm, neutral, encodings, layers=layers)
    every = unit_responses(found.concept, found.against, encodings, layers=layers)
    inside = np.array([each == layer for each in every.layers])
    aligned = layer_alignment(
        every.responses[:, inside],
        region,
        words.responses[words.positive][:, inside],
        words.responses[~words.positive][:, inside],
        seed=seed,
    )
    yield Breakdown(
        title=f"How near each concept lies to {harm.label} rather than {neutral.label}, all units of {layer}",
        kind="concept",
        rows=tuple(BreakdownRow(name, each) for name, each in zip(names, aligned, strict=True)),
    )


def _told(concept: str, rows: Sequence[BreakdownRow]) -> str:
    known = [(row.name, row.estimate) for row in rows if isinstance(row.estimate, Estimate)]
    if len(known) < len(rows):
        return ""
    name, least = min(known, key=lambda row: row[1].value)
    p = max(each.p for _, each in known if each.p is not None)
    return (
        f"The unit's preference is weakest against {name}: AUROC {least.value:.2f}. That it prefers {concept} to every "
        f"one of the {len(rows)} has p = {p:.2g}, the largest of their p."
    )
