"""Zero-shot association: do these stimuli lie closer to one set of attributes than to another?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.stimuli import StimulusSet


@dataclass(frozen=True)
class AssociationRows:
    """The association of every target stimulus, and the same as a grid of clusters by templates."""

    x: StimulusSet
    y: StimulusSet
    association: NDArray[np.float64]
    """(n,) s(w) of each stimulus of X, then of Y, in cosine; NaN where the model gave no embedding."""
    by_attribute: NDArray[np.float64]
    """(n, a + b) mean cosine of each stimulus with each attribute cluster, those of A first."""
    attributes: tuple[str, ...]
    """Names of the attribute clusters, those of A first."""
    in_a: NDArray[np.bool_]
    """(a + b,) True for the clusters of A."""
    weights: NDArray[np.float64]
    """(a + b,) number of attribute stimuli in each cluster."""

    @cached_property
    def clusters(self) -> tuple[str, ...]:
        """Cluster names, those of X first."""
        return (*self.x.clusters, *self.y.clusters)

    @cached_property
    def in_x(self) -> NDArray[np.bool_]:
        """(clusters,) True for the clusters of X."""
        return np.arange(len(self.clusters)) < len(self.x.clusters)

    def grid(self, association: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """(clusters, templates) mean association of the items of a cluster under a template.

        X and Y are crossed with the same templates; a cell without a stimulus is NaN, and so is its statistic. Other
        values of the stimuli, (..., n), give (..., clusters, templates).
        """
        values = self.association if association is None else association
        order, cells, first, count = self._cells
        grid = np.full((*values.shape[:-1], len(self.clusters) * len(self.templates)), np.nan)
        grid[..., cells] = np.add.reduceat(values[..., order], first, axis=-1) / count
        return grid.reshape(*values.shape[:-1], len(self.clusters), -1)

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """What matches X and Y, in order of first appearance; every one has stimuli on both sides. Else empty."""
        return tuple(dict.fromkeys(stimulus.block for stimulus in self.x.stimuli if stimulus.block))

    def sides(self, grid: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(blocks, templates) of X and of Y, from a ``grid`` (clusters, templates): the mean over the clusters of a
        block, in the order of ``blocks``."""
        block = [{s.cluster: s.block for s in targets.stimuli} for targets in (self.y, self.x)]
        of_cluster = np.array([block[int(in_x)][name] for name, in_x in zip(self.clusters, self.in_x, strict=True)])
        x, y = (
            np.array([grid[(of_cluster == name) & side].mean(axis=0) for name in self.blocks])
            for side in (self.in_x, ~self.in_x)
        )
        return x, y

    @cached_property
    def _cells(self) -> tuple[NDArray[np.intp], ...]:
        """(n,) stimuli in the order of their cells of the grid; the cells that have any, and where they begin there,
        and how many each has."""
        # A cluster is a name within its own group: X and Y never share terms, but a label column may repeat.
        in_x = {name: i for i, name in enumerate(self.x.clusters)}
        in_y = {name: i + len(in_x) for i, name in enumerate(self.y.clusters)}
        column = {name: j for j, name in enumerate(self.templates)}
        rows = [in_x[s.cluster] for s in self.x.stimuli] + [in_y[s.cluster] for s in self.y.stimuli]
        columns = [column[s.template] for s in (*self.x.stimuli, *self.y.stimuli)]
        cell = np.ravel_multi_index((rows, columns), (len(self.clusters), len(self.templates)))
        order = cell.argsort(kind="stable")
        return order, *np.unique(cell[order], return_index=True, return_counts=True)

    @cached_property
    def templates(self) -> tuple[str, ...]:
        """Names of the grid's columns."""
        return tuple(dict.fromkeys((*self.x.templates, *self.y.templates)))

    def without_attribute(self, index: int) -> NDArray[np.float64]:
        """(n,) s(w) with one attribute cluster left out; all NaN when it is the last of its set."""
        kept = np.arange(len(self.attributes)) != index
        return _difference(self.by_attribute[:, kept], self.in_a[kept], self.weights[kept])


def _difference(
    cosines: NDArray[np.float64], in_a: NDArray[np.bool_], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore", divide="ignore"):
        towards_a = cosines[:, in_a] @ weights[in_a] / weights[in_a].sum()
        towards_b = cosines[:, ~in_a] @ weights[~in_a] / weights[~in_a].sum()
    difference: NDArray[np.float64] = towards_a - towards_b
    return difference


def associations(
    x: StimulusSet, y: StimulusSet, a: StimulusSet, b: StimulusSet, encodings: Encodings
) -> AssociationRows:
    """The association s(w) of every stimulus w of the targets X and Y with the attributes A against B.

    s(w) = mean over a in A of cos(w, a) - mean over b in B of cos(w, b), on embeddings of unit length, in cosine,
    between -2 and 2. Positive: w lies closer to A. Any pairing of modalities (text or image
    targets, text or image attributes). Source: Caliskan, Bryson & Narayanan 2017, equation for s(w, A, B); Steed &
    Caliskan 2021 for images.
    """
    targets = encodings.embeddings([*x.stimuli, *y.stimuli])
    stimuli = [*a.stimuli, *b.stimuli]
    cosines = targets @ encodings.embeddings(stimuli).T
    names = [(0, name) for name in a.clusters] + [(1, name) for name in b.clusters]
    column = {name: j for j, name in enumerate(names)}
    belongs = np.zeros((len(stimuli), len(names)))
    columns = [column[side, stimulus.cluster] for side, part in enumerate((a, b)) for stimulus in part.stimuli]
    belongs[np.arange(len(stimuli)), columns] = 1
    weights = belongs.sum(axis=0)
    by_attribute = cosines @ (belongs / weights)
    in_a = np.array([side == 0 for side, _ in names])
    return AssociationRows(
        x=x,
        y=y,
        association=_difference(by_attribute, in_a, weights),
        by_attribute=by_attribute,
        attributes=tuple(name for _, name in names),
        in_a=in_a,
        weights=weights,
    )
