"""Encodings of a model that is run here: planned, batched, cached."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from audit.encoders import LayerRef, Tower, Visualizer
from audit.engine.changed import by_layer, interventions, parted, space_of, stated
from audit.engine.encodings import UnitActivations, normalised
from audit.engine.scanned import Scanner
from audit.engine.visualized import Visualizations
from audit.errors import ModelError
from audit.records import Modality
from audit.registry import suggestion
from audit.stimuli import Stimulus, picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from audit.encoders import Encoder
    from audit.engine.cache import Cache
    from audit.engine.encodings import UnitChange
    from audit.engine.reducers import Reducer
    from audit.records import ModelInfo

Progress = Callable[[str, int, int], None]
"""Called with what is encoded, how many are done, and how many there are."""


def _space(layer: LayerRef) -> str:
    return f"unit:{layer.name}:{layer.pooling}"


class LiveEncodings:
    """The :class:`~audit.engine.encodings.Encodings` of an encoder."""

    def __init__(self, encoder: Encoder, cache: Cache, progress: Progress | None = None) -> None:
        """``progress`` is called after each batch."""
        self._encoder = encoder
        self._cache = cache
        self._progress = progress or (lambda _what, _done, _total: None)
        self._vectors: dict[tuple[str, str], NDArray[np.float32]] = {}
        self.encoded = 0
        """Stimuli that the model was run on."""
        self.cached = 0
        """Stimuli that were found in the cache."""

    @property
    def info(self) -> ModelInfo:
        """What is known about the model."""
        return self._encoder.info

    def prepare(self, stimuli: Iterable[Stimulus], layers: Sequence[str] | None = None) -> None:
        """Encode what is not known yet, in one pass over the model; each batch is on disk before the next begins.

        ``layers`` names the layers whose units are wanted as well: all declared ones when empty, none when None.
        """
        unique = {stimulus.key: stimulus for stimulus in stimuli}
        texts = [stimulus for stimulus in unique.values() if stimulus.modality is Modality.TEXT]
        images = [stimulus for stimulus in unique.values() if stimulus.modality is Modality.IMAGE]
        refs = () if layers is None else self._refs(layers)
        self._fill(
            "text", texts, ("text",), lambda batch: {"text": self._encoder.encode_text([s.content for s in batch])}
        )
        self._fill("images", images, ("image", *map(_space, refs)), lambda batch: self._images(batch, refs))

    def _images(self, batch: list[Stimulus], refs: Sequence[LayerRef]) -> dict[str, NDArray[np.float32]]:
        encoded = self._encoder.encode_images([picture(stimulus) for stimulus in batch], refs)
        return {"image": encoded.embeddings} | {_space(ref): encoded.activations[ref] for ref in refs}

    def _fill(
        self,
        what: str,
        stimuli: list[Stimulus],
        spaces: Sequence[str],
        encode: Callable[[list[Stimulus]], dict[str, NDArray[np.float32]]],
    ) -> None:
        wanted = [s for s in stimuli if any((space, s.key) not in self._vectors for space in spaces)]
        if not wanted:
            return
        for space in spaces:
            known = self._cache.get(space, [s.key for s in wanted])
            self._vectors.update({(space, key): vector for key, vector in known.items()})
        missing = [s for s in wanted if any((space, s.key) not in self._vectors for space in spaces)]
        self.cached += len(wanted) - len(missing)
        size = self._encoder.batch_size
        for start in range(0, len(missing), size):
            batch = missing[start : start + size]
            for space, rows in encode(batch).items():
                fresh = {stimulus.key: row for stimulus, row in zip(batch, rows, strict=True)}
                self._cache.put(space, fresh)
                self._vectors.update({(space, key): row for key, row in fresh.items()})
            self.encoded += len(batch)
            self._progress(what, start + len(batch), len(missing))

    def embeddings(self, stimuli: Sequence[Stimulus]) -> NDArray[np.float64]:
        """(n, d) embeddings of unit length; a row is NaN where the model gave none of finite, positive length."""
        keys = [(stimulus.modality, stimulus.key) for stimulus in stimuli]
        try:
            rows = [self._vectors[key] for key in keys]
        except KeyError:
            self.prepare(stimuli)
            rows = [self._vectors[key] for key in keys]
        return normalised(np.concatenate(rows).reshape(len(rows), -1))

    def units(self, stimuli: Sequence[Stimulus], layers: Sequence[str] = ()) -> UnitActivations:
        """(n, u) activations of the units of these layers, all poolings of a layer side by side."""
        refs = self._refs(layers)
        self.prepare(stimuli, layers)
        parts, units, names = [], [], []
        for ref in refs:
            part = np.stack([self._vectors[_space(ref), stimulus.key] for stimulus in stimuli])
            parts.append(part)
            units += [f"{ref.name}/{channel}/{ref.pooling}" for channel in range(part.shape[1])]
            names += [f"{ref.name}, {ref.pooling}"] * part.shape[1]
        return UnitActivations(np.concatenate(parts, axis=1), tuple(units), tuple(names))

    @property
    def changeable(self) -> LiveEncodings | None:
        """Itself, when the model has an image tower whose units can be read."""
        return self if isinstance(self._encoder, Tower) and self.info.layers else None

    def changed(
        self, stimuli: Sequence[Stimulus], changes: Sequence[UnitChange], directions: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(k, n, q); kept like any encoding, by the changes and the directions, in float32."""
        tower, space = self._tower, space_of("changed", stated(changes), directions)
        asked = [interventions(change) for change in changes]

        def run(batch: list[Stimulus]) -> dict[str, NDArray[np.float32]]:
            vectors = tower.encode_intervened([picture(stimulus) for stimulus in batch], asked)
            found = np.stack([normalised(under) @ directions.T for under in vectors], axis=1)
            return {space: found.reshape(len(batch), -1).astype(np.float32)}

        self._fill("images with units changed", list({s.key: s for s in stimuli}.values()), (space,), run)
        rows = np.stack([self._vectors[space, stimulus.key] for stimulus in stimuli]).astype(np.float64)
        return rows.reshape(len(stimuli), len(changes), len(directions)).transpose(1, 0, 2)

    def attributed(
        self, stimuli: Sequence[Stimulus], directions: NDArray[np.float64], references: Mapping[str, float]
    ) -> NDArray[np.float64]:
        """(n, u); kept like any encoding, by the references and all directions. The stimuli are all different."""
        tower, space = self._tower, space_of("attributed", list(references.items()), directions)
        own = {stimulus.key: direction for stimulus, direction in zip(stimuli, directions, strict=True)}
        layers = by_layer(references)

        def run(batch: list[Stimulus]) -> dict[str, NDArray[np.float32]]:
            towards = np.stack([own[stimulus.key] for stimulus in batch])
            found = tower.attribute([picture(stimulus) for stimulus in batch], towards, layers)
            return {space: np.concatenate([found[layer] for layer in layers], axis=1)}

        self._fill("images backwards", list(stimuli), (space,), run)
        return np.stack([self._vectors[space, stimulus.key] for stimulus in stimuli]).astype(np.float64)

    def output_norms(self, units: Sequence[str]) -> NDArray[np.float64]:
        """(u,); see :meth:`~audit.encoders.protocol.Tower.output_norms`."""
        places = [parted(unit) for unit in units]
        norms = {name: self._tower.output_norms(name) for name in dict.fromkeys(layer.name for layer, _ in places)}
        return np.array([norms[layer.name][channel] for layer, channel in places])

    @property
    def _tower(self) -> Tower:
        if not isinstance(self._encoder, Tower):
            raise ModelError(f"{self.info.name} has no image tower whose units can be changed")
        return self._encoder

    @property
    def visualizations(self) -> Visualizations | None:
        """Pictures of its units, kept like any encoding; None when none can be read, or not differentiated."""
        if not self.info.layers or not isinstance(self._encoder, Visualizer):
            return None
        return Visualizations(self._encoder, self._cache, self._progress)

    def scan(self, stimuli: Iterable[Stimulus], units: Sequence[str], reducers: Sequence[Reducer]) -> int:
        """Feed reducers with the units' columns, one batch of stimuli at a time; see :mod:`audit.engine.scanned`."""
        scanner = Scanner(self._encoder, self._cache, units)
        try:
            return scanner.run(stimuli, reducers, self._progress)
        finally:
            self.encoded += scanner.encoded
            self.cached += scanner.cached

    @property
    def unit_names(self) -> tuple[str, ...]:
        """Empty: no top words are published for a model that is run here."""
        return ()

    def top_words(self, unit: str) -> tuple[str, ...]:
        """Empty: a model that is run here brings no published list."""
        del unit
        return ()

    def _refs(self, layers: Sequence[str]) -> tuple[LayerRef, ...]:
        known = self.info.layers
        names = {layer.name for layer in known}
        if unknown := [name for name in layers if name not in names]:
            raise ModelError(
                f"{self.info.name} has no layer {unknown[0]!r} whose units can be read",
                hint=suggestion(unknown[0], sorted(names)),
            )
        return tuple(LayerRef(layer.name, layer.pooling) for layer in known if not layers or layer.name in layers)
