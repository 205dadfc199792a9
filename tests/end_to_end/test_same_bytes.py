"""The same run gives the same bytes, reports included."""

from __future__ import annotations

import hashlib


def test_two_runs_are_the_same_to_the_byte(tmp_path, monkeypatch, cli):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    digests = []
    for name in ("one", "two"):
        code, _, err = cli("run", "goh2021", "--out", tmp_path / name)
        assert code == 0, err
        files = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file() and p.name != ".lock")
        digests.append({p.relative_to(tmp_path / name): hashlib.sha256(p.read_bytes()).hexdigest() for p in files})
    assert len(digests[0]) >= 10
    assert digests[0] == digests[1]
