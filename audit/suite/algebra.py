"""Terms and pictographs of concepts: lists put together and taken away from one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.suite.pictograph_index import ART_STYLES
from audit.suite.pictographs import shared_styles
from audit.suite.text import folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.suite.concept import Concept
    from audit.suite.pictograph_index import Pictograph


@dataclass(frozen=True, slots=True)
class Selection:
    """The pictographs of a concept."""

    pictographs: tuple[Pictograph, ...]
    allowed: frozenset[str]
    """Styles that the concept and all it is made of allow."""
    lacking: tuple[str, ...] = ()
    """Ids of the concepts it is made of, or its own, that have none; it cannot be shown in pictographs then."""

    @property
    def styles(self) -> tuple[str, ...]:
        """The art styles it is shown in: those allowed in which all its pictographs are drawn."""
        return shared_styles(self.pictographs, self.allowed)

    def clusters(self, by: str = "subject") -> tuple[str, ...]:
        """The clusters as people call them, each once; see `Pictograph.cluster`."""
        return tuple(dict.fromkeys(each.cluster(by) for each in self.pictographs))


def selects_rows(concepts: Mapping[str, Concept], name: str, variant: str | None = None) -> bool:
    """Whether a concept, or one it is made of, selects rows of a table rather than naming terms."""
    definition = concepts[name].definition(variant)
    return bool(definition.where) or any(selects_rows(concepts, part) for part in definition.parts)


def terms_of(concepts: Mapping[str, Concept], name: str, variant: str | None = None) -> tuple[str, ...]:
    """The terms of a concept in the order they are written; those that stand in several parts count once.

    ``from`` keeps the terms that are in none of the concepts under ``except``. Rows of a table are no terms: a concept
    that only selects rows has none. Two spellings that differ in letter case only are one term.
    """
    definition = concepts[name].definition(variant)
    if definition.from_:
        gone = {folded(term) for part in definition.except_ for term in terms_of(concepts, part)}
        return tuple(term for term in terms_of(concepts, definition.from_) if folded(term) not in gone)
    gathered = [*definition.terms, *(term for part in definition.union for term in terms_of(concepts, part))]
    first = {folded(term): term for term in reversed(gathered)}
    return tuple(dict.fromkeys(first[folded(term)] for term in gathered))


def wordless(concepts: Mapping[str, Concept], name: str, variant: str | None = None) -> tuple[str, ...]:
    """Ids of the concepts that a concept is made of, or its own, that have pictographs alone: words cannot show it."""
    definition = concepts[name].definition(variant)
    if definition.pictographs is not None and not definition.terms:
        return (name,)
    return tuple(dict.fromkeys(each for part in definition.parts for each in wordless(concepts, part)))


def pictographs_of(concepts: Mapping[str, Concept], name: str, variant: str | None = None) -> Selection:
    """The pictographs of a concept in the order they are named; those that stand in several parts count once.

    ``from`` keeps those that are in none of the concepts under ``except``.
    """
    definition = concepts[name].definition(variant)
    if definition.pictographs is not None:
        chosen = definition.pictographs
        return Selection(tuple(dict.fromkeys(chosen.selected)), chosen.allowed_styles)
    if not definition.parts:
        return Selection((), frozenset(ART_STYLES), (name,))
    parts = [pictographs_of(concepts, part) for part in definition.parts]
    lacking = tuple(dict.fromkeys(each for part in parts for each in part.lacking))
    if definition.from_:
        whole, *taken = parts
        gone = {each for part in taken for each in part.pictographs}
        return Selection(tuple(each for each in whole.pictographs if each not in gone), whole.allowed, lacking)
    gathered = dict.fromkeys(each for part in parts for each in part.pictographs)
    return Selection(tuple(gathered), frozenset.intersection(*(part.allowed for part in parts)), lacking)


def needed(concepts: Mapping[str, Concept], names: tuple[str, ...]) -> tuple[str, ...]:
    """``names`` and every concept that they or their variants are made of."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += concepts[name].all_parts
    return tuple(found)
