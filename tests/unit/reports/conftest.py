from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import reports
from tests.unit.reports.certified import certified
from tests.unit.reports.pictured import picture_run
from tests.unit.reports.sample import sample_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def one_certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The same certificate in every report, whatever ships."""
    with certified(tmp_path_factory.mktemp("certificate")):
        yield


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample run; tests only read it."""
    return sample_run(tmp_path_factory.mktemp("sample") / "run")


@pytest.fixture(scope="session")
def sample_html(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    with certified(tmp_path_factory.mktemp("certificate")):
        return reports.write_html(sample).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run on pictures; tests only read it."""
    return picture_run(tmp_path_factory.mktemp("pictured") / "run")


@pytest.fixture(scope="session")
def pictured_html(pictured: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    with certified(tmp_path_factory.mktemp("certificate")):
        return reports.write_html(pictured).read_text(encoding="utf-8")
