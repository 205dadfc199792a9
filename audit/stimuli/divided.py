"""One set of stimuli as groups: those that share the values of some label columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit.records import Exclusion
from audit.stimuli.stimulus import StimulusSet, Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.stimuli.stimulus import Stimulus

_SHOWN_NAMES = 20


def divided(whole: StimulusSet, by: Sequence[str]) -> tuple[StimulusSet, ...]:
    """The set as one group for every combination of the values of ``by`` that occurs, in order of first appearance.

    A group is called by its values. A stimulus of which a value is not known belongs to none; those are excluded from
    the first group, by name, so that they are counted once. Raises Unavailable when there are fewer than two groups.
    """
    members: dict[tuple[str, ...], list[Stimulus]] = {}
    unknown: dict[str, list[Stimulus]] = {}
    for stimulus in whole.stimuli:
        values = tuple(stimulus.labels[column] for column in by)
        if all(values):
            members.setdefault(values, []).append(stimulus)
        else:
            unknown.setdefault(by[values.index("")], []).append(stimulus)
    if len(members) < 2:
        found = ", ".join(" and ".join(values) for values in members) or "none"
        raise Unavailable("stimuli", f"{whole.label} cannot be divided by {' and '.join(by)}: there is only {found}")
    left_out = tuple(
        Exclusion(
            whole.label,
            len(stimuli),
            f"their {column} is not known",
            tuple(dict.fromkeys(stimulus.item for stimulus in stimuli))[:_SHOWN_NAMES],
        )
        for column, stimuli in unknown.items()
    )
    groups = [
        StimulusSet(f"{whole.concept}:{'+'.join(values)}", ", ".join(values), whole.form, tuple(stimuli))
        for values, stimuli in members.items()
    ]
    return (replace(groups[0], excluded=(*whole.excluded, *left_out)), *groups[1:])
