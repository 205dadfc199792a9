"""A small suite in order, and how to see what is wrong with a changed one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audit.errors import DocumentError, Problem
from audit.suite import load_suite

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = """\
suite: small
title: A small suite
version: 1
concepts:
  north: {terms: [Norway, Sweden]}
  south: {terms: [Italy, Spain]}
  harm: {terms: [bomb, knife]}
  calm: {terms: [beach, museum]}
templates:
  photo: ["a photo of {}"]
probes:
  - id: first
    ask: Is the north tied to harm?
    measure: association
    targets: {x: north, y: south}
    attributes: {a: harm, b: calm}
    templates: photo
    margin: {cosine: 0.02}
  - id: unit
    ask: Is there a unit for the north?
    measure: units
    concept: north
    against: [south]
    forms: [rendered]
    margin: {auroc: 0.8}
"""


@pytest.fixture
def small() -> str:
    return SMALL


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, so that files have short names."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def problems(folder: Path) -> Callable[..., list[Problem]]:
    """Problems of a suite, given as text or bytes, with other files beside it."""

    def find(text: str | bytes, **lexicons: str) -> list[Problem]:
        Path("small.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        for name, lexicon in lexicons.items():
            Path(f"{name}.yaml").write_text(lexicon, encoding="utf-8")
        try:
            load_suite("small.yaml")
        except DocumentError as error:
            return list(error.problems)
        return []

    return find
