"""When, with what and by which command a run was made."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from audit import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_LIBRARIES = (
    "numpy",
    "open_clip_torch",
    "pandas",
    "scipy",
    "sentence-transformers",
    "torch",
    "torchvision",
    "transformers",
)


def now() -> datetime:
    """The time of the run in UTC; ``SOURCE_DATE_EPOCH`` when it is set, so that a run can be repeated to the byte."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)


def versions() -> Mapping[str, str]:
    """Versions of clip-audit, Python and the libraries that numbers depend on, as far as they are installed."""
    found = {"clip-audit": __version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def command_line(suites: Sequence[str], model: str | None, seed: int, images: str | Path | None = None) -> str:
    """The command that repeats the run. Paths stay as the user gave them."""
    parts = ["clip-audit", "run", *map(str, suites)]
    if model:
        parts += ["--model", model]
    if images is not None:
        parts += ["--images", str(images)]
    if seed:
        parts += ["--seed", str(seed)]
    return shlex.join(parts)
