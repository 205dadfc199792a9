"""Names of groups that a probe writes out: those that a division of pictographs gives, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.suite.algebra import pictographs_of
from audit.suite.counterfactual import CounterfactualProbe
from audit.suite.groups import GroupedBy
from audit.suite.markedness import MarkednessProbe, marking_problem
from audit.suite.pictograph_index import LABELS
from audit.suite.words import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audit.errors import Problem
    from audit.suite.concept import Concept
    from audit.suite.merged import Merged
    from audit.suite.spans import DocumentPath
    from audit.suite.suite_file import Probe


def misnamed_groups(merged: Merged, index: int, probe: Probe, sound: Mapping[str, Concept]) -> Iterator[Problem]:
    """Groups of a probe that are named and do not occur, or occur and are not named, where pictographs say so.

    ``sound`` are the concepts that can be resolved. What a table divides into is known when it is read.
    """
    if not isinstance(probe, (MarkednessProbe, CounterfactualProbe)) or not isinstance(probe.groups, GroupedBy):
        return
    groups = _groups(probe.groups, sound)
    if not groups:
        return
    document, top = merged.suite.document, ("probes", index)
    if isinstance(probe, MarkednessProbe):
        if problem := marking_problem(groups, probe.marked):
            at: DocumentPath = (*top, "marked")
            yield document.problem(at, f"probe {probe.id} {problem}", f"the groups are {'; '.join(groups)}", key=True)
    elif probe.reference is not None and probe.reference not in groups:
        message = f"unknown group {probe.reference!r}"
        yield document.problem((*top, "reference"), message, suggest(probe.reference, groups, "groups"))


def _groups(groups: GroupedBy, sound: Mapping[str, Concept]) -> tuple[str, ...]:
    """What the pictographs of a concept are divided into; nothing when it has none, or they have no such label."""
    if groups.of not in sound or set(groups.by) - set(LABELS):
        return ()
    selection = pictographs_of(sound, groups.of)
    if selection.lacking:
        return ()
    values = [tuple(each.label(column) for column in groups.by) for each in selection.pictographs]
    return tuple(dict.fromkeys(", ".join(each) for each in values if all(each)))
