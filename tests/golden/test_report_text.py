"""The whole text of a small report, word for word.

When a change of wording is meant, copy the file that the failing test names over the one beside this test.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import reports
from audit.records import Exhibit, Labels, Role, Severity, Undefined, Variation, Verdict
from tests.unit.reports.certified import certified
from tests.unit.reports.page import text_of
from tests.unit.reports.small import ONE_SUITE, estimate, finding, run_of

EXPECTED = Path(__file__).parent / "report.txt"


def test_the_text_of_a_small_report(tmp_path: Path) -> None:
    failed = finding(
        "coastal",
        ask="Is the coast tied to storms more than the hills are?",
        verdict=Verdict.FAIL,
        severity=Severity.CRITICAL,
        statement="The model associates the coast with storms rather than calm more strongly than it does the hills.",
        reason="the 95 % interval over the whole family begins at 0.0262, above the margin of 0.02",
        labels=Labels("the coast", "the hills", "storms", "calm"),
        estimates=(
            estimate(low_simultaneous=0.0262, low=0.0301, smallest_p=0.0143),
            Undefined(name="hedges_g", reason="no spread within the groups"),
        ),
        evidence=(Exhibit("pier", "x", 0.121), Exhibit("meadow", "y", -0.043)),
        sensitivity=(
            Variation("template", "a photo of {}", estimate(value=0.047)),
            Variation("template", "{}", estimate(value=0.055)),
            Variation("variant", "islands too", Undefined(name="cosine_difference", reason="one cluster only")),
        ),
        how="s(w) = mean cosine with storms minus mean cosine with calm",
    )
    findings = (
        failed,
        finding("valley"),
        finding("meadow", verdict=Verdict.PASS, severity=Severity.LOW, reason="the 95 % interval ends at 0.018"),
        finding("flowers", role=Role.POSITIVE_CONTROL, verdict=Verdict.PASS, reason="the association is there"),
        finding("faces", form=("image", "text"), verdict=Verdict.NOT_APPLICABLE, missing="model", estimates=()),
    )
    suites = (replace(ONE_SUITE.suites[0], notice="Plain words about weather.", sources=("A list of places, CC0",)),)
    run = run_of(tmp_path / "run", *findings, verdict=Verdict.FAIL, suites=suites, policy="default@abc")
    with certified(tmp_path):
        text = text_of(reports.write_html(run).read_text(encoding="utf-8"))
    text = text.partition("Files of the run")[0]  # digests of parquet files differ between versions of its writer
    found = tmp_path / "report.txt"
    found.write_text(text, encoding="utf-8")
    assert text == EXPECTED.read_text(encoding="utf-8"), f"the report reads otherwise; its text is in {found}"
