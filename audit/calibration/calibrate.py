"""The whole calibration: specimens made, audited, counted, and certified."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from audit.calibration import tally
from audit.calibration.material import gather, picture
from audit.calibration.specimens import DOSES, ERASED, UNITS, margin_of, prepare
from audit.calibration.trials import PLANTED, Design, make_audits
from audit.encoders import LayerRef
from audit.encoders.edits import write_specimens
from audit.encoders.pocket import FOLDER
from audit.encoders.specimen import specimen
from audit.engine.encodings import normalised
from audit.records import Certificate
from audit.store import encode_certificate
from audit.store.atomic import write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from audit.calibration.audits import KnownEncodings
    from audit.calibration.material import Material
    from audit.calibration.specimens import Prepared
    from audit.calibration.trials import Result
    from audit.engine import Progress

CERTIFICATE, SPECIMENS = "certificate.json", "specimens.safetensors"
"""Files of a calibration."""
MARGIN, FULL = "planted-1x", "planted-2x"
"""The specimen whose association is the margin, and the one with twice that."""
_UNIT = "planted-unit"
_EVERY = 7
"""Edited models are run on every seventh image, to see that they give what the arithmetic says."""
NOTES = (
    "The truth of a specimen is its association over every stimulus of the population, each country in each art style "
    "or font. It is exact: the edits are solved for it.",
    "An audit draws its clusters one by one, with replacement, and each draw counts as a cluster of its own. The "
    "sample is then what the intervals assume, and the mean of the population is what they must hold. Without "
    "replacement a good part of the population would be in every sample, and intervals would cover more than they "
    "claim.",
    "Art styles and fonts are drawn in the same way, as many as there are, because the interval holds them to be a "
    "sample too. The cells with all of them take each one once, as users do: the difference between styles is then in "
    "the interval but not in the estimate, so that such intervals cover the same association at least as often.",
    "A target is judged in every cell, one population at one sample size. It is met when each cell keeps it and the "
    "95 % interval over all cells does too.",
)
"""How it is made."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How large the samples of audits are, in clusters a side."""

    sizes: tuple[int, ...] = (8, 16, 32)
    """For the planted association: what suites have."""
    family: int = 16
    """For all questions at once."""
    units: tuple[int, ...] = (16, 32, 64)
    """For the search for a unit, which halves them."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a calibration is made; the certificate states them."""

    audits: int
    """Audits in each cell that a target judges."""
    seed: int
    created: str
    """UTC, ISO 8601, seconds."""
    versions: Mapping[str, str]
    """Of the tool and the libraries that numbers depend on."""


def calibrate(
    folder: Path,
    terms: Terms,
    *,
    progress: Progress,
    plan: Plan | None = None,
    shipped: Path = FOLDER,
    processes: int | None = None,
) -> Certificate:
    """Make the specimens of the model in ``shipped``, audit them, and write specimens and certificate into ``folder``.

    The numbers depend on the model, the stimuli, the code and the terms, and not on how many ``processes`` share the
    work (one a core when None).
    """
    material = gather(progress, shipped)
    prepared = prepare(material)
    write_specimens(folder / SPECIMENS, prepared.specimens)
    gaps = _gaps(material, prepared, folder / SPECIMENS, shipped)
    sections = _designs(prepared, plan or Plan(), terms.audits)
    every = {design: count for designs in sections.values() for design, count in designs.items()}
    results = make_audits(prepared.bench, every, terms.seed, progress, processes=processes)
    certificate = _certificate(material, prepared, sections, results, terms, gaps)
    write_atomic(folder / CERTIFICATE, encode_certificate(certificate))
    return certificate


def _designs(prepared: Prepared, plan: Plan, audits: int) -> dict[str, dict[Design, int]]:
    """Every cell with its number of audits, by the section of the certificate that it belongs to.

    Cells that no target judges by themselves get half as many; searches for a unit, which take longest, a quarter.
    """
    places = list(prepared.bench.populations)
    unit_place = prepared.units[_UNIT].population
    half, quarter = max(1, audits // 2), max(1, audits // 4)
    return {
        "cells": {
            Design(place, name, n): audits if name in (ERASED, MARGIN) else half
            for place, name, n in product(places, DOSES, plan.sizes)
        }
        | {Design(place, MARGIN, n, columns="all"): half for place, n in product(places, plan.sizes)},
        "families": {
            Design(place, name, plan.family, "family"): audits for place, name in product(places, (ERASED, MARGIN))
        },
        "shuffled": {Design(place, FULL, n, shuffled=True): audits for place, n in product(places, plan.sizes)},
        "units": {Design(unit_place, name, n, "unit"): quarter for name, n in product(UNITS, plan.units)},
        "shuffled-units": {Design(unit_place, _UNIT, n, "unit", shuffled=True): audits for n in plan.units},
    }


def _gaps(material: Material, prepared: Prepared, edits: Path, shipped: Path) -> tuple[float, float]:
    """How far what audits see lies from what the edited models give: in embeddings, and in the planted unit."""
    shown = range(0, len(material.images), _EVERY)
    pictures = [picture(material.images[i]) for i in shown]
    keys = [material.images[i].key for i in shown]

    def known(name: str) -> KnownEncodings:
        return prepared.bench.specimens[name]

    rows = [known(FULL).rows[key] for key in keys]
    given = normalised(specimen(FULL, "cpu", edits=edits, shipped=shipped).encode_images(pictures).embeddings)
    apart = float(np.abs(given - known(FULL).vectors[rows]).max())
    channel, activations = prepared.units[_UNIT].unit, known(_UNIT).activations
    assert activations is not None
    layer, number, pooling = channel.rsplit("/", 2)
    ref = LayerRef(layer, pooling)
    encoder = specimen(_UNIT, "cpu", edits=edits, shipped=shipped)
    run = encoder.encode_images(pictures, [ref]).activations[ref][:, int(number)]
    computed = activations.values[:, activations.units.index(channel)]
    return apart, float(np.abs(run - computed[rows]).max() / computed.std())


def _certificate(
    material: Material,
    prepared: Prepared,
    sections: Mapping[str, Mapping[Design, int]],
    results: Mapping[Design, list[Result]],
    terms: Terms,
    gaps: tuple[float, float],
) -> Certificate:
    margin, truths = margin_of(material.suite), prepared.associations

    def truths_of(design: Design) -> dict[str, float]:
        return {
            probe: truth
            for (name, place, probe), truth in truths.items()
            if (name, place) == (design.specimen, design.population)
        }

    cells = tuple(tally.audited(design, results[design], truths_of(design)[PLANTED]) for design in sections["cells"])
    detection = tuple(
        tally.detection(results[design], results[replace(design, specimen=ERASED)], design)
        for design in sections["cells"]
        if design.specimen == FULL
    )
    families = tuple(
        tally.family(design, results[design], truths_of(design), margin) for design in sections["families"]
    )
    shuffled = tuple(tally.shuffled(design, results[design]) for design in sections["shuffled"])
    units = tuple(tally.unit(design, results[design], prepared.units[design.specimen]) for design in sections["units"])
    count = len(prepared.units[_UNIT].areas)
    lots = tuple(tally.shuffled_unit(design, results[design], count) for design in sections["shuffled-units"])
    return Certificate(
        created=terms.created,
        command=f"clip-audit calibrate --audits {terms.audits} --seed {terms.seed}",
        seed=terms.seed,
        audits=terms.audits,
        versions=terms.versions,
        model=material.info.name,
        weights_digest=material.info.weights_digest,
        suite_digest=material.suite.digest,
        ask=material.suite.probe(PLANTED).ask,
        margin=margin,
        populations=material.described,
        specimens=prepared.records,
        embedding_gap=gaps[0],
        unit_gap=gaps[1],
        targets=tally.targets(cells, detection, families, shuffled, lots),
        cells=cells,
        detection=detection,
        families=families,
        shuffled=shuffled,
        units=units,
        shuffled_units=lots,
        notes=NOTES,
    )
