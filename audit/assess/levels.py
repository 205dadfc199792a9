"""Several groups on one scale in a finding: the largest difference, and every level and pair beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.records import Breakdown, BreakdownRow, Variation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.stats import LevelComparison

_MOST_PAIRS = 60
"""Pairs that are shown, the largest first; all of them are in the interval of the largest."""


def pair_breakdown(title: str, comparison: LevelComparison) -> Breakdown:
    """Every difference, the largest first."""
    rows = tuple(BreakdownRow(name, found) for name, found in comparison.differences())
    shown = rows[:_MOST_PAIRS]
    more = f" (the largest {len(shown)} of {len(rows)})" if len(shown) < len(rows) else ""
    return Breakdown(title=f"{title}{more}", kind="pair", rows=shown)


def level_breakdown(title: str, comparison: LevelComparison, *, centred: bool = False) -> Breakdown:
    """The mean of every group."""
    rows = (BreakdownRow(name, comparison.level(i, centred=centred)) for i, name in enumerate(comparison.names))
    return Breakdown(title=title, kind="group", rows=tuple(rows))


def template_variations(comparison: LevelComparison, templates: tuple[str, ...]) -> Iterator[Variation]:
    """The difference of the pair found, under each template alone."""
    for column, template in enumerate(templates if len(templates) > 1 else ()):
        yield Variation("template", template or "{}", comparison.alone(slice(column, column + 1)))
