"""Where a model runs."""

from __future__ import annotations

import importlib.metadata

from audit.errors import UsageError

DEVICES = ("auto", "cpu", "cuda", "mps")
"""What ``--device`` takes; ``cuda:1`` names one of several."""


def resolve_device(device: str) -> str:
    """The device to run on: ``auto`` is the first of cuda, mps and cpu that is there."""
    if device == "cpu" or (device == "auto" and _is_cpu_build()):
        return "cpu"
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device == "auto":
        return next(name for name, available in there.items() if available)
    name, _, number = device.partition(":")
    if name not in there or (number and not (name == "cuda" and number.isdigit())):
        raise UsageError(f"unknown device {device!r}", hint="one of " + ", ".join(DEVICES))
    if not there[name] or (number and int(number) >= torch.cuda.device_count()):
        raise UsageError(f"device {device!r} is not available here", hint="--device cpu always is")
    return device


def device_class(device: str) -> str:
    """``cuda:1`` -> ``cuda``: what numbers depend on."""
    return device.partition(":")[0]


def _is_cpu_build() -> bool:
    # The version of a CPU build says so; asking it spares the second that importing torch takes.
    return importlib.metadata.version("torch").endswith("+cpu")
