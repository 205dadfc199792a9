"""Retrieval: which groups do the pictures belong to that a query finds first?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.stimuli import Stimulus, StimulusSet


@dataclass(frozen=True)
class RetrievalRows:
    """The order in which every query finds the pictures of its pool."""

    groups: tuple[StimulusSet, ...]
    queries: tuple[str, ...]
    cosines: NDArray[np.float64]
    """(queries, n) cosine of each query with each picture; NaN where the model gave no embedding."""
    pool: NDArray[np.bool_]
    """(queries, n) the pictures that a query looks among."""

    @cached_property
    def stimuli(self) -> tuple[Stimulus, ...]:
        """The n pictures, group by group."""
        return tuple(stimulus for group in self.groups for stimulus in group.stimuli)

    @cached_property
    def group(self) -> NDArray[np.intp]:
        """(n,) index of the group of each picture."""
        return np.repeat(np.arange(len(self.groups)), [len(group.stimuli) for group in self.groups])

    @cached_property
    def cluster(self) -> NDArray[np.intp]:
        """(n,) index of the cluster of each picture."""
        return np.unique([stimulus.cluster for stimulus in self.stimuli], return_inverse=True)[1]

    @cached_property
    def ranked(self) -> tuple[NDArray[np.intp], ...]:
        """Of every query, indices of the pictures of its pool, closest first; of equals by their id, then style."""
        ids = np.argsort(np.argsort([f"{s.item}\0{s.template}\0{s.key}" for s in self.stimuli], kind="stable"))
        found = []
        for cosines, pool in zip(self.cosines, self.pool, strict=True):
            own = np.flatnonzero(pool)
            found.append(own[np.lexsort((ids[own], -cosines[own]))])
        return tuple(found)


def retrieval(
    groups: Sequence[StimulusSet],
    queries: StimulusSet,
    encodings: Encodings,
    *,
    match: str | None = None,
    template: str | None = None,
) -> RetrievalRows:
    """Cosines of every query with every picture, and each query's pool.

    A query is the unit mean of the unit embeddings of its prompts, or the one prompt of ``template``. ``match`` is a
    label column: the pool of a query is then the pictures whose value is the query's term, letter case and hyphens
    aside; else every picture is in every pool.
    """
    rows = RetrievalRows(tuple(groups), queries.clusters, np.empty((0, 0)), np.empty((0, 0), dtype=np.bool_))
    prompts = [stimulus for stimulus in queries.stimuli if template is None or stimulus.template == template]
    place = {name: i for i, name in enumerate(queries.clusters)}
    vectors = encodings.embeddings(prompts)
    total = np.zeros((len(place), vectors.shape[1]))
    np.add.at(total, [place[stimulus.cluster] for stimulus in prompts], vectors)
    unit = total / np.linalg.norm(total, axis=1, keepdims=True)
    cosines = unit @ encodings.embeddings(rows.stimuli).T
    pool = np.ones(cosines.shape, dtype=np.bool_)
    if match is not None:
        values = np.array([_folded(stimulus.labels[match]) for stimulus in rows.stimuli])
        pool = np.array([values == _folded(name) for name in queries.clusters])
    return RetrievalRows(rows.groups, rows.queries, cosines, pool)


def _folded(text: str) -> str:
    return " ".join(text.replace("-", " ").replace("_", " ").casefold().split())
