"""Weights must run with the activation function they were trained with.

The first CLIP models compute x * sigmoid(1.702 x) (QuickGELU) where later ones compute GELU. Either set of weights
loads into either architecture without an error and gives embeddings that look sound and are not those of the model.
"""

from __future__ import annotations

from audit.encoders.open_clip_library import open_clip
from audit.errors import ModelError


def refuse_other_activation(spec: str, quick: bool, whose: str) -> None:
    """Raise when the architecture of ``spec`` computes another activation than the weights were trained with.

    ``quick`` is what the weights need; ``whose`` is the subject of the sentence "... trained with QuickGELU".
    """
    library = open_clip()
    architecture, _, rest = spec.partition("/")
    if bool(library.get_model_config(architecture).get("quick_gelu", False)) == quick:
        return
    needs, computes = ("QuickGELU", "GELU") if quick else ("GELU", "QuickGELU")
    twin = f"{architecture}-quickgelu" if quick else architecture.removesuffix("-quickgelu")
    raise ModelError(
        f"{spec}: QuickGELU mismatch: {whose} trained with {needs}, and {architecture} computes {computes}",
        hint=f"use {twin}/{rest}" if twin in library.list_models() else f"use an architecture that computes {needs}",
    )
