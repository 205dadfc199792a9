"""``specimen:NAME``: pocket with an association planted in it, or erased from it, by a known edit of its weights.

The edits ship rather than the models: a few hundred kilobytes, written by ``clip-audit calibrate`` together with the
certificate that says what is true of them. Recomputing them at load would need every picture of the populations to be
encoded first, and a change of any library could make another edit under the same name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit.encoders.edits import EDITS, read_specimens
from audit.encoders.open_clip_source import encoder_of
from audit.encoders.pocket import FOLDER, pocket_source, pocket_weights
from audit.encoders.shipped import read_shipped
from audit.encoders.spec import POCKET
from audit.errors import ModelError
from audit.registry import suggestion

if TYPE_CHECKING:
    from pathlib import Path

    from audit.encoders.open_clip_model import OpenClipEncoder


def load_specimen(location: str, device: str, base: Path | None) -> OpenClipEncoder:
    """``specimen:NAME``; ModelError for a name that is none, or edits that belong to another image tower."""
    del base
    return specimen(location, device)


def specimen(name: str, device: str, *, edits: Path = EDITS, shipped: Path = FOLDER) -> OpenClipEncoder:
    """The specimen ``name`` of the model in ``shipped``, by the edits in a file."""
    spec, found = f"specimen:{name}", read_specimens(edits)
    if name not in found.edits:
        raise ModelError(f"{spec}: there is no specimen {name!r}", hint=suggestion(name, list(found.edits)))
    if found.model != tower_digest(shipped):
        raise ModelError(
            f"{spec}: its edit was made for another version of {POCKET}'s image tower",
            hint="clip-audit calibrate makes the specimens of this one",
        )
    source = pocket_source(found.edits[name].replaced(pocket_weights(shipped=shipped)), shipped=shipped)
    return encoder_of(replace(source, spec=spec, title=spec, note=f"{found.notes[name]} {source.note}".strip()), device)


def tower_digest(shipped: Path = FOLDER) -> str:
    """sha256 of the file of pocket's image tower, which is what the edits belong to."""
    return read_shipped(POCKET, shipped).digests["image.safetensors"]
