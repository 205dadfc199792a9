"""What ships is made from the named inputs and nothing else, the same bytes each time."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from audit.encoders.packed import STEP
from audit.encoders.pocket import FOLDER


@pytest.fixture
def inputs(minilm, untrained_tower):
    return (
        minilm / "model.safetensors",
        untrained_tower / "image.safetensors",
        untrained_tower / "open_clip_config.json",
    )


def test_the_same_inputs_give_the_same_bytes(package_pocket, inputs, untrained_pocket, tmp_path):
    package_pocket.package(*inputs, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in untrained_pocket.iterdir()
    }


def test_what_is_kept_in_which_type(untrained_pocket):
    text = load_file(untrained_pocket / "text.safetensors")
    matrices = {name for name, tensor in text.items() if tensor.ndim == 2}
    assert {text[name].dtype for name in matrices} == {np.dtype(np.int8)}
    assert {text[name].dtype for name in set(text) - matrices} == {np.dtype(np.float32)}
    assert {name + STEP for name in matrices} == {name for name in text if name.endswith(STEP)}
    assert sum(tensor.nbytes for tensor in text.values()) < 23_000_000
    image = load_file(untrained_pocket / "image.safetensors")
    kinds = {(tensor.ndim > 1, tensor.dtype.name) for tensor in image.values()}
    assert kinds == {(True, "float16"), (False, "float32"), (False, "int64")}
    assert image.pop("logit_scale") == 3
    assert all(name.startswith("visual.") for name in image)


def test_the_configuration_names_no_place(untrained_pocket):
    config = json.loads((untrained_pocket / "open_clip_config.json").read_text())
    assert config["model_cfg"]["text_cfg"] == {
        "hf_pooler_type": "mean_pooler",
        "hf_proj_type": None,
        "context_length": 256,
    }


def test_the_licences_go_with_the_files(untrained_pocket):
    assert "Apache License" in (untrained_pocket / "LICENSE").read_text()
    notice = (untrained_pocket / "NOTICE").read_text()
    assert "all-MiniLM-L6-v2" in notice
    assert "Changed here" in notice, "the licence asks that changed files say so"


def test_another_text_tower_is_refused(package_pocket, inputs, minilm, tmp_path):
    other = tmp_path / "model.safetensors"
    data = bytearray(inputs[0].read_bytes())
    data[-1] ^= 1
    other.write_bytes(data)
    with pytest.raises(SystemExit, match=r"model.safetensors is not the file of all-MiniLM-L6-v2"):
        package_pocket.package(other, *inputs[1:], tmp_path / "out")
    other.unlink()
    other.symlink_to(inputs[0])
    with pytest.raises(SystemExit, match=r"there is no .*config.json"):
        package_pocket.package(other, *inputs[1:], tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("text.proj", 1.0, "text.proj belongs to no image tower"),
        ("visual.conv1.weight", np.nan, r"visual.conv1.weight holds numbers that are not finite in float16"),
        ("visual.conv1.weight", 1e5, r"visual.conv1.weight holds numbers that are not finite in float16"),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
def test_an_image_tower_that_must_not_ship(package_pocket, inputs, tmp_path, name, value, reason):
    tensors = load_file(inputs[1])
    tensors[name] = np.full_like(tensors["visual.conv1.weight"], value)
    save_file(tensors, tmp_path / "image.safetensors")
    with pytest.raises(SystemExit, match=reason):
        package_pocket.package(inputs[0], tmp_path / "image.safetensors", inputs[2], tmp_path / "out")


def test_a_configuration_without_the_scale_of_training(package_pocket, inputs, tmp_path):
    config = json.loads(inputs[2].read_text())
    del config["model_cfg"]["init_logit_scale"]
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(SystemExit, match=r"config.json: model_cfg lacks init_logit_scale"):
        package_pocket.package(*inputs[:2], tmp_path / "config.json", tmp_path / "out")


def test_a_folder_with_more_than_the_model_is_refused(package_pocket, inputs, tmp_path):
    (tmp_path / "checkpoint.pt").touch()
    with pytest.raises(SystemExit, match=r"holds more than the model: checkpoint.pt"):
        package_pocket.package(*inputs, tmp_path)


def test_more_than_may_ship_is_refused(package_pocket, inputs, tmp_path, monkeypatch):
    monkeypatch.setattr(package_pocket, "MOST_BYTES", 20_000_000)
    with pytest.raises(SystemExit, match=r"takes 2\d\.\d MB; at most 20 MB may ship"):
        package_pocket.package(*inputs, tmp_path)


@pytest.mark.skipif(not (FOLDER / "manifest.json").is_file(), reason="the image tower is not trained yet")
def test_what_ships_is_what_the_recipe_makes(package_pocket, untrained_pocket):
    """But for the image tower, whose inputs are not here, every file is the one that the recipe makes today."""
    differ = {
        path.name for path in untrained_pocket.iterdir() if (FOLDER / path.name).read_bytes() != path.read_bytes()
    }
    assert differ <= {"image.safetensors", "manifest.json", "open_clip_config.json"}
    more = {path.name for path in FOLDER.iterdir()} - {path.name for path in untrained_pocket.iterdir()}
    assert more <= set(package_pocket.WRITTEN_AFTER)
