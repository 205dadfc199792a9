"""Pictures of units: made once by a model that is run here, and kept with what it gives for them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.encoders import LayerRef
from audit.records import Undefined
from audit.stimuli import picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from PIL import Image

    from audit.encoders import FacetProbe, Recipe, Visualizer
    from audit.engine.cache import Cache
    from audit.stimuli import Stimulus

_CODE = "visualization/1"  # raise it when the same unit and seed would give another picture
_SPACE = "picture of a unit"
_HEAD = 4  # numbers before the pixels: height, width, activation, accuracy of the facet's probe
_NOT_FINITE = "the activation of the unit was no finite number on the way to a picture"


@dataclass(frozen=True, slots=True)
class FacetStimuli:
    """Pictures of a theme that the picture of a unit is drawn towards, and pictures of anything else."""

    members: tuple[Stimulus, ...]
    others: tuple[Stimulus, ...]


@dataclass(frozen=True, slots=True)
class Visualization:
    """One picture made for a unit."""

    pixels: NDArray[np.uint8]
    """(h, w, 3) red, green and blue, at the size that the model takes."""
    activation: float
    """What the unit gives when the model is shown this very picture, like any other."""
    facet_accuracy: float | None
    """Share of held-out pictures that the facet's probe tells; None without a facet."""


class Visualizations:
    """Pictures of the units of one model."""

    def __init__(self, encoder: Visualizer, cache: Cache, progress: Callable[[str, int, int], None]) -> None:
        """``progress`` is told beforehand how long the work takes, and then of every step."""
        self._encoder = encoder
        self._cache = cache
        self._progress = progress

    def of(
        self, units: Sequence[str], recipe: Recipe, seeds: Sequence[int], facet: FacetStimuli | None = None
    ) -> Mapping[str, tuple[Visualization | Undefined, ...]]:
        """For each unit (``layer/channel/pooling``) one picture a seed; what was made before is not made again.

        Undefined where the activation, on the way or of the finished picture, is no finite number. ModelError for a
        unit that the model does not have.
        """
        keys = {(unit, seed): _key(unit, seed, recipe, facet) for unit in units for seed in seeds}
        found = self._cache.get(_SPACE, list(keys.values()))
        missing = [place for place, key in keys.items() if key not in found]
        for place, vector in self._made(missing, recipe, facet):
            found[keys[place]] = vector
            self._cache.put(_SPACE, {keys[place]: vector})
        return {unit: tuple(_read(found[keys[unit, seed]]) for seed in seeds) for unit in units}

    def _made(
        self, missing: Sequence[tuple[str, int]], recipe: Recipe, facet: FacetStimuli | None
    ) -> Iterator[tuple[tuple[str, int], NDArray[np.float32]]]:
        probes: dict[str, FacetProbe | None] = {}
        for done, (unit, seed) in enumerate(missing):
            layer, channel = _address(unit)
            if unit not in probes:
                probes[unit] = self._probe(layer, channel, facet)
            if not done:
                self._announce(missing, recipe, self._encoder.seconds_per_step(layer, channel, recipe, probes[unit]))
            counter = _Counter(self._progress, done * recipe.steps, len(missing) * recipe.steps)
            made = self._encoder.visualize(layer, channel, recipe, seed, probes[unit], counter)
            yield (unit, seed), self._vector(made, layer, channel, probes[unit])

    def _probe(self, layer: LayerRef, channel: int, facet: FacetStimuli | None) -> FacetProbe | None:
        if facet is None:
            return None
        members, others = ([picture(stimulus) for stimulus in side] for side in (facet.members, facet.others))
        return self._encoder.facet_probe(layer, channel, members, others)

    def _announce(self, missing: Sequence[tuple[str, int]], recipe: Recipe, seconds: float) -> None:
        units = len({unit for unit, _ in missing})
        total = len(missing) * recipe.steps
        what = (
            f"feature visualization: {units} unit{'s' if units > 1 else ''}, {len(missing)} "
            f"picture{'s' if len(missing) > 1 else ''} x {recipe.steps} steps, about "
            f"{_duration(seconds * total)} on {self._encoder.info.device}; steps"
        )
        self._progress(what, total, total)

    def _vector(
        self, made: Image.Image | None, layer: LayerRef, channel: int, probe: FacetProbe | None
    ) -> NDArray[np.float32]:
        """Everything about one picture as one row of the cache; no pixels where there is no picture."""
        accuracy = np.nan if probe is None or probe.accuracy is None else probe.accuracy
        if made is None:
            return np.array([0, 0, np.nan, accuracy], dtype=np.float32)
        activation = self._encoder.encode_images([made], [layer]).activations[layer][0, channel]
        pixels = np.asarray(made)
        return np.concatenate([[*pixels.shape[:2], activation, accuracy], pixels.ravel()]).astype(np.float32)


class _Counter:
    """Counts steps for one picture after another."""

    def __init__(self, progress: Callable[[str, int, int], None], before: int, total: int) -> None:
        self._progress, self._done, self._total = progress, before, total

    def __call__(self) -> None:
        self._done += 1
        self._progress("steps of feature visualization", self._done, self._total)


def _key(unit: str, seed: int, recipe: Recipe, facet: FacetStimuli | None) -> str:
    sides = None if facet is None else [[s.key for s in side] for side in (facet.members, facet.others)]
    return hashlib.sha256(json.dumps([_CODE, unit, seed, asdict(recipe), sides]).encode()).hexdigest()


def _address(unit: str) -> tuple[LayerRef, int]:
    name, channel, pooling = unit.rsplit("/", 2)
    return LayerRef(name, pooling), int(channel)


def _read(vector: NDArray[np.float32]) -> Visualization | Undefined:
    height, width, activation, accuracy = vector[:_HEAD].tolist()
    if not np.isfinite(activation):
        return Undefined(name="activation", reason=_NOT_FINITE)
    pixels = vector[_HEAD:].astype(np.uint8).reshape(int(height), int(width), 3)
    return Visualization(pixels, activation, None if np.isnan(accuracy) else accuracy)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
