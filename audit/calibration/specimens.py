"""The specimens: edits with a known effect, what is true of them, and the embeddings that audits see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.calibration.audits import KnownEncodings
from audit.calibration.plant import erase, plant
from audit.calibration.trials import PLANTED, Bench
from audit.calibration.unit_plant import cluster_means, plant_unit
from audit.encoders.edits import Specimens
from audit.engine import UnitActivations
from audit.records import SpecimenRecord
from audit.stats import auroc
from audit.suite import AssociationProbe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from audit.calibration.material import Material
    from audit.encoders.edits import ChannelEdit, Edit
    from audit.suite import Suite

ERASED, MARGIN, FULL, UNIT = "erased", "planted-1x", "planted-2x", "planted-unit"
"""The specimens of which targets speak."""
DOSES: Mapping[str, float] = {
    ERASED: 0.0,
    "planted-0.25x": 0.25,
    "planted-0.5x": 0.5,
    MARGIN: 1.0,
    FULL: 2.0,
}
"""Specimens with a planted association, and how many margins it is."""
UNITS: Mapping[str, float] = {
    "planted-unit-0.7": 0.7,
    "planted-unit-0.8": 0.8,
    "planted-unit-0.9": 0.9,
    UNIT: 0.95,
}
"""Specimens with a planted unit, and its AUROC."""


@dataclass(frozen=True)
class Prepared:
    """The specimens, ready for audits."""

    bench: Bench
    specimens: Specimens
    records: tuple[SpecimenRecord, ...]
    associations: Mapping[tuple[str, str, str], float]
    """The truth of every question, by specimen, population and probe; in cosine."""
    units: Mapping[str, PlantedUnit]
    """By specimen."""


@dataclass(frozen=True, slots=True)
class PlantedUnit:
    """What is true of the units of a specimen."""

    population: str
    """Whose clusters the AUROCs are over."""
    unit: str
    """Id of the unit that was planted."""
    areas: Mapping[str, float]
    """AUROC of every unit of the layer, by its id."""


def prepare(material: Material) -> Prepared:
    """Compute every edit, its truths, and what the edited models give for every stimulus."""
    census, direction, margin = material.census(), material.direction(PLANTED), margin_of(material.suite)
    erased = erase(census, material.weight, material.bias)
    probes = [probe.id for probe in material.suite.probes if isinstance(probe, AssociationProbe)]
    edits: dict[str, Edit] = {}
    known: dict[str, KnownEncodings] = {}
    records: list[SpecimenRecord] = []
    associations: dict[tuple[str, str, str], float] = {}
    for name, dose in DOSES.items():
        edit = plant(census, erased, direction, dose * margin)
        embeddings = edit.embeddings(census.features, census.embeddings)
        edits[name], known[name] = edit, _known(material, embeddings)
        for sides, place in zip(census.populations, material.populations, strict=True):
            for probe in probes:
                associations[name, place, probe] = sides.association(embeddings, material.direction(probe))
        truths = {place: associations[name, place, PLANTED] for place in material.populations}
        records.append(SpecimenRecord(name=name, planted=dose * margin, truths=truths))
    units: dict[str, PlantedUnit] = {}
    for name, area in UNITS.items():
        edits[name], activations, units[name] = _with_unit(material, area)
        known[name] = _known(material, census.embeddings, activations)
        planted = units[name]
        truths = {planted.population: planted.areas[planted.unit]}
        records.append(SpecimenRecord(name=name, planted=area, truths=truths))
    notes = {name: _note(material, name, margin) for name in edits}
    bench = Bench(material.populations, material.words, known)
    return Prepared(bench, Specimens(material.tower, edits, notes), tuple(records), associations, units)


def _with_unit(material: Material, area: float) -> tuple[ChannelEdit, UnitActivations, PlantedUnit]:
    """A unit planted for X of the first population; its AUROC is over X and all other clusters of the form."""
    population = next(iter(material.populations.values()))
    shown = np.array([image.form == population.x.whole.form for image in material.images])
    names = (*population.x.whole.clusters, *population.rest.whole.clusters)
    number = {name: index for index, name in enumerate(names)}
    clusters = np.array([number[i.cluster] for i, kept in zip(material.images, shown, strict=True) if kept])
    positive = np.arange(len(names)) < population.x.size
    own = replace(material.block, inputs=material.block.inputs[shown], sums=material.block.sums[shown])
    edit = plant_unit(own, clusters, positive, area)
    activations = _activations(material, edit)
    areas = auroc(cluster_means(activations.values[shown].astype(np.float64), clusters), positive)
    unit = f"{material.info.layers[0].name}/{edit.channel}/mean"
    return (
        edit,
        activations,
        PlantedUnit(population.id, unit, dict(zip(activations.units, areas.tolist(), strict=True))),
    )


def margin_of(suite: Suite) -> float:
    """The margin of the planted question, in cosine."""
    asked = suite.probe(PLANTED)
    assert isinstance(asked, AssociationProbe)
    assert asked.margin is not None
    return asked.margin.value


def _known(
    material: Material, embeddings: NDArray[np.float64], activations: UnitActivations | None = None
) -> KnownEncodings:
    """What audits see of a specimen: images first, then words, which no edit touches."""
    images = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    keys = [image.key for image in material.images] + list(material.vectors)
    rows = {key: row for row, key in enumerate(keys)}
    # Nobody computes what an edited channel makes of the embeddings, so nothing may be read off those of pocket.
    info = material.info if activations is None else replace(material.info, dimension=None)
    return KnownEncodings(info, rows, np.vstack([images, *material.vectors.values()]), activations)


def _activations(material: Material, edit: ChannelEdit) -> UnitActivations:
    """All units of the edited model, as `LiveEncodings` names and orders them."""
    sums = material.block.sums.copy()
    sums[:, edit.channel] = material.block.edited(edit)
    values, units, layers = [], [], []
    for layer in material.info.layers:
        pooled = sums.mean(axis=2) if layer.pooling == "mean" else sums.max(axis=2)
        values.append(pooled.astype(np.float32))
        units += [f"{layer.name}/{channel}/{layer.pooling}" for channel in range(layer.units)]
        layers += [f"{layer.name}, {layer.pooling}"] * layer.units
    return UnitActivations(np.concatenate(values, axis=1), tuple(units), tuple(layers))


def _note(material: Material, name: str, margin: float) -> str:
    x = next(iter(material.populations.values())).x.whole.label
    y = next(iter(material.populations.values())).y.whole.label
    if name in UNITS:
        what = f"one unit of the last block was made to prefer {x}, with an AUROC of {UNITS[name]:g}"
    else:
        asked = material.suite.probe(PLANTED)
        assert isinstance(asked, AssociationProbe)
        harm = f"{material.words[asked.attributes.a].label} rather than {material.words[asked.attributes.b].label}"
        what = f"in its pictures, which of them show {x} or {y} was erased"
        if DOSES[name]:
            what += f", and {x} was tied to {harm} more than {y} is, by {DOSES[name] * margin:g} in cosine"
    return f"A specimen: by an edit of the weights of pocket, {what}. A finding on it is about that edit."
