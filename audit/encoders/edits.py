"""Small edits of the weights of an open_clip ModifiedResNet, and the file in which those of the specimens ship."""

from __future__ import annotations

import json
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
_STATED = "specimens"
"""The one entry of the file's metadata, JSON: the library writes several in no order, and so never the same bytes."""


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
    """Write the edits, which are small, rather than the models that they make; the same bytes for the same edits."""
    from safetensors.numpy import save

    tensors: dict[str, NDArray[np.generic]] = {}
    blocks: dict[str, str] = {}
    for name, edit in specimens.edits.items():
        if isinstance(edit, ProjectionEdit):
            parts: dict[str, NDArray[np.generic]] = {"left": edit.left, "right": edit.right, "shift": edit.shift}
        else:
            blocks[name] = edit.block
            shift = np.array([edit.shift], dtype=np.float64)
            parts = {"row": edit.row, "channel": np.array([edit.channel]), "channel-shift": shift}
        # The library writes memory as it lies, so only what is contiguous means what its shape says.
        tensors |= {f"{name}/{part}": np.ascontiguousarray(value) for part, value in parts.items()}
    stated = {"schema": _FORMAT, "model": specimens.model, "notes": dict(specimens.notes), "blocks": blocks}
    write_atomic(path, save(tensors, metadata={_STATED: json.dumps(stated)}))


def read_specimens(path: Path) -> Specimens:
    """The edits in a file, in the order in which they were written; ModelError when it holds none."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            stated = json.loads((file.metadata() or {})[_STATED])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (no mapping)
        if stated["schema"] != _FORMAT:
            raise ModelError(f"{path}: says it is {stated['schema']!r}, and {_FORMAT!r} is read here")
        notes: dict[str, str] = stated["notes"]
        edits = {name: _edit(name, tensors, stated["blocks"]) for name in notes}
    except (SafetensorError, OSError, LookupError, ValueError, TypeError) as error:
        raise ModelError(
            f"{path}: the specimens cannot be read ({error})", hint="clip-audit calibrate makes them"
        ) from error
    return Specimens(str(stated["model"]), edits, notes)


def _edit(name: str, tensors: Mapping[str, NDArray[np.generic]], blocks: Mapping[str, str]) -> Edit:
    if name not in blocks:
        left, right, shift = (tensors[f"{name}/{part}"].astype(np.float32) for part in ("left", "right", "shift"))
        return ProjectionEdit(left, right, shift)
    channel = int(tensors[f"{name}/channel"].astype(np.int64)[0])
    level = float(tensors[f"{name}/channel-shift"].astype(np.float64)[0])
    return ChannelEdit(blocks[name], channel, tensors[f"{name}/row"].astype(np.float32), level)
