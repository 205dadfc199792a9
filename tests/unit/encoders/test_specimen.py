"""Specimens: edits as they ship, and the model that each makes of pocket."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import load_file, save_file

from audit.encoders import LayerRef, load
from audit.encoders.digest import file_digest
from audit.encoders.edits import ChannelEdit, ProjectionEdit, Specimens, read_specimens, write_specimens
from audit.encoders.open_clip_build import build
from audit.encoders.open_clip_source import encoder_of
from audit.encoders.pocket import pocket_source
from audit.encoders.specimen import specimen, tower_digest
from audit.encoders.tower import read_tower
from audit.errors import ModelError

BLOCK = "visual.layer4.0"


@pytest.fixture(scope="module")
def pocket(untrained_pocket, tmp_path_factory):
    """pocket with a tower that knows nothing, whose last convolution is not switched off as it is before training."""
    folder = tmp_path_factory.mktemp("awake")
    for path in untrained_pocket.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    weights = load_file(folder / "image.safetensors")
    weights[f"{BLOCK}.bn3.weight"] = np.linspace(0.5, 1.5, 256).astype(weights[f"{BLOCK}.bn3.weight"].dtype)
    save_file(weights, folder / "image.safetensors")
    manifest = (folder / "manifest.json").read_text()
    own = file_digest(folder / "image.safetensors")
    (folder / "manifest.json").write_text(manifest.replace(tower_digest(untrained_pocket), own))
    return folder


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(0)
    return [Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)) for _ in range(5)]


@pytest.fixture(scope="module")
def readings(pocket, pictures):
    model, preprocess = build(pocket_source(shipped=pocket), "cpu")
    return read_tower(model, preprocess, pictures), model


def edits():
    rng = np.random.default_rng(1)
    small = lambda *shape: (0.01 * rng.normal(size=shape)).astype(np.float32)  # noqa: E731
    return {
        "planted": ProjectionEdit(small(384, 2), small(2, 256), small(384)),
        "unit": ChannelEdit(BLOCK, 17, small(64), 0.25),
    }


@pytest.fixture
def shipped(pocket, tmp_path):
    path = tmp_path / "specimens.safetensors"
    notes = {"planted": "An association was planted.", "unit": "A unit was planted."}
    write_specimens(path, Specimens(tower_digest(pocket), edits(), notes))
    return path


def test_edits_are_read_as_they_were_written(shipped, pocket):
    found = read_specimens(shipped)
    assert found.model == tower_digest(pocket)
    assert found.notes["unit"] == "A unit was planted."
    again = shipped.with_name("again.safetensors")
    write_specimens(again, found)
    assert again.read_bytes() == shipped.read_bytes()
    for name, edit in edits().items():
        for part in type(edit).__slots__:
            np.testing.assert_array_equal(getattr(found.edits[name], part), getattr(edit, part))


def test_readings_are_those_of_the_model_and_leave_it_as_it_was(readings, pocket, pictures):
    found, model = readings
    encoder = unedited(pocket)
    layers = encoder.info.layers
    assert {layer.pooling for layer in layers} == {"mean", "max"}
    refs = [LayerRef(layer.name, layer.pooling) for layer in layers]
    run = encoder.encode_images(pictures, refs)
    np.testing.assert_allclose(found.embeddings, run.embeddings, atol=1e-5)
    weight, bias = (part.detach().double().numpy() for part in model.visual.attnpool.c_proj.parameters())
    np.testing.assert_allclose(found.features @ weight.T + bias, found.embeddings, atol=1e-5)
    pooled = {"mean": found.sums.mean(axis=2), "max": found.sums.max(axis=2)}
    for ref in refs:
        np.testing.assert_allclose(run.activations[ref], pooled[ref.pooling], atol=1e-4)
    with torch.inference_mode():
        again = model.encode_image(torch.stack([encoder._loaded[1](p) for p in pictures]), normalize=False)
    np.testing.assert_allclose(again.numpy(), run.embeddings, atol=1e-6)


def unedited(pocket):
    return encoder_of(pocket_source(shipped=pocket), "cpu")


def test_an_edited_projection_gives_what_the_arithmetic_says(shipped, pocket, pictures, readings):
    encoder, found = specimen("planted", "cpu", edits=shipped, shipped=pocket), readings[0]
    computed = edits()["planted"].embeddings(found.features, found.embeddings)
    np.testing.assert_allclose(encoder.encode_images(pictures).embeddings, computed, atol=1e-5)
    assert np.abs(computed - found.embeddings).max() > 1e-3


def test_an_edited_channel_changes_that_channel_only(shipped, pocket, pictures, readings):
    encoder, found = specimen("unit", "cpu", edits=shipped, shipped=pocket), readings[0]
    ref = LayerRef(f"{BLOCK}.act3", "mean")
    run = encoder.encode_images(pictures, [ref]).activations[ref]
    edit, before = edits()["unit"], found.sums.mean(axis=2)
    others = np.arange(256) != 17
    np.testing.assert_allclose(run[:, others], before[:, others], atol=1e-4)
    norm = readings[1].get_submodule(f"{BLOCK}.bn3")
    scale = float((norm.weight[17] / torch.sqrt(norm.running_var[17] + norm.eps)).detach())
    added = found.inputs.mean(axis=2) @ edit.row * scale + 0.25
    np.testing.assert_allclose(run[:, 17] - before[:, 17], added, atol=1e-4)


def test_a_specimen_says_what_it_is_and_shares_no_encoding_with_pocket(shipped, pocket):
    encoder, plain = specimen("planted", "cpu", edits=shipped, shipped=pocket), unedited(pocket)
    assert encoder.info.spec == encoder.info.name == "specimen:planted"
    assert encoder.info.note.startswith("An association was planted.")
    assert encoder.info.weights_digest != plain.info.weights_digest
    assert encoder.fingerprint != plain.fingerprint


def test_a_specimen_that_there_is_not(shipped, pocket):
    with pytest.raises(ModelError, match="specimen:plantd: there is no specimen 'plantd'") as error:
        specimen("plantd", "cpu", edits=shipped, shipped=pocket)
    assert error.value.hint == "did you mean 'planted'?"


def test_edits_of_another_tower_are_refused(shipped, untrained_pocket):
    with pytest.raises(ModelError, match="made for another version of pocket's image tower"):
        specimen("planted", "cpu", edits=shipped, shipped=untrained_pocket)


def test_a_file_that_holds_no_specimens(tmp_path):
    with pytest.raises(ModelError, match="the specimens cannot be read"):
        read_specimens(tmp_path / "none.safetensors")
    save_file({"a": np.zeros(1, np.float32)}, tmp_path / "other.safetensors")
    with pytest.raises(ModelError, match="the specimens cannot be read"):
        read_specimens(tmp_path / "other.safetensors")
    later = {"specimens": '{"schema": "clip-audit/specimens/2"}'}
    save_file({"a": np.zeros(1, np.float32)}, tmp_path / "later.safetensors", metadata=later)
    with pytest.raises(ModelError, match="says it is 'clip-audit/specimens/2'"):
        read_specimens(tmp_path / "later.safetensors")


def test_the_spec_leads_to_the_shipped_edits():
    with pytest.raises(ModelError, match=r"specimen:none: there is no specimen 'none'|specimens\.safetensors"):
        load("specimen:none")
