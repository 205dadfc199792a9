"""clip-audit calibrate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audit.cli.console import progress_bar, say, say_table

if TYPE_CHECKING:
    from audit.records import Certificate, Share, Target

_EXIT = {"met": 0, "missed": 1, "open": 6}
_MARK = {"met": "● pass", "missed": "◆ fail", "open": "◐ inconclusive"}


def calibrate(*, out: Path = Path("calibration"), audits: int = 400, seed: int = 0) -> int:
    """Audit models with a planted association of known size, and certify how often the tool is wrong.

    Writes certificate.json and the specimens (specimen:NAME) into --out. Exits 0 when every target is met, 1 when one
    is missed, 6 when there were too few audits to tell.

    Parameters
    ----------
    out
        Folder for the certificate and the specimens.
    audits
        Audits in each cell that a target judges: 400 are enough to tell a rate of 2.5 % from one of 5 %.
    seed
        Seed of every draw.
    """
    from audit.calibration.calibrate import CERTIFICATE, SPECIMENS
    from audit.calibration.calibrate import calibrate as make
    from audit.calibration.certify import LEAST, Terms
    from audit.errors import UsageError
    from audit.findings import headline
    from audit.provenance import now, versions

    if audits < LEAST:
        raise UsageError(f"--audits {audits}: at least {LEAST} audits are needed in a cell")
    terms = Terms(audits, seed, now().strftime("%Y-%m-%dT%H:%M:%SZ"), versions())
    with progress_bar() as progress:
        certificate = make(out, terms, progress=progress)
    _say(certificate)
    for line in headline(certificate):
        say(line)
    say()
    say(f"certificate  {out / CERTIFICATE}")
    say(f"specimens    {out / SPECIMENS}")
    return _EXIT[certificate.standing]


def _say(certificate: Certificate) -> None:
    say(f"{certificate.ask} Planted in {certificate.model}; the margin is {certificate.margin:g} in cosine.")
    say("n: clusters a side. In brackets: 95 % intervals. Held: the interval of an audit holds the truth.")
    say()
    say_table(
        ("population", "truth", "n", "audits", "pass, %", "inconclusive, %", "fail, %", "held, %", "estimate"),
        [
            (
                f"{cell.population}{', all' if cell.columns == 'all' else ''}",
                f"{cell.dose:g} x",
                f"{cell.clusters}",
                f"{cell.passed.of:,}",
                _share(cell.passed),
                _share(cell.inconclusive),
                _share(cell.failed),
                _share(cell.covered),
                f"{cell.mean:.4f} ± {cell.half_width:.4f}",
            )
            for cell in certificate.cells
        ],
        right=(1, 2, 3, 4, 5, 6, 7, 8),
    )
    say_table(
        ("twice the margin against none", "n", "audits", "AUC", "95 % interval"),
        [
            (
                cell.population,
                f"{cell.clusters}",
                f"{cell.audits:,} + {cell.audits:,}",
                f"{cell.auc:.4f}",
                f"{cell.low:.4f}–{cell.high:.4f}",
            )
            for cell in certificate.detection
        ],
        right=(1, 2, 3, 4),
    )
    say_table(
        ("planted unit", "n", "audits", "found, %", "of those confirmed, false"),
        [
            (
                f"AUROC {cell.truth:.3f}",
                f"{cell.clusters}",
                f"{cell.found.of:,}",
                _share(cell.found),
                "none confirmed" if cell.false is None else f"{cell.false.count} of {cell.false.of}",
            )
            for cell in certificate.units
        ],
        right=(1, 2, 3, 4),
    )
    say_table(
        ("target", "bound", "measured", "95 % interval", "worst cell", "standing"),
        [_target(target) for target in certificate.targets],
        right=(1, 2, 3, 4),
    )


def _target(target: Target) -> tuple[str, ...]:
    percent = target.id != "detection"

    def number(value: float) -> str:
        return f"{100 * value:.1f} %" if percent else f"{value:.4f}"

    bounds = [f"≥ {number(target.at_least)}" if target.at_least is not None else ""]
    bounds += [f"≤ {number(target.at_most)}" if target.at_most is not None else ""]
    ends = ((target.lowest, target.at_least), (target.highest, target.at_most))
    shown = [number(value) for value, bound in ends if bound is not None]
    return (
        target.what,
        ", ".join(filter(None, bounds)),
        number(target.value),
        f"{number(target.low)} to {number(target.high)}",
        " / ".join(shown),
        _MARK[target.standing],
    )


def _share(share: Share) -> str:
    """In percent, with its interval."""
    return f"{100 * share.value:.1f} ({100 * share.low:.1f}–{100 * share.high:.1f})"
