"""How files are called."""

from __future__ import annotations

from pathlib import Path


def bundled_root() -> Path:
    """The folder ``probes`` with everything that is measured."""
    return Path(__file__).resolve().parents[2] / "probes"


def shown(path: Path) -> str:
    """What people call a file: bundled ones from ``probes/`` on, others as they were given."""
    try:
        return f"probes/{path.resolve().relative_to(bundled_root()).as_posix()}"
    except ValueError:
        return path.as_posix()


def published(path: Path) -> str:
    """Like `shown`, for results that leave this machine: relative to the working folder, or the file's name alone."""
    name = shown(path)
    if not Path(name).is_absolute():
        return name
    working = Path.cwd()
    return path.relative_to(working).as_posix() if path.is_relative_to(working) else path.name
