"""Pictures that stand as evidence in a run."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from audit.stimuli import has_picture, picture

if TYPE_CHECKING:
    from audit.stimuli import Stimulus


def picture_name(stimulus: Stimulus) -> str:
    """File name of the picture of a stimulus among the figures of a run."""
    return f"{stimulus.key[:16]}.png"


def picture_path(stimulus: Stimulus) -> str | None:
    """Its path inside the run directory; None for what is not copied into a run."""
    return f"figures/{picture_name(stimulus)}" if has_picture(stimulus) else None


@lru_cache(maxsize=4_096)
def picture_bytes(stimulus: Stimulus) -> tuple[str, bytes] | None:
    """Its file name and its bytes as PNG; None for what is not copied into a run. Remembered: probes share stimuli."""
    if not has_picture(stimulus):
        return None
    sink = BytesIO()
    picture(stimulus).save(sink, format="PNG", optimize=True)
    return picture_name(stimulus), sink.getvalue()
