"""The same page as a tagged PDF, by WeasyPrint."""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
import platform
import sys
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_PACKAGES = (
    (("debian", "ubuntu"), "apt install libpango-1.0-0 libpangoft2-1.0-0"),
    (("fedora", "rhel", "centos"), "dnf install pango"),
    (("arch",), "pacman -S pango"),
    (("alpine",), "apk add pango"),
    (("suse", "opensuse"), "zypper install libpango-1_0-0 libpangoft2-1_0-0"),
)


class PdfUnavailable(UsageError):  # noqa: N818 - it says what is the case, as the other errors of audit do
    """No PDF can be made on this machine; the HTML report is not affected."""


def render_pdf(html: str, created: str) -> bytes:
    """The page as PDF/UA-1. Nothing is fetched; the same ``html`` and time (ISO 8601) give the same bytes."""
    weasyprint = _weasyprint()
    identifier = hashlib.sha256(created.encode()).digest()[:16]
    page = weasyprint.HTML(string=html, url_fetcher=_fetcher())
    with _clock_at(created):
        made: bytes = page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    return made


@contextmanager
def _clock_at(created: str) -> Iterator[None]:
    """Subsets of fonts carry the time at which they were cut, unless this variable says another one."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(datetime.fromisoformat(created).timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


def pdf_problem() -> str:
    """Why no PDF can be made on this machine, with the package to install; empty when it can."""
    try:
        _weasyprint()
    except PdfUnavailable as unavailable:
        return str(unavailable)
    return ""


def _weasyprint() -> ModuleType:
    """WeasyPrint, or the reason why it cannot be had: it loads Pango from the system when it is imported."""
    try:
        module = importlib.import_module("weasyprint")
    except OSError as error:
        raise PdfUnavailable(
            "WeasyPrint cannot load Pango, the system's library for text.", hint=f"install it with: {_install()}"
        ) from error
    # Layout warnings about a CSS property it lacks are ours to see in tests, and of no use to whoever runs an audit.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return module


def _install() -> str:
    """The command that installs Pango on this system, as far as it can be told."""
    if sys.platform == "darwin":
        return "brew install pango"
    if sys.platform == "win32":
        return "pacman -S mingw-w64-x86_64-pango (in an MSYS2 shell)"
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    names = f"{release.get('ID', '')} {release.get('ID_LIKE', '')}".split()
    for systems, command in _PACKAGES:
        if any(name in systems for name in names):
            return command
    return "the package that holds libpango-1.0 and libpangoft2-1.0"


def _fetcher() -> Any:
    """Opens ``data:`` addresses and nothing else: neither files nor the network."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
