"""The tokenizer of an open_clip model."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.encoders.digest import digest_of, file_digest
from audit.encoders.hub import not_downloaded
from audit.encoders.open_clip_library import open_clip, silent

if TYPE_CHECKING:
    import torch

    from audit.encoders.open_clip_source import OpenClipSource

Tokenizer = Callable[[list[str]], "torch.Tensor"]
"""n texts -> (n, context length) token ids."""


def tokenizer(source: OpenClipSource) -> Tokenizer:
    """The tokenizer that open_clip gives for the model; ModelError when its vocabulary cannot be had."""
    library = open_clip()
    try:
        with silent():
            found: Tokenizer = library.get_tokenizer(source.name)
    except (OSError, ValueError) as error:
        raise not_downloaded(
            f"{source.spec}: the tokenizer",
            "the hub",
            error,
            "save the model and its tokenizer in a folder and give local-dir:FOLDER",
        ) from error
    return found


def without_padding(tokens: torch.Tensor, pad: int) -> torch.Tensor:
    """(n, context length) -> (n, the longest text of the batch): the columns at the end that are ``pad`` throughout go.

    For a text tower that masks padding these columns cost time and change nothing.
    """
    used = (tokens != pad).any(dim=0).nonzero()
    return tokens[:, : int(used.max()) + 1]


def tokenizer_digest(found: Any) -> str:
    """sha256 over the vocabulary and all settings that change token ids."""
    settings = {
        "class": type(found).__name__,
        "context_length": found.context_length,
        # open_clip keeps the cleaning step as a function; its name tells which one.
        "clean": getattr(getattr(found, "clean_fn", None), "__qualname__", ""),
        "reduction": getattr(getattr(found, "reduction_fn", None), "__qualname__", ""),
        "mode": getattr(found, "tokenizer_mode", ""),
        "strip": getattr(found, "strip_sep_token", False),
    }
    backend = getattr(getattr(found, "tokenizer", None), "backend_tokenizer", None)
    if backend is not None:
        # Padding and truncation are set by each call, and the context length above says what they come to.
        parts = json.loads(backend.to_str())
        vocabulary: object = {part: parts[part] for part in parts if part not in ("padding", "truncation")}
    elif hasattr(found, "tokenizer"):
        vocabulary = found.tokenizer.get_vocab()
    else:
        vocabulary = [sorted(found.encoder.items()), file_digest(Path(open_clip().tokenizer.default_bpe()))]
    return digest_of([settings, vocabulary])
