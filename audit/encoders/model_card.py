"""``model.yaml``: what an ``arrays:`` folder says about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from audit.errors import DocumentError, ModelError
from audit.suite import load_document

if TYPE_CHECKING:
    from pathlib import Path


class ModelCard(BaseModel):
    """What ``model.yaml`` may say; see :class:`audit.records.ModelInfo`. Each is text and may be left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True)

    name: str = ""
    """Name for people."""
    source: str = ""
    """Where the numbers come from, with attribution."""
    licence: str = ""
    """Licence of the numbers."""
    note: str = ""
    """What a reader must know before trusting them."""


def read_model_card(path: Path) -> ModelCard:
    """``model.yaml``, or an empty card when there is none; ModelError with every mistake and its place."""
    if not path.is_file():
        return ModelCard()
    try:
        return load_document(path, ModelCard)[0]
    except DocumentError as error:
        raise ModelError("\n".join(str(problem) for problem in error.problems)) from error
