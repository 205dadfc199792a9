"""MODEL as the user writes it -> a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import ModelError
from audit.registry import Registry, suggestion

if TYPE_CHECKING:
    from pathlib import Path

    from audit.encoders.protocol import Encoder, Precomputed
    from audit.records import LayerInfo

POCKET = "pocket"
"""The model that ships with the tool, and the one that a run takes when none is named."""

KINDS = Registry(
    "encoders",
    {
        "arrays": "audit.encoders.arrays:load_arrays",
        "st": "audit.encoders.sentence:load_sentence",
        "hf-hub": "audit.encoders.open_clip_source:load_hub",
        "local-dir": "audit.encoders.open_clip_source:load_folder",
        "specimen": "audit.encoders.specimen:load_specimen",
    },
)
"""Kinds of model by the prefix of a spec. Others add one by an entry point in the group ``clip_audit.encoders``: a
callable ``(location, device, base) -> Encoder | Precomputed``, where ``location`` is what follows ``prefix:``."""

FORMS = (
    f"{POCKET}, ARCHITECTURE/PRETRAINED-TAG, ARCHITECTURE/path/to/checkpoint.safetensors, hf-hub:ORG/NAME, "
    "local-dir:FOLDER, st:NAME, st:FOLDER, arrays:FOLDER, specimen:NAME"
)
"""What MODEL may be, for people."""


def load(spec: str, device: str = "auto", base: Path | None = None) -> Encoder | Precomputed:
    """The model that ``spec`` names; relative paths in it are relative to ``base``, or to the working directory.

    A model that is run here comes with its files found (downloaded where the spec names a hub) and its weights not yet
    read. Raises ModelError for a spec, a file or a name that cannot be used; UsageError for a device that is not there.
    """
    prefix, colon, location = spec.partition(":")
    if colon and "/" not in prefix:
        if prefix not in set(KINDS):
            raise ModelError(
                f"{spec}: there is no kind of model {prefix!r}",
                hint=f"{suggestion(prefix, list(KINDS))}; MODEL is one of {FORMS}",
            )
        if not location:
            raise ModelError(f"{spec}: nothing follows '{prefix}:'", hint=f"MODEL is one of {FORMS}")
        model: Encoder | Precomputed = KINDS[prefix](location, device, base)
        return model
    if spec == POCKET:
        from audit.encoders.pocket import load_pocket

        return load_pocket(device)
    if "/" not in spec:
        raise ModelError(f"{spec!r} names no model", hint=f"MODEL is one of {FORMS}")
    from audit.encoders.open_clip_source import load_architecture

    return load_architecture(spec, device, base)


def layers_of(spec: str) -> tuple[LayerInfo, ...]:
    """The layers whose units can be read in MODEL, or in an architecture of open_clip, which needs no weights.

    Empty when there are none. Raises ModelError as :func:`load` does.
    """
    if "/" in spec or ":" in spec or spec == POCKET:
        return load(spec, "cpu").info.layers
    from audit.encoders.open_clip_source import architecture_layers

    return architecture_layers(spec)
