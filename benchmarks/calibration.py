"""Do the statistics hold their levels? Simulated, one row a claim; writes calibration.json beside this file.

Run from the project's root: ``OMP_NUM_THREADS=1 python benchmarks/calibration.py``. It took 35 minutes on
two cores that had other work too.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from groups import far_tails, group_gaps, pairs_and_levels, rankings, releases, shrinkage
from matched import matched_designs, matched_families
from multimodal import facet_counts, smallest_areas
from numpy.typing import NDArray
from rows import Row, p_of, share
from scipy import special
from summary import DOCS, UNITS, of_units, update
from units import absences, no_units, planted_units

from audit.records import Undefined
from audit.stats import (
    CrossedDifference,
    Interval,
    TwoSampleDesign,
    auroc_interval,
    crossed_difference,
    hedges_g,
    holm,
    icc,
    max_t,
    mde,
    noninferiority_p,
    permutation_auroc,
    relation,
    select_then_confirm,
    studentized_bootstrap,
    two_sample,
    wilson,
    wilson_simultaneous,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 20_240_601
Floats = NDArray[np.float64]


def crossed(scores: Floats, in_x: NDArray[np.bool_]) -> CrossedDifference:
    """The crossed difference of data that always have one."""
    found = crossed_difference(scores, in_x)
    assert isinstance(found, CrossedDifference)
    return found


def _halves(n: int) -> NDArray[np.bool_]:
    return np.arange(2 * n) < n


def cluster_tests(rng: np.random.Generator) -> Iterator[Row]:
    """The permutation of clusters at three intraclass correlations, and of items beside it."""
    terms, items, runs = 8, 10, 20_000
    in_x = _halves(terms)
    for correlation in (0.0, 0.1, 0.4):
        by_cluster, by_item = [], []
        for run in range(runs):
            own = rng.normal(size=(2 * terms, 1)) * np.sqrt(correlation)
            scores = own + rng.normal(size=(2 * terms, items)) * np.sqrt(1 - correlation)
            by_cluster.append(p_of(two_sample(scores.mean(axis=1), in_x, alternative="two-sided", seed=run)) <= 0.05)
            if run < 1000:
                spread = np.repeat(in_x, items)
                naive = two_sample(scores.ravel(), spread, alternative="two-sided", seed=run, resamples=999)
                by_item.append(p_of(naive) <= 0.05)
        yield share(f"type I, permutation of 8+8 clusters of 10 items, ICC {correlation:g}", by_cluster, high=0.057)
        yield share(f"  the same, items permuted as if independent, ICC {correlation:g}", by_item, note="shown beside")


def p_values(rng: np.random.Generator) -> Iterator[Row]:
    """P(p <= a) <= a + 2 standard errors, exact and Monte Carlo."""
    runs = 4000
    for n, resamples, name in ((8, 99, "exact"), (30, 1999, "monte-carlo")):
        p = np.array(
            [
                p_of(
                    two_sample(
                        rng.exponential(size=2 * n), _halves(n), alternative="greater", seed=i, resamples=resamples
                    )
                )
                for i in range(runs)
            ]
        )
        for a in (0.05, 0.01, 0.001):
            yield share(
                f"P(p <= {a:g}), {name}, {n}+{n}, exponential", list(p <= a), high=a + 2 * (a * (1 - a) / runs) ** 0.5
            )


def crossed_t(rng: np.random.Generator) -> Iterator[Row]:
    """Type I of the crossed t where clusters, templates within groups and noise all vary; clusters-only beside it."""
    runs, n = 4000, 16
    in_x = _halves(n)
    for templates in (5, 10, 30):
        for sd, noise in ((0.3, 0.5), (0.5, 0.5)):
            found, naive = [], []
            for _ in range(runs):
                scores = rng.normal(size=(2 * n, 1)) + noise * rng.normal(size=(2 * n, templates))
                slopes = sd * rng.normal(size=(2, templates))
                c = crossed(scores + np.where(in_x[:, None], slopes[0], slopes[1]), in_x)
                found.append(2 * special.stdtr(c.df, -abs(c.value) / c.se) <= 0.05)
                naive.append(2 * special.stdtr(2 * n - 2, -abs(c.value) / c.v_cluster**0.5) <= 0.05)
            where = f"{n}+{n} clusters, {templates} templates, template-by-group sd {sd:g}"
            yield share(f"type I, crossed t, {where}", found, low=0.035, high=0.065)
            yield share(f"  the same, clusters only, {templates} templates", naive, note="shown beside")
    noise_only = []
    for _ in range(runs):
        c = crossed(rng.normal(size=(2 * n, 5)), in_x)
        noise_only.append(2 * special.stdtr(c.df, -abs(c.value) / c.se) <= 0.05)
    yield share(
        "  crossed t, noise alone (no cluster, no template effect): conservative", noise_only, note="shown beside"
    )


def _family(rng: np.random.Generator, tests: int, rho: float, effect: float) -> list[TwoSampleDesign]:
    n = 12
    names = tuple(f"c{i}" for i in range(2 * n))
    common, own = rng.normal(size=2 * n), rng.normal(size=(tests, 2 * n))
    scores = np.sqrt(rho) * common + np.sqrt(1 - rho) * own
    scores[: tests // 10] += effect * _halves(n)
    return [TwoSampleDesign(names, _halves(n), row, "two-sided") for row in scores]


def families(rng: np.random.Generator) -> Iterator[Row]:
    """Family-wise error and simultaneous coverage of 39 tests, and power against Holm's."""
    tests, runs = 39, 4000
    for rho in (0.0, 0.8):
        rejected, missed = [], []
        for run in range(runs):
            designs = _family(rng, tests, rho, 0.0)
            results = [r for r in max_t(designs, seed=run, resamples=999) if not isinstance(r, Undefined)]
            rejected.append(min(r.p_adjusted for r in results) <= 0.05)
            missed.append(any(not r.low <= 0 <= r.high for r in results))
        yield share(f"family-wise error of max-T, 39 tests, rho {rho:g}", rejected, high=0.057)
        yield share(f"simultaneous intervals that miss one of 39 truths, rho {rho:g}", missed, high=0.057)
    step, bonferroni = [], []
    for run in range(600):
        designs = _family(rng, tests, 0.8, 1.6)
        found = max_t(designs, seed=run, resamples=999)[: tests // 10]
        step += [r.p_adjusted <= 0.05 for r in found if not isinstance(r, Undefined)]
        single = [p_of(two_sample(d.scores, d.in_x, alternative="two-sided", seed=run)) for d in designs]
        bonferroni += list(holm(np.array(single))[: tests // 10] <= 0.05)
    yield share("power of max-T, 39 tests, rho 0.8 (target: Holm's power)", step, low=float(np.mean(bonferroni)))


def margins(rng: np.random.Generator) -> Iterator[Row]:
    """Passing when the truth is at the margin, and when it is zero."""
    runs, pairs, margin = 4000, 100, 0.3
    for truth, name in ((margin, "at the margin"), (0.0, "zero")):
        differences = truth + rng.normal(size=(runs, pairs))
        se = differences.std(axis=1, ddof=1) / np.sqrt(pairs)
        means = zip(differences.mean(axis=1), se, strict=True)
        passes = [noninferiority_p(float(m), float(s), pairs - 1, margin) <= 0.05 for m, s in means]
        # The exact power is .909 (noncentral t); METHODS rounds it to .91.
        low, high = (None, 0.057) if truth else (0.900, 0.918)
        yield share(f"non-inferiority pass rate, 100 pairs, margin 0.3 sd, true effect {name}", passes, low, high)
    for n in (10, 20):
        passed, failed = [], []
        for _ in range(runs):
            c = crossed(rng.normal(size=2 * n) + 0.8 * _halves(n), _halves(n))
            decided = relation(*c.interval(), *c.interval(), (-np.inf, 0.8))
            passed.append(decided == "inside")
            failed.append(decided == "beyond")
        yield share(f"verdict pass at the margin, 95 % interval, {n}+{n}", passed, high=0.057)
        yield share(f"verdict fail at the margin, 95 % interval, {n}+{n}", failed, high=0.057)


def detectable(rng: np.random.Generator) -> Iterator[Row]:
    """Power at the reported minimum detectable effect."""
    runs = 4000
    for n in (8, 25):
        for alternative in ("greater", "two-sided"):
            effect = mde(np.sqrt(2 / n), 2 * n - 2, alternative=alternative)
            hits = []
            for _ in range(runs):
                c = crossed(rng.normal(size=2 * n) + effect * _halves(n), _halves(n))
                tail = float(special.stdtr(c.df, -c.value / c.se))
                hits.append((tail if alternative == "greater" else 2 * min(tail, 1 - tail)) <= 0.05)
            yield share(f"power at the MDE, {n}+{n} clusters, {alternative}", hits, 0.78, 0.82)


def intervals(rng: np.random.Generator) -> Iterator[Row]:
    """Coverage of the default intervals."""
    runs = 4000
    for n in (16, 30):
        for name, draw in (("normal", rng.normal), ("exponential", rng.exponential)):
            held = []
            for _ in range(runs):
                low, high = crossed(draw(size=2 * n), _halves(n)).interval()
                held.append(low <= 0 <= high)
            yield share(f"coverage of the 95 % interval, {n}+{n} {name}", held, low=0.93)
    held = []
    for _ in range(runs):
        scores = rng.exponential(size=(32, 1)) + 0.5 * rng.normal(size=(32, 10))
        slopes = 0.3 * rng.normal(size=(2, 10))
        low, high = crossed(scores + np.where(_halves(16)[:, None], slopes[0], slopes[1]), _halves(16)).interval()
        held.append(low <= 0 <= high)
    yield share("coverage of the 95 % interval, 16+16 exponential clusters, 10 templates", held, low=0.93)
    held = []
    for run in range(1000):
        scores = np.concatenate([rng.exponential(size=16), rng.normal(size=32)])
        found = studentized_bootstrap(scores, np.arange(48) < 16, seed=run, resamples=999)
        assert isinstance(found, Interval)
        held.append(found.low <= 1 <= found.high)
    yield share("coverage of the studentized bootstrap, 16 exponential against 32 normal", held, low=0.93)


def effect_sizes(rng: np.random.Generator) -> Iterator[Row]:
    """Bias of Hedges g at n = 8 and coverage of its interval."""
    runs, n = 20_000, 8
    for truth in (0.5, 1.0):
        values, held = [], []
        for _ in range(runs):
            g = hedges_g(rng.normal(size=2 * n) + truth * _halves(n), _halves(n))
            assert not isinstance(g, Undefined)
            values.append(g.value)
            held.append(g.low <= truth <= g.high)
        error, bias = float(np.std(values) / np.sqrt(runs)), float(np.mean(values) - truth)
        passed = abs(bias) < 0.01
        yield Row(f"bias of Hedges g, {n}+{n}, true {truth:g}", "|bias| < 0.01", bias, error, runs, passed)
        yield share(f"coverage of the interval of Hedges g, {n}+{n}, true {truth:g}", held, low=0.93)


def shares(rng: np.random.Generator) -> Iterator[Row]:
    """Coverage of Wilson's interval, mean over true shares, and of the simultaneous ones."""
    held, together = [], []
    for _ in range(4000):
        sizes = rng.integers(5, 301, 24)
        truth = rng.random(24)
        counts = rng.binomial(sizes, truth)
        found = [wilson(int(s), int(n)) for s, n in zip(counts, sizes, strict=True)]
        held += [w.low <= t <= w.high for w, t in zip(found, truth, strict=True) if isinstance(w, Interval)]
        wide = wilson_simultaneous(counts, sizes)
        together.append(all(w.low <= t <= w.high for w, t in zip(wide, truth, strict=True) if isinstance(w, Interval)))
    yield share("coverage of Wilson's interval, groups of 5 to 300, any true share", held, low=0.94)
    yield share("24 simultaneous Wilson intervals hold together", together, low=0.94)


def units(rng: np.random.Generator) -> Iterator[Row]:
    """AUROC intervals and tests, and confirmed units among null units."""
    runs = 2000
    for n_pos, n_neg in ((5, 50), (15, 145), (50, 50)):
        for shift, spread in ((0.0, 1.0), (1.0, 1.0), (3.0, 1.0), (1.5, 2.0)):
            truth = float(special.ndtr(shift / np.sqrt(1 + spread**2)))
            positive = np.arange(n_pos + n_neg) < n_pos
            held = []
            for _ in range(runs):
                scores = rng.normal(size=n_pos + n_neg)
                scores[positive] = shift + spread * scores[positive]
                found = auroc_interval(scores, positive, np.arange(n_pos + n_neg))
                assert isinstance(found, Interval)
                held.append(found.low <= truth <= found.high)
            yield share(f"coverage for an AUROC of {truth:.3f}, {n_pos} against {n_neg}, sd {spread:g}", held, low=0.93)
    positive, clusters = np.arange(160) < 40, np.arange(160) // 4
    held, rejected = [], []
    for run in range(runs):
        scores = (rng.normal(size=40) * 0.7)[clusters] + rng.normal(size=160) * 0.7
        rejected.append(p_of(permutation_auroc(scores, positive, clusters, seed=run, resamples=999)) <= 0.05)
        found = auroc_interval(scores, positive, clusters)
        assert isinstance(found, Interval)
        held.append(found.low <= 0.5 <= found.high)
    yield share("coverage for an AUROC of 0.5, 10 against 30 clusters of 4, ICC 0.5", held, low=0.93)
    yield share("type I of the clustered AUROC test, the same", rejected, high=0.057)
    positive, confirmed = np.arange(4000) < 400, []
    for run in range(200):
        nulls = rng.standard_normal((4000, 2000), dtype=np.float32)
        search = select_then_confirm(nulls, positive, np.arange(4000), seed=run, resamples=1999)
        assert not isinstance(search, Undefined)
        confirmed.append(any(unit.confirmed for unit in search.units))
    yield share("runs that confirm a unit, 2,000 null units, 4,000 images, top 20", confirmed, high=0.06)


def clustering(rng: np.random.Generator) -> Iterator[Row]:
    """Mean of the estimated intraclass correlation."""
    values = []
    clusters = np.repeat(np.arange(40), 10)
    for _ in range(2000):
        scores = (rng.normal(size=40) * np.sqrt(0.4))[clusters] + rng.normal(size=400) * np.sqrt(0.6)
        found = icc(scores, clusters, clusters < 20)
        assert not isinstance(found, Undefined)
        values.append(found)
    mean, error = float(np.mean(values)), float(np.std(values) / np.sqrt(len(values)))
    yield Row(
        "mean estimated ICC, true 0.4, 20+20 clusters of 10", "0.38 to 0.42", mean, error, 2000, 0.38 <= mean <= 0.42
    )


PARTS: tuple[Callable[[np.random.Generator], Iterator[Row]], ...] = (
    cluster_tests,
    p_values,
    crossed_t,
    families,
    margins,
    detectable,
    intervals,
    effect_sizes,
    shares,
    units,
    clustering,
    matched_designs,
    matched_families,
    group_gaps,
    shrinkage,
    rankings,
    far_tails,
    releases,
    pairs_and_levels,
    smallest_areas,
    facet_counts,
    planted_units,
    no_units,
    absences,
)


def run_part(number: int) -> list[Row]:
    """The rows of one part, from a generator of its own: the same on any number of cores."""
    return list(PARTS[number](np.random.default_rng([SEED, number])))


def main() -> None:
    """Run every part on two cores, print a line a row, and write the JSON and the tables of the docs."""
    started = time.perf_counter()
    rows: list[Row] = []
    with ProcessPoolExecutor(max_workers=2) as pool:
        for found in pool.map(run_part, range(len(PARTS))):
            rows += found
            for row in found:
                verdict = {True: "pass", False: "FAIL", None: "    "}[row.passed]
                measured = f"{row.measured:7.4f} ± {row.standard_error:.4f}"
                print(f"{verdict}  {measured}  {row.target:24}  {row.what}", flush=True)
    failed = sum(row.passed is False for row in rows)
    print(f"{failed} of {sum(row.passed is not None for row in rows)} rows fail; {time.perf_counter() - started:.0f} s")
    written = {"seed": SEED, "rows": [asdict(row) for row in rows]}
    Path(__file__).with_suffix(".json").write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n")
    update(DOCS, rows)
    update(UNITS, of_units(rows))


if __name__ == "__main__":
    main()
