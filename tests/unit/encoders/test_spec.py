"""From MODEL as the user writes it to a model, or to one clear error."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any

import pytest

import audit.encoders
from audit.encoders import load
from audit.encoders.open_clip_library import open_clip
from audit.errors import ModelError, UsageError
from audit.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path


def test_importing_the_room_imports_no_torch() -> None:
    code = "import sys, audit.encoders; assert not {'torch', 'pandas', 'open_clip'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_exported_names() -> None:
    assert audit.encoders.__all__ == [
        "KINDS",
        "POCKET",
        "Encoded",
        "Encoder",
        "FacetProbe",
        "Intervention",
        "LayerRef",
        "Precomputed",
        "Recipe",
        "Tower",
        "Visualizer",
        "declare_torchvision_operators",
        "layers_of",
        "load",
    ]


@pytest.mark.parametrize(
    ("spec", "message", "hint"),
    [
        ("pockets", "'pockets' names no model", "MODEL is one of pocket, ARCHITECTURE/PRETRAINED-TAG"),
        ("", "'' names no model", "MODEL is one of"),
        ("speciman:x", "there is no kind of model 'speciman'", "did you mean 'specimen'"),
        ("onnx:x", "there is no kind of model 'onnx'", "known: arrays, hf-hub, local-dir, specimen, st"),
        ("array:x", "there is no kind of model 'array'", "did you mean 'arrays'"),
        ("st:", "nothing follows 'st:'", "st:FOLDER"),
        ("ViTB32/openai", "open_clip has no architecture 'ViTB32'", "did you mean ViT-B-32 "),
        ("openai/clip", "open_clip has no architecture 'openai'", "hf-hub:openai/clip"),
        ("ViT-B-32/laion2b_s34b_b79", "has no pretrained weights 'laion2b_s34b_b79'", "'laion2b_s34b_b79k'?"),
        ("ViT-B-32/", "has no pretrained weights ''", "laion400m_e32"),
        ("ViT-e-14/x", "has no pretrained weights 'x'", "open_clip knows none for it; give a local file"),
        ("ViT-B-32/none.pt", "there is no file none.pt", ""),
        ("ViT-B-32/none.safetensors", "there is no file none.safetensors", ""),
    ],
)
def test_a_spec_that_names_no_model(spec: str, message: str, hint: str) -> None:
    with pytest.raises(ModelError) as caught:
        load(spec)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.exit_code == 2


def test_a_kind_of_someone_else(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("mine", "test_of_load_kinds:make", "clip_audit.encoders")
    monkeypatch.setattr("audit.registry.entry_points", lambda group: [point] if "encoders" in group else [])
    monkeypatch.setitem(sys.modules, "test_of_load_kinds", _Module())
    monkeypatch.setattr("audit.encoders.spec.KINDS", Registry("encoders", {}))
    assert load("mine:here", "cpu") == ("here", "cpu", None)


class _Module:
    @staticmethod
    def make(location: str, device: str, base: Path | None) -> Any:
        return location, device, base


def test_a_device_that_is_not_there(tiny: Any) -> None:
    import torch

    pt = tiny("audit-vit").pt
    with pytest.raises(UsageError, match="unknown device 'gpu'"):
        load(f"audit-vit/{pt}", device="gpu")
    with pytest.raises(UsageError, match="unknown device 'cpu:1'"):
        load(f"audit-vit/{pt}", device="cpu:1")
    if not torch.cuda.is_available():
        with pytest.raises(UsageError, match="device 'cuda' is not available here"):
            load(f"audit-vit/{pt}", device="cuda")


def _no_network(*_args: Any, **_kwargs: Any) -> Any:
    import socket

    raise OSError("Failed to download file. Last error: ask later") from socket.gaierror(-2, "Name not known")


def test_a_tag_that_cannot_be_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_clip(), "download_pretrained", _no_network)
    with pytest.raises(ModelError) as caught:
        load("ViT-B-32/laion2b_s34b_b79k")
    assert caught.value.message == (
        "ViT-B-32/laion2b_s34b_b79k: could not be downloaded from "
        "https://huggingface.co/laion/CLIP-ViT-B-32-laion2B-s34B-b79K (no connection: [Errno -2] Name not known)"
    )
    assert caught.value.hint == "give a local file: ARCHITECTURE/path/to/checkpoint.safetensors"
    assert caught.value.exit_code == 2


def test_a_repository_that_the_hub_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_args: Any, **_kwargs: Any) -> Any:
        raise FileNotFoundError("Failed to download file (x) for someone/model. Last error: 404 Not Found\nmore")

    monkeypatch.setattr(open_clip().pretrained, "download_pretrained_from_hf", refused)
    with pytest.raises(ModelError) as caught:
        load("hf-hub:someone/model")
    assert caught.value.message == (
        "hf-hub:someone/model: could not be downloaded from https://huggingface.co/someone/model (404 Not Found)"
    )
    assert "local-dir:FOLDER" in caught.value.hint


def test_a_repository_of_the_hub(
    monkeypatch: pytest.MonkeyPatch, tiny: Any, architectures: Any, tmp_path: Path
) -> None:
    """As if downloaded: the configuration and the weights lie in the hub's cache."""
    import json

    config = tmp_path / "open_clip_config.json"
    config.write_text(json.dumps({"model_cfg": architectures["audit-vit"], "preprocess_cfg": {}}))
    weights = tiny("audit-vit").safetensors

    def cached(_model_id: str, filename: str | None = None, **_more: Any) -> str:
        return str(config if filename == config.name else weights)

    monkeypatch.setattr(open_clip().pretrained, "download_pretrained_from_hf", cached)
    monkeypatch.setattr(open_clip().factory, "download_pretrained_from_hf", cached)
    encoder = load("hf-hub:someone/model", device="cpu")
    assert encoder.info.name == "someone/model"
    assert encoder.info.source == "https://huggingface.co/someone/model"
    local = load(f"audit-vit/{weights}", device="cpu")
    assert (encoder.encode_text(["a cat"]) == local.encode_text(["a cat"])).all()
    assert encoder.info.weights_digest == local.info.weights_digest
