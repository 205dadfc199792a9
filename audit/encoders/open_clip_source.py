"""Which open_clip model a spec names, and the files it consists of."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.encoders.checkpoint import SUFFIXES, check_checkpoint
from audit.encoders.device import resolve_device
from audit.encoders.hub import not_downloaded
from audit.encoders.open_clip_library import nearest_architectures, open_clip, silent
from audit.encoders.paths import located
from audit.encoders.quick_gelu import refuse_other_activation
from audit.errors import ModelError
from audit.registry import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.encoders.open_clip_model import OpenClipEncoder
    from audit.records import LayerInfo, UntrainedNull

CONFIG = "open_clip_config.json"
"""What open_clip calls the file that says how a model is built."""
_PREFERRED = (  # the order in which open_clip looks for weights in a folder
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.safetensors",
    "open_clip_pytorch_model.bin",
    "open_clip_pytorch_model.pth",
    "model.safetensors",
    "pytorch_model.bin",
    "pytorch_model.pth",
    "model.pth",
)
_LOCAL_HINT = "give a local file: ARCHITECTURE/path/to/checkpoint.safetensors"
_UNSEEN = (
    "The checkpoint is a local file, and nothing in it tells with which activation function (GELU or QuickGELU) and "
    "image preprocessing it was trained: the architecture's are used."
)


@dataclass(frozen=True, slots=True)
class OpenClipSource:
    """What open_clip needs to make a model, found and checked."""

    spec: str
    """MODEL as the user gave it."""
    title: str
    """Name for people."""
    name: str
    """Architecture, or ``hf-hub:`` / ``local-dir:`` and a place, as open_clip takes it."""
    weights: Path
    """The file that holds the weights."""
    checkpoint: Path | None = None
    """The same file, when open_clip has to be told; None when it finds it by ``name``."""
    preprocessing: Mapping[str, Any] = field(default_factory=dict)
    """What the pretrained tag or the checkpoint's folder says of image preprocessing."""
    origin: str = ""
    """Where the weights come from."""
    licence: str = ""
    """Licence of the weights, when it is known."""
    note: str = ""
    """What cannot be known of these weights."""
    untrained: tuple[UntrainedNull, ...] = ()
    """See :class:`audit.records.ModelInfo`."""


def load_architecture(spec: str, device: str, base: Path | None) -> OpenClipEncoder:
    """``ARCHITECTURE/TAG`` or ``ARCHITECTURE/path/to/checkpoint``."""
    architecture, _, rest = spec.partition("/")
    _require(spec, architecture, f"A model on the Hugging Face hub is hf-hub:{spec}")
    path = located(rest, base)
    is_file = path.is_file() or path.suffix in SUFFIXES
    return encoder_of(_local(spec, architecture, path) if is_file else _tagged(spec, architecture, rest), device)


def architecture_layers(name: str) -> tuple[LayerInfo, ...]:
    """The layers whose units can be read in an architecture of open_clip, from its empty shape: no weights needed."""
    _require(name, name, "clip-audit list models says what else MODEL can be")
    from audit.encoders.open_clip_build import build_shape
    from audit.encoders.units import default_layers

    return default_layers(build_shape(OpenClipSource(name, name, name, Path())))


def _require(spec: str, architecture: str, otherwise: str) -> None:
    if architecture not in open_clip().list_models():
        raise ModelError(
            f"{spec}: open_clip has no architecture {architecture!r}",
            hint=f"{nearest_architectures(architecture)}{otherwise}",
        )


def load_hub(location: str, device: str, base: Path | None) -> OpenClipEncoder:
    """``hf-hub:ORG/NAME``: a repository with ``open_clip_config.json`` and weights."""
    del base
    spec, where = f"hf-hub:{location}", f"https://huggingface.co/{location}"
    hub = open_clip().pretrained
    try:
        with silent():
            hub.download_pretrained_from_hf(location, filename=CONFIG)
            weights = Path(hub.download_pretrained_from_hf(location))
    except (OSError, ValueError, RuntimeError) as error:
        raise not_downloaded(spec, where, error, "give a local folder with the same files: local-dir:FOLDER") from error
    return encoder_of(OpenClipSource(spec, location, spec, weights, origin=where), device)


def load_folder(location: str, device: str, base: Path | None) -> OpenClipEncoder:
    """``local-dir:FOLDER``: a folder with ``open_clip_config.json`` and weights, as open_clip saves for the hub."""
    return encoder_of(folder_source(f"local-dir:{location}", located(location, base)), device)


def folder_source(spec: str, folder: Path) -> OpenClipSource:
    """The model in a folder; ModelError when the folder holds none, or more than one."""
    if _read_config(folder) is None:
        raise ModelError(f"{spec}: there is no {folder / CONFIG}", hint=_LOCAL_HINT)
    candidates = [path for suffix in (".safetensors", ".bin", ".pth") for path in sorted(folder.glob(f"*{suffix}"))]
    preferred = [folder / name for name in _PREFERRED if folder / name in candidates]
    if not candidates:
        raise ModelError(f"{spec}: {folder} holds no weights (.safetensors, .bin or .pth)")
    if len(candidates) > 1 and not preferred:
        raise ModelError(f"{spec}: which of {', '.join(path.name for path in candidates)} is meant?", hint=_LOCAL_HINT)
    weights = (preferred or candidates)[0]
    title = folder.resolve().name
    return OpenClipSource(spec, title, f"local-dir:{folder}", weights, origin="a local folder")


def encoder_of(source: OpenClipSource, device: str) -> OpenClipEncoder:
    """The model, its checkpoint found readable and not yet read; ``device`` as ``--device`` takes it."""
    check_checkpoint(source.weights)
    from audit.encoders.open_clip_model import OpenClipEncoder

    return OpenClipEncoder(source, resolve_device(device))


def _local(spec: str, architecture: str, path: Path) -> OpenClipSource:
    if not path.is_file():
        raise ModelError(f"{spec}: there is no file {path}")
    config = _read_config(path.parent)
    if config is not None:
        quick = bool(config["model_cfg"].get("quick_gelu", False))
        refuse_other_activation(spec, quick, f"by {CONFIG} beside it, the checkpoint was")
    stated = {key: value for key, value in (config or {}).get("preprocess_cfg", {}).items() if key != "size"}
    origin, note = f"a local file, {path.name}", _UNSEEN if config is None else ""
    return OpenClipSource(
        spec, f"{architecture}/{path.name}", architecture, path, path, stated, origin=origin, note=note
    )


def _tagged(spec: str, architecture: str, tag: str) -> OpenClipSource:
    library = open_clip()
    # open_clip lists under a -quickgelu name only the weights trained with it; the others stand under the plain name.
    settings = library.get_pretrained_cfg(architecture, tag) or library.get_pretrained_cfg(
        architecture.removesuffix("-quickgelu"), tag
    )
    if not settings:
        tags = library.list_pretrained_tags_by_model(architecture)
        raise ModelError(
            f"{spec}: {architecture} has no pretrained weights {tag!r}, and there is no such file",
            hint=suggestion(tag, tags) if tags else f"open_clip knows none for it; {_LOCAL_HINT}",
        )
    refuse_other_activation(spec, bool(settings.get("quick_gelu", False)), f"the weights {tag!r} were")
    repository = settings.get("hf_hub", "").rstrip("/")
    where = f"https://huggingface.co/{repository}" if repository else settings.get("url", "")
    try:
        with silent():
            weights = Path(library.download_pretrained(settings))
    except (OSError, ValueError, RuntimeError) as error:
        raise not_downloaded(spec, where, error, _LOCAL_HINT) from error
    stated = {key: settings[key] for key in ("mean", "std", "interpolation", "resize_mode") if key in settings}
    return OpenClipSource(spec, spec, architecture, weights, weights, stated, where)


def _read_config(folder: Path) -> dict[str, Any] | None:
    """``open_clip_config.json`` of a folder; None when there is none."""
    path = folder / CONFIG
    if not path.is_file():
        return None
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError(f"{path}: is not JSON ({error})") from error
    if not isinstance(config, dict) or not isinstance(config.get("model_cfg"), dict):
        raise ModelError(f"{path}: has no 'model_cfg'", hint="open_clip.push_to_hf_hub writes such a file")
    if not isinstance(config.get("preprocess_cfg", {}), dict):
        raise ModelError(f"{path}: 'preprocess_cfg' must hold keys and values")
    read: dict[str, Any] = config
    return read
