"""The view that measures have of a model: arrays for stimuli, and nothing of how they were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from audit.engine.reducers import Reducer
    from audit.engine.visualized import Visualizations
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


@dataclass(frozen=True, slots=True)
class UnitChange:
    """Units that are given other values on their way through the model."""

    units: tuple[str, ...]
    """Ids, ``layer/channel/pooling``."""
    values: tuple[float, ...]
    """One a unit, in the model's own scale of activations."""
    added: bool = False
    """Whether the values are added to what is there, rather than put in its place."""


class ChangeableUnits(Protocol):
    """What a measure may ask of a model whose units can be changed on their way through it."""

    def changed(
        self, stimuli: Sequence[Stimulus], changes: Sequence[UnitChange], directions: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(k, n, q) inner products of the embeddings of images, of unit length, with ``directions`` (q, d), under each
        of k changes; NaN where ``embeddings`` would be."""

    def attributed(
        self, stimuli: Sequence[Stimulus], directions: NDArray[np.float64], references: Mapping[str, float]
    ) -> NDArray[np.float64]:
        """(n, u) to first order, what setting each unit alone to its reference value changes of the inner product of
        an image's embedding, of unit length, with its own row of ``directions`` (n, d).

        ``references`` are those values by unit id, for all units of one or several layers, in their order."""

    def output_norms(self, units: Sequence[str]) -> NDArray[np.float64]:
        """(u,) the length of the weights by which the model reads each unit."""


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
    def changeable(self) -> ChangeableUnits | None:
        """The same model with its units open to change; None for numbers computed elsewhere, and for text alone."""

    @property
    def visualizations(self) -> Visualizations | None:
        """Pictures of its units; None where they cannot be made, as for numbers computed elsewhere."""

    def scan(self, stimuli: Iterable[Stimulus], units: Sequence[str], reducers: Sequence[Reducer]) -> int:
        """Feed each reducer with the activations of these units (ids), column by column in their order.

        Stimuli may be any number, for they are read in parts and forgotten. Returns how many there were; ModelError
        when there is no such unit.
        """

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
