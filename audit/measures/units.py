"""Responses of units to the stimuli of a concept and of what it is compared with."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.stimuli import StimulusSet


@dataclass(frozen=True, slots=True)
class UnitResponses:
    """One mean response a cluster, so that a term rendered in four fonts counts once."""

    concept: StimulusSet
    against: StimulusSet
    responses: NDArray[np.float32]
    """(clusters, u) mean response over the stimuli of a cluster, those of the concept first."""
    positive: NDArray[np.bool_]
    """(clusters,) True for the clusters of the concept."""
    units: tuple[str, ...]
    layers: tuple[str, ...]

    @property
    def clusters(self) -> tuple[str, ...]:
        """Cluster names, those of the concept first."""
        return (*self.concept.clusters, *self.against.clusters)

    def unit(self, name: str) -> NDArray[np.float32]:
        """(clusters,) responses of one unit."""
        column: NDArray[np.float32] = self.responses[:, self.units.index(name)]
        return column


def cluster_means(stimuli: StimulusSet, values: NDArray[np.floating]) -> NDArray[np.float32]:
    """(clusters, k) mean of the rows (stimuli, k) of each cluster, in the order of ``stimuli.clusters``."""
    row = {name: i for i, name in enumerate(stimuli.clusters)}
    which = np.array([row[stimulus.cluster] for stimulus in stimuli.stimuli])
    order = which.argsort(kind="stable")
    starts = np.searchsorted(which[order], np.arange(len(row)))
    total = np.add.reduceat(values[order].astype(np.float64), starts, axis=0)
    return (total / np.bincount(which)[:, None]).astype(np.float32)


def unit_responses(
    concept: StimulusSet,
    against: StimulusSet,
    encodings: Encodings,
    *,
    layers: Sequence[str] = (),
    units: Sequence[str] = (),
    among: str = "*",
) -> UnitResponses:
    """Mean response of each unit to each cluster of the concept and of its comparison.

    ``units`` names the units that were declared beforehand; without it every unit of ``layers`` whose id matches the
    pattern ``among`` is taken. Responses are signed activations in the model's own scale (before the nonlinearity where
    the layer allows); AUROC and ranks do not depend on that scale. An unknown unit is left to the caller to refuse.
    """
    found = encodings.units([*concept.stimuli, *against.stimuli], layers)
    kept = [i for i, name in enumerate(found.units) if (name in units if units else fnmatch.fnmatchcase(name, among))]
    values = found.values[:, kept]
    split = len(concept.stimuli)
    means = np.concatenate([cluster_means(concept, values[:split]), cluster_means(against, values[split:])])
    return UnitResponses(
        concept=concept,
        against=against,
        responses=means,
        positive=np.arange(len(means)) < len(concept.clusters),
        units=tuple(found.units[i] for i in kept),
        layers=tuple(found.layers[i] for i in kept),
    )
