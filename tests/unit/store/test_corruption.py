"""No damage to a run directory may pass unnoticed, and none may end in a traceback."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.errors import RunError, UsageError
from audit.records import Verdict
from audit.store import RunWriter, read_run
from audit.store.atomic import sha256
from audit.store.encode import dump
from tests.unit.store.example import MANIFEST, ROW, SUITES, finding

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = [
    "manifest.json",
    "findings.json",
    "suites/regions.yaml",
    "figures/iraq.png",
    *(f"tables/{name}.parquet" for name in ("stimuli", "rows", "estimates", "units", "examples", "items", "bins")),
]


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pristine") / "run"
    with RunWriter.create(root, MANIFEST, SUITES) as writer:
        writer.table("rows", [ROW])
        assert writer.figure("iraq.png", b"picture") == "figures/iraq.png"
        writer.finish((finding(),), Verdict.FAIL)
    return root


@pytest.fixture
def run(pristine: Path, tmp_path: Path) -> Path:
    return shutil.copytree(pristine, tmp_path / "run")


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file(run: Path, name: str) -> None:
    (run / name).unlink()
    with pytest.raises((RunError, UsageError), match=name.rsplit("/", 1)[-1]):
        read_run(run)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_a_directory(run: Path, name: str) -> None:
    (run / name).unlink()
    (run / name).mkdir()
    with pytest.raises(RunError, match="cannot be read"):
        read_run(run)


@pytest.mark.parametrize("name", FILES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
@given(data=st.data())
def test_a_truncated_file(run: Path, name: str, data: st.DataObject) -> None:
    whole = (run / name).read_bytes()
    try:
        (run / name).write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
        with pytest.raises(RunError):
            read_run(run)
    finally:
        (run / name).write_bytes(whole)


@pytest.mark.parametrize("name", FILES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(data=st.data())
def test_a_flipped_byte(run: Path, name: str, data: st.DataObject) -> None:
    whole = (run / name).read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytes([whole[place] ^ data.draw(st.integers(1, 255))])
    try:
        (run / name).write_bytes(whole[:place] + flipped + whole[place + 1 :])
        with pytest.raises(RunError):
            read_run(run)
    finally:
        (run / name).write_bytes(whole)


def test_an_edited_verdict_is_noticed(run: Path) -> None:
    text = (run / "findings.json").read_text()
    (run / "findings.json").write_text(text.replace('"verdict": "fail"', '"verdict": "pass"'))
    with pytest.raises(RunError, match=r"findings\.json was changed after the run was written"):
        read_run(run)


def reseal(run: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Edit the manifest as somebody would who also mends its seal."""
    document = json.loads((run / "manifest.json").read_bytes())
    del document["sha256"]
    change(document)
    (run / "manifest.json").write_bytes(dump(document | {"sha256": sha256(dump(document))}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(schema="clip-audit/run/2"), "this version of clip-audit reads 'clip-audit/run/1'"),
        (lambda d: d.update(models=[]), "names no model"),
        (lambda d: d.update(seed="0"), r"manifest\.seed"),
        (lambda d: d.update(status="done"), r"manifest\.status"),
        (lambda d: d.update(colour="red"), r"manifest\.colour"),
        (lambda d: d.pop("command"), r"manifest\.command"),
        (lambda d: d["files"].pop("findings.json"), "does not name the files"),
        (lambda d: d["files"].update({"../../secret": "00"}), "no file of a run"),
        (lambda d: d["files"].update({"figures/../../secret": "00"}), "no file of a run"),
        (lambda d: d["suites"][0].update(name="../up"), "cannot name a file"),
        (lambda d: d.update(status="running", files={"/etc/hostname": "00"}), "no file of a run"),
    ],
)
def test_a_manifest_that_does_not_fit(run: Path, change: Callable[[dict[str, object]], object], message: str) -> None:
    reseal(run, change)
    with pytest.raises(RunError, match=message):
        read_run(run, allow_incomplete=True)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"schema": "clip-audit/findings/1"', '"schema": "clip-audit/findings/2"', "reads 'clip-audit/findings/1'"),
        ('"verdict": "fail",\n  "model"', '"verdict": "fine",\n  "model"', "verdict"),
        ('"value": 0.048', '"value": "0.048"', r"findings\[0\]\.estimates\[0\]\.Estimate\.value"),
        ('"value": 0.048', '"value": NaN', "NaN is not a JSON number"),
        ('"value": 0.048', '"value": 1e999', "value"),
        ('"value": 0.048', '"value": 0.048, "value": 0.001', "a key is given twice"),
        ('"clusters": 30', '"clusters": 31', "not the sum"),
        ('"undefined": "no spread within the groups"', '"undefined": ""', "a name and a reason only"),
        ('"undefined": "no spread within the groups"', '"reason": "no spread"', "not the sum"),
        ('"suite": "regions"', '"suite": "regions", "colour": 1', r"findings\[0\]\.colour"),
        ('"findings": [', '"findings": [7, ', r"findings\[0\]"),
        ("{", "[" * 100_000 + "{", "not valid JSON"),
    ],
)
def test_findings_that_do_not_fit(run: Path, old: str, new: str, message: str) -> None:
    data = (run / "findings.json").read_text().replace(old, new, 1).encode()
    (run / "findings.json").write_bytes(data)
    reseal(run, lambda d: d["files"].update({"findings.json": sha256(data)}))  # type: ignore[attr-defined]
    with pytest.raises(RunError, match=message):
        read_run(run)


def test_a_table_of_another_version(run: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = run / "tables/rows.parquet"
    pq.write_table(pa.table({"suite": ["regions"]}), path)
    reseal(run, lambda d: d["files"].update({"tables/rows.parquet": sha256(path.read_bytes())}))  # type: ignore[attr-defined]
    with pytest.raises(RunError, match="does not have the columns"):
        read_run(run).table("rows")
    path.write_bytes(b"PAR1")
    reseal(run, lambda d: d["files"].update({"tables/rows.parquet": sha256(path.read_bytes())}))  # type: ignore[attr-defined]
    with pytest.raises(RunError, match="cannot be read as a Parquet table"):
        read_run(run).frame("rows")
