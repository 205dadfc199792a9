"""The view that measures have of a model: arrays for stimuli, and nothing of how they were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.records import ModelInfo
    from audit.stimuli import Stimulus


@dataclass(frozen=True, slots=True)
class UnitActivations:
    """Activations of many units for many stimuli."""

    values: NDArray[np.float32]
    """(n stimuli, u units); NaN where the model gave none."""
    units: tuple[str, ...]
    """u unit ids, ``layer/channel/pooling`` or as the arrays name them."""
    layers: tuple[str, ...]
    """u layer names."""


class Encodings(Protocol):
    """What a measure may ask of a model."""

    @property
    def info(self) -> ModelInfo:
        """What is known about the model."""

    def embeddings(self, stimuli: Sequence[Stimulus]) -> NDArray[np.float64]:
        """(n, d) embeddings of unit length, row-aligned; a row is NaN where the model gave none of finite, positive
        length."""

    def units(self, stimuli: Sequence[Stimulus], layers: Sequence[str] = ()) -> UnitActivations:
        """Activations of the units of these layers (all declared ones when empty), row-aligned."""

    @property
    def unit_names(self) -> tuple[str, ...]:
        """Ids of all units for which top words may be published; empty for a model that is run here."""

    def top_words(self, unit: str) -> tuple[str, ...]:
        """The words whose rendered image excites the unit most, in order; empty when the model brings no such list."""


def normalised(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n, d) vectors divided by their Euclidean length; NaN rows where that is zero or not finite."""
    wide = vectors.astype(np.float64)
    # Squares of float32 never leave float64, so that a length is finite exactly where the whole vector is.
    length = np.sqrt(np.einsum("nd,nd->n", wide, wide))
    length[(length == 0) | ~np.isfinite(length)] = np.nan
    wide /= length[:, None]
    return wide
