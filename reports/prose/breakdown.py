"""A breakdown in a sentence: its two ends, and what is undefined."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from audit.findings.numbers import counted
from audit.records import Undefined
from reports.numbers import NONE, listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.records import Breakdown, BreakdownRow

NAMED = 3
"""Rows that share an end and are named; beyond it the rest is counted."""


def plural(kind: str) -> str:
    """``groups``, ``queries``."""
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


def extremes(computed: Sequence[BreakdownRow]) -> str:
    """``Highest: women, dark skin 0.41 (0.35 to 0.47); lowest: men, light skin and 2 others 0.00 (0.00 to 0.04).``

    Rows are of one end when they print the same number. ``computed`` are the rows that have one.
    """
    if not computed:
        return ""
    values = [(_number(row), row) for row in computed]
    ends = [pick(values, key=lambda item: item[0][0]) for pick in (max, min)]
    (highest, _), (lowest, _) = ends
    if highest[1] == lowest[1]:
        return f"{'All are' if len(computed) > 1 else computed[0].name + ' is'} {highest[1]}."
    told = [
        f"{lead}: {_names([row.name for number, row in values if number[1] == end[1]])} {_with_interval(end_row)}"
        for lead, (end, end_row) in zip(("Highest", "lowest"), ends, strict=True)
    ]
    return f"{'; '.join(told)}."


def undefined(breakdown: Breakdown) -> str:
    """``Undefined for 2 groups: A and B, as no picture was given.``; empty when all rows have a number."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for row in breakdown.rows:
        if isinstance(row.estimate, Undefined):
            reasons[row.estimate.reason].append(row.name)
    count = sum(map(len, reasons.values()))
    if not count:
        return ""
    told = "; ".join(f"{_names(names)}, as {reason}" for reason, names in reasons.items())
    return f"Undefined for {counted(count, breakdown.kind, plural(breakdown.kind))}: {told}."


def _number(row: BreakdownRow) -> tuple[float, str]:
    assert not isinstance(row.estimate, Undefined)
    return row.estimate.value, shown(row.estimate).value


def _with_interval(row: BreakdownRow) -> str:
    text = shown(row.estimate)
    return text.value if text.interval == NONE else f"{text.value} ({text.interval})"


def _names(names: Sequence[str]) -> str:
    if len(names) <= NAMED:
        return listed(names)
    return f"{', '.join(names[: NAMED - 1])} and {len(names) - NAMED + 1:,} others"
