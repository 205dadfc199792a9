"""Terms of concepts: lists put together and taken away from one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.suite.text import folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.suite.concept import Concept


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
