"""Is a checkpoint readable without running anything that is in it?

A ``.pt`` file is a pickle, and a pickle can call any function when it is opened. It is read with ``weights_only=True``,
which knows tensors and plain containers only; a file that needs more is refused with what it needs. Reading here maps
the file into memory, so it costs little whatever its size.
"""

from __future__ import annotations

import pickle
import re
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING

from audit.encoders.open_clip_library import silent
from audit.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = (".safetensors", ".pt", ".pth", ".bin")
"""Checkpoints that are read."""

_HINT = "give the weights alone: safetensors, or torch.save(model.state_dict(), FILE)"


def check_checkpoint(path: Path) -> None:
    """Raise ModelError, with the reason, unless the file holds tensors by name and nothing that must be run."""
    if path.suffix not in SUFFIXES:
        raise ModelError(f"{path}: is no checkpoint that can be read", hint="one of " + ", ".join(SUFFIXES))
    names = _safetensors_names(path) if path.suffix == ".safetensors" else _pickle_names(path)
    if not names:
        raise ModelError(f"{path}: holds no tensors", hint=_HINT)


def _safetensors_names(path: Path) -> list[str]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            return list(file.keys())
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path}: cannot be read as safetensors ({error})") from error


def _pickle_names(path: Path) -> list[str]:
    import torch

    zipped = zipfile.is_zipfile(path)
    if zipped and _is_torchscript(path):
        raise ModelError(f"{path}: is refused: a TorchScript archive is a program, not weights", hint=_HINT)
    try:
        with silent():
            found = torch.load(path, map_location="cpu", weights_only=True, mmap=zipped)
    except pickle.UnpicklingError as error:
        raise ModelError(f"{path}: is refused and was not opened further: {_needs(str(error))}", hint=_HINT) from error
    except (OSError, EOFError, RuntimeError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError(f"{path}: cannot be read as a PyTorch checkpoint ({_short(error)})", hint=_HINT) from error
    weights = found.get("state_dict", found) if isinstance(found, Mapping) else None
    if not isinstance(weights, Mapping):
        raise ModelError(f"{path}: holds a {type(found).__name__} instead of tensors by name", hint=_HINT)
    return [str(name) for name, value in weights.items() if isinstance(value, torch.Tensor)]


def _is_torchscript(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(name.endswith("/constants.pkl") for name in archive.namelist())


def _needs(message: str) -> str:
    """What a pickle needs beyond tensors, from torch's message."""
    if wanted := re.search(r"GLOBAL ([\w.]+)", message):
        return f"it is a pickle that would call or build {wanted[1]}, and only tensors and plain containers are read"
    if operation := re.search(r"Unsupported \w+ \S+", message):
        return f"it is a pickle beyond what reads safely ({operation[0].lower()})"
    return "it is a pickle that needs more than tensors and plain containers"


def _short(error: Exception) -> str:
    lines = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {lines[0][:120]}"
