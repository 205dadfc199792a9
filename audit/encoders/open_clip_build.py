"""Make an open_clip model, with its weights or as an empty shape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from audit.encoders.open_clip_library import open_clip, silent
from audit.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch
    from PIL.Image import Image

    from audit.encoders.open_clip_source import OpenClipSource

_SHOWN = 3  # names of a kind that are shown when a checkpoint does not fit


def configuration(source: OpenClipSource) -> dict[str, Any]:
    """The architecture as open_clip describes it."""
    found: dict[str, Any] = open_clip().get_model_config(source.name)
    return found


def architecture(source: OpenClipSource, shape: torch.nn.Module) -> dict[str, Any]:
    """All settings that change what the model of this ``shape`` computes, and nothing of where its files lie.

    A text tower of the transformers library stands in open_clip's configuration only by a name or a path; what counts
    are the settings that were found there.
    """
    stated = configuration(source)
    tower = hf_text_tower(shape)
    if tower is None:
        return stated
    places = ("hf_model_name", "hf_tokenizer_name")
    text = {key: value for key, value in stated["text_cfg"].items() if key not in places}
    settings = {k: v for k, v in tower.config.to_dict().items() if k not in ("_name_or_path", "transformers_version")}
    return {**stated, "text_cfg": {**text, "hf_config": settings}}


def hf_text_tower(model: torch.nn.Module) -> Any | None:
    """The text tower when it is one of the transformers library, in open_clip's wrapper."""
    tower = getattr(model, "text", None)
    return tower if isinstance(tower, open_clip().hf_model.HFTextEncoder) else None


def build_shape(source: OpenClipSource) -> torch.nn.Module:
    """The model on torch's ``meta`` device: modules and their sizes without a number in them, in milliseconds."""
    import torch

    with torch.device("meta"):
        return _create(source, load_weights=False, pretrained_text=False, device="meta")[0]


def build(source: OpenClipSource, device: str) -> tuple[torch.nn.Module, Callable[[Image], torch.Tensor]]:
    """The model with its weights, in evaluation mode and float32, and its own preprocessing of an image."""
    checkpoint = str(source.checkpoint) if source.checkpoint else None
    model, preprocess = _create(source, pretrained=checkpoint, require_pretrained=True, device=device)
    return model.float().eval().requires_grad_(False), preprocess


def preprocessing_in_words(settings: dict[str, Any]) -> str:
    """open_clip's image preprocessing for people."""
    size = settings["size"]
    height, width = (size, size) if isinstance(size, int) else size
    resize = {
        "shortest": "resized so that the shorter side fits, centre cropped",
        "longest": "resized so that the longer side fits, padded",
        "squash": "resized whatever the proportions",
    }.get(settings["resize_mode"], str(settings["resize_mode"]))
    numbers = {key: ", ".join(f"{value:.6g}" for value in settings[key]) for key in ("mean", "std")}
    return (
        f"RGB, {resize} to {width} x {height} ({settings['interpolation']}), "
        f"mean ({numbers['mean']}), standard deviation ({numbers['std']})"
    )


def _create(source: OpenClipSource, **settings: Any) -> tuple[torch.nn.Module, Callable[[Image], torch.Tensor]]:
    library = open_clip()
    try:
        with silent():
            model = library.create_model(
                source.name, precision="fp32", weights_only=True, force_preprocess_cfg=source.preprocessing, **settings
            )
            preprocess = library.transform.image_transform_v2(
                library.transform.PreprocessCfg(**model.visual.preprocess_cfg), is_train=False
            )
    except (OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{source.spec}: {_why(error)}", hint="check that architecture and weights belong together"
        ) from error
    return model, preprocess


def _why(error: Exception) -> str:
    message = str(error)
    if "loading state_dict" not in message:
        return f"open_clip cannot make the model ({type(error).__name__}: {' '.join(message.split())[:300]})"
    parts = []
    for what, pattern in (
        ("missing", r"Missing key\(s\)[^:]*: (.*)"),
        ("unexpected", r"Unexpected key\(s\)[^:]*: (.*)"),
    ):
        if found := re.search(pattern, message):
            parts.append(_some(what, re.findall(r'"([^"]+)"', found[1])))
    if sizes := re.findall(r"size mismatch for ([^:]+):", message):
        parts.append(_some("of another size", sizes))
    return f"the checkpoint does not fit the architecture: {'; '.join(parts)}"


def _some(what: str, names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{what} {', '.join(names[:_SHOWN])}{more}"
