"""A breakdown in a sentence: its two ends, and what is undefined."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from audit.findings.numbers import counted
from audit.records import Undefined
from reports.numbers import NONE, listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.records import Breakdown, Estimate

NAMED = 3
"""Rows that share an end and are named; beyond it the rest is counted."""


def plural(kind: str) -> str:
    """``groups``, ``queries``."""
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


def extremes(computed: Sequence[tuple[str, Estimate]], places: int) -> str:
    """``Highest: 0.41 (0.35 to 0.47) for women, dark skin. Lowest: 0.00 (0.00 to 0.04) for men, light skin.``

    Rows that print the same number share an end. ``computed`` are the names and numbers of the rows that have one.
    """
    if not computed:
        return ""
    texts = [shown(estimate, places=places) for _, estimate in computed]
    order = sorted(range(len(computed)), key=lambda index: computed[index][1].value)
    highest, lowest = texts[order[-1]], texts[order[0]]
    if highest.value == lowest.value:
        return f"{f'All {len(computed):,} are' if len(computed) > 1 else f'{computed[0][0]}:'} {highest.value}."
    told = []
    for lead, end in (("Highest", highest), ("Lowest", lowest)):
        names = [name for (name, _), text in zip(computed, texts, strict=True) if text.value == end.value]
        interval = "" if end.interval == NONE else f" ({end.interval})"
        told.append(f"{lead}: {end.value}{interval} for {_names(names)}.")
    return " ".join(told)


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


def _names(names: Sequence[str]) -> str:
    """Names that hold commas are told apart by semicolons."""
    shown, rest = names, ""
    if len(names) > NAMED:
        shown, rest = names[: NAMED - 1], f" and {len(names) - NAMED + 1:,} others"
    if any("," in name for name in shown):
        return "; ".join(shown) + rest
    return ", ".join(shown) + rest if rest else listed(shown)
