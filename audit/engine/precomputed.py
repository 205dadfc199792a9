"""Encodings of an ``arrays:`` model: numbers computed elsewhere, looked up by row."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from audit.engine.encodings import UnitActivations, normalised
from audit.engine.scanned import batches
from audit.errors import ModelError
from audit.registry import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from audit.encoders import Precomputed
    from audit.engine.reducers import Reducer
    from audit.records import ModelInfo
    from audit.stimuli import Stimulus

_AT_ONCE = 4_096  # stimuli that a scan reads at once


class PrecomputedEncodings:
    """The :class:`~audit.engine.encodings.Encodings` of arrays on disk; a stimulus is one of their rows."""

    def __init__(self, arrays: Precomputed) -> None:
        """``arrays`` is what the loader read and checked."""
        self._arrays = arrays

    @property
    def info(self) -> ModelInfo:
        """What is known about the model."""
        return self._arrays.info

    @cached_property
    def _row(self) -> Mapping[str, int]:
        return {str(key): row for row, key in enumerate(self._arrays.stimuli["id"])}

    @cached_property
    def _words(self) -> Mapping[str, tuple[str, ...]]:
        table = self._arrays.top_words
        if table is None:
            return {}
        ordered = table.sort_values("rank", kind="stable").groupby("unit", sort=False)["word"]
        return {str(unit): tuple(words) for unit, words in ordered}

    def _rows(self, stimuli: Sequence[Stimulus]) -> list[int]:
        return [self._row[stimulus.content] for stimulus in stimuli]

    def embeddings(self, stimuli: Sequence[Stimulus]) -> NDArray[np.float64]:
        """(n, d) embeddings of unit length, row-aligned with the stimuli."""
        if self._arrays.embeddings is None:
            raise ModelError(f"{self.info.name} has no embeddings.npy", hint="it has unit activations only")
        return normalised(self._arrays.embeddings[self._rows(stimuli)])

    def units(self, stimuli: Sequence[Stimulus], layers: Sequence[str] = ()) -> UnitActivations:
        """(n, u) activations of the units of these layers (all when empty)."""
        if self._arrays.activations is None or self._arrays.units is None:
            raise ModelError(f"{self.info.name} has no activations.npy", hint="it has embeddings only")
        table = self._arrays.units
        layer = table["layer"]
        kept = np.flatnonzero(layer.isin(layers) if layers else np.ones(len(table), dtype=bool))
        values = self._arrays.activations[self._rows(stimuli)][:, kept].astype(np.float32)
        return UnitActivations(values, tuple(map(str, table["unit"].iloc[kept])), tuple(layer.iloc[kept]))

    @property
    def changeable(self) -> None:
        """None: the model itself is not here."""
        return None

    @property
    def visualizations(self) -> None:
        """None: a picture needs the model itself."""
        return None

    def scan(self, stimuli: Iterable[Stimulus], units: Sequence[str], reducers: Sequence[Reducer]) -> int:
        """Feed reducers with the units' columns, a part of the rows at a time, wherever the array lies."""
        if self._arrays.activations is None:
            raise ModelError(f"{self.info.name} has no activations.npy", hint="it has embeddings only")
        column = {name: i for i, name in enumerate(self.unit_names)}
        if unknown := [unit for unit in units if unit not in column]:
            raise ModelError(f"{self.info.name} has no unit {unknown[0]!r}", hint=suggestion(unknown[0], list(column)))
        columns = [column[unit] for unit in units]
        done = 0
        for part in batches(stimuli, _AT_ONCE):
            # Both at once: of an array on disk only what is asked for is read.
            values = self._arrays.activations[np.ix_(self._rows(part), columns)].astype(np.float32)
            for reducer in reducers:
                reducer.update([stimulus.key for stimulus in part], values)
            done += len(part)
        return done

    @property
    def unit_names(self) -> tuple[str, ...]:
        """Ids of all units, in the order of the arrays."""
        return () if self._arrays.units is None else tuple(map(str, self._arrays.units["unit"]))

    def top_words(self, unit: str) -> tuple[str, ...]:
        """The published words whose rendered image excites the unit most, in order."""
        return self._words.get(unit, ())
