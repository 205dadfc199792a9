"""How often the tool itself is wrong: its certificate as a section of the methods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.findings.numbers import fixed, plain
from audit.records import Verdict
from reports.figures import Shares, SharesGroup, SharesRow
from reports.marks import MARKS, STANDINGS, Mark
from reports.numbers import NONE
from reports.prose import certificate as prose

if TYPE_CHECKING:
    from audit.records import AuditedCell, Certificate, DetectionCell, RunManifest, Share, Target, UnitCell


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """One promise."""

    what: str
    bound: str
    value: str
    interval: str
    cells: str
    """The smallest and the largest value in a cell."""
    of: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRow:
    """Audits of one specimen."""

    planted: str
    of: str
    passed: str
    inconclusive: str
    failed: str
    covered: str
    wrong: frozenset[str]
    """Which of ``passed`` and ``failed`` is wrong here."""


@dataclass(frozen=True, slots=True)
class CellGroup:
    """Audits on samples of one size from one population."""

    title: str
    rows: tuple[CellRow, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A small table: heads, and rows whose first cell names them."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """The section."""

    lead: tuple[str, ...]
    mark: Mark
    standing: str
    targets: tuple[TargetRow, ...]
    figure: Shares
    caption: str
    cells: tuple[CellGroup, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    """Where it comes from, as terms and texts."""


def build_certificate(certificate: Certificate, manifest: RunManifest) -> CertificateView:
    """The certificate beside a run."""
    figure = _figure(certificate)
    missed = [target for target in certificate.targets if target.standing == "missed"]
    return CertificateView(
        lead=prose.lead(certificate, manifest),
        mark=STANDINGS[certificate.standing],
        standing=prose.standing(certificate.standing, len(missed), len(certificate.targets)),
        targets=tuple(map(_target, sorted(certificate.targets, key=lambda target: target.standing != "missed"))),
        figure=figure,
        caption=prose.CAPTION,
        cells=_cells(certificate),
        tables=tuple(
            table for table in (_detection(certificate), _units(certificate), _lots(certificate)) if table.rows
        ),
        notes=certificate.notes,
        pairs=prose.provenance(certificate),
    )


def _target(target: Target) -> TargetRow:
    percent = target.id != "detection"
    highest = _number(target.highest, percent=percent)
    bounds = ((target.at_least, "at least"), (target.at_most, "at most"))
    return TargetRow(
        what=prose.start(target.what),
        bound=" and ".join(f"{word} {_number(bound, percent=percent)}" for bound, word in bounds if bound is not None),
        value=_number(target.value, percent=percent),
        interval=f"{_bare(target.low, percent=percent)} to {_number(target.high, percent=percent)}",
        cells=f"{_bare(target.lowest, percent=percent)} to {highest} in {target.cells:,}",
        of=f"{target.of:,}",
        mark=STANDINGS[target.standing],
    )


def _bare(value: float, *, percent: bool) -> str:
    return fixed(100 * value, 1) if percent else fixed(value, 3)


def _number(value: float, *, percent: bool) -> str:
    return f"{_bare(value, percent=percent)} %" if percent else _bare(value, percent=percent)


def _share(share: Share) -> str:
    return f"{100 * share.value:.1f} % ({100 * share.low:.1f} to {100 * share.high:.1f})"


def _title(certificate: Certificate, population: str) -> str:
    return prose.start(next((one.title for one in certificate.populations if one.id == population), population))


def _wrong(cell: AuditedCell) -> frozenset[str]:
    """A pass is wrong where the truth is at or beyond the margin, a fail where it is at or inside."""
    return frozenset((*(["passed"] if cell.dose >= 1 else []), *(["failed"] if cell.dose <= 1 else [])))


def _cells(certificate: Certificate) -> tuple[CellGroup, ...]:
    groups: dict[str, list[AuditedCell]] = {}
    for cell in certificate.cells:
        styles = ", every style taken once" if cell.columns == "all" else ""
        groups.setdefault(f"{_samples(certificate, cell.population, cell.clusters)}{styles}", []).append(cell)
    return tuple(CellGroup(title, tuple(map(_cell, cells))) for title, cells in groups.items())


def _cell(cell: AuditedCell) -> CellRow:
    return CellRow(
        planted=prose.dose(cell.dose),
        of=f"{cell.passed.of:,}",
        passed=_share(cell.passed),
        inconclusive=_share(cell.inconclusive),
        failed=_share(cell.failed),
        covered=_share(cell.covered),
        wrong=_wrong(cell),
    )


def _samples(certificate: Certificate, population: str, clusters: int) -> str:
    return f"{_title(certificate, population)}, {clusters:,} clusters a side"


def _figure(certificate: Certificate) -> Shares:
    drawn = [cell for cell in certificate.cells if cell.columns == "drawn"]
    places = dict.fromkeys((cell.population, cell.clusters) for cell in drawn)
    groups = tuple(
        SharesGroup(
            title=_samples(certificate, population, clusters),
            rows=tuple(_row(cell) for cell in drawn if (cell.population, cell.clusters) == (population, clusters)),
        )
        for population, clusters in places
    )
    return Shares(
        groups=groups,
        marks=(MARKS[Verdict.PASS], MARKS[Verdict.INCONCLUSIVE], MARKS[Verdict.FAIL]),
        alternative=prose.alternative(certificate),
        label="truth",
        wrong="wrong",
        covered="truth in interval",
    )


def _row(cell: AuditedCell) -> SharesRow:
    words = {"passed": f"pass {100 * cell.passed.value:.1f} %", "failed": f"fail {100 * cell.failed.value:.1f} %"}
    return SharesRow(
        label=prose.dose(cell.dose),
        parts=(cell.passed.value, cell.inconclusive.value, cell.failed.value),
        wrong=", ".join(text for name, text in words.items() if name in _wrong(cell)),
        covered=f"{100 * cell.covered.value:.1f} %",
    )


def _detection(certificate: Certificate) -> Table:
    def row(cell: DetectionCell) -> tuple[str, ...]:
        return (
            _samples(certificate, cell.population, cell.clusters),
            f"{fixed(cell.auc, 3)}",
            f"{fixed(cell.low, 3)} to {fixed(cell.high, 3)}",
            f"{cell.audits:,} + {cell.audits:,}",
        )

    return Table(
        "Telling an association of twice the margin from none, by the estimate alone",
        ("Samples", "AUC", "95 % interval", "Audits"),
        tuple(map(row, certificate.detection)),
    )


def _units(certificate: Certificate) -> Table:
    def row(cell: UnitCell) -> tuple[str, ...]:
        return (
            _samples(certificate, cell.population, cell.clusters),
            plain(round(cell.truth, 3)),
            f"{cell.units:,}",
            _share(cell.found),
            NONE if cell.false is None else _share(cell.false),
        )

    return Table(
        "Finding a unit that was planted",
        ("Samples", "AUROC of the planted unit", "Units searched", "Found and confirmed", "Confirmed, and not one"),
        tuple(map(row, certificate.units)),
    )


def _lots(certificate: Certificate) -> Table:
    """What comes of groups, families and concepts in which there is nothing to find."""
    rows = [
        (
            _samples(certificate, c.population, c.clusters),
            "fails, groups drawn by lot",
            _share(c.failed),
        )
        for c in certificate.shuffled
    ]
    for family in certificate.families:
        asked = f"{_title(certificate, family.population)}, {family.specimen}, a family of {family.probes} questions"
        rows.append((asked, "a wrong pass among them", _share(family.wrong_passes)))
        rows.append((asked, "a wrong fail among them", _share(family.wrong_fails)))
    rows += [
        (
            f"{_samples(certificate, c.population, c.clusters)}, {c.units:,} units",
            "a unit confirmed, concept drawn by lot",
            _share(c.confirmed),
        )
        for c in certificate.shuffled_units
    ]
    return Table(
        "Crying wolf: where there is nothing to find, and in families", ("Samples", "What", "How often"), tuple(rows)
    )
