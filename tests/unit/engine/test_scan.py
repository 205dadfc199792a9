"""A stream of stimuli past chosen units: what reducers are fed, what is kept, and what is not."""

from __future__ import annotations

import sqlite3

import numpy as np
import pandas as pd
import pytest

from audit.encoders import Precomputed
from audit.engine import Cache, LiveEncodings, Moments, PrecomputedEncodings, TopK
from audit.errors import ModelError
from audit.records import LayerInfo, Modality, ModelInfo
from audit.stimuli import Stimulus
from tests.unit.engine.test_live import Counting, word

WORDS = ("Iraq", "Iran", "Peru", "Chile", "Laos", "Mali", "Cuba")
UNITS = ("last/2/mean", "last/0/mean")


class Recorder:
    """A reducer that remembers what it was fed."""

    def __init__(self):
        self.chunks = []

    def update(self, keys, values):
        self.chunks.append((list(keys), np.array(values)))


def test_reducers_are_fed_the_columns_that_were_asked_for(tmp_path):
    stimuli = [word(name) for name in WORDS]
    encodings, seen = LiveEncodings(Counting(), Cache(tmp_path, "f" * 64)), Recorder()
    assert encodings.scan(iter(stimuli), UNITS, [seen]) == 7
    assert [len(keys) for keys, _ in seen.chunks] == [3, 3, 1]
    assert [key for keys, _ in seen.chunks for key in keys] == [stimulus.key for stimulus in stimuli]
    whole = encodings.units(stimuli)
    np.testing.assert_array_equal(np.concatenate([v for _, v in seen.chunks]), whole.values[:, [2, 0]])


def test_only_the_columns_are_kept_and_nothing_is_encoded_twice(tmp_path):
    stimuli = [word(name) for name in (*WORDS, "Iraq")]
    encoder, cache = Counting(), Cache(tmp_path, "f" * 64)
    encodings = LiveEncodings(encoder, cache)
    encodings.scan(stimuli, UNITS, [TopK(2, 3)])
    assert (encoder.images, encodings.encoded, encodings.cached) == (7, 7, 1)
    with sqlite3.connect(cache.path) as db:
        rows = db.execute("select distinct space, length(data) from vectors").fetchall()
    assert [(space.partition(":")[0], length) for space, length in rows] == [("columns", 8)]
    assert encodings._vectors == {}
    again = LiveEncodings(Counting(), cache)
    first, second = TopK(2, 3), TopK(2, 3)
    encodings.scan(stimuli, UNITS, [first])
    again.scan(stimuli[::-1], UNITS, [second])
    assert (again.encoded, again.cached) == (0, 8)
    assert [first.of(unit) for unit in (0, 1)] == [second.of(unit) for unit in (0, 1)]
    again.scan(stimuli, UNITS[::-1], [])
    assert again.encoded == 7, "the same units in another order are another scan"


def test_what_was_scanned_before_an_interruption_is_kept(tmp_path):
    def stop(_what, done, _total):
        if done >= 3:
            raise KeyboardInterrupt

    stimuli, cache = [word(name) for name in WORDS], Cache(tmp_path, "f" * 64)
    stopped = LiveEncodings(Counting(), cache, stop)
    with pytest.raises(KeyboardInterrupt):
        stopped.scan(stimuli, UNITS, [])
    assert stopped.encoded == 3
    resumed = LiveEncodings(Counting(), cache)
    resumed.scan(stimuli, UNITS, [])
    assert (resumed.encoded, resumed.cached) == (4, 3)


@pytest.mark.parametrize("unit", ["last/3/mean", "lost/0/mean", "last/0/max", "nonsense"])
def test_a_unit_that_is_not_there_is_refused(tmp_path, unit):
    with pytest.raises(ModelError, match=unit.replace("/", "/")):
        LiveEncodings(Counting(), Cache(tmp_path, "f" * 64)).scan([word("Iraq")], [unit], [])


@pytest.fixture
def precomputed(tmp_path):
    """10,000 rows of activations that lie on disk, with encodings that read them there."""
    values = np.random.default_rng(0).standard_normal((10_000, 5)).astype(np.float32)
    np.save(tmp_path / "activations.npy", values)
    ids = [f"row-{i}" for i in range(10_000)]
    info = ModelInfo(
        spec="arrays:x",
        name="x",
        kind="arrays",
        modalities=frozenset({Modality.IMAGE}),
        weights_digest="0" * 64,
        layers=(LayerInfo("published", "none", 5, True),),
    )
    units = pd.DataFrame({"unit": [f"u{i}" for i in range(5)], "layer": "published"})
    on_disk = np.load(tmp_path / "activations.npy", mmap_mode="r")
    arrays = Precomputed(info, pd.DataFrame({"id": ids, "modality": "image"}), None, on_disk, units, None)
    stimuli = [Stimulus(name, Modality.IMAGE, "image", name, name, name, "", name) for name in ids]
    return PrecomputedEncodings(arrays), stimuli, values


def test_rows_of_arrays_are_read_in_parts(precomputed):
    encodings, stimuli, values = precomputed
    seen, moments = Recorder(), Moments(2)
    assert encodings.scan(iter(stimuli[::-1]), ["u4", "u1"], [seen, moments]) == 10_000
    assert max(len(keys) for keys, _ in seen.chunks) == 4_096
    np.testing.assert_array_equal(np.concatenate([v for _, v in seen.chunks]), values[::-1][:, [4, 1]])
    np.testing.assert_allclose(moments.mean, values[:, [4, 1]].astype(float).mean(axis=0), atol=1e-9)


def test_a_unit_that_arrays_do_not_have_is_refused(precomputed):
    encodings, stimuli, _ = precomputed
    with pytest.raises(ModelError, match="no unit 'u11'") as caught:
        encodings.scan(stimuli, ["u11"], [])
    assert "did you mean 'u1'?" in caught.value.hint
