"""What the terminal shows."""

from __future__ import annotations

from audit.findings import judge
from audit.gate import MARKS, finding_table, suite_table
from audit.records import Role, Severity, Undefined, Verdict
from tests.unit.findings.example import estimate, measurement

FINDINGS = judge(
    [
        measurement(estimate(0.0, -0.01, 0.01), probe="clean"),
        measurement(estimate(0.0, -0.1, 0.1), probe="open", severity=Severity.LOW),
        measurement(estimate(0.0, -0.1, 0.1), probe="open-too"),
        measurement(estimate(0.05, 0.04, 0.06), probe="found"),
        measurement(estimate(0.05, None, None), probe="bare", margin=None),
        measurement(Undefined(name="cosine_difference", reason="no terms"), probe="broken"),
        measurement(missing="model", missing_reason="the model embeds no images", probe="picture"),
        measurement(estimate(0.05, 0.04, 0.06), probe="told", role=Role.DESCRIPTION),
        measurement(estimate(0.0, -0.1, 0.1), probe="none", role=Role.NEGATIVE_CONTROL, suite="religion"),
    ]
)


def test_a_row_a_suite() -> None:
    table = suite_table(FINDINGS)
    assert table.columns[:3] == ("suite", "fail", "error")
    assert table.rows == (
        ("regions", "1", "1", "3", "1", "1", "1", "none"),
        ("religion", "0", "0", "0", "0", "0", "0", "0 of 1"),
    )


def test_what_needs_a_reader_comes_first() -> None:
    rows = finding_table(FINDINGS, most=99).rows
    assert [row[1] for row in rows] == [
        "regions/found[text,text]",
        "regions/broken[text,text]",
        "regions/open-too[text,text]",
        "regions/bare[text,text]",
        "religion/none[text,text]",
        "regions/open[text,text]",
    ], "what was not measured is counted with its reason, not listed"
    assert rows[0] == (
        "◆ fail",
        "regions/found[text,text]",
        "high",
        "0.050 (0.040 to 0.060)",
        "0.02",
        "the 95 % interval begins at 0.040, above the margin of 0.02",
    )
    assert rows[1][3] == ""
    assert rows[3][3:5] == ("0.050", "")
    assert rows[4][2] == "control"
    assert finding_table(FINDINGS, most=1).rows == rows[:1]


def test_every_verdict_has_its_own_shape() -> None:
    assert set(MARKS) == set(Verdict)
    assert len(set(MARKS.values())) == len(MARKS)
