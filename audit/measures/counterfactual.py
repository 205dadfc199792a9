"""Sets of stimuli that differ in one attribute: which are whole, and one number for every member."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Exclusion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.stimuli import Stimulus, StimulusSet

_SHOWN_NAMES = 20


@dataclass(frozen=True)
class CounterfactualSets:
    """The whole sets: those that have every level under every template."""

    groups: tuple[StimulusSet, ...]
    """(levels,) the stimuli of whole sets, level by level; empty ones when no set is whole."""
    sets: tuple[str, ...]
    """Names of the whole sets, in order of first appearance."""
    clusters: tuple[tuple[str, ...], ...]
    """(sets,) names of the clusters that the stimuli of a set lie in; one, in a design that can be judged."""
    columns: tuple[str, ...]
    """What names a set."""
    excluded: tuple[Exclusion, ...]
    """Sets and stimuli that were left out, counted once."""

    @property
    def templates(self) -> tuple[str, ...]:
        """Names of the templates or styles."""
        return tuple(dict.fromkeys(template for group in self.groups for template in group.templates))

    @property
    def stimuli(self) -> tuple[Stimulus, ...]:
        """All stimuli, level by level."""
        return tuple(stimulus for group in self.groups for stimulus in group.stimuli)

    def by_cluster(self, values: NDArray[np.float64]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        """Names of the clusters, and (levels, clusters, templates) means of ``values`` (n,), one a stimulus.

        The mean of a cluster is that of its sets, whose own is that of the stimuli in the cell: a set counts once,
        however many stimuli it has. In the unit of ``values``.
        """
        place = {name: i for i, name in enumerate(self.sets)}
        column = {name: i for i, name in enumerate(self.templates)}
        total, count = np.zeros((2, len(self.groups), len(self.sets), len(column)))
        level = np.repeat(np.arange(len(self.groups)), [len(group.stimuli) for group in self.groups])
        cells = (
            level,
            np.array([place[set_name(s, self.columns)] for s in self.stimuli], dtype=np.intp),
            np.array([column[s.template] for s in self.stimuli], dtype=np.intp),
        )
        np.add.at(total, cells, values)
        np.add.at(count, cells, 1)
        grid = total / count
        names = tuple(dict.fromkeys(own[0] for own in self.clusters))
        of = np.array([names.index(own[0]) for own in self.clusters], dtype=np.intp)
        return names, np.stack([grid[:, of == i].mean(axis=1) for i in range(len(names))], axis=1)


def set_name(stimulus: Stimulus, columns: Sequence[str]) -> str:
    """What a set is called: its values, ``judge, dark``; empty when one of them is not known."""
    values = [stimulus.labels[column] for column in columns]
    return ", ".join(values) if all(values) else ""


def whole_sets(groups: Sequence[StimulusSet], columns: Sequence[str]) -> CounterfactualSets:
    """The sets that hold every level under every template; the others are left out and counted.

    Every level is compared within the same sets, so that differences between levels add up and none is one of sets.
    """
    columns = tuple(columns)
    templates = {s.template for group in groups for s in group.stimuli}
    found: dict[str, list[set[str]]] = {}
    clusters: dict[str, dict[str, None]] = {}
    nameless: dict[str, None] = {}
    for level, group in enumerate(groups):
        for stimulus in group.stimuli:
            name = set_name(stimulus, columns)
            if not name:
                nameless[stimulus.item] = None
                continue
            found.setdefault(name, [set() for _ in groups])[level].add(stimulus.template)
            clusters.setdefault(name, {})[stimulus.cluster] = None
    whole = [name for name, levels in found.items() if all(level == templates for level in levels)]
    lacking: dict[str, list[str]] = {}
    for name, levels in found.items():
        absent = [group.label for group, level in zip(groups, levels, strict=True) if not level]
        if absent:
            lacking.setdefault(f"they lack {' and '.join(absent)}", []).append(name)
        elif name not in whole:
            lacking.setdefault("they lack a style or wording that others have", []).append(name)
    what = f"sets by {' and '.join(columns)}"
    excluded = [Exclusion(what, len(names), why, tuple(names[:_SHOWN_NAMES])) for why, names in lacking.items()]
    if nameless:
        why = f"their {' or '.join(columns)} is not known"
        excluded.append(Exclusion("stimuli", len(nameless), why, tuple(nameless)[:_SHOWN_NAMES]))
    kept = set(whole)
    return CounterfactualSets(
        groups=tuple(
            replace(group, stimuli=tuple(s for s in group.stimuli if set_name(s, columns) in kept)) for group in groups
        ),
        sets=tuple(whole),
        clusters=tuple(tuple(clusters[name]) for name in whole),
        columns=columns,
        excluded=tuple(excluded),
    )
