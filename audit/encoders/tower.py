"""What a ModifiedResNet computes on the way to an embedding, at the two places where its weights are edited."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray
    from PIL.Image import Image

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings of n images, in float64."""

    features: NDArray[np.float64]
    """(n, c) what the image projection reads."""
    embeddings: NDArray[np.float64]
    """(n, d) what it gives, not normalised."""
    inputs: NDArray[np.float64]
    """(n, p, places) what the last convolution of the last block reads."""
    sums: NDArray[np.float64]
    """(n, u, places) the last block's residual sum before its ReLU, where units are read."""


def last_block(visual: Any) -> str:
    """Name of the tower's last residual block, as in the state dict of the whole model."""
    return f"visual.layer4.{len(visual.layer4) - 1}"


def read_tower(model: Any, preprocess: Callable[[Image], torch.Tensor], images: Sequence[Image]) -> Readings:
    """Run the image tower of an open_clip model once over ``images`` and keep what the edits need.

    The pool's projection is the identity meanwhile, so that the tower gives what the projection would read.
    """
    block = model.get_submodule(last_block(model.visual))
    kept: dict[str, list[NDArray[np.float64]]] = {"features": [], "embeddings": [], "inputs": [], "sums": []}

    def keep(what: str, values: torch.Tensor) -> None:
        # A copy: the ReLU after it works in place.
        kept[what].append(values.detach().double().cpu().numpy().copy())

    with ExitStack() as stack:
        stack.enter_context(torch.inference_mode())
        for what, module in (("inputs", block.conv3), ("sums", block.act3)):
            hook = module.register_forward_pre_hook(lambda _module, values, what=what: keep(what, values[0].flatten(2)))
            stack.callback(hook.remove)
        projection = stack.enter_context(_without_projection(model.visual.attnpool))
        for start in range(0, len(images), _BATCH):
            pixels = torch.stack([preprocess(image) for image in images[start : start + _BATCH]])
            features = model.encode_image(pixels, normalize=False)
            keep("features", features)
            keep("embeddings", projection(features))
    return Readings(**{what: np.concatenate(parts) for what, parts in kept.items()})


@contextmanager
def _without_projection(pool: Any) -> Iterator[torch.nn.Linear]:
    projection: torch.nn.Linear = pool.c_proj
    width = projection.in_features
    identity = torch.nn.Linear(width, width)
    with torch.no_grad():
        identity.weight.copy_(torch.eye(width))
        identity.bias.zero_()
    pool.c_proj = identity
    try:
        yield projection
    finally:
        pool.c_proj = projection
