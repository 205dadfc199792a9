"""Which groups of stimuli drive a unit, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.numbers import counted, percent
from reports.prose.words import sentence

if TYPE_CHECKING:
    from audit.records import Facet, UnitSummary

_SHOWN = 5
"""Members of a group beside the most central one; beyond so many they are counted."""


def facets(unit: UnitSummary) -> str:
    """One short list: how many groups, their shares and members; or why there are none. Empty when nobody looked."""
    if not unit.facets_note:
        return ""
    if not unit.facets:
        return f"Facets: none are told, for {unit.facets_note}."
    how = sentence(unit.facets_note[:1].upper() + unit.facets_note[1:])
    if len(unit.facets) == 1:
        return f"Facets: one group of stimuli drives it: {_members(unit.facets[0])}. {how}"
    groups = "; ".join(f"{_members(each)}, {percent(round(each.share, 2))}" for each in unit.facets)
    return f"Facets: {counted(len(unit.facets), 'group')} of stimuli drive it: {groups}. {how}"


def _members(facet: Facet) -> str:
    """The most central one with the others, the strongest first."""
    others = [member for member in facet.members if member != facet.name]
    rest = len(others) - _SHOWN
    told = ", ".join(others[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
    return f"{facet.name} with {told}" if told else facet.name
