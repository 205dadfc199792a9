"""Audit CLIP-style vision-language models for bias, and decide on that ground whether a model may be released.

>>> import audit
>>> run = audit.run(["regions"], model="st:all-MiniLM-L6-v2")  # doctest: +SKIP
>>> run.findings, run.to_pandas()  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["FinishedRun", "__version__", "run"]

if TYPE_CHECKING:
    from audit.api import FinishedRun, run


def __getattr__(name: str) -> Any:
    # Lazy, so that `import audit.errors` or `clip-audit --help` costs nothing of torch and pandas.
    if name in {"FinishedRun", "run"}:
        from audit import api

        return getattr(api, name)
    raise AttributeError(f"module 'audit' has no attribute {name!r}")
