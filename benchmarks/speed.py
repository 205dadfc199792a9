"""How fast the statistics are, against scipy in the same process; prints ratios, which travel better than seconds.

Run from the project's root: ``OMP_NUM_THREADS=1 python benchmarks/speed.py``.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from audit.stats import TwoSampleDesign, max_t, max_t_units, two_sample
from audit.stats.random_subsets import random_subset_sums

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """Best of a few runs."""
    best = float("inf")
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def monte_carlo(rng: np.random.Generator, n: int) -> None:
    """One Monte Carlo resample against scipy.stats.permutation_test, vectorised."""
    x, y = rng.normal(size=n), rng.normal(size=n)
    values = np.concatenate([x, y])
    ours = seconds(lambda: random_subset_sums(values, n, 500_000, np.random.default_rng(0))) / 500_000

    def mean_difference(a: NDArray[np.float64], b: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        difference: NDArray[np.float64] = a.mean(axis=axis) - b.mean(axis=axis)
        return difference

    def scipy_test() -> object:
        generator = np.random.default_rng(0)
        return stats.permutation_test(
            (x, y), mean_difference, vectorized=True, n_resamples=20_000, batch=5_000, rng=generator
        )

    theirs = seconds(scipy_test) / 20_000
    each = f"{ours * 1e6:.3f} microseconds a resample; scipy {theirs * 1e6:.2f}; {theirs / ours:.0f} x"
    print(f"Monte Carlo, {n}+{n}: {each}")


def exact(rng: np.random.Generator, n: int) -> None:
    """The exact test, whose partitions scipy would have to enumerate."""
    scores, in_x = rng.normal(size=2 * n), np.arange(2 * n) < n
    taken = seconds(lambda: two_sample(scores, in_x, alternative="two-sided", seed=0))
    print(f"exact, {n}+{n}: {taken * 1e3:.1f} ms")


def exact_against_scipy(rng: np.random.Generator) -> None:
    """The largest exact test that scipy does in reasonable time."""
    x, y = rng.normal(size=9), rng.normal(size=9)
    scores, in_x = np.concatenate([x, y]), np.arange(18) < 9
    ours = seconds(lambda: two_sample(scores, in_x, alternative="greater", seed=0))

    def mean_difference(a: NDArray[np.float64], b: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        difference: NDArray[np.float64] = a.mean(axis=axis) - b.mean(axis=axis)
        return difference

    theirs = seconds(
        lambda: stats.permutation_test(
            (x, y), mean_difference, vectorized=True, n_resamples=50_000, alternative="greater"
        )
    )
    print(f"exact, 9+9: {ours * 1e3:.2f} ms; scipy {theirs * 1e3:.0f} ms; {theirs / ours:.0f} x")


def family(rng: np.random.Generator) -> None:
    """Max-T over a family the size of a suite."""
    names, in_x = tuple(f"c{i}" for i in range(40)), np.arange(40) < 20
    tests = [TwoSampleDesign(names, in_x, rng.normal(size=(40, 5)), "two-sided") for _ in range(40)]
    taken = seconds(lambda: max_t(tests, seed=0), repeats=2)
    print(f"max-T, 40 tests of 40 clusters and 5 templates, 9,999 resamples: {taken:.2f} s")


def units(rng: np.random.Generator) -> None:
    """The max-T null over a whole model's units."""
    activations = rng.standard_normal((1_100, 36_864), dtype=np.float32)
    positive, clusters = np.arange(1_100) < 100, np.arange(1_100)
    taken = seconds(lambda: max_t_units(activations, positive, clusters, resamples=1_000, seed=0), repeats=1)
    print(f"max-T over 36,864 units, 1,100 images, 1,000 resamples: {taken:.1f} s")


def main() -> None:
    """Run all of them."""
    rng = np.random.default_rng(0)
    for n in (8, 25, 50):
        monte_carlo(rng, n)
    exact_against_scipy(rng)
    for n in (10, 20, 22):
        exact(rng, n)
    family(rng)
    units(rng)


if __name__ == "__main__":
    main()
