"""An image-text model of the open_clip library."""

from __future__ import annotations

import importlib.metadata
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch

from audit.encoders.capture import capture
from audit.encoders.device import device_class
from audit.encoders.digest import digest_of, files_digest
from audit.encoders.intervention import attributed, intervened, output_norms
from audit.encoders.open_clip_build import (
    architecture,
    build,
    build_shape,
    configuration,
    hf_text_tower,
    preprocessing_in_words,
)
from audit.encoders.open_clip_text import Tokenizer, tokenizer, tokenizer_digest, without_padding
from audit.encoders.protocol import Encoded
from audit.encoders.units import default_layers, find_sites
from audit.encoders.visualization import Unit, facet_probe, seconds_per_step, visualize
from audit.records import Modality, ModelInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    from audit.encoders.open_clip_source import OpenClipSource
    from audit.encoders.protocol import FacetProbe, Intervention, LayerRef, Recipe

_CODE = "open_clip/2"  # raise it when the same files and stimuli would give other numbers


class OpenClipEncoder:
    """An :class:`~audit.encoders.protocol.Encoder` of texts and images, in evaluation mode and float32."""

    def __init__(self, source: OpenClipSource, device: str) -> None:
        """``source`` names architecture and files; ``device`` is one that is there."""
        self._source, self._device = source, device
        self.batch_size = 128 if device_class(device) == "cuda" else 32
        """How many stimuli to give to one call."""

    @cached_property
    def info(self) -> ModelInfo:
        """What is known about the model, from its files and from its empty shape."""
        layers = default_layers(self._shape)
        notes = [self._source.note]
        if not layers:
            tower = type(self._shape.get_submodule("visual")).__name__
            notes.append(f"Its units cannot be read: there is no rule for an image tower like this one ({tower}).")
        return ModelInfo(
            spec=self._source.spec,
            name=self._source.title,
            kind="open_clip",
            modalities=frozenset(Modality),
            dimension=self._configuration["embed_dim"],
            weights_digest=files_digest([self._source.weights], self._source.weights.parent),
            preprocessing=preprocessing_in_words(self._preprocessing),
            tokenizer_digest=tokenizer_digest(self._tokenizer),
            device=device_class(self._device),
            layers=layers,
            source=self._source.origin,
            licence=self._source.licence,
            note=" ".join(note for note in notes if note),
            untrained=self._source.untrained,
        )

    @cached_property
    def fingerprint(self) -> str:
        """See :class:`~audit.encoders.protocol.Encoder`."""
        libraries = ("open_clip_torch", "timm", "torch", "torchvision", "transformers", "pillow")
        return digest_of(
            {
                "code": [_CODE, *(f"{library} {importlib.metadata.version(library)}" for library in libraries)],
                "architecture": architecture(self._source, self._shape),
                "weights": self.info.weights_digest,
                "preprocessing": self._preprocessing,
                "tokenizer": self.info.tokenizer_digest,
                "dtype": self.info.dtype,
                "device": self.info.device,
            }
        )

    def encode_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, d) embeddings, as ``encode_text(normalize=False)``; the tokenizer cuts what is too long for the model."""
        model: Any = self._loaded[0]
        tokens, tower = self._tokenizer(list(texts)), hf_text_tower(model)
        if tower is not None:
            tokens = without_padding(tokens, tower.config.pad_token_id)
        with torch.inference_mode(), _exact_convolutions():
            return _numbers(model.encode_text(tokens.to(self._device), normalize=False))

    def encode_images(self, images: Sequence[Image], layers: Sequence[LayerRef] = ()) -> Encoded:
        """Embeddings, as ``encode_image(normalize=False)`` after the model's own preprocessing, and units."""
        tower: Any = self._loaded[0]
        pixels = self._pixels(images)
        with torch.inference_mode(), _exact_convolutions(), capture(tower, find_sites(tower), layers) as activations:
            vectors = _numbers(tower.encode_image(pixels, normalize=False))
        return Encoded(vectors, activations)

    def encode_intervened(
        self, images: Sequence[Image], interventions: Sequence[Sequence[Intervention]]
    ) -> NDArray[np.float32]:
        """(k, n, d), as ``encode_images`` with units changed; see :func:`~audit.encoders.intervention.intervened`."""
        tower: Any = self._loaded[0]
        pixels = self._pixels(images)
        with torch.no_grad(), _exact_convolutions():
            found = intervened(
                tower, find_sites(tower), interventions, lambda: tower.encode_image(pixels, normalize=False)
            )
            return _numbers(torch.stack(found))

    def attribute(
        self,
        images: Sequence[Image],
        directions: NDArray[np.float64],
        references: Mapping[LayerRef, NDArray[np.float32]],
    ) -> Mapping[LayerRef, NDArray[np.float32]]:
        """(n, u) a layer, from one forward and one backward pass; see
        :func:`~audit.encoders.intervention.attributed`."""
        tower: Any = self._loaded[0]
        pixels, towards = self._pixels(images), torch.from_numpy(directions).float().to(self._device)

        def score() -> torch.Tensor:
            vectors = tower.encode_image(pixels, normalize=False).float()
            return (torch.nn.functional.normalize(vectors, dim=-1) * towards).sum(dim=-1)

        with _exact_convolutions():
            values = {layer: torch.from_numpy(value).to(self._device) for layer, value in references.items()}
            found = attributed(tower, find_sites(tower), values, score)
        return {layer: _numbers(value) for layer, value in found.items()}

    def output_norms(self, layer: str) -> NDArray[np.float64]:
        """(u,); see :func:`~audit.encoders.intervention.output_norms`."""
        tower: Any = self._loaded[0]
        return output_norms(tower, find_sites(tower), layer)

    def visualize(
        self,
        layer: LayerRef,
        channel: int,
        recipe: Recipe,
        seed: int,
        facet: FacetProbe | None,
        progress: Callable[[], None],
    ) -> Image | None:
        """See :func:`~audit.encoders.visualization.visualize`."""
        with _exact_convolutions():
            return visualize(Unit.of(self._loaded[0], layer, channel), recipe, seed, facet, progress)

    def facet_probe(
        self, layer: LayerRef, channel: int, members: Sequence[Image], others: Sequence[Image]
    ) -> FacetProbe:
        """See :func:`~audit.encoders.visualization.facet_probe`."""
        with _exact_convolutions():
            unit = Unit.of(self._loaded[0], layer, channel)
            return facet_probe(unit, self._batches(members), self._batches(others))

    def seconds_per_step(self, layer: LayerRef, channel: int, recipe: Recipe, facet: FacetProbe | None) -> float:
        """See :func:`~audit.encoders.visualization.seconds_per_step`."""
        with _exact_convolutions():
            return seconds_per_step(Unit.of(self._loaded[0], layer, channel), recipe, facet)

    def _batches(self, images: Sequence[Image]) -> Iterator[torch.Tensor]:
        for start in range(0, len(images), self.batch_size):
            yield self._pixels(images[start : start + self.batch_size])

    def _pixels(self, images: Sequence[Image]) -> torch.Tensor:
        preprocess = self._loaded[1]
        return torch.stack([preprocess(image) for image in images]).to(self._device)

    @cached_property
    def _configuration(self) -> dict[str, Any]:
        return configuration(self._source)

    @cached_property
    def _shape(self) -> torch.nn.Module:
        return build_shape(self._source)

    @cached_property
    def _preprocessing(self) -> dict[str, Any]:
        visual: Any = self._shape.get_submodule("visual")
        return dict(visual.preprocess_cfg)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return tokenizer(self._source)

    @cached_property
    def _loaded(self) -> tuple[torch.nn.Module, Callable[[Image], torch.Tensor]]:
        return build(self._source, self._device)


def _numbers(vectors: torch.Tensor) -> NDArray[np.float32]:
    return vectors.float().cpu().numpy()


@contextmanager
def _exact_convolutions() -> Iterator[None]:
    """On CUDA: no TF32 for float32 convolutions, and no algorithm picked by timing, as cuDNN does unless told."""
    with torch.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True, allow_tf32=False):
        yield
