"""Some units over the whole range of their activations: bins, samples of each, and ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.assess.evidence import picture_bytes, picture_path
from audit.assess.tables import stimulus_row
from audit.engine import BinReservoir, Histogram, Moments, Ranks, bin_of
from audit.stats import activation_bins, percentile_ranks, z_edges

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from audit.engine import Encodings, Reducer
    from audit.measures import UnitResponses
    from audit.stimuli import Stimulus, StimulusSet

SAMPLED = 20
"""Stimuli drawn of each bin, for whoever looks or labels."""
PICTURED = 6
"""How many of those a report shows as pictures, of the first unit alone; they are a random sample themselves."""


@dataclass(frozen=True, slots=True)
class _InZ:
    """A reducer that is fed activations in standard deviations."""

    reducer: Reducer
    std: NDArray[np.float64]

    def update(self, keys: Sequence[str], values: NDArray[np.floating]) -> None:
        self.reducer.update(keys, values.astype(np.float64) / self.std)


@dataclass(frozen=True, slots=True)
class _Example:
    """One stimulus beside one unit."""

    stimulus: Stimulus
    group: str
    """concept, against or pool."""
    value: float
    """Activation."""
    draw: int | None
    """Its place in the random sample of its bin, from 1; None for what was not drawn."""


class UnitRanges:
    """Units over the stimuli of a probe, one by one, and those of a pool: together they are the reference set.

    The activations of the probe's own stimuli are at hand. The pool is streamed three times, from the second time on
    out of the cache: for the standard deviation, for bins and samples, and for the ranks of what was drawn.
    """

    def __init__(
        self,
        found: UnitResponses,
        pool: Sequence[StimulusSet],
        encodings: Encodings,
        units: Sequence[str],
        *,
        layers: Sequence[str],
        seed: int,
    ) -> None:
        """``units`` are those to be shown by id, the most telling first, of ``layers`` (all when empty).

        A stimulus counts once.
        """
        self._encodings, self._units = encodings, units
        own = {stimulus.key: (stimulus, "concept") for stimulus in found.concept.stimuli}
        own |= {stimulus.key: (stimulus, "against") for stimulus in found.against.stimuli if stimulus.key not in own}
        self._own = own
        pooled = {stimulus.key: (stimulus, each.concept) for each in pool for stimulus in each.stimuli}
        self._pool = {key: entry for key, entry in pooled.items() if key not in own}
        activations = encodings.units([stimulus for stimulus, _ in own.values()], layers)
        column = {unit: i for i, unit in enumerate(activations.units)}
        self._values = activations.values[:, [column[unit] for unit in units]]
        moments = Moments(len(units))
        self._feed(moments)
        self._flat = ~(moments.std > 0)
        """(units,) True for a unit that gives one and the same number: it has no range and is not shown."""
        self._std = np.where(self._flat, 1.0, moments.std)
        self._edges = [z_edges(*ends) for ends in zip(moments.low / self._std, moments.high / self._std, strict=True)]
        self._all, self._concept = Histogram(self._edges), Histogram(self._edges)
        self._sample = BinReservoir(self._edges, SAMPLED, seed)
        self._feed(_InZ(self._all, self._std), _InZ(self._sample, self._std))
        members = np.array([group == "concept" for _, group in own.values()])
        _InZ(self._concept, self._std).update([], self._values[members])
        self._shown = [self._examples_of(unit) for unit in range(len(units))]

    def _feed(self, *reducers: Reducer) -> None:
        for reducer in reducers:
            reducer.update(list(self._own), self._values)
        if self._pool:
            self._encodings.scan([stimulus for stimulus, _ in self._pool.values()], self._units, reducers)

    def _examples_of(self, unit: int) -> list[_Example]:
        """Every stimulus of the probe, and those of the pool that were drawn."""
        if self._flat[unit]:
            return []
        drawn = {
            seen.key: (draw, seen.value * float(self._std[unit]))
            for place in range(len(self._edges[unit]) - 1)
            for draw, seen in enumerate(self._sample.of(unit, place), start=1)
        }
        own = [
            _Example(stimulus, group, float(value), drawn.get(key, (None, 0))[0])
            for (key, (stimulus, group)), value in zip(self._own.items(), self._values[:, unit], strict=True)
        ]
        return own + [
            _Example(self._pool[key][0], "pool", value, draw)
            for key, (draw, value) in drawn.items()
            if key in self._pool
        ]

    @property
    def how(self) -> str:
        """What the examples are, in words."""
        pooled = f" and {len(self._pool):,} of a pool" if self._pool else ""
        return (
            f"Examples: all {len(self._own):,} single stimuli of the probe{pooled}, in bins of their activation over "
            "the standard deviation of all of them, counted from zero; Wilson's interval holds for each bin alone and "
            "takes stimuli as independent. They describe and decide nothing."
        )

    def bins(self) -> Iterator[Mapping[str, Any]]:
        """Rows of the table ``bins``, without their place."""
        for unit, name in enumerate(self._units):
            found = activation_bins(self._edges[unit], self._all.counts[unit], self._concept.counts[unit])
            if self._flat[unit] or not isinstance(found, tuple):
                continue
            for number, each in enumerate(found, start=1):
                yield {
                    "unit": name,
                    "bin": number,
                    "z_low": each.low,
                    "z_high": each.high,
                    "n": each.n,
                    "concept_n": each.concept,
                    "share": each.share,
                    "low": each.share_low,
                    "high": each.share_high,
                    "recall": each.recall,
                    "recall_from_top": each.recall_from_top,
                }

    def items(self) -> Iterator[Mapping[str, Any]]:
        """Rows of the table ``items``, without their place: one a stimulus and unit."""
        ranks = Ranks([np.array([each.value for each in some]) for some in self._shown])
        self._feed(ranks)
        for unit, some in enumerate(self._shown):
            z = np.array([each.value for each in some]) / self._std[unit]
            below, equal, count = ranks.below[unit], ranks.equal[unit], int(ranks.count[unit])
            percentile, rank = percentile_ranks(below, equal, count), count - below - equal + 1
            place = bin_of(z, self._edges[unit]) + 1
            for i, each in enumerate(some):
                yield {
                    "unit": self._units[unit],
                    "stimulus": each.stimulus.content,
                    "label": each.stimulus.label,
                    "group": each.group,
                    "value": each.value,
                    "rank": int(rank[i]),
                    "item": each.stimulus.item,
                    "template": each.stimulus.template,
                    "picture": picture_path(each.stimulus) if _is_pictured(unit, each) else None,
                    "z": float(z[i]),
                    "percentile": float(percentile[i]),
                    "bin": int(place[i]),
                    "sampled": each.draw is not None,
                    "draw": each.draw,
                }

    def pooled(self) -> Iterator[Mapping[str, Any]]:
        """Rows of the table ``stimuli``, without their place, for what was drawn of the pool: its art has makers."""
        for stimulus, concept in (self._pool[key] for key in self._drawn_of_pool()):
            yield {"concept": concept, "variant": "", "role": "pool", **stimulus_row(stimulus)}

    def _drawn_of_pool(self) -> list[str]:
        return sorted({each.stimulus.key for some in self._shown for each in some if each.group == "pool"})

    def pictures(self) -> Iterator[tuple[str, bytes]]:
        """The pictures that a report shows, PNG by file name."""
        shown = {each.stimulus.key: each.stimulus for each in self._shown[0] if _is_pictured(0, each)}
        for _, stimulus in sorted(shown.items()):
            drawn = picture_bytes(stimulus)
            if drawn:
                yield drawn


def _is_pictured(unit: int, example: _Example) -> bool:
    return unit == 0 and example.draw is not None and example.draw <= PICTURED
