"""What is known about the model that was audited."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Modality(StrEnum):
    """What a stimulus is to the model."""

    TEXT = "text"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """One layer whose units can be read."""

    name: str
    """Module path inside the model, or ``published`` for arrays."""
    pooling: str
    """``cls``, ``mean``, ``max`` or ``none``."""
    units: int
    """Number of channels."""
    signed: bool
    """True when activations before the nonlinearity are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UntrainedNull:
    """One statistic of one probe in one form, on image towers like the model's that were never trained.

    Such towers know nothing of what they are shown; what they give comes of pixels and of chance.
    """

    suite: str
    probe: str
    form: tuple[str, ...]
    fingerprint: str
    """That of the finding (see ``Finding.fingerprint``); a question that has changed since has another one."""
    statistic: str
    """Name of the estimate, e.g. ``cosine_difference`` or ``hedges_g``."""
    values: tuple[float, ...]
    """The point estimate on each tower, in the unit of that estimate; never empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """Identity of a model; everything here enters the manifest, most of it the cache key."""

    spec: str
    """MODEL as the user gave it."""
    name: str
    """Name for people."""
    kind: str
    """``open_clip``, ``st`` or ``arrays``."""
    modalities: frozenset[Modality]
    """What it can embed."""
    dimension: int | None = None
    """Length of an embedding; None when it has only unit activations."""
    weights_digest: str
    """sha256 of the weight files (or arrays)."""
    preprocessing: str = ""
    """Image preprocessing in words, or empty."""
    tokenizer_digest: str = ""
    dtype: str = "float32"
    device: str = "cpu"
    """Device class: cpu, cuda, mps."""
    layers: tuple[LayerInfo, ...] = ()
    """Layers whose units can be read; empty when none."""
    source: str = ""
    """Where the weights or numbers come from, with attribution."""
    licence: str = ""
    note: str = ""
    """What a reader must know before trusting numbers on it (e.g. units were selected by the authors)."""
    untrained: tuple[UntrainedNull, ...] = ()
    """What image towers that were never trained give for the same questions; empty when nobody computed it."""
