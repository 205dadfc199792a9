"""A certificate like the one that ships, with made-up counts: one target missed, one not settled."""

from __future__ import annotations

from contextlib import contextmanager
from statistics import NormalDist
from typing import TYPE_CHECKING

import pytest

from audit.records import (
    AuditedCell,
    Certificate,
    DetectionCell,
    FamilyCell,
    Share,
    ShuffledCell,
    ShuffledUnitCell,
    SpecimenRecord,
    StimulusPopulation,
    Target,
    UnitCell,
)
from audit.stats import Interval, wilson
from audit.store import certificate as shipped
from audit.store import encode_certificate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audit.records import Standing

DOSES = {"erased": 0.0, "planted-0.25x": 0.25, "planted-0.5x": 0.5, "planted-1x": 1.0, "planted-2x": 2.0}
MARGIN = 0.02
_NORMAL = NormalDist()


def share(rate: float, of: int = 400) -> Share:
    """About this share of so many."""
    count = round(rate * of)
    found = wilson(count, of)
    assert isinstance(found, Interval)
    return Share(count, of, found.low, found.high)


def _cell(population: str, specimen: str, clusters: int, columns: str = "drawn") -> AuditedCell:
    dose, spread = DOSES[specimen], 3.0 / clusters
    of = 400 if dose in (0, 1) else 200
    passed = _NORMAL.cdf((1 - dose) / spread - 1.96)
    failed = _NORMAL.cdf((dose - 1) / spread - 2.1)
    low = population == "flags" and clusters == 8
    return AuditedCell(
        population=population,
        specimen=specimen,
        dose=dose,
        truth=dose * MARGIN,
        clusters=clusters,
        columns="all" if columns == "all" else "drawn",
        passed=share(passed, of),
        failed=share(failed, of),
        inconclusive=share(1 - round(passed * of) / of - round(failed * of) / of, of),
        covered=share(0.915 if low else 0.95, of),
        mean=dose * MARGIN + 0.0002,
        half_width=1.96 * spread * MARGIN,
    )


def _target(id: str, what: str, value: float, worst: float, standing: Standing, *bounds: float | None) -> Target:
    at_least, at_most = bounds
    best = min(1.0, max(0.0, 2 * value - worst))
    return Target(
        id=id,
        what=what,
        at_least=at_least,
        at_most=at_most,
        value=value,
        low=max(0.0, value - 0.008),
        high=min(1.0, value + 0.008),
        of=2400,
        lowest=min(worst, best),
        highest=max(worst, best),
        cells=6,
        standing=standing,
    )


def certificate() -> Certificate:
    """The whole of it."""
    places, sizes = ("flags", "names"), (8, 16, 32)
    samples = [(place, n) for place in places for n in sizes]
    return Certificate(
        created="2026-11-20T12:00:00Z",
        command="clip-audit calibrate --audits 400 --seed 0",
        seed=0,
        audits=400,
        versions={"clip-audit": "0.2.0", "python": "3.11.7"},
        model="pocket",
        weights_digest="ab" * 32,
        suite_digest="cd" * 32,
        ask="Is Africa tied to poverty, rather than wealth, more than Europe is?",
        margin=MARGIN,
        populations=(
            StimulusPopulation(
                id="flags",
                title="flags of countries",
                x="Africa",
                y="Europe",
                clusters=(54, 44),
                columns=4,
                images=1000,
            ),
            StimulusPopulation(
                id="names",
                title="names of countries, drawn as words",
                x="Africa",
                y="Europe",
                clusters=(54, 44),
                columns=4,
                images=996,
            ),
        ),
        specimens=tuple(
            SpecimenRecord(name=name, planted=dose * MARGIN, truths=dict.fromkeys(places, dose * MARGIN))
            for name, dose in DOSES.items()
        ),
        embedding_gap=2e-7,
        unit_gap=3e-6,
        targets=(
            _target("wrong-passes", "passes where the truth is the margin", 0.025, 0.04, "met", None, 0.05),
            _target("wrong-fails", "fails where it was erased", 0.002, 0.005, "met", None, 0.05),
            _target("coverage", "95 % intervals that hold the truth", 0.944, 0.915, "missed", 0.93, 0.97),
            _target(
                "detection",
                "AUC with which the estimate tells twice the margin from none",
                0.993,
                0.991,
                "open",
                0.99,
                None,
            ),
        ),
        cells=(
            *(_cell(place, name, n) for place, n in samples for name in DOSES),
            *(_cell(place, "planted-1x", n, "all") for place, n in samples),
        ),
        detection=tuple(
            DetectionCell(
                population=place,
                specimen="planted-2x",
                clusters=n,
                audits=200,
                auc=1 - 0.08 / n,
                low=1 - 0.1 / n,
                high=1.0,
            )
            for place, n in samples
        ),
        families=tuple(
            FamilyCell(
                population=place,
                specimen=name,
                clusters=16,
                probes=4,
                wrong_passes=share(0.03),
                wrong_fails=share(0.0125),
            )
            for place in places
            for name in ("erased", "planted-1x")
        ),
        shuffled=tuple(
            ShuffledCell(population=place, specimen="planted-2x", clusters=n, failed=share(0.0), small_p=share(0.05))
            for place, n in samples
        ),
        units=tuple(
            UnitCell(
                population="flags",
                truth=0.95,
                clusters=n,
                units=256,
                found=share(1 - 4 / n, 100),
                false=None if n == 16 else share(0.01, 100),
            )
            for n in (16, 32, 64)
        ),
        shuffled_units=tuple(
            ShuffledUnitCell(population="flags", clusters=n, units=256, confirmed=share(0.04)) for n in (16, 32, 64)
        ),
        notes=("The truth of a specimen is its association over every stimulus of the population.",),
    )


@contextmanager
def certified(folder: Path) -> Iterator[None]:
    """Reports made inside carry this certificate in place of the one that ships."""
    path = folder / "certificate.json"
    path.write_bytes(encode_certificate(certificate()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shipped, "SHIPPED", path)
        yield
