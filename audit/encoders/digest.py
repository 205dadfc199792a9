"""Digests that identify a model."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


def file_digest(path: Path) -> str:
    """sha256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files_digest(paths: Iterable[Path], root: Path) -> str:
    """sha256 that identifies several files by name (relative to ``root``) and content; the empty string for no file.

    One file: its own sha256, the number that ``sha256sum`` and model hubs show. Several: the sha256 of the lines
    ``<sha256>  <name>``, sorted by name.
    """
    named = sorted((path.relative_to(root).as_posix(), path) for path in paths)
    if len(named) <= 1:
        return "".join(file_digest(path) for _, path in named)
    lines = "".join(f"{file_digest(path)}  {name}\n" for name, path in named)
    return hashlib.sha256(lines.encode()).hexdigest()


def digest_of(value: object) -> str:
    """sha256 of a value made of strings, numbers, lists and mappings, whatever the order of the keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def array_digest(array: NDArray[np.generic]) -> str:
    """sha256 of an array's type, shape and values, whatever its layout in memory."""
    head = f"{array.dtype.str} {array.shape}\n".encode()
    return hashlib.sha256(head + array.tobytes()).hexdigest()
