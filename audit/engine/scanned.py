"""A stream of stimuli through a model that is run here, for the columns of chosen units alone."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from itertools import islice
from operator import length_hint
from typing import TYPE_CHECKING

import numpy as np

from audit.engine.changed import parted
from audit.errors import ModelError
from audit.stimuli import picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from audit.encoders import Encoder, LayerRef
    from audit.engine.cache import Cache
    from audit.engine.reducers import Reducer
    from audit.stimuli import Stimulus


class Scanner:
    """Shows stimuli to a model batch by batch; nothing of a batch is kept but the units' numbers, in the cache.

    They are kept by the list of units, in its order: other units are another scan.
    """

    def __init__(self, encoder: Encoder, cache: Cache, units: Sequence[str]) -> None:
        """``units`` are ids, ``layer/channel/pooling``; ModelError when the model has no such unit."""
        self._encoder = encoder
        self._cache = cache
        self._places = _places(encoder, units)
        self._space = f"columns:{hashlib.sha256(json.dumps(list(units)).encode()).hexdigest()}"
        self.encoded = 0
        """Stimuli that the model was run on."""
        self.cached = 0
        """Stimuli that were found in the cache."""

    def run(
        self, stimuli: Iterable[Stimulus], reducers: Sequence[Reducer], progress: Callable[[str, int, int], None]
    ) -> int:
        """Feed the reducers; the number of stimuli. ``progress`` is called after each batch that the model was run on.

        A model that is stopped midway keeps what it has encoded.
        """
        done, total = 0, length_hint(stimuli)
        for batch in batches(stimuli, self._encoder.batch_size):
            before = self.encoded
            rows = self._rows(batch)
            done += len(batch)
            if self.encoded > before:
                progress("pictures for single units", done, max(done, total))
            keys = [stimulus.key for stimulus in batch]
            values = np.stack([rows[key] for key in keys])
            for reducer in reducers:
                reducer.update(keys, values)
        return done

    def _rows(self, batch: Sequence[Stimulus]) -> Mapping[str, NDArray[np.float32]]:
        known = self._cache.get(self._space, [stimulus.key for stimulus in batch])
        missing = list({stimulus.key: stimulus for stimulus in batch if stimulus.key not in known}.values())
        if missing:
            layers = tuple(self._places)
            found = self._encoder.encode_images([picture(stimulus) for stimulus in missing], layers).activations
            columns = np.empty((len(missing), sum(map(len, self._places.values()))), dtype=np.float32)
            for layer, places in self._places.items():
                for column, channel in places:
                    columns[:, column] = found[layer][:, channel]
            fresh = {stimulus.key: row for stimulus, row in zip(missing, columns, strict=True)}
            self._cache.put(self._space, fresh)
            known |= fresh
        self.encoded += len(missing)
        self.cached += len(batch) - len(missing)
        return known


def batches(stimuli: Iterable[Stimulus], size: int) -> Iterator[list[Stimulus]]:
    """The stimuli in lists of ``size``; the last may be shorter."""
    waiting = iter(stimuli)
    while batch := list(islice(waiting, size)):
        yield batch


def _places(encoder: Encoder, units: Sequence[str]) -> dict[LayerRef, list[tuple[int, int]]]:
    """For each layer the columns that its units take in the order asked for, with their channels."""
    sizes = {(layer.name, layer.pooling): layer.units for layer in encoder.info.layers}
    found: dict[LayerRef, list[tuple[int, int]]] = defaultdict(list)
    for column, unit in enumerate(units):
        layer, channel = parted(unit)
        if channel >= sizes.get((layer.name, layer.pooling), 0):
            known = ", ".join(f"{name}/0 to {count - 1}/{pooling}" for (name, pooling), count in sizes.items())
            raise ModelError(f"{encoder.info.name} has no unit {unit!r}", hint=f"its units: {known}")
        found[layer].append((column, channel))
    return found
