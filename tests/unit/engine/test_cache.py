import os
import sqlite3

import numpy as np
import pytest

from audit.engine import Cache
from audit.errors import UsageError
from audit.store import default_cache_dir


def test_a_vector_comes_back_bit_by_bit(tmp_path):
    vector = np.array([1.5, -0.1, np.pi, 1e-40], dtype=np.float32)
    Cache(tmp_path, "model").put("text", {"k": vector})
    found = Cache(tmp_path, "model").get("text", ["k", "absent"])
    assert list(found) == ["k"]
    assert found["k"].tobytes() == vector.tobytes()


def test_models_and_spaces_share_nothing(tmp_path):
    one = np.ones(2, dtype=np.float32)
    Cache(tmp_path, "a" * 64).put("text", {"k": one})
    assert Cache(tmp_path, "b" * 64).get("text", ["k"]) == {}
    assert Cache(tmp_path, "a" * 64).get("image", ["k"]) == {}


def test_more_keys_than_one_statement_takes(tmp_path):
    cache = Cache(tmp_path, "model")
    cache.put("text", {str(i): np.array([i], dtype=np.float32) for i in range(1_234)})
    found = cache.get("text", [str(i) for i in range(1_234)])
    assert {int(key): value[0] for key, value in found.items()} == {i: i for i in range(1_234)}


def test_a_vector_whose_checksum_is_off_is_encoded_again(tmp_path):
    cache = Cache(tmp_path, "model")
    cache.put("text", {"k": np.ones(2, dtype=np.float32), "good": np.ones(2, dtype=np.float32)})
    with sqlite3.connect(cache.path) as db:
        db.execute("update vectors set data = ? where key = 'k'", (np.zeros(2, dtype=np.float32).tobytes(),))
    db.close()
    assert list(cache.get("text", ["k", "good"])) == ["good"]


def test_a_damaged_file_is_replaced(tmp_path):
    cache = Cache(tmp_path, "model")
    cache.path.write_bytes(b"no database " * 100)
    fresh = Cache(tmp_path, "model")
    assert fresh.get("text", ["k"]) == {}
    fresh.put("text", {"k": np.ones(1, dtype=np.float32)})
    assert list(fresh.get("text", ["k"])) == ["k"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written") as caught:
        Cache(tmp_path / "file" / "cache", "model")
    assert "CLIP_AUDIT_CACHE" in caught.value.hint


def test_the_folder_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIP_AUDIT_CACHE", str(tmp_path))
    assert default_cache_dir() == tmp_path
    monkeypatch.delenv("CLIP_AUDIT_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path))
    assert default_cache_dir() == tmp_path / "clip-audit"
