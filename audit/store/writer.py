"""Writing a run directory: running, then complete or interrupted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from audit.errors import AuditError, UsageError
from audit.records import Finding, RunManifest, RunStatus, Verdict
from audit.store.atomic import TEMPORARY, write_atomic
from audit.store.findings_file import encode_findings
from audit.store.layout import FINDINGS, LOCK, REPORTS, Layout, figure_file, suite_file, table_file
from audit.store.lock import lock
from audit.store.manifest import encode_manifest
from audit.store.reader import read_manifest
from audit.store.tables import TABLES, to_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from filelock import BaseFileLock

    from audit.store.tables import Rows


class RunWriter:
    """Writes one run; use it in a ``with`` block, so that a run that stops midway is marked interrupted.

    Every file is written whole or not at all, and the manifest comes last: a run is complete when its manifest says so.
    """

    def __init__(self, layout: Layout, manifest: RunManifest, held: BaseFileLock) -> None:
        """For `create`, which checks the directory and takes its lock."""
        self.layout = layout
        self.manifest = manifest
        self._lock = held

    @classmethod
    def create(
        cls, path: str | Path, manifest: RunManifest, suites: Mapping[str, str], *, resume: bool = False
    ) -> Self:
        """Begin a run in ``path``, which must be new or empty, or hold the same run when ``resume`` is set.

        The same run has the same suites, models and seed. ``suites`` maps a suite's id to its YAML as resolved.
        `UsageError` when the directory holds something else or another run is writing to it.
        """
        layout = Layout(Path(path))
        names = {suite.name for suite in manifest.suites}
        if names != set(suites) or not manifest.models:
            raise AuditError("A run's manifest must name a model, and every suite whose text is given.")
        _check_place(layout, manifest, resume=resume)
        try:
            layout.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{layout.root} cannot be made: {error.strerror or error}.") from error
        held = lock(layout)
        writer = None
        try:
            _check_place(layout, manifest, resume=resume)
            begun = replace(manifest, status=RunStatus.RUNNING, files={})
            writer = cls(layout, begun, held)
            write_atomic(layout.manifest, encode_manifest(begun))
            _clear(layout)
            for name, text in suites.items():
                writer._write(suite_file(name), text.encode())
            writer._write_manifest()
        except BaseException:
            if writer is None:
                held.release()
            else:
                writer.interrupt()
            raise
        return writer

    def table(self, name: str, rows: Rows) -> None:
        """Write one table, all of its rows at once (see `audit.store.tables`)."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        file = table_file(name)
        if file in self.manifest.files:
            raise AuditError(f"Table {name} of this run is written already.")
        sink = pa.BufferOutputStream()
        pq.write_table(to_table(name, rows), sink, compression="zstd")
        self._write(file, sink.getvalue().to_pybytes())

    def figure(self, name: str, data: bytes) -> str:
        """Write a picture that serves as evidence; returns its path inside the run directory, for an `Exhibit`."""
        file = figure_file(name)
        self._write(file, data)
        return file

    def finish(
        self, findings: tuple[Finding, ...], verdict: Verdict, *, counts: Mapping[str, int] | None = None
    ) -> RunManifest:
        """Write findings.json and mark the run complete; returns the manifest as written.

        Tables that were not given are written without rows. ``counts`` are added to the manifest's own.
        """
        for name in TABLES:
            if table_file(name) not in self.manifest.files:
                self.table(name, ())
        self._write(FINDINGS, encode_findings(self.manifest, verdict, findings))
        total = {**self.manifest.counts, **(counts or {}), "findings": len(findings)}
        complete = replace(self.manifest, status=RunStatus.COMPLETE, counts=total)
        write_atomic(self.layout.manifest, encode_manifest(complete))
        self.manifest = complete
        self._lock.release()
        return complete

    def interrupt(self) -> None:
        """Mark an unfinished run interrupted and let go of the directory; without effect on a finished one."""
        if self.manifest.status is RunStatus.RUNNING:
            self.manifest = replace(self.manifest, status=RunStatus.INTERRUPTED)
            try:
                self._write_manifest()
            finally:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.interrupt()

    def _write(self, file: str, data: bytes) -> None:
        digest = write_atomic(self.layout.root / file, data)
        self.manifest = replace(self.manifest, files={**self.manifest.files, file: digest})

    def _write_manifest(self) -> None:
        write_atomic(self.layout.manifest, encode_manifest(self.manifest))


def _check_place(layout: Layout, manifest: RunManifest, *, resume: bool) -> None:
    """Refuse a directory that this run may not write to."""
    root = layout.root
    if not root.exists():
        return
    if not root.is_dir():
        raise UsageError(f"{root} is a file; a run needs a directory.")
    if not layout.manifest.exists():
        if any(not _ours(entry.name) for entry in root.iterdir()):
            raise UsageError(
                f"{root} is not empty and is no run directory, so nothing is written there.",
                hint="choose another directory with --out",
            )
        return
    found = read_manifest(layout)
    if not resume:
        raise UsageError(
            f"{root} holds a run already (status: {found.status}).",
            hint="choose another directory with --out, or go on with this one with --resume",
        )
    if differing := _differences(found, manifest):
        raise UsageError(
            f"The run in {root} cannot be resumed: it differs in {' and '.join(differing)}.",
            hint="choose another directory with --out",
        )


def _differences(found: RunManifest, wanted: RunManifest) -> list[str]:
    """What makes two manifests different runs, in words."""
    same = {
        "suites": _digests(found) == _digests(wanted),
        "models": {model.weights_digest for model in found.models} == {model.weights_digest for model in wanted.models},
        "seed": found.seed == wanted.seed,
    }
    return [what for what, equal in same.items() if not equal]


def _digests(manifest: RunManifest) -> set[tuple[str, str]]:
    return {(suite.name, suite.digest) for suite in manifest.suites}


def _ours(name: str) -> bool:
    """True for what an earlier run can leave in a directory before its manifest exists."""
    return name == LOCK or (name.startswith(".") and name.endswith(TEMPORARY))


def _clear(layout: Layout) -> None:
    """Take away the results of the run that is written anew, so that nothing old stands beside an unfinished run."""
    for file in (FINDINGS, *REPORTS, *map(table_file, TABLES)):
        (layout.root / file).unlink(missing_ok=True)
    for figure in layout.figures.glob("*.*"):
        figure.unlink()
