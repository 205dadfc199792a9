"""Nothing in a checkpoint is ever run."""

from __future__ import annotations

import os
import pickle
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import torch

from audit.encoders import load
from audit.encoders.checkpoint import check_checkpoint
from audit.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path


class _Evil:
    """Unpickling it makes a file."""

    def __init__(self, trace: Path) -> None:
        self._trace = trace

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self._trace),)


@pytest.mark.parametrize("protocol", [None, 2, 4])
@pytest.mark.parametrize("nested", [False, True])
def test_a_pickle_that_would_run_something_is_refused(
    architectures: object, tmp_path: Path, protocol: int | None, nested: bool
) -> None:
    trace, file = tmp_path / "trace", tmp_path / "weights.pt"
    content = {"state_dict": {"a": torch.zeros(2), "b": _Evil(trace)}} if nested else _Evil(trace)
    if protocol is None:
        torch.save(content, file)
    else:
        file.write_bytes(pickle.dumps(content, protocol=protocol))
    with pytest.raises(ModelError, match="is refused and was not opened further: it is a pickle") as caught:
        load(f"audit-vit/{file}", device="cpu")
    assert not trace.exists()
    assert "safetensors" in caught.value.hint
    assert caught.value.exit_code == 2
    if protocol is None:
        assert "mkdir" in caught.value.message
        torch.load(file, weights_only=False)
    else:
        pickle.loads(file.read_bytes())
    assert trace.exists()  # so the file was a dangerous one


def test_a_whole_pickled_model_is_refused_by_its_class(tmp_path: Path) -> None:
    torch.save(torch.nn.Linear(2, 2), tmp_path / "w.pt")
    with pytest.raises(ModelError, match=r"would call or build torch.nn.modules.linear.Linear"):
        check_checkpoint(tmp_path / "w.pt")


def test_torchscript_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "w.pt", "w") as archive:
        archive.writestr("w/constants.pkl", b"")
        archive.writestr("w/data.pkl", b"")
    with pytest.raises(ModelError, match="a TorchScript archive is a program, not weights"):
        check_checkpoint(tmp_path / "w.pt")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("w.pt", b"hello", "cannot be read as a PyTorch checkpoint"),
        ("w.pt", b"", "cannot be read as a PyTorch checkpoint"),
        ("w.safetensors", b"hello", "cannot be read as safetensors"),
        ("w.onnx", b"hello", "is no checkpoint that can be read"),
    ],
)
def test_files_that_are_no_checkpoints(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=message):
        check_checkpoint(tmp_path / name)


@pytest.mark.parametrize(
    ("content", "message"),
    [([torch.zeros(2)], "holds a list"), ({}, "holds no tensors"), ({"epoch": 3}, "holds no tensors")],
)
def test_checkpoints_without_weights(tmp_path: Path, content: Any, message: str) -> None:
    torch.save(content, tmp_path / "w.pt")
    with pytest.raises(ModelError, match=message):
        check_checkpoint(tmp_path / "w.pt")


def test_a_training_checkpoint_is_read(tiny: Any, encoder_of: Any, tmp_path: Path, pictures: list[Any]) -> None:
    saved = tiny("audit-vit")
    state = torch.load(saved.pt, weights_only=True)
    wrapped = {
        "epoch": 3,
        "state_dict": {f"module.{key}": value for key, value in state.items()},
        "optimizer": {"lr": 1},
    }
    torch.save(wrapped, tmp_path / "epoch_3.pt")
    found = load(f"audit-vit/{tmp_path / 'epoch_3.pt'}", device="cpu").encode_images(pictures).embeddings
    assert (found == encoder_of("audit-vit").encode_images(pictures).embeddings).all()
