"""A run directory from beginning to end: write, read, refuse, resume."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from audit.errors import AuditError, RunError, UsageError
from audit.records import RunStatus, Verdict
from audit.store import TABLES, RunWriter, read_run
from audit.store.manifest import encode_manifest
from tests.unit.store.example import MANIFEST, MODEL, ROW, SUITES, finding

if TYPE_CHECKING:
    from pathlib import Path

    from audit.records import RunManifest


def write(path: Path, *, resume: bool = False) -> None:
    with RunWriter.create(path, MANIFEST, SUITES, resume=resume) as writer:
        writer.table("rows", [ROW])
        writer.finish((finding(),), Verdict.FAIL, counts={"encoded": 3})


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write(tmp_path / "run")
    run = read_run(tmp_path / "run")
    assert run.findings == (finding(),)
    assert run.verdict is Verdict.FAIL
    assert run.manifest.status is RunStatus.COMPLETE
    assert run.manifest.counts == {"stimuli": 12, "encoded": 3, "findings": 1}
    assert run.manifest.models == (MODEL,)
    assert run.model_of("regions") == MODEL
    assert run.suite_text("regions") == SUITES["regions"]
    assert run.frame("rows")["association"].tolist() == [0.125]
    assert run.table("units").num_rows == 0


def test_a_suite_may_have_its_own_model(tmp_path: Path) -> None:
    other = replace(MODEL, name="other", weights_digest="99" * 32)
    suite = replace(MANIFEST.suites[0], model=other.weights_digest)
    manifest = replace(MANIFEST, models=(MODEL, other), suites=(suite,))
    with RunWriter.create(tmp_path / "run", manifest, SUITES) as writer:
        writer.finish((), Verdict.ERROR)
    assert read_run(tmp_path / "run").model_of("regions") == other


def test_same_run_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "one")
    write(tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_no_temporary_file_stays(tmp_path: Path) -> None:
    write(tmp_path / "run")
    assert not [name for name in files(tmp_path / "run") if name.endswith(".tmp")]


@pytest.mark.parametrize("resume", [False, True])
def test_a_foreign_directory_is_left_alone(tmp_path: Path, resume: bool) -> None:
    (tmp_path / "thesis.txt").write_text("dear")
    with pytest.raises(UsageError, match="not empty and is no run directory"):
        RunWriter.create(tmp_path, MANIFEST, SUITES, resume=resume)
    assert files(tmp_path) == {"thesis.txt": b"dear"}


def test_a_file_is_no_place_for_a_run(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("x")
    with pytest.raises(UsageError, match="is a file"):
        RunWriter.create(tmp_path / "run", MANIFEST, SUITES)
    with pytest.raises(UsageError, match="is a file"):
        read_run(tmp_path / "run")


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="cannot be made"):
        RunWriter.create(tmp_path / "file" / "run", MANIFEST, SUITES)


def test_a_complete_run_is_not_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "run")
    before = files(tmp_path / "run")
    with pytest.raises(UsageError, match="holds a run already"):
        RunWriter.create(tmp_path / "run", MANIFEST, SUITES)
    other = replace(MANIFEST, seed=1, suites=(replace(MANIFEST.suites[0], digest="00" * 32),))
    with pytest.raises(UsageError, match="differs in suites and seed"):
        RunWriter.create(tmp_path / "run", other, SUITES, resume=True)
    assert files(tmp_path / "run") == before


def test_resuming_a_complete_run_writes_it_again(tmp_path: Path) -> None:
    write(tmp_path / "run")
    before = files(tmp_path / "run")
    (tmp_path / "run" / "report.html").write_text("old")
    write(tmp_path / "run", resume=True)
    assert files(tmp_path / "run") == before


def test_an_interrupted_run_is_marked_and_resumable(tmp_path: Path) -> None:
    def stop() -> None:
        with RunWriter.create(tmp_path / "run", MANIFEST, SUITES) as writer:
            writer.table("rows", [ROW])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    with pytest.raises(RunError, match=r"not complete \(status: interrupted") as caught:
        read_run(tmp_path / "run")
    assert "--resume" in caught.value.hint
    partial = read_run(tmp_path / "run", allow_incomplete=True)
    assert (partial.verdict, partial.findings) == (None, ())
    assert partial.table("rows").num_rows == 1
    assert partial.table("examples").num_rows == 0
    write(tmp_path / "run", resume=True)
    assert read_run(tmp_path / "run").verdict is Verdict.FAIL


def test_two_runs_into_one_directory(tmp_path: Path) -> None:
    with (
        RunWriter.create(tmp_path / "run", MANIFEST, SUITES),
        pytest.raises(UsageError, match="Another run is writing"),
    ):
        RunWriter.create(tmp_path / "run", MANIFEST, SUITES, resume=True)
    write(tmp_path / "run", resume=True)


def test_a_run_that_cannot_be_finished_is_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(manifest: RunManifest) -> bytes:
        if manifest.status is RunStatus.COMPLETE:
            raise UsageError("no space left")
        return encode_manifest(manifest)

    monkeypatch.setattr("audit.store.writer.encode_manifest", full_disk)
    with pytest.raises(UsageError, match="no space left"):
        write(tmp_path / "run")
    with pytest.raises(RunError, match="status: interrupted"):
        read_run(tmp_path / "run")
    monkeypatch.undo()
    write(tmp_path / "run", resume=True)


def test_nothing_at_the_path(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such directory"):
        read_run(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"holds no manifest\.json"):
        read_run(tmp_path)


def test_manifest_and_suites_must_agree(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="must name"):
        RunWriter.create(tmp_path / "run", MANIFEST, {})
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("name", ["../up", "a/b", ".hidden", ""])
def test_a_suite_name_never_leaves_the_directory(tmp_path: Path, name: str) -> None:
    manifest = replace(MANIFEST, suites=(replace(MANIFEST.suites[0], name=name),))
    with pytest.raises(AuditError, match="cannot name a file"):
        RunWriter.create(tmp_path / "run", manifest, {name: ""})


def test_nan_is_never_written(tmp_path: Path) -> None:
    from tests.unit.store.example import estimate

    with (
        RunWriter.create(tmp_path / "run", MANIFEST, SUITES) as writer,
        pytest.raises(AuditError, match=r"findings\[0\]\.estimates\[0\]\.value is nan"),
    ):
        writer.finish((finding(estimates=(estimate(value=float("nan")),)),), Verdict.PASS)
    with pytest.raises(RunError):
        read_run(tmp_path / "run")


class TestTables:
    def test_every_column_has_a_doc(self) -> None:
        assert all(column.doc.endswith(".") for columns in TABLES.values() for column in columns)

    def test_a_data_frame_will_do(self, tmp_path: Path) -> None:
        frame = pd.DataFrame([{**{k: ROW[k] for k in ("suite", "probe", "form")}, "unit": "u", "auroc": float("nan")}])
        with RunWriter.create(tmp_path / "run", MANIFEST, SUITES) as writer:
            writer.table("units", frame)
            writer.finish((), Verdict.ERROR)
        assert read_run(tmp_path / "run").table("units").to_pylist()[0]["auroc"] is None

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"association": float("nan")}, "not finite"),
            ({"association": float("inf")}, "not finite"),
            ({"cluster": None}, "lacks a value in 1 rows"),
            ({"association": "high"}, "wrong type"),
            ({"colour": "red"}, "no column 'colour'"),
        ],
    )
    def test_bad_rows(self, tmp_path: Path, change: dict[str, object], message: str) -> None:
        with (
            RunWriter.create(tmp_path / "run", MANIFEST, SUITES) as writer,
            pytest.raises(AuditError, match=message),
        ):
            writer.table("rows", [ROW | change])

    def test_one_table_once(self, tmp_path: Path) -> None:
        with RunWriter.create(tmp_path / "run", MANIFEST, SUITES) as writer:
            writer.table("rows", [ROW])
            with pytest.raises(AuditError, match="written already"):
                writer.table("rows", [ROW])
            with pytest.raises(AuditError, match="no table 'people'"):
                writer.table("people", [])
