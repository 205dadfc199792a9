"""How much memory a scan of single units takes at 1,000 and at 1,000,000 stimuli, which should be the same.

Run from the project's root: ``OMP_NUM_THREADS=1 python benchmarks/scale.py``. The model is made up (its activations are
drawn, its pictures blank); the engine, its cache on disk and the reducers are the tool's own. Each row is a process of
its own, for the peak that the system reports is that of a whole process. Prints a table, and writes scale.json beside
this file.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from audit.encoders import Encoded, LayerRef
from audit.engine import BinReservoir, Cache, Histogram, LiveEncodings, Moments, Ranks, TopK, scanned
from audit.records import LayerInfo, Modality, ModelInfo
from audit.stimuli import Stimulus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIZES = (1_000, 1_000_000)
CHANNELS, CHOSEN = 2_560, 8
"""Units of a layer of RN50x4, and how many of them are looked at."""
LAYER = LayerRef("drawn", "max")
BLANK = Image.new("RGB", (1, 1))
EDGES = [np.linspace(-6.0, 6.0, 13)] * CHOSEN


class Drawn:
    """A model whose activations are drawn from a normal distribution."""

    batch_size = 256
    fingerprint = "0" * 64
    info = ModelInfo(
        spec="drawn",
        name="drawn",
        kind="drawn",
        modalities=frozenset({Modality.IMAGE}),
        weights_digest="0" * 64,
        layers=(LayerInfo(LAYER.name, LAYER.pooling, CHANNELS, True),),
    )

    def __init__(self) -> None:
        self._rng = np.random.default_rng(0)

    def encode_text(self, texts: Sequence[str]) -> Any:
        """Nothing asks for it."""
        raise NotImplementedError

    def encode_images(self, images: Sequence[Image.Image], layers: Sequence[LayerRef] = ()) -> Encoded:
        """Drawn activations of every channel, as a real layer gives them."""
        drawn = self._rng.standard_normal((len(images), CHANNELS), dtype=np.float32)
        return Encoded(drawn[:, :8], dict.fromkeys(layers, drawn))


def stimuli(n: int) -> Iterator[Stimulus]:
    """Blank pictures with keys of the usual length, one after the other."""
    for i in range(n):
        yield Stimulus(f"{i:064x}", Modality.IMAGE, "image", "", "", "", "", "")


def one(n: int) -> dict[str, float]:
    """Scan ``n`` stimuli twice, the second time out of the cache; the peak of this process."""
    scanned.picture = lambda _stimulus: BLANK  # type: ignore[attr-defined]
    units = [f"{LAYER.name}/{channel}/{LAYER.pooling}" for channel in range(CHOSEN)]
    reducers = [
        Moments(CHOSEN),
        TopK(CHOSEN, 40),
        Histogram(EDGES),
        BinReservoir(EDGES, 20, 0),
        Ranks([np.linspace(-3.0, 3.0, 200)] * CHOSEN),
    ]
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        encodings = LiveEncodings(Drawn(), Cache(Path(folder), Drawn.fingerprint))
        encodings.scan(stimuli(n), units, reducers)
        first = time.perf_counter() - started
        encodings.scan(stimuli(n), units, [Moments(CHOSEN)])
    assert (encodings.encoded, encodings.cached) == (n, n)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"stimuli": n, "peak_mib": peak, "first_s": first, "again_s": time.perf_counter() - started - first}


def main() -> None:
    """Each size in a process of its own."""
    rows = []
    for n in SIZES:
        told = subprocess.run([sys.executable, __file__, str(n)], check=True, capture_output=True, text=True).stdout
        rows.append(json.loads(told))
    ratio = rows[-1]["peak_mib"] / rows[0]["peak_mib"]
    print("| stimuli | peak memory, MiB | all vectors would be, MiB | first scan, s | again, s |")
    print("|---:|---:|---:|---:|---:|")
    for row in rows:
        whole = row["stimuli"] * CHANNELS * 4 / 2**20
        cells = (f"{row['stimuli']:,}", f"{row['peak_mib']:.0f}", f"{whole:,.0f}")
        print(f"| {' | '.join(cells)} | {row['first_s']:.1f} | {row['again_s']:.1f} |")
    print(f"\npeak at {SIZES[-1]:,} over peak at {SIZES[0]:,}: {ratio:.3f}")
    Path(__file__).with_suffix(".json").write_text(json.dumps({"rows": rows, "ratio": ratio}, indent=1) + "\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(one(int(sys.argv[1]))))
    else:
        main()
