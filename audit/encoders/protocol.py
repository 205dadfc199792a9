"""What every model looks like from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from PIL.Image import Image

    from audit.records import ModelInfo


@dataclass(frozen=True, slots=True)
class LayerRef:
    """One layer under one pooling: what unit activations are kept by."""

    name: str
    """Module path inside the model."""
    pooling: str
    """``cls``, ``mean`` or ``max``."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """Channels of a layer that are given other values, at the places that the layer's pooling reads."""

    layer: LayerRef
    """``cls`` changes the class token; ``mean`` and ``max`` change every patch, or the whole of space."""
    channels: tuple[int, ...]
    values: tuple[float, ...]
    """One a channel, in the model's own scale of activations."""
    added: bool = False
    """Whether the values are added to what is there, rather than put in its place."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What one forward pass over images gave."""

    embeddings: NDArray[np.float32]
    """(n, d), as the model gives them: not normalised."""
    activations: Mapping[LayerRef, NDArray[np.float32]]
    """For each layer that was asked for, (n, u)."""


class Encoder(Protocol):
    """A model that is run here. Its weights are read at the first ``encode_*``, not before."""

    @property
    def info(self) -> ModelInfo:
        """What is known about the model, without its weights in memory."""

    @property
    def fingerprint(self) -> str:
        """sha256 over all that an encoding depends on but the stimulus and the layer.

        Kind, configuration, weights, preprocessing, tokenizer, dtype, device class, and versions of the code.
        """

    @property
    def batch_size(self) -> int:
        """How many stimuli to give to one call."""

    def encode_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, d) embeddings of texts, not normalised."""

    def encode_images(self, images: Sequence[Image], layers: Sequence[LayerRef] = ()) -> Encoded:
        """Embeddings of images, not normalised, and the unit activations of ``layers`` from the same forward pass."""


@runtime_checkable
class Tower(Encoder, Protocol):
    """A model with an image tower that can be changed on its way, and differentiated."""

    def encode_intervened(
        self, images: Sequence[Image], interventions: Sequence[Sequence[Intervention]]
    ) -> NDArray[np.float32]:
        """(k, n, d) embeddings of images, not normalised, under k interventions; each may be at several layers."""

    def attribute(
        self,
        images: Sequence[Image],
        directions: NDArray[np.float64],
        references: Mapping[LayerRef, NDArray[np.float32]],
    ) -> Mapping[LayerRef, NDArray[np.float32]]:
        """(n, u) for each layer: to first order, what each channel's reference value (u,) changes of an inner product.

        It is that of the embedding, made unit length, with the image's own row of ``directions`` (n, d).
        """

    def output_norms(self, layer: str) -> NDArray[np.float64]:
        """(u,) for each channel of a layer, the Euclidean length of the weights by which what follows reads it."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a picture of a unit is made."""

    steps: int = 256
    rate: float = 0.05
    """Learning rate of Adam."""


@dataclass(frozen=True, slots=True)
class FacetProbe:
    """A linear probe below a unit that tells pictures of a facet from others."""

    weights: NDArray[np.float32]
    """(c,), one a channel of the layer below; mean square 1."""
    accuracy: float | None
    """Share of held-out pictures that it tells, both sides counting alike; None where nothing could be held out."""


@runtime_checkable
class Visualizer(Encoder, Protocol):
    """A model whose units can be asked for pictures."""

    def visualize(
        self,
        layer: LayerRef,
        channel: int,
        recipe: Recipe,
        seed: int,
        facet: FacetProbe | None,
        progress: Callable[[], None],
    ) -> Image | None:
        """The picture that excites a unit, from one seed; None when the activation was no finite number on the way.

        ``progress`` is called after every step.
        """

    def facet_probe(
        self, layer: LayerRef, channel: int, members: Sequence[Image], others: Sequence[Image]
    ) -> FacetProbe:
        """The probe that tells ``members`` from ``others`` in a layer below a unit."""

    def seconds_per_step(self, layer: LayerRef, channel: int, recipe: Recipe, facet: FacetProbe | None) -> float:
        """How long one step of :meth:`visualize` takes here, measured."""


@dataclass(frozen=True, slots=True)
class Precomputed:
    """A model that was run elsewhere: its stimuli and what it gave for each."""

    info: ModelInfo
    """What is known about the model."""
    stimuli: pd.DataFrame
    """One row a stimulus; every column is text, an empty cell the empty string. ``id`` and ``modality`` first."""
    embeddings: NDArray[np.floating] | None
    """(n, d), row-aligned with ``stimuli``, as given; None when the model brings unit activations only."""
    activations: NDArray[np.floating] | None
    """(n, u), row-aligned with ``stimuli``, as given; None when the model brings embeddings only."""
    units: pd.DataFrame | None
    """u rows with the columns ``unit`` and ``layer``; None without activations."""
    top_words: pd.DataFrame | None
    """Columns ``unit``, ``rank`` (1 = highest) and ``word``; None when the model brings none."""
