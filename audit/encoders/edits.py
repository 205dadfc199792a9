"""Small edits of the weights of an open_clip ModifiedResNet: to its image projection, and to one channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ProjectionEdit:
    """The image projection e = W f + b (``visual.attnpool.c_proj``) with W + left right and b + shift."""

    left: NDArray[np.float64]
    """(d, k), d the length of an embedding."""
    right: NDArray[np.float64]
    """(k, c), c the number of features that the projection reads."""
    shift: NDArray[np.float64]
    """(d,)"""

    def embeddings(self, features: NDArray[np.float64], embeddings: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, d) what the edited model gives, from ``features`` (n, c) and the unedited ``embeddings`` (n, d)."""
        edited: NDArray[np.float64] = embeddings + features @ self.right.T @ self.left.T + self.shift
        return edited


@dataclass(frozen=True, slots=True)
class ChannelEdit:
    """One channel of the last block's residual sum: its row of ``conv3`` plus ``row``, its ``bn3`` shift plus
    ``shift``."""

    channel: int
    row: NDArray[np.float64]
    """(p,), p the number of channels that ``conv3`` reads."""
    shift: float
