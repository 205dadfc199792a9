"""The image tower, and how it is fed."""

from __future__ import annotations

import math

import numpy as np
import torch
from PIL import Image

from audit.encoders import declare_torchvision_operators

declare_torchvision_operators()

from open_clip.modified_resnet import ModifiedResNet  # noqa: E402  (torchvision needs the operators first)

LAYERS, WIDTH, SIDE, DIMENSION = (2, 2, 2, 2), 32, 64, 384
MEAN = STD = 0.5
SCALE = 40.0
"""Of the logits over captions in training."""


def new(seed: int) -> ModifiedResNet:
    """An untrained tower."""
    torch.manual_seed(seed)
    heads = WIDTH * 32 // 64  # as open_clip derives it
    return ModifiedResNet(LAYERS, DIMENSION, heads, image_size=SIDE, width=WIDTH)


def config() -> dict[str, object]:
    """What open_clip is told of it."""
    return {
        "model_cfg": {
            "embed_dim": DIMENSION,
            "init_logit_scale": math.log(SCALE),
            "vision_cfg": {"image_size": SIDE, "layers": list(LAYERS), "width": WIDTH, "patch_size": None},
        },
        "preprocess_cfg": {"mean": [MEAN] * 3, "std": [STD] * 3, "interpolation": "bicubic", "resize_mode": "squash"},
    }


def shown(picture: np.ndarray | Image.Image) -> torch.Tensor:
    """(3, 64, 64) of a picture on white, as open_clip's preprocessing gives it."""
    image = Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture
    if image.mode == "RGBA":
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    image = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    pixels = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1).float() / 255
    return (pixels - MEAN) / STD


@torch.no_grad()
def embedded(tower: torch.nn.Module, pictures: list[torch.Tensor]) -> torch.Tensor:
    """(n, 384) embeddings of unit length."""
    tower.eval()
    parts = []
    for start in range(0, len(pictures), 128):
        batch = torch.stack(pictures[start : start + 128]).contiguous(memory_format=torch.channels_last)
        parts.append(tower(batch).float())
    return torch.nn.functional.normalize(torch.cat(parts), dim=1)
