"""Vectors kept on disk by the content they were made from, so that nothing is encoded twice.

One SQLite file a model fingerprint (weights, preprocessing, tokenizer, dtype, device class, encoder code), so two
models can never share an entry; inside it a vector is found by its space (text, image, or a layer under a pooling) and
the sha256 of the stimulus. SQLite gives atomic writes and several readers; a batch is on disk before the next is
encoded.
"""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_AT_ONCE = 500  # SQLite's oldest limit on variables in one statement is 999

_TABLE = """
create table if not exists vectors (
    space text not null, key text not null, crc integer not null, data blob not null, primary key (space, key)
) without rowid
"""


class Cache:
    """The vectors of one model."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        """Open or make the cache of the model with this fingerprint; UsageError when the folder cannot be written."""
        self.path = folder / f"{fingerprint[:40]}.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._make()
        except sqlite3.DatabaseError:
            # A damaged cache is worth nothing and costs nothing: what it held is encoded again.
            self.path.unlink(missing_ok=True)
            self._make()
        except OSError as error:
            raise UsageError(
                f"the cache folder {folder} cannot be written: {error.strerror}",
                hint="set CLIP_AUDIT_CACHE to a folder that can",
            ) from error

    def _make(self) -> None:
        with closing(self._connect()) as db, db:
            db.execute(_TABLE)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=60)

    def get(self, space: str, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors that are there and sound; one whose checksum is off is left out, and so encoded again."""
        found: dict[str, NDArray[np.float32]] = {}
        with closing(self._connect()) as db:
            for some in _chunks(keys):
                marks = ",".join("?" * len(some))
                rows = db.execute(
                    f"select key, crc, data from vectors where space = ? and key in ({marks})", [space, *some]
                )
                for key, crc, data in rows:
                    if zlib.crc32(data) == crc:
                        found[key] = np.frombuffer(data, dtype="<f4")
        return found

    def put(self, space: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep these vectors, all or none of them."""
        rows = []
        for key, vector in vectors.items():
            data = np.ascontiguousarray(vector, dtype="<f4").tobytes()
            rows.append((space, key, zlib.crc32(data), data))
        with closing(self._connect()) as db, db:
            db.executemany("insert or replace into vectors values (?, ?, ?, ?)", rows)


def _chunks(keys: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield list(keys[start : start + _AT_ONCE])
