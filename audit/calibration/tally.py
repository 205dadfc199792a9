"""From audits to counted shares, and from those to targets kept or missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.calibration.specimens import DOSES, ERASED
from audit.calibration.trials import PLANTED, UNIT
from audit.records import (
    AuditedCell,
    DetectionCell,
    FamilyCell,
    Share,
    ShuffledCell,
    ShuffledUnitCell,
    Target,
    UnitCell,
    Verdict,
)
from audit.stats import Interval, auroc, auroc_interval, wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from audit.calibration.specimens import PlantedUnit
    from audit.calibration.trials import Design, Result
    from audit.records import Standing

SMALL_P = 0.05
"""p at or below which a null would be called rejected."""
DETECTS_FROM = 16
"""Clusters a side from which on the AUC is promised."""
ROUNDING = 1e-6
"""What counts as at the margin, in cosine: edits are kept in float32."""


def share(hits: Iterable[bool]) -> Share:
    """How many of them, with Wilson's 95 % interval."""
    counted = list(hits)
    found = wilson(sum(counted), len(counted))
    assert isinstance(found, Interval)
    return Share(sum(counted), len(counted), found.low, found.high)


def audited(design: Design, results: Sequence[Result], truth: float) -> AuditedCell:
    """What audits of a planted association said, against what is true."""
    reads = [result[PLANTED] for result in results]
    return AuditedCell(
        population=design.population,
        specimen=design.specimen,
        dose=DOSES[design.specimen],
        truth=truth,
        clusters=design.clusters,
        columns=design.columns,
        passed=share(read.verdict is Verdict.PASS for read in reads),
        failed=share(read.verdict is Verdict.FAIL for read in reads),
        inconclusive=share(read.verdict is Verdict.INCONCLUSIVE for read in reads),
        covered=share(read.low <= truth <= read.high for read in reads),
        mean=float(np.mean([read.value for read in reads])),
        half_width=float(np.mean([(read.high - read.low) / 2 for read in reads])),
    )


def family(design: Design, results: Sequence[Result], truths: Mapping[str, float], margin: float) -> FamilyCell:
    """What audits of several questions said; ``truths`` holds the association that each asks about."""

    def wrong(result: Result, verdict: Verdict) -> bool:
        sign = 1 if verdict is Verdict.PASS else -1
        return any(r.verdict is verdict and sign * (truths[p] - margin) >= -ROUNDING for p, r in result.items())

    return FamilyCell(
        population=design.population,
        specimen=design.specimen,
        clusters=design.clusters,
        probes=len(truths),
        wrong_passes=share(wrong(result, Verdict.PASS) for result in results),
        wrong_fails=share(wrong(result, Verdict.FAIL) for result in results),
    )


def shuffled(design: Design, results: Sequence[Result]) -> ShuffledCell:
    """What audits said when the lot had decided which clusters belong to which group."""
    reads = [result[PLANTED] for result in results]
    return ShuffledCell(
        population=design.population,
        specimen=design.specimen,
        clusters=design.clusters,
        failed=share(read.verdict is Verdict.FAIL for read in reads),
        small_p=share(read.p <= SMALL_P for read in reads),
    )


def detection(planted: Sequence[Result], erased: Sequence[Result], design: Design) -> DetectionCell:
    """How well the estimate tells the two specimens apart; ``design`` is that of the planted one."""
    values = np.array([result[PLANTED].value for result in (*planted, *erased)])
    positive = np.arange(len(values)) < len(planted)
    found = auroc_interval(values, positive, np.arange(len(values)))
    assert isinstance(found, Interval)
    return DetectionCell(
        population=design.population,
        specimen=design.specimen,
        clusters=design.clusters,
        audits=len(planted),
        auc=float(auroc(values[:, None], positive)[0]),
        low=found.low,
        high=found.high,
    )


def unit(design: Design, results: Sequence[Result], truth: PlantedUnit) -> UnitCell:
    """Whether the planted unit was found, and what else was."""
    confirmed = [result[UNIT].confirmed for result in results]
    every = [name for names in confirmed for name in names]
    return UnitCell(
        population=design.population,
        truth=truth.areas[truth.unit],
        clusters=design.clusters,
        units=len(truth.areas),
        found=share(truth.unit in names for names in confirmed),
        false=share(truth.areas[name] <= 0.5 for name in every) if every else None,
    )


def shuffled_unit(design: Design, results: Sequence[Result], units: int) -> ShuffledUnitCell:
    """Whether any unit was confirmed when the lot had decided."""
    return ShuffledUnitCell(
        population=design.population,
        clusters=design.clusters,
        units=units,
        confirmed=share(bool(result[UNIT].confirmed) for result in results),
    )


def targets(
    cells: Sequence[AuditedCell],
    found: Sequence[DetectionCell],
    families: Sequence[FamilyCell],
    mixed: Sequence[ShuffledCell],
    units: Sequence[ShuffledUnitCell],
) -> tuple[Target, ...]:
    """What the tool promises. A target's cells are judged one by one, a cell being a population at a sample size."""
    drawn = [cell for cell in cells if cell.columns == "drawn"]
    at_margin = [cell for cell in drawn if cell.dose == 1]
    by_sample: dict[tuple[str, int], list[Share]] = {}
    for cell in drawn:
        by_sample.setdefault((cell.population, cell.clusters), []).append(cell.covered)
    most = {"at_least": None, "at_most": 0.05}
    return (
        _shares("wrong-passes", "passes where the truth is the margin", [c.passed for c in at_margin], **most),
        _shares("wrong-fails", "fails where it was erased", [c.failed for c in drawn if c.specimen == ERASED], **most),
        _shares("wrong-fails-margin", "fails where the truth is the margin", [c.failed for c in at_margin], **most),
        _shares(
            "coverage",
            "95 % intervals that hold the truth",
            [_pooled(shares) for shares in by_sample.values()],
            at_least=0.93,
            at_most=0.97,
        ),
        detected(found),
        _shares("family-passes", "families with a wrong pass", [cell.wrong_passes for cell in families], **most),
        _shares("family-fails", "families with a wrong fail", [cell.wrong_fails for cell in families], **most),
        _shares("shuffled", "fails where groups are drawn by lot", [cell.failed for cell in mixed], **most),
        _shares(
            "shuffled-units",
            "searches that confirm a unit where the concept is drawn by lot",
            [cell.confirmed for cell in units],
            at_least=None,
            at_most=0.06,
        ),
    )


def _pooled(shares: Sequence[Share]) -> Share:
    count, of = sum(each.count for each in shares), sum(each.of for each in shares)
    found = wilson(count, of)
    assert isinstance(found, Interval)
    return Share(count, of, found.low, found.high)


def _shares(name: str, what: str, shares: Sequence[Share], *, at_least: float | None, at_most: float | None) -> Target:
    pooled, values = _pooled(shares), [each.value for each in shares]
    return Target(
        id=name,
        what=what,
        at_least=at_least,
        at_most=at_most,
        value=pooled.value,
        low=pooled.low,
        high=pooled.high,
        of=pooled.of,
        lowest=min(values),
        highest=max(values),
        cells=len(values),
        standing=standing(values, pooled.low, pooled.high, at_least, at_most),
    )


def detected(found: Sequence[DetectionCell]) -> Target:
    """The promise that the estimate tells twice the margin from none, from `DETECTS_FROM` clusters a side on."""
    # How well two effects are told apart grows with the sample, as how often a verdict is wrong must not: so this
    # promise names the size from which on it holds.
    cells = [cell for cell in found if cell.clusters >= DETECTS_FROM] or found
    values, audits = np.array([cell.auc for cell in cells]), np.array([cell.audits for cell in cells])
    value, low, high = (
        float(np.average([getattr(cell, end) for cell in cells], weights=audits)) for end in ("auc", "low", "high")
    )
    return Target(
        id="detection",
        what=f"AUC of twice the margin against none, from {min(cell.clusters for cell in cells)} clusters a side",
        at_least=0.99,
        at_most=None,
        value=value,
        low=low,
        high=high,
        of=int(2 * audits.sum()),
        lowest=float(values.min()),
        highest=float(values.max()),
        cells=len(cells),
        standing=standing(values.tolist(), low, high, 0.99, None),
    )


def standing(
    values: Sequence[float], low: float, high: float, at_least: float | None, at_most: float | None
) -> Standing:
    """Missed when a cell's value lies outside, met when the interval over all cells lies inside, open between."""
    floor, ceiling = -np.inf if at_least is None else at_least, np.inf if at_most is None else at_most
    if not all(floor <= value <= ceiling for value in values):
        return "missed"
    return "met" if floor <= low and high <= ceiling else "open"
