"""What people read: one HTML page and one PDF of a run, from the same view model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.pdf import PdfUnavailable, pdf_problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audit.records import Certificate
    from audit.store import Run

__all__ = ["PdfUnavailable", "pdf_problem", "write_html", "write_pdf"]


def write_html(run_dir: Path) -> Path:
    """Write ``report.html`` into a run directory; returns its path.

    One file that needs no script, no network and no other file. `RunError` when the run is damaged or not complete.
    """
    from audit.store import read_run
    from reports.html import render_html
    from reports.view import build_view

    run = read_run(run_dir)
    page = render_html(build_view(run, _certificate()), "screen", _pictures(run))
    return _write(run.layout.report_html, page.encode())


def write_pdf(run_dir: Path) -> Path:
    """Write ``report.pdf`` into a run directory; returns its path.

    Tagged (PDF/UA-1), with bookmarks; the same run gives the same bytes. `PdfUnavailable` when the system lacks Pango.
    """
    from audit.store import read_run
    from reports.html import render_html
    from reports.pdf import render_pdf
    from reports.view import build_view

    run = read_run(run_dir)
    page = render_html(build_view(run, _certificate()), "pdf", _pictures(run))
    return _write(run.layout.report_pdf, render_pdf(page, run.manifest.created))


def _certificate() -> Certificate | None:
    """The certificate that came with the tool; None when none did, `RunError` when it is damaged."""
    from audit.store import certificate, load_certificate

    return load_certificate() if certificate.SHIPPED.is_file() else None


def _pictures(run: Run) -> Callable[[str], bytes]:
    """Reads pictures of the run, and only those that its manifest names."""

    def read(path: str) -> bytes:
        from audit.errors import RunError

        if path not in run.manifest.files:
            raise RunError(f"A finding shows {path}, which is no file of this run.")
        return (run.path / path).read_bytes()

    return read


def _write(path: Path, data: bytes) -> Path:
    from audit.store.atomic import write_atomic

    write_atomic(path, data)
    return path
