"""Reading a run directory, with everything in it checked against the manifest first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audit.errors import RunError, UsageError
from audit.records import Finding, ModelInfo, RunManifest, RunStatus, Verdict
from audit.store.atomic import sha256, sha256_file
from audit.store.decode import DAMAGED, read_bytes
from audit.store.findings_file import decode_findings
from audit.store.layout import FILE_NAME, FINDINGS, MANIFEST, Layout, result_files, table_file
from audit.store.manifest import decode_manifest
from audit.store.tables import schema, to_table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as read back. Tables are read when they are asked for."""

    layout: Layout
    manifest: RunManifest
    verdict: Verdict | None
    """Verdict of the run under its own policy; None for an unfinished run."""
    findings: tuple[Finding, ...]
    """Empty for an unfinished run."""

    @property
    def path(self) -> Path:
        """The run directory."""
        return self.layout.root

    def model_of(self, suite: str) -> ModelInfo:
        """The model that a suite of this run was measured on."""
        digest = next((record.model for record in self.manifest.suites if record.name == suite), "")
        models = self.manifest.models
        return next((model for model in models if model.weights_digest == digest), models[0])

    def table(self, name: str) -> pa.Table:
        """A stored table; without rows when the run wrote none of that kind."""
        if table_file(name) not in self.manifest.files:
            return to_table(name, ())
        return _read_table(self.layout.table(name), name)

    def frame(self, name: str) -> pd.DataFrame:
        """A stored table as a data frame."""
        frame: pd.DataFrame = self.table(name).to_pandas()
        return frame

    def suite_text(self, name: str) -> str:
        """The YAML of a suite as resolved when the run was made."""
        return read_bytes(self.layout.suite(name)).decode()


def read_run(path: str | Path, *, allow_incomplete: bool = False) -> Run:
    """Read a run directory.

    `UsageError` when there is no run at ``path``. `RunError` when it is not finished (unless ``allow_incomplete``),
    was written by another version, or when a file in it is missing, damaged or edited.
    """
    layout = Layout(Path(path))
    manifest = read_manifest(layout)
    complete = manifest.status is RunStatus.COMPLETE
    if not complete and not allow_incomplete:
        raise RunError(
            f"The run in {layout.root} is not complete (status: {manifest.status}).",
            hint="finish it: repeat the command that began it, with --resume",
        )
    expected = result_files(suite.name for suite in manifest.suites)
    if complete and not set(expected) <= manifest.files.keys():
        raise RunError(f"{layout.manifest} does not name the files of a complete run.", hint=DAMAGED)
    for name, digest in manifest.files.items():
        _check(layout, name, digest, expected)
    if not complete:
        return Run(layout=layout, manifest=manifest, verdict=None, findings=())
    data = read_bytes(layout.findings)
    if sha256(data) != manifest.files[FINDINGS]:
        raise _changed(layout.findings)
    document = decode_findings(layout.findings, data)
    return Run(layout=layout, manifest=manifest, verdict=document.verdict, findings=document.findings)


def read_manifest(layout: Layout) -> RunManifest:
    """The manifest alone. `UsageError` when ``layout`` holds no run, `RunError` when the manifest is damaged."""
    if not layout.root.exists():
        raise UsageError(f"There is no run at {layout.root}: no such directory.")
    if not layout.root.is_dir():
        raise UsageError(f"{layout.root} is a file; give the run directory.")
    if not layout.manifest.exists():
        raise UsageError(f"{layout.root} is no run directory: it holds no {MANIFEST}.")
    manifest = decode_manifest(layout.manifest, read_bytes(layout.manifest))
    if not manifest.models:
        raise RunError(f"{layout.manifest} names no model.", hint=DAMAGED)
    if unsafe := [suite.name for suite in manifest.suites if not FILE_NAME.fullmatch(suite.name)]:
        raise RunError(f"{layout.manifest} names a suite {unsafe[0]!r}, which cannot name a file.", hint=DAMAGED)
    return manifest


def _check(layout: Layout, name: str, digest: str, expected: tuple[str, ...]) -> None:
    path = layout.root / name
    if name not in expected and not _is_figure(name):
        raise RunError(f"{layout.manifest} names {name!r}, which is no file of a run.", hint=DAMAGED)
    try:
        found = sha256_file(path)
    except FileNotFoundError as error:
        raise RunError(f"{path} is missing.", hint=DAMAGED) from error
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror or error}.") from error
    if found != digest:
        raise _changed(path)


def _is_figure(name: str) -> bool:
    folder, _, file = name.partition("/")
    return folder == "figures" and FILE_NAME.fullmatch(file) is not None


def _changed(path: Path) -> RunError:
    return RunError(f"{path.name} was changed after the run was written ({path}).", hint=DAMAGED)


def _read_table(path: Path, name: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise RunError(f"{path} cannot be read as a Parquet table: {error}.", hint=DAMAGED) from error
    if not table.schema.equals(schema(name)):
        raise RunError(
            f"{path} does not have the columns that this version of clip-audit reads.",
            hint="read it with the version that wrote it, or run the audit again",
        )
    return table
