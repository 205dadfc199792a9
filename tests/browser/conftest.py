"""A Chromium of the system, or a reason why there is none."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

import reports
from tests.unit.reports.certified import certified
from tests.unit.reports.grouped import grouped_run
from tests.unit.reports.pictured import picture_run
from tests.unit.reports.sample import sample_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the sample run."""
    return _page(sample_run, tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="session")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the run on pictures."""
    return _page(picture_run, tmp_path_factory.mktemp("pictured"))


@pytest.fixture(scope="session")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the run of group measures."""
    return _page(grouped_run, tmp_path_factory.mktemp("grouped"))


def _page(make: Callable[[Path], Path], folder: Path) -> Path:
    with certified(folder):
        return reports.write_html(make(folder / "run"))
