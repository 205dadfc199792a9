"""The section on how often the tool itself is wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import reports
from audit.errors import RunError
from audit.records import Verdict
from audit.store import certificate as shipped
from reports.view.certificate import build_certificate
from tests.unit.reports.about import MANIFEST
from tests.unit.reports.certified import certificate
from tests.unit.reports.page import text_of
from tests.unit.reports.pictured import POCKET
from tests.unit.reports.small import finding, run_of

if TYPE_CHECKING:
    from pathlib import Path


def test_it_says_whom_it_is_about(sample_html: str) -> None:
    text = text_of(sample_html).replace("\u00a0", " ")
    assert text.index("How often this tool misses and cries wolf") > text.index("Methods and assumptions\n")
    assert "They are not about all-MiniLM-L6-v2" in text
    assert "clip-audit 0.2.0 then audited them 10,800 times" in text
    assert "This run was made by clip-audit 0.1.0; the certificate is that of version 0.2.0." in text
    own = build_certificate(certificate(), replace(MANIFEST, models=(POCKET,), versions={"clip-audit": "0.2.0"}))
    assert "They are not about pocket as it ships" in own.lead[1]
    assert len(own.lead) == 2


def test_missed_targets_come_first_and_are_called_so(sample_html: str) -> None:
    text = text_of(sample_html).replace("\u00a0", " ")
    assert "Missed. 1 of the 4 targets is missed; it comes first." in text
    rows = [line for line in text.splitlines() if re.search(r"\| (Met|Missed|Not settled)$", line)]
    assert rows[0].startswith(
        "95 % intervals that hold the truth | at least 93.0 % and at most 97.0 % | 94.4 % | 93.6 to 95.2 % | "
        "91.5 to 97.3 % in 6 | 2,400"
    )
    assert [row.rpartition("| ")[2] for row in rows] == ["Missed", "Met", "Met", "Not settled"]
    assert "| 0.993 | 0.985 to 1.000 | 0.991 to 0.995 in 6 |" in rows[3]


def test_figure_and_table_have_the_same_cells(sample_html: str) -> None:
    own = build_certificate(certificate(), MANIFEST)
    bars = [(group.title, row) for group in own.figure.groups for row in group.rows]
    drawn = [(group.title, row) for group in own.cells for row in group.rows if "every style" not in group.title]
    assert len(bars) == len(drawn) == 30
    for (title, bar), (other, row) in zip(bars, drawn, strict=True):
        assert (title, bar.label) == (other, row.planted)
        assert sum(bar.parts) == pytest.approx(1)
        assert row.covered.startswith(bar.covered)
        for wrong in bar.wrong.split(", "):
            word, share = wrong.split(" ", 1)
            assert {"pass": row.passed, "fail": row.failed}[word].startswith(share)
    assert len([row for group in own.cells for row in group.rows]) == len(certificate().cells)
    assert "96" in re.findall(r">(\d+)</text>", sample_html)


def test_what_is_wrong_depends_on_the_truth() -> None:
    rows = build_certificate(certificate(), MANIFEST).cells[0].rows
    assert [(row.planted, sorted(row.wrong)) for row in rows] == [
        ("none: erased", ["failed"]),
        ("a quarter of the margin", ["failed"]),
        ("half the margin", ["failed"]),
        ("the margin", ["failed", "passed"]),
        ("twice the margin", ["passed"]),
    ]


def test_detection_units_families_and_lots_have_their_tables(sample_html: str) -> None:
    text = text_of(sample_html).replace("\u00a0", " ")
    assert "Flags of countries, 8 clusters a side | 0.990 | 0.988 to 1.000 | 200 + 200" in text
    assert "Flags of countries, 16 clusters a side | 0.95 | 256 | 75.0 % (65.7 to 82.5) | –" in text
    assert "a family of 4 questions | a wrong pass among them | 3.0 % (1.7 to 5.2)" in text
    assert "256 units | a unit confirmed, concept drawn by lot | 4.0 % (2.5 to 6.4)" in text


def test_nothing_missed_is_said_as_it_is() -> None:
    made = certificate()
    met = replace(made, targets=made.targets[:2])
    some = replace(made, targets=(*made.targets[:2], made.targets[3]))
    assert build_certificate(met, MANIFEST).standing == "All 2 targets are met."
    assert "too few audits" in build_certificate(some, MANIFEST).standing


def test_without_a_certificate_the_report_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "SHIPPED", tmp_path / "none.json")
    html = reports.write_html(run_of(tmp_path / "run", finding(verdict=Verdict.PASS), verdict=Verdict.PASS))
    assert "no certificate came with it" in text_of(html.read_text(encoding="utf-8"))


def test_a_damaged_certificate_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "certificate.json").write_text("{}")
    monkeypatch.setattr(shipped, "SHIPPED", tmp_path / "certificate.json")
    with pytest.raises(RunError):
        reports.write_html(run_of(tmp_path / "run", finding()))
