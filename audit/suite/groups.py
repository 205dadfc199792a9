"""Groups of stimuli that a probe compares: several concepts, or one divided by label columns."""

from collections.abc import Iterator
from itertools import combinations
from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, Tag

from audit.suite.part import Part
from audit.suite.probe import unique
from audit.suite.spans import DocumentPath
from audit.suite.text import Id, Line


class GroupedBy(Part):
    """One concept whose stimuli are divided by what is known of them."""

    of: Id
    """Concept whose stimuli are divided."""
    by: Annotated[tuple[Line, ...], Field(min_length=1), AfterValidator(unique)]
    """Label columns, e.g. [gender, tone]; a group for every combination of their values that occurs."""


def _kind(value: Any) -> str:
    return "divided" if isinstance(value, (dict, GroupedBy)) else "concepts"


Concepts = Annotated[tuple[Id, ...], Field(min_length=2), AfterValidator(unique)]
Groups = Annotated[Annotated[GroupedBy, Tag("divided")] | Annotated[Concepts, Tag("concepts")], Discriminator(_kind)]
"""A list of concepts, or {of: concept, by: [label columns]}."""

GROUP_PATHS: tuple[DocumentPath, ...] = (("groups",), ("groups", "of"))
"""Where a probe with groups names their concepts."""


def compared_groups(groups: GroupedBy | tuple[str, ...]) -> Iterator[tuple[DocumentPath, DocumentPath]]:
    """Places of concepts that must not share stimuli: every two of a list."""
    if isinstance(groups, tuple):
        for one, other in combinations(range(len(groups)), 2):
            yield ("groups", one), ("groups", other)
