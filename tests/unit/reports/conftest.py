from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import reports
from tests.unit.reports.sample import sample_run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample run; tests only read it."""
    return sample_run(tmp_path_factory.mktemp("sample") / "run")


@pytest.fixture(scope="session")
def sample_html(sample: Path) -> str:
    return reports.write_html(sample).read_text(encoding="utf-8")
