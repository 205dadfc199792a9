"""A unit that answers to a concept as well as one chooses: one channel of the last block, edited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.calibration.plant import ridge
from audit.encoders.edits import ChannelEdit
from audit.errors import ModelError
from audit.stats import auroc

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RIDGE = 0.001
"""Penalty of the direction that tells the concept: the last block reads few channels, and all of them are needed."""
_HALVINGS = 40
_NEAR = 0.005
"""How near the planted AUROC must come to what was asked for; it moves in steps, as clusters are counted."""


@dataclass(frozen=True, slots=True)
class Block:
    """What the last block of the tower reads and gives for n images, and the scale of its batch normalisation."""

    name: str
    """In the state dict."""
    inputs: NDArray[np.float64]
    """(n, p, places) what its last convolution reads."""
    sums: NDArray[np.float64]
    """(n, u, places) its residual sum before the ReLU: mean and maximum over places are its units."""
    scale: NDArray[np.float64]
    """(u,) by which batch normalisation multiplies what the convolution gives."""

    def edited(self, edit: ChannelEdit) -> NDArray[np.float64]:
        """(n, places) the residual sum of the edited channel."""
        added = np.einsum("npq,p->nq", self.inputs, edit.row) * self.scale[edit.channel] + edit.shift
        channel: NDArray[np.float64] = self.sums[:, edit.channel] + added
        return channel


def cluster_means(values: NDArray[np.float64], clusters: NDArray[np.intp]) -> NDArray[np.float64]:
    """(clusters, u) mean of ``values`` (n, u) over the images of each cluster, ``clusters`` (n,) their numbers."""
    total = np.zeros((int(clusters.max()) + 1, values.shape[1]))
    np.add.at(total, clusters, values)
    means: NDArray[np.float64] = total / np.bincount(clusters)[:, None]
    return means


def plant_unit(block: Block, clusters: NDArray[np.intp], positive: NDArray[np.bool_], area: float) -> ChannelEdit:
    """An edit after which a channel's mean over space tells the concept with an AUROC of ``area``, to 0.005.

    ``clusters`` (n,) numbers the cluster of each image, ``positive`` (clusters,) is True for those of the concept; the
    AUROC is that of the clusters' mean responses. The channel is the one whose own AUROC is nearest to 0.5, of those
    that vary at least as much as most. To its row of the last convolution a direction is added that tells the concept
    (ridge regression on what the convolution reads, averaged over space), as far as it takes; the channel's mean
    response stays. Raises ModelError when that does not reach ``area``.
    """
    units = block.sums.mean(axis=2)
    own = cluster_means(units, clusters)
    areas, spread = auroc(own, positive), own.std(axis=0)
    usable = (spread >= np.median(spread)) & (block.scale != 0)
    if not usable.any():
        raise ModelError(f"the last convolution of {block.name} reaches no unit that varies")
    channel = int(np.argmin(np.where(usable, np.abs(areas - 0.5), np.inf)))
    pooled = block.inputs.mean(axis=2)
    label = positive[clusters].astype(np.float64)
    row = ridge(pooled - pooled.mean(axis=0), label - label.mean(), _RIDGE) / block.scale[channel]
    answers = cluster_means((pooled @ row)[:, None], clusters)[:, 0] * block.scale[channel]
    row, answers = row * (spread[channel] / answers.std()), answers * (spread[channel] / answers.std())

    def reached(strength: float) -> float:
        return float(auroc((own[:, channel] + strength * answers)[:, None], positive)[0])

    low, high = 0.0, 1.0
    while reached(high) < area:
        high *= 2
        if high > 1e6:
            raise ModelError(f"no edit of a channel answers to the concept with an AUROC of {area:g}")
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) >= area else (middle, high)
    if abs(reached(high) - area) > _NEAR:
        raise ModelError(f"a channel's AUROC jumps from {reached(low):.3f} to {reached(high):.3f}, over {area:g}")
    # Past the step at which two clusters change places, so that rounding cannot undo it.
    high *= 1 + 1e-4
    shift = -high * float((pooled @ row).mean()) * float(block.scale[channel])
    return ChannelEdit(block.name, channel, (high * row).astype(np.float32), shift)
