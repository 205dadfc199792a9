"""torchvision imports, whichever torch it was compiled for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from audit.encoders import torchvision_compat
from audit.encoders.torchvision_compat import declare_torchvision_operators


def _run(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)


def test_torchvision_imports_after_it() -> None:
    _run(
        "from audit.encoders import declare_torchvision_operators as declare\n"
        "first = declare()\n"
        "assert declare() == first and first in {(), ('nms', 'qnms')}\n"
        "import torchvision, torch\n"
        "assert torch.ops.torchvision.nms and declare() == first"
    )


def test_nothing_is_declared_where_torchvision_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torchvision_compat, "_libraries", [])
    monkeypatch.setattr(torchvision_compat, "_own_operators_load", lambda: True)
    monkeypatch.delitem(sys.modules, "torchvision", raising=False)
    assert declare_torchvision_operators() == ()


def test_nothing_is_declared_once_torchvision_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torchvision_compat, "_libraries", [])
    monkeypatch.setattr(torchvision_compat, "_own_operators_load", pytest.fail)
    monkeypatch.setitem(sys.modules, "torchvision", sys)
    assert declare_torchvision_operators() == ()


def test_nothing_is_declared_without_torchvision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert torchvision_compat._own_operators_load()
