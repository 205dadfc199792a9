"""A small real open_clip model in a local folder, both modalities, untrained; and suites with a mistake."""

from __future__ import annotations

import json

import pytest

import audit
from audit.encoders.open_clip_library import open_clip, silent
from audit.errors import DocumentError

CONFIG = {
    "embed_dim": 16,
    "vision_cfg": {"image_size": 32, "layers": 3, "width": 16, "head_width": 8, "patch_size": 8},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
}


@pytest.fixture(scope="session")
def small_clip(tmp_path_factory) -> str:
    """What `run` is given to load it."""
    import torch
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("small_clip")
    (folder / "architectures").mkdir()
    (folder / "architectures" / "end-to-end.json").write_text(json.dumps(CONFIG))
    open_clip().add_model_config(folder / "architectures")
    torch.manual_seed(1)
    with silent():
        model = open_clip().create_model("end-to-end")
    (folder / "model").mkdir()
    save_file(
        {k: v.clone().contiguous() for k, v in model.state_dict().items()},
        folder / "model" / "open_clip_model.safetensors",
    )
    preprocess = {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}
    (folder / "model" / "open_clip_config.json").write_text(
        json.dumps({"model_cfg": CONFIG, "preprocess_cfg": preprocess})
    )
    return f"local-dir:{folder / 'model'}"


@pytest.fixture
def refused(tmp_path):
    """Runs a suite that has a mistake, which is said at its line: ``refused(text, 12, "must not be empty")``."""

    def check(suite: str, line: int, message: str) -> None:
        (tmp_path / "mistaken.yaml").write_text(suite)
        with pytest.raises(DocumentError) as error:
            audit.run([str(tmp_path / "mistaken.yaml")], out=tmp_path / "run")
        found = [(problem.line, problem.message) for problem in error.value.problems]
        assert any(at == line and message in text for at, text in found), found

    return check
