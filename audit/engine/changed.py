"""From unit ids to what an encoder is asked to change, and the names under which the answers are kept."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from audit.encoders import Intervention, LayerRef
from audit.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from audit.engine.encodings import UnitChange

_CODE = "changed/1"  # raise it when the same changes would give other numbers


def parted(unit: str) -> tuple[LayerRef, int]:
    """Layer and channel of a unit's id, ``layer/channel/pooling``. Raises ModelError when it is none."""
    match unit.rsplit("/", 2):
        case [layer, channel, pooling] if channel.isdecimal():
            return LayerRef(layer, pooling), int(channel)
    raise ModelError(f"{unit!r} is not the id of a unit", hint="layer/channel/pooling")


def interventions(change: UnitChange) -> tuple[Intervention, ...]:
    """A change by layer and pooling."""
    by_layer: dict[LayerRef, list[tuple[int, float]]] = defaultdict(list)
    for unit, value in zip(change.units, change.values, strict=True):
        layer, channel = parted(unit)
        by_layer[layer].append((channel, value))
    return tuple(
        Intervention(layer, tuple(channel for channel, _ in own), tuple(value for _, value in own), change.added)
        for layer, own in by_layer.items()
    )


def by_layer(references: Mapping[str, float]) -> dict[LayerRef, NDArray[np.float32]]:
    """The reference values of every unit of some layers, (u,) a layer, channels in order."""
    found: dict[LayerRef, dict[int, float]] = defaultdict(dict)
    for unit, value in references.items():
        layer, channel = parted(unit)
        found[layer][channel] = value
    return {
        layer: np.array([own[channel] for channel in range(len(own))], dtype=np.float32) for layer, own in found.items()
    }


def space_of(what: str, asked: object, directions: NDArray[np.float64]) -> str:
    """The name under which answers to exactly this question are kept."""
    stated = hashlib.sha256(json.dumps([_CODE, asked], separators=(",", ":")).encode())
    stated.update(np.ascontiguousarray(directions, dtype="<f8").tobytes())
    return f"{what}:{stated.hexdigest()}"


def stated(changes: Sequence[UnitChange]) -> list[list[object]]:
    """Changes as JSON."""
    return [[list(change.units), list(change.values), change.added] for change in changes]
