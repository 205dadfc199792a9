"""How fast the statistics are, against scipy in the same process; prints ratios, which travel better than seconds.

Run from the project's root: ``OMP_NUM_THREADS=1 python benchmarks/speed.py``. Ours and scipy's take turns, five times,
and a ratio is of two neighbours. Writes speed.json beside this file and the table of docs/speed.md.
"""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from judged import judged, ready_suite
from scipy import stats

from audit.stats import TwoSampleDesign, max_t, max_t_units, two_sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

REPEATS = 5
DOCS = Path(__file__).parents[1] / "docs" / "speed.md"
BEGIN, END = "<!-- speed: begin -->", "<!-- speed: end -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was timed."""

    what: str
    target: str
    unit: str
    """``x`` for a ratio against scipy, ``s`` for seconds."""
    low: float
    median: float
    high: float
    passed: bool | None
    """None for a row without a target."""


def _took(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _ratio(what: str, ours: Callable[[], object], theirs: Callable[[], object], least: float, scale: float = 1) -> Row:
    """Theirs over ours, in turns; ``scale`` is how many times as much work ours does."""
    ours()
    found = sorted(scale * _took(theirs) / _took(ours) for _ in range(REPEATS))
    median = found[REPEATS // 2]
    return Row(what, f"at least {least:g}", "x", found[0], median, found[-1], median >= least)


def _seconds(what: str, work: Callable[[], object], most: float | None, repeats: int = REPEATS) -> Row:
    work()
    found = sorted(_took(work) for _ in range(repeats))
    median = found[repeats // 2]
    target = "" if most is None else f"under {most:g}"
    return Row(what, target, "s", found[0], median, found[-1], None if most is None else median < most)


def mean_difference(a: NDArray[np.float64], b: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """The statistic of all tests here."""
    difference: NDArray[np.float64] = a.mean(axis=axis) - b.mean(axis=axis)
    return difference


def _scipy(x: NDArray[np.float64], y: NDArray[np.float64], resamples: int) -> object:
    return stats.permutation_test(
        (x, y), mean_difference, vectorized=True, n_resamples=resamples, batch=5_000, rng=np.random.default_rng(0)
    )


def one_test(rng: np.random.Generator) -> Iterator[Row]:
    """One test of 100,000 resamples."""
    for n, least in ((25, 20.0), (50, 10.0)):
        x, y = rng.normal(size=n), rng.normal(size=n)
        scores, in_x = np.concatenate([x, y]), np.arange(2 * n) < n
        yield _ratio(
            f"one test of 100,000 resamples, {n} + {n}",
            lambda scores=scores, in_x=in_x: two_sample(  # type: ignore[misc]
                scores, in_x, alternative="two-sided", seed=0, resamples=99_999
            ),
            lambda x=x, y=y: _scipy(x, y, 99_999),  # type: ignore[misc]
            least,
        )


def many_tests(rng: np.random.Generator) -> Iterator[Row]:
    """1,000 tests of the same clusters, whose permutations max-T shares; scipy does five of them, scaled."""
    names, in_x = tuple(map(str, range(50))), np.arange(50) < 25
    scores = rng.normal(size=(1_000, 50))
    tests = [TwoSampleDesign(names, in_x, row[:, None], "two-sided") for row in scores]
    yield _ratio(
        "1,000 tests of 25 + 25 that share 9,999 permutations, studentised, with their max-T",
        lambda: max_t(tests, seed=0, resamples=9_999),
        lambda: [_scipy(row[:25], row[25:], 9_999) for row in scores[:5]],
        20,
        scale=200,
    )


def exact(rng: np.random.Generator) -> Iterator[Row]:
    """The exact test."""
    scores, in_x = rng.normal(size=40), np.arange(40) < 20
    work = lambda: two_sample(scores, in_x, alternative="two-sided", seed=0)  # noqa: E731
    yield _seconds("exact test of 20 + 20, all 1.4e11 partitions", work, 0.15)
    few, half = rng.normal(size=18), np.arange(18) < 9
    yield _ratio(
        "exact test of 9 + 9",
        lambda: two_sample(few, half, alternative="greater", seed=0),
        lambda: stats.permutation_test((few[:9], few[9:]), mean_difference, vectorized=True, n_resamples=50_000),
        20,
    )


def suites(_rng: np.random.Generator) -> Iterator[Row]:
    """200 association probes on cached embeddings, from planning to verdicts."""
    for size, name in ((40, "families of 40"), (200, "one family")):
        with tempfile.TemporaryDirectory() as folder:
            suite = ready_suite(Path(folder), size)
            work = lambda suite=suite, folder=folder: judged(suite, Path(folder))  # noqa: E731
            yield _seconds(f"200 associations judged, {name}", work, 3.0)  # type: ignore[arg-type]


def units(rng: np.random.Generator) -> Iterator[Row]:
    """The max-T null over a whole model's units."""
    activations = rng.standard_normal((1_100, 36_864), dtype=np.float32)
    positive, clusters = np.arange(1_100) < 100, np.arange(1_100)
    work = lambda: max_t_units(activations, positive, clusters, resamples=1_000, seed=0)  # noqa: E731
    yield _seconds("max-T over 36,864 units, 1,100 images, 1,000 resamples", work, None, repeats=1)


def table(rows: list[Row]) -> str:
    """A Markdown table."""
    lines = ["| what | target | median | lowest to highest | |", "|---|---|---:|---|---|"]
    for row in rows:
        digits = 0 if row.unit == "x" else 2
        verdict = {True: "met", False: "**missed**", None: ""}[row.passed]
        spread = f"{row.low:.{digits}f} to {row.high:.{digits}f}"
        target = f"{row.target} {row.unit}" if row.target else ""
        lines.append(f"| {row.what} | {target} | {row.median:.{digits}f} {row.unit} | {spread} | {verdict} |")
    return "\n".join(lines)


def main() -> None:
    """Run all of them."""
    rng = np.random.default_rng(0)
    rows: list[Row] = []
    for part in (one_test, many_tests, exact, suites, units):
        for row in part(rng):
            rows.append(row)
            spread = f"({row.low:.3g} to {row.high:.3g})"
            print(f"{row.what}: {row.median:.3g} {row.unit} {spread}; {row.target}", flush=True)
    written = {"rows": [asdict(row) for row in rows]}
    Path(__file__).with_suffix(".json").write_text(json.dumps(written, indent=1) + "\n")
    head, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    DOCS.write_text(f"{head}{BEGIN}\n{table(rows)}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
