"""Groups of stimuli as one mean embedding a cluster and style."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Exclusion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.stimuli import StimulusSet

_SHOWN_NAMES = 20


@dataclass(frozen=True)
class GroupVectors:
    """The groups that are compared, in the clusters and styles that can be."""

    groups: tuple[StimulusSet, ...]
    clusters: tuple[tuple[str, ...], ...]
    """Names of the clusters of each group; the same in all when they are shared."""
    shared: bool
    """Whether clusters have stimuli in every group, as a role that is drawn in every skin tone."""
    excluded: tuple[Exclusion, ...]

    @property
    def templates(self) -> tuple[str, ...]:
        """Names of the templates or styles."""
        return tuple(dict.fromkeys(template for group in self.groups for template in group.templates))

    def vectors(self, encodings: Encodings) -> tuple[NDArray[np.float64], ...]:
        """(clusters, templates, d) means of unit embeddings, one array a group; NaN where the model gave none."""
        found = []
        column = {name: j for j, name in enumerate(self.templates)}
        for group, names in zip(self.groups, self.clusters, strict=True):
            embedded = encodings.embeddings(list(group.stimuli))
            row = {name: i for i, name in enumerate(names)}
            cells = (
                np.array([row[s.cluster] for s in group.stimuli], dtype=np.intp),
                np.array([column[s.template] for s in group.stimuli], dtype=np.intp),
            )
            total = np.zeros((len(names), len(column), embedded.shape[1]))
            count = np.zeros((len(names), len(column)))
            np.add.at(total, cells, embedded)
            np.add.at(count, cells, 1)
            with np.errstate(invalid="ignore"):
                found.append(total / count[:, :, None])
        return tuple(found)


def comparable(groups: Sequence[StimulusSet]) -> GroupVectors:
    """The clusters that can be compared, the others left out and counted.

    A cluster without one of the templates is left out. When some cluster has stimuli in several groups, the groups are
    matched: then those that lack a group are left out too, so that no difference between groups is one of clusters.
    """
    templates = {s.template for group in groups for s in group.stimuli}
    cells: list[dict[str, set[str]]] = []
    for group in groups:
        own: dict[str, set[str]] = {}
        for stimulus in group.stimuli:
            own.setdefault(stimulus.cluster, set()).add(stimulus.template)
        cells.append(own)
    names = dict.fromkeys(name for own in cells for name in own)
    shared = len(names) < sum(map(len, cells))
    partial = {name for own in cells for name, found in own.items() if found != templates}
    lacking = {name for name in names if shared and any(name not in own for own in cells)} - partial
    excluded = [
        Exclusion("clusters", len(left_out), why, tuple(name for name in names if name in left_out)[:_SHOWN_NAMES])
        for left_out, why in (
            (partial, "they lack a style or wording that others have"),
            (lacking, "they lack one of the groups, which others have"),
        )
        if left_out
    ]
    dropped = partial | lacking
    return GroupVectors(
        groups=tuple(replace(g, stimuli=tuple(s for s in g.stimuli if s.cluster not in dropped)) for g in groups),
        clusters=tuple(tuple(name for name in (names if shared else own) if name not in dropped) for own in cells),
        shared=shared,
        excluded=tuple(excluded),
    )
