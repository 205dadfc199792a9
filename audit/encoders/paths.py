"""Where a path in a spec leads."""

from __future__ import annotations

from pathlib import Path


def located(location: str, base: Path | None) -> Path:
    """``location`` relative to ``base`` (the suite's folder), or to the working directory when there is none."""
    path = Path(location).expanduser()
    return base / path if base is not None else path
