"""What is said when a model cannot be downloaded."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from audit.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNREACHABLE = ("ConnectError", "ConnectTimeout", "ReadTimeout", "ProxyError", "OfflineModeIsEnabled")


def not_downloaded(spec: str, tried: str, error: Exception, hint: str) -> ModelError:
    """One line: the model, what was tried, and what the network or the hub answered; ``hint`` says what to do."""
    return ModelError(f"{spec}: could not be downloaded from {tried} ({_reason(error)})", hint=hint)


def _reason(error: Exception) -> str:
    for cause in _chain(error):
        # By name: which HTTP library the hub's client uses changes with its version.
        if isinstance(cause, socket.gaierror | TimeoutError) or type(cause).__name__ in _UNREACHABLE:
            return f"no connection: {_first_line(cause)}"
    # open_clip puts what the hub answered behind words of its own, which repeat what was tried.
    return _first_line(error).rpartition("Last error: ")[2]


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else type(error).__name__
