"""clip-audit run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from audit.cli.console import note, progress_bar, say, say_json


def run(
    *suites: str,
    model: str | None = None,
    images: Path | None = None,
    out: Path | None = None,
    gate: Annotated[bool, Parameter(negative=())] = False,
    policy: Path | None = None,
    seed: int = 0,
    device: str = "auto",
    resume: Annotated[bool, Parameter(negative=())] = False,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Measure suites on a model and write a run directory with its reports.

    Exits 0 when everything was measured, 5 when nothing was, 6 when something could not be; with --gate, as
    'clip-audit gate' does.

    Parameters
    ----------
    suites
        Names of bundled suites ('clip-audit list suites') or paths of your own.
    model
        pocket, ARCH/TAG, ARCH/checkpoint file, hf-hub:org/name, st:sentence encoder, or arrays:folder ('clip-audit list
        models'). Without it, pocket, which ships with the tool. A suite that names its own model runs on that one.
    images
        A CSV, TSV or Parquet table of images with a column 'path' and label columns, for probes that select rows by
        label ('where') in the form image (docs/images.md).
    out
        The run directory; a new one under runs/ when left out.
    gate
        Decide as well, by the default policy or the one that follows ('--gate policy.yaml').
    policy
        The same as '--gate POLICY'.
    seed
        Seed of every permutation and bootstrap.
    device
        auto, cpu, cuda or mps.
    resume
        Go on with an interrupted run in --out.
    json
        Print the result as JSON.
    """
    from audit import api
    from audit.cli.summary import run_as_json, say_decision, say_run
    from audit.findings import load_policy

    chosen = load_policy(policy) if gate or policy else None
    with progress_bar() as progress:
        finished = api.run(
            list(suites),
            model=model,
            images=images,
            out=out,
            seed=seed,
            device=device,
            policy=chosen,
            resume=resume,
            progress=progress,
        )
        pages, problem = write_reports(finished.path, ("html", "pdf"), progress)
    decision = finished.gate(chosen) if chosen else None
    if json:
        say_json(run_as_json(finished, decision, pages))
    else:
        say_run(finished)
        for page in pages:
            say(f"{page.suffix[1:]:<9}{page}")
        say(f"{'findings':<9}{finished.path / 'findings.json'}")
        if decision:
            say_decision(decision)
    if problem:
        note(problem)
    return decision.exit_code if decision else finished.exit_code


def write_reports(
    path: Path, formats: tuple[str, ...], progress: Callable[[str, int, int], None]
) -> tuple[list[Path], str]:
    """Write the reports of a run; the pages written, and what stood in the way of a PDF."""
    import reports

    pages: list[Path] = []
    progress("reports", 0, len(formats))
    for done, kind in enumerate(sorted(set(formats)), start=1):
        try:
            pages.append(reports.write_html(path) if kind == "html" else reports.write_pdf(path))
        except reports.PdfUnavailable as missing:
            return pages, f"no PDF: {missing}"
        progress("reports", done, len(formats))
    return pages, ""
