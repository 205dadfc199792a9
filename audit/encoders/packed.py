"""Weights in few bytes, and back.

A packed safetensors file holds float32 and float16 tensors and, for a matrix of float32, int8 steps beside the size of
a step in each row: ``NAME`` (rows, columns) int8 and ``NAME:step`` (rows,) float32; a weight is steps x step. Unpacking
is one exact product or one exact widening a number, so every machine gets the same bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

STEP = ":step"
"""Ending of the name under which the step of each row stands."""
_MOST = 127  # steps to either side: symmetric, so that zero stays zero


def pack_rows(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """(rows, columns) float32 -> (rows, columns) steps and (rows,) step; off by half a step at most."""
    step = (np.abs(matrix).max(axis=1) / _MOST).astype(np.float32)
    step[step == 0] = 1
    return np.rint(matrix / step[:, None]).astype(np.int8), step


def unpack(tensors: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.generic]]:
    """Packed tensors by name -> float32 tensors by name; integers without steps (counters) stay as they are.

    KeyError when an int8 matrix lacks its steps.
    """
    full: dict[str, NDArray[np.generic]] = {}
    for name, tensor in tensors.items():
        if name.endswith(STEP):
            continue
        if tensor.dtype == np.int8:
            full[name] = tensor.astype(np.float32) * tensors[name + STEP].astype(np.float32)[:, None]
        else:
            full[name] = tensor.astype(np.float32) if np.issubdtype(tensor.dtype, np.floating) else tensor
    return full
