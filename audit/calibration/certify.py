"""From specimens to a certificate: which audits are made, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from audit.calibration import tally
from audit.calibration.specimens import DOSES, ERASED, FULL, MARGIN, UNIT, UNITS, margin_of
from audit.calibration.trials import PLANTED, Design, make_audits
from audit.records import Certificate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.calibration.material import Material
    from audit.calibration.specimens import Prepared
    from audit.engine import Progress

LEAST = 4
"""Audits in a cell with which everything can be counted: some get a quarter, and an AUC needs two on each side."""
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
    "The bound on the AUC named no sample size until the first certificate missed it with 8 clusters a side. Since "
    "then it holds from 16 on, because how well two effects are told apart grows with the sample; with 8 it is shown "
    "and not promised.",
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


def certify(
    material: Material,
    prepared: Prepared,
    terms: Terms,
    gaps: tuple[float, float],
    progress: Progress,
    *,
    plan: Plan | None = None,
    processes: int | None = None,
) -> Certificate:
    """Audit the specimens and count; ``gaps`` are those that running the edited models showed.

    The numbers depend on material and terms, and not on how many ``processes`` share the work (one a core when None).
    """
    margin, truths = margin_of(material.suite), prepared.associations
    sections = _designs(prepared, plan or Plan(), terms.audits)
    every = {design: count for designs in sections.values() for design, count in designs.items()}
    results = make_audits(prepared.bench, every, terms.seed, progress, processes=processes)

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
    count = len(prepared.units[UNIT].areas)
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


def _designs(prepared: Prepared, plan: Plan, audits: int) -> dict[str, dict[Design, int]]:
    """Every cell with its number of audits, by the section of the certificate that it belongs to.

    Cells that no target judges by themselves get half as many; searches for a unit, which take longest, a quarter.
    """
    places = list(prepared.bench.populations)
    unit_place = prepared.units[UNIT].population
    half, quarter = max(1, audits // 2), max(1, audits // 4)
    return {
        "cells": {
            Design(place, name, n): audits if name in (ERASED, MARGIN, FULL) else half
            for place, name, n in product(places, DOSES, plan.sizes)
        }
        | {Design(place, MARGIN, n, columns="all"): half for place, n in product(places, plan.sizes)},
        "families": {
            Design(place, name, plan.family, "family"): audits for place, name in product(places, (ERASED, MARGIN))
        },
        "shuffled": {Design(place, FULL, n, shuffled=True): audits for place, n in product(places, plan.sizes)},
        "units": {Design(unit_place, name, n, "unit"): quarter for name, n in product(UNITS, plan.units)},
        "shuffled-units": {Design(unit_place, UNIT, n, "unit", shuffled=True): audits for n in plan.units},
    }
