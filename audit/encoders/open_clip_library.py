"""The open_clip library, imported and called so that it says nothing of its own on the user's terminal."""

from __future__ import annotations

import difflib
import logging
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from audit.encoders.torchvision_compat import declare_torchvision_operators

if TYPE_CHECKING:
    from collections.abc import Iterator


def open_clip() -> Any:
    """The module ``open_clip``."""
    declare_torchvision_operators()
    import open_clip as module

    return module


@contextmanager
def silent() -> Iterator[None]:
    """No log lines and warnings: what matters of them comes as an exception too, and our message says it once."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def nearest_architectures(name: str) -> str:
    """Up to three architectures of open_clip with a similar name, as a hint; empty when none is similar."""
    folded = {known.lower(): known for known in open_clip().list_models()}
    near = [folded[known] for known in difflib.get_close_matches(name.lower(), list(folded), n=3, cutoff=0.6)]
    return f"did you mean {' or '.join(near)}? " if near else ""
