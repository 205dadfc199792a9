"""Findings and a policy in, one verdict and its exit code out."""

from audit.gate.counts import Counts, count
from audit.gate.decide import GateDecision, decide
from audit.gate.text import MARKS, TextTable, finding_table, suite_table

__all__ = [
    "MARKS",
    "Counts",
    "GateDecision",
    "TextTable",
    "count",
    "decide",
    "finding_table",
    "suite_table",
]
