"""One writer a run directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import UsageError

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from audit.store.layout import Layout


def lock(layout: Layout) -> BaseFileLock:
    """Take the run directory's lock without waiting; a second run is refused. The caller releases it.

    The system drops the lock when the process dies, so a killed run never blocks the next one.
    """
    from filelock import FileLock, Timeout

    held = FileLock(layout.lock)
    try:
        held.acquire(timeout=0)
    except Timeout as error:
        raise UsageError(
            f"Another run is writing to {layout.root} at this moment.",
            hint="wait until it ends, or choose another directory with --out",
        ) from error
    except OSError as error:
        raise UsageError(f"{layout.root} cannot be written: {error.strerror or error}.") from error
    return held
