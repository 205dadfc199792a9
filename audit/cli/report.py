"""clip-audit report."""

from __future__ import annotations

from pathlib import Path

from audit.cli.console import complain, progress_bar, say
from audit.errors import UsageError

_FORMATS = ("html", "pdf")


def report(run: Path, *, format: str = "html,pdf") -> int:
    """Write the reports of a run anew.

    Parameters
    ----------
    run
        A run directory.
    format
        html, pdf, or both with a comma between them.
    """
    from audit.cli.run import write_reports

    formats = tuple(part.strip() for part in format.split(","))
    if unknown := [part for part in formats if part not in _FORMATS]:
        raise UsageError(f"unknown format {unknown[0]!r}", hint="--format html, --format pdf or --format html,pdf")
    with progress_bar() as progress:
        pages, problem = write_reports(run, formats, progress)
    for page in pages:
        say(str(page))
    if problem:
        complain(problem)
        return 2
    return 0
