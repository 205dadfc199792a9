"""What the terminal shows of a decision, as plain strings; the command line draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.findings.numbers import decimals_of, fixed, plain
from audit.gate.counts import count
from audit.records import Role, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.records import Finding

MARKS = {
    Verdict.FAIL: "◆",
    Verdict.ERROR: "■",
    Verdict.INCONCLUSIVE: "◐",
    Verdict.NOT_APPLICABLE: "–",
    Verdict.PASS: "●",
}
"""A shape for every verdict, the same as in the report, so that none depends on its colour."""

_ORDER = list(MARKS)


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of strings."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def suite_table(findings: Sequence[Finding]) -> TextTable:
    """One row a suite: how many of its probes passed, failed and so on, and how its controls did."""
    rows = []
    for suite in dict.fromkeys(finding.suite for finding in findings):
        of = count(finding for finding in findings if finding.suite == suite)
        controls = f"{of.controls_as_expected} of {of.controls}" if of.controls else "none"
        numbers = (of.failed, of.errors, of.inconclusive, of.passed, of.not_measured, of.described)
        rows.append((suite, *(str(number) for number in numbers), controls))
    columns = ("suite", "fail", "error", "inconclusive", "pass", "not measured", "described", "controls as expected")
    return TextTable(columns, tuple(rows))


def finding_table(findings: Sequence[Finding], *, most: int) -> TextTable:
    """The ``most`` findings that need a reader first: by verdict, then by severity, then in the order of the suites.

    Passes, descriptions, controls that are as expected and what was not measured are left out.
    """
    quiet = (Verdict.PASS, Verdict.NOT_APPLICABLE)
    shown = [f for f in findings if f.role is not Role.DESCRIPTION and f.verdict not in quiet]
    shown.sort(key=lambda finding: (_ORDER.index(finding.verdict), -list(Severity).index(finding.severity)))
    rows = tuple(
        (
            f"{MARKS[finding.verdict]} {finding.verdict}",
            finding.id,
            str(finding.severity) if finding.role is Role.PROBE else "control",
            _estimate(finding),
            _margin(finding),
            finding.reason,
        )
        for finding in shown[:most]
    )
    return TextTable(("verdict", "probe", "severity", "estimate (interval)", "margin", "why"), rows)


def _margin(finding: Finding) -> str:
    if finding.margin is None:
        return ""
    return f"{'at least ' if finding.margin.least else ''}{plain(finding.margin.value)}"


def _estimate(finding: Finding) -> str:
    headline = finding.headline
    if headline is None:
        return ""
    decimals = decimals_of(headline, *(() if finding.margin is None else (finding.margin.value,)))
    value = fixed(headline.value, decimals)
    if headline.low is None or headline.high is None:
        return value
    return f"{value} ({fixed(headline.low, decimals)} to {fixed(headline.high, decimals)})"
