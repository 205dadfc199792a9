"""Random labellings of clusters, shared by many units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def permuted_labels(
    positive: NDArray[np.bool_], strata: NDArray[np.intp] | None, resamples: int, seed: int
) -> NDArray[np.float32]:
    """(resamples, clusters) 1 for positive, permuted within strata."""
    generator = np.random.default_rng(seed)
    labels = np.zeros((resamples, len(positive)), dtype=np.float32)
    groups = [np.arange(len(positive))] if strata is None else [np.flatnonzero(strata == s) for s in np.unique(strata)]
    for members in groups:
        count = int(positive[members].sum())
        keys = generator.random((resamples, len(members)), dtype=np.float32)
        chosen = members[keys.argsort(axis=1)[:, :count]]
        np.put_along_axis(labels, chosen, np.float32(1), axis=1)
    return labels
