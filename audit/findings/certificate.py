"""The certificate in two lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.numbers import plain

if TYPE_CHECKING:
    from audit.records import Certificate, Target


def headline(certificate: Certificate) -> tuple[str, str]:
    """What is promised and whether it held, in two lines of plain text: the errors first, then what it can see."""
    by_id = {target.id: target for target in certificate.targets}
    audits = sum(cell.passed.of for cell in certificate.cells)
    first = (
        f"{audits:,} audits of models with a known planted association: wrong passes at the margin "
        f"{_percent(by_id['wrong-passes'])}, wrong fails where it was erased {_percent(by_id['wrong-fails'])}"
    )
    detection = by_id["detection"]
    second = f"95 % intervals hold the truth in {_percent(by_id['coverage'])}; {detection.what}: {detection.value:.3f}"
    return _standing(certificate, first), second


def _percent(target: Target) -> str:
    return f"{100 * target.value:.1f} %"


def _standing(certificate: Certificate, line: str) -> str:
    missed = [target for target in certificate.targets if target.standing == "missed"]
    return f"{line} ({len(missed)} of {plain(len(certificate.targets))} targets missed)" if missed else line
