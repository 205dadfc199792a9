"""Linear concept erasure: an affine edit after which nothing linear is left of a label, and no more is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RANK = 1e-10
"""Directions with less than this share of the largest variance count as none: nothing can be read from them."""


@dataclass(frozen=True, slots=True)
class Eraser:
    """The affine map x -> x - left right (x - mean), of rank k."""

    left: NDArray[np.float64]
    """(d, k)"""
    right: NDArray[np.float64]
    """(k, d)"""
    mean: NDArray[np.float64]
    """(d,) mean of the vectors that it was fitted on."""

    def __call__(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, d) vectors with the concept erased."""
        erased: NDArray[np.float64] = vectors - (vectors - self.mean) @ self.right.T @ self.left.T
        return erased


def fit_eraser(vectors: NDArray[np.float64], labels: NDArray[np.float64]) -> Eraser:
    """LEACE: the least change of ``vectors`` (n, d) that makes their covariance with ``labels`` (n, k) exactly zero.

    With S the covariance of the vectors, W = S^(-1/2) on its range and P the orthogonal projection on the columns of W
    times the covariance of vectors and labels: x - W^+ P W (x - mean). Afterwards every group that a one-hot column of
    ``labels`` names has the same mean, and no linear classifier beats the constant one; among all affine maps with that
    property it moves the vectors least, in mean square. Source: Belrose, Schneider-Joseph, Ravfogel, Cotterell, Raff &
    Biderman 2023, "LEACE: Perfect linear concept erasure in closed form", theorem 4.3.
    """
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    variances, axes = np.linalg.eigh(centred.T @ centred / len(vectors))
    kept = variances > _RANK * variances[-1]
    spread, axes = np.sqrt(variances[kept]), axes[:, kept]
    shared = centred.T @ (labels - labels.mean(axis=0)) / len(vectors)
    # In whitened coordinates along the kept axes; a label that is a sum of others adds no direction.
    directions, sizes, _ = np.linalg.svd((axes / spread).T @ shared, full_matrices=False)
    directions = directions[:, sizes > _RANK * max(1.0, sizes.max(initial=0.0))]
    return Eraser((axes * spread) @ directions, directions.T @ (axes / spread).T, mean)
