"""Where everything is kept that can be made again."""

from __future__ import annotations

import os
from pathlib import Path


def default_cache_dir() -> Path:
    """``$CLIP_AUDIT_CACHE``, else ``clip-audit`` in the user's cache folder."""
    if explicit := os.environ.get("CLIP_AUDIT_CACHE"):
        return Path(explicit)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "clip-audit"
