"""Small edits of the weights of an open_clip ModifiedResNet, and the file in which those of the specimens ship."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audit.errors import ModelError
from audit.store.atomic import write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

EDITS = Path(__file__).resolve().parent.parent / "shipped" / "calibration" / "specimens.safetensors"
"""Where the edits ship."""
PROJECTION = "visual.attnpool.c_proj"
"""The image projection: a linear map with a shift."""
_FORMAT = "clip-audit/specimens/1"
_MODEL, _SCHEMA = "model", "schema"


@dataclass(frozen=True, slots=True)
class ProjectionEdit:
    """The image projection e = W f + b with W + left right and b + shift."""

    left: NDArray[np.float32]
    """(d, k), d the length of an embedding."""
    right: NDArray[np.float32]
    """(k, c), c the number of features that the projection reads."""
    shift: NDArray[np.float32]
    """(d,)"""

    def embeddings(self, features: NDArray[np.float64], embeddings: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, d) what the edited model gives, from ``features`` (n, c) and the unedited ``embeddings`` (n, d)."""
        left, right = self.left.astype(np.float64), self.right.astype(np.float64)
        edited: NDArray[np.float64] = embeddings + features @ right.T @ left.T + self.shift
        return edited

    def replaced(self, weights: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.float32]]:
        """The tensors that change, by their names in the state dict."""
        weight, bias = f"{PROJECTION}.weight", f"{PROJECTION}.bias"
        step = self.left.astype(np.float64) @ self.right.astype(np.float64)
        return {
            weight: (weights[weight].astype(np.float64) + step).astype(np.float32),
            bias: (weights[bias].astype(np.float64) + self.shift).astype(np.float32),
        }


@dataclass(frozen=True, slots=True)
class ChannelEdit:
    """One channel of the last block's residual sum: its row of ``conv3`` plus ``row``, its shift in ``bn3`` plus
    ``shift``."""

    block: str
    """Name of the block in the state dict, e.g. ``visual.layer4.1``."""
    channel: int
    row: NDArray[np.float32]
    """(p,), p the number of channels that ``conv3`` reads."""
    shift: float

    def replaced(self, weights: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.float32]]:
        """The tensors that change, by their names in the state dict."""
        rows, shifts = f"{self.block}.conv3.weight", f"{self.block}.bn3.bias"
        edited = {name: weights[name].astype(np.float32) for name in (rows, shifts)}
        edited[rows][self.channel, :, 0, 0] += self.row
        edited[shifts][self.channel] += np.float32(self.shift)
        return edited


Edit = ProjectionEdit | ChannelEdit


@dataclass(frozen=True, slots=True)
class Specimens:
    """The specimens of a model."""

    model: str
    """sha256 of the file of the image tower that the edits belong to."""
    edits: Mapping[str, Edit]
    """By the name of the specimen."""
    notes: Mapping[str, str]
    """What a reader of a report on the specimen must know, in a sentence; by name too."""


def write_specimens(path: Path, specimens: Specimens) -> None:
    """Write the edits, which are small, rather than the models that they make."""
    from safetensors.numpy import save

    tensors: dict[str, NDArray[np.generic]] = {}
    stated = {_SCHEMA: _FORMAT, _MODEL: specimens.model}
    for name, edit in specimens.edits.items():
        stated[f"note/{name}"] = specimens.notes[name]
        if isinstance(edit, ProjectionEdit):
            parts: dict[str, NDArray[np.generic]] = {"left": edit.left, "right": edit.right, "shift": edit.shift}
        else:
            stated[f"block/{name}"] = edit.block
            shift = np.array([edit.shift], dtype=np.float64)
            parts = {"row": edit.row, "channel": np.array([edit.channel]), "channel-shift": shift}
        # The library writes memory as it lies, so only what is contiguous means what its shape says.
        tensors |= {f"{name}/{part}": np.ascontiguousarray(value) for part, value in parts.items()}
    write_atomic(path, save(tensors, metadata=stated))


def read_specimens(path: Path) -> Specimens:
    """The edits in a file; ModelError when there is none or it holds something else."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            stated: dict[str, str] = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (no mapping)
        if stated.get(_SCHEMA) != _FORMAT:
            raise ModelError(f"{path}: says it is {stated.get(_SCHEMA)!r}, and {_FORMAT!r} is read here")
        names = [key.removeprefix("note/") for key in stated if key.startswith("note/")]
        edits = {name: _edit(name, tensors, stated) for name in sorted(names)}
    except (SafetensorError, OSError, LookupError) as error:
        raise ModelError(
            f"{path}: the specimens cannot be read ({error})", hint="clip-audit calibrate makes them"
        ) from error
    return Specimens(stated[_MODEL], edits, {name: stated[f"note/{name}"] for name in edits})


def _edit(name: str, tensors: Mapping[str, NDArray[np.generic]], stated: Mapping[str, str]) -> Edit:
    if f"block/{name}" not in stated:
        left, right, shift = (tensors[f"{name}/{part}"].astype(np.float32) for part in ("left", "right", "shift"))
        return ProjectionEdit(left, right, shift)
    channel = int(tensors[f"{name}/channel"].astype(np.int64)[0])
    level = float(tensors[f"{name}/channel-shift"].astype(np.float64)[0])
    return ChannelEdit(stated[f"block/{name}"], channel, tensors[f"{name}/row"].astype(np.float32), level)
