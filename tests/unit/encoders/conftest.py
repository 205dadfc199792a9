"""Small real open_clip models, made on the spot: own architectures, random weights, saved checkpoints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from audit.encoders import load
from audit.encoders.open_clip_library import open_clip, silent

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = {"context_length": 77, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1}

ARCHITECTURES: dict[str, dict[str, Any]] = {
    "audit-vit": {
        "embed_dim": 12,
        "vision_cfg": {"image_size": 32, "layers": 4, "width": 16, "head_width": 8, "patch_size": 8},
        "text_cfg": _TEXT,
    },
    "audit-vit-quickgelu": {
        "embed_dim": 12,
        "quick_gelu": True,
        "vision_cfg": {"image_size": 32, "layers": 4, "width": 16, "head_width": 8, "patch_size": 8},
        "text_cfg": _TEXT,
    },
    "audit-vit-mean": {
        "embed_dim": 12,
        "vision_cfg": {
            "image_size": 32, "layers": 3, "width": 16, "head_width": 8, "patch_size": 8, "pool_type": "avg",
        },
        "text_cfg": _TEXT,
    },
    "audit-resnet": {
        "embed_dim": 12,
        "vision_cfg": {"image_size": 64, "layers": [1, 1, 1, 2], "width": 8, "patch_size": None},
        "text_cfg": _TEXT,
    },
    "audit-convnext": {
        "embed_dim": 12,
        "vision_cfg": {"timm_model_name": "convnext_atto", "timm_pool": "", "timm_proj": "linear", "image_size": 64},
        "text_cfg": _TEXT,
    },
    "audit-eva": {
        "embed_dim": 12,
        "vision_cfg": {
            "timm_model_name": "eva02_tiny_patch14_224", "timm_pool": "token", "timm_proj": None, "image_size": 224,
        },
        "text_cfg": _TEXT,
        "custom_text": True,
    },
    "audit-coca": {
        "embed_dim": 12,
        "vision_cfg": {
            "image_size": 32, "layers": 3, "width": 16, "head_width": 8, "patch_size": 8,
            "attentional_pool": True, "attn_pooler_heads": 2, "output_tokens": True,
        },
        "text_cfg": _TEXT | {"context_length": 76, "embed_cls": True, "output_tokens": True},
        "multimodal_cfg": _TEXT | {"context_length": 76, "attn_pooler_heads": 2},
        "custom_text": True,
    },
    # As SigLIP: no class token, pooled by attention, no projection; and one register, which is no patch.
    "audit-attention-pool": {
        "embed_dim": 96,
        "vision_cfg": {"timm_model_name": "test_vit3", "timm_pool": "map", "timm_proj": "none", "image_size": 160},
        "text_cfg": _TEXT,
        "custom_text": True,
    },
    "audit-timm-vit": {
        "embed_dim": 12,
        "vision_cfg": {"timm_model_name": "test_vit", "timm_pool": "token", "timm_proj": None, "image_size": 160},
        "text_cfg": _TEXT,
        "custom_text": True,
    },
    # The smallest of MobileCLIP: convolutional MLPs, and attention in the last stage.
    "audit-mobileclip": {
        "embed_dim": 12,
        "vision_cfg": {"timm_model_name": "fastvit_mci0", "timm_pool": "avg", "timm_proj": None, "image_size": 64},
        "text_cfg": _TEXT,
        "custom_text": True,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Tiny:
    """A model as open_clip itself holds it, and where it was saved."""

    name: str
    model: Any
    preprocess: Any
    pt: Path
    safetensors: Path


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """Threads of torch that wait for each other on a shared machine cost more than these small models gain."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def architectures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("architectures")
    for name, settings in ARCHITECTURES.items():
        (folder / f"{name}.json").write_text(json.dumps(settings))
    open_clip().add_model_config(folder)
    return ARCHITECTURES


@pytest.fixture(scope="session")
def tiny(architectures: object, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """tiny(name) -> Tiny; made once a session."""
    made: dict[str, Tiny] = {}

    def make(name: str) -> Tiny:
        import torch
        from safetensors.torch import save_file

        if name not in made:
            torch.manual_seed(sum(map(ord, name)))
            with silent():
                model, _, preprocess = open_clip().create_model_and_transforms(name)
            with torch.no_grad():
                # Fresh layers are often zero or one, which would make every hook read the same.
                for parameter in model.parameters():
                    parameter.add_(torch.randn_like(parameter) * 0.05)
                for module in model.modules():
                    if isinstance(module, torch.nn.BatchNorm2d):
                        module.running_mean.normal_(0, 0.1)
                        module.running_var.uniform_(0.5, 1.5)
            folder = tmp_path_factory.mktemp(name)
            state = {key: value.clone().contiguous() for key, value in model.state_dict().items()}
            torch.save(state, folder / "weights.pt")
            save_file(state, folder / "weights.safetensors")
            made[name] = Tiny(name, model.eval(), preprocess, folder / "weights.pt", folder / "weights.safetensors")
        return made[name]

    return make


@pytest.fixture(scope="session")
def encoder_of(tiny: Any) -> Any:
    """encoder_of(name) -> the encoder of a tiny model's .pt file; loaded once a session."""
    return lru_cache(lambda name: load(f"{name}/{tiny(name).pt}", device="cpu"))


@pytest.fixture(scope="session")
def pictures() -> list[Image.Image]:
    """Five pictures of other sizes and modes than a model takes."""
    draw = np.random.default_rng(5)
    return [
        Image.fromarray(draw.integers(0, 256, (height, width, 3), dtype=np.uint8))
        for height, width in ((40, 60), (64, 64), (90, 50), (224, 224))
    ] + [Image.fromarray(draw.integers(0, 256, (48, 48), dtype=np.uint8))]


@pytest.fixture(scope="session")
def seen() -> Any:
    """seen(tiny, pictures, module, output=False) -> what goes into a module of open_clip's own model, or comes out."""

    def run(saved: Tiny, pictures: list[Image.Image], module: str, *, output: bool = False) -> Any:
        import torch

        found: list[Any] = []
        target = saved.model.get_submodule(module)
        if output:
            handle = target.register_forward_hook(lambda _m, _i, out: found.append(out.detach().clone()))
        else:
            handle = target.register_forward_pre_hook(lambda _m, args: found.append(args[0].detach().clone()))
        with torch.no_grad():
            saved.model.encode_image(torch.stack([saved.preprocess(picture) for picture in pictures]))
        handle.remove()
        return found[0].numpy()

    return run
