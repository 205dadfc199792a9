"""Do the statistics of matched groups hold their levels? Rows of calibration.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rows import Row, p_of, share
from scipy import special, stats

from audit.records import Undefined
from audit.stats import (
    CrossedDifference,
    MatchedDesign,
    TwoSampleDesign,
    effect_size_dz,
    max_t,
    mde,
    paired_difference,
    paired_sign_flip,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from audit.records import Alternative

RUNS = 4000


def _paired(differences: NDArray[np.float64]) -> CrossedDifference:
    found = paired_difference(differences)
    assert isinstance(found, CrossedDifference)
    return found


def _p(found: CrossedDifference, alternative: Alternative = "two-sided") -> float:
    tail = float(special.stdtr(found.df, -found.value / found.se))
    return tail if alternative == "greater" else 2 * min(tail, 1 - tail)


def matched_designs(rng: np.random.Generator) -> Iterator[Row]:
    """One matched test: level, coverage, bias of dz, and power beside that of the test that ignores the pairs."""
    yield from _levels(rng)
    yield from _coverage(rng)
    yield from _power(rng)
    yield from _few_templates(rng)


def _levels(rng: np.random.Generator) -> Iterator[Row]:
    pairs = 16
    for templates in (1, 5, 10, 30):
        found, naive = [], []
        for _ in range(RUNS):
            grid = rng.normal(size=(pairs, 1)) + 0.5 * rng.normal(size=(pairs, templates))
            grid = grid + (0.4 * rng.normal(size=templates) if templates > 1 else 0)
            c = _paired(grid)
            found.append(_p(c) <= 0.05)
            naive.append(2 * special.stdtr(pairs - 1, -abs(c.value) / c.v_cluster**0.5) <= 0.05)
        many = f"{templates} templates, template sd 0.4" if templates > 1 else "one template"
        yield share(f"type I, paired crossed t, {pairs} pairs, {many}", found, low=0.035, high=0.065)
        if templates > 1:
            yield share(f"  pairs only, {templates} templates", naive, note="shown beside")
    for pairs, resamples, name in ((8, 99, "exact"), (16, 99, "exact"), (60, 1999, "monte-carlo")):
        for shape in ("normal", "exponential"):
            hits = []
            for run in range(RUNS):
                x, y = rng.normal(size=(2, pairs)) if shape == "normal" else rng.exponential(size=(2, pairs))
                test = paired_sign_flip(x - y, alternative="greater", seed=run, resamples=resamples)
                hits.append(p_of(test) <= 0.05)
            yield share(f"type I, sign flips, {name}, {pairs} pairs, {shape}", hits, high=0.057)


def _coverage(rng: np.random.Generator) -> Iterator[Row]:
    for pairs in (16, 40):
        for shape in ("normal", "exponential"):
            held = []
            for _ in range(RUNS):
                of_pair = rng.normal(size=(pairs, 1)) if shape == "normal" else rng.exponential(size=(pairs, 1)) - 1
                grid = 0.3 + of_pair + 0.5 * rng.normal(size=(pairs, 3)) + 0.3 * rng.normal(size=3)
                low, high = _paired(grid).interval()
                held.append(low <= 0.3 <= high)
            yield share(f"coverage of the paired interval, {pairs} {shape} pairs, 3 templates", held, low=0.93)
    runs, pairs, correlation = 20_000, 8, 0.8
    for truth in (0.5, 1.0):
        values, held, eat = [], [], []
        sd = np.sqrt(2 * (1 - correlation))
        for run in range(runs):
            shared = np.sqrt(correlation) * rng.normal(size=(1, pairs))
            x, y = shared + np.sqrt(1 - correlation) * rng.normal(size=(2, pairs))
            x = x + truth * sd
            dz = effect_size_dz(x - y)
            assert not isinstance(dz, Undefined)
            values.append(dz.value)
            held.append(dz.low <= truth <= dz.high)
            if run < RUNS:
                low, high = MatchedDesign((), x[:, None], y[:, None], "greater").intervals(0.95)["effect_size_d"]
                # EAT d of the population: the total deviation holds half of the difference, squared.
                eat.append(low <= truth * sd / np.sqrt(1 + (truth * sd) ** 2 / 4) <= high)
        error, bias = float(np.std(values) / np.sqrt(runs)), float(np.mean(values) - truth)
        yield Row(f"bias of dz, {pairs} pairs, true {truth:g}", "|bias| < 0.01", bias, error, runs, abs(bias) < 0.01)
        yield share(f"coverage of the interval of dz, {pairs} pairs, true {truth:g}", held, low=0.93)
        yield share(f"coverage of the paired interval of EAT d, {pairs} pairs, true dz {truth:g}", eat, low=0.93)


def _power(rng: np.random.Generator) -> Iterator[Row]:
    """The two sides of a pair correlate .8, so that the deviation of a difference is sqrt(2 (1 - .8))."""
    correlation = 0.8
    for pairs in (8, 25):
        for alternative in ("greater", "two-sided"):
            effect = mde(np.sqrt(2 * (1 - correlation) / pairs), pairs - 1, alternative=alternative)
            hits, flips, free = [], [], []
            for run in range(RUNS):
                shared = np.sqrt(correlation) * rng.normal(size=(1, pairs))
                x, y = shared + np.sqrt(1 - correlation) * rng.normal(size=(2, pairs))
                x = x + effect
                hits.append(_p(_paired(x - y), alternative) <= 0.05)
                flips.append(p_of(paired_sign_flip(x - y, alternative=alternative, seed=run)) <= 0.05)
                free.append(stats.ttest_ind(x, y, equal_var=False, alternative=alternative).pvalue <= 0.05)
            what = f"{pairs} pairs, correlation 0.8, {alternative}"
            yield share(f"power at the MDE of matched groups, {what}", hits, 0.78, 0.82)
            yield share(f"  the same by sign flips, {pairs} pairs, {alternative}", flips, note="shown beside")
            yield share(f"  the same, pairs ignored (Welch's t), {pairs}, {alternative}", free, note="shown beside")


def _few_templates(rng: np.random.Generator) -> Iterator[Row]:
    """Below five templates the crossed t is no longer held to its level: Satterthwaite's df come out too large.

    Art styles are three or four. The second row of each is at the level that a family of ten asks of one test.
    """
    pairs = 16
    for templates in (3, 4):
        for sd in (0.2, 0.8):
            p = []
            for _ in range(RUNS):
                grid = rng.normal(size=(pairs, 1)) + 0.5 * rng.normal(size=(pairs, templates))
                p.append(_p(_paired(grid + sd * rng.normal(size=templates))))
            where = f"{pairs} pairs, only {templates} templates, template sd {sd:g}"
            yield share(f"  type I, paired crossed t, {where}", [each <= 0.05 for each in p], note="shown beside")
            yield share(f"  P(p <= 0.005), {where}", [each <= 0.005 for each in p], note="shown beside: 0.005")


def matched_families(rng: np.random.Generator) -> Iterator[Row]:
    """Matched and unmatched tests in one family, on the same stimuli, with everything null."""
    pairs, tests, runs = 16, 20, 2000
    names, blocks = tuple(f"c{i}" for i in range(2 * pairs)), tuple(f"b{i}" for i in range(pairs))
    in_x = np.arange(2 * pairs) < pairs
    kinds: tuple[tuple[str, Alternative, Alternative], ...] = (
        ("two-sided", "two-sided", "two-sided"),
        ("matched up, unmatched down", "greater", "less"),
    )
    for rho in (0.0, 0.8):
        for kind, up, down in kinds:
            rejected, missed = [], []
            for run in range(runs):
                common, own = rng.normal(size=2 * pairs), rng.normal(size=(tests, 2 * pairs))
                scores = np.sqrt(rho) * common + np.sqrt(1 - rho) * own
                half = tests // 2
                designs: list[TwoSampleDesign | MatchedDesign] = [
                    MatchedDesign(blocks, row[in_x][:, None], row[~in_x][:, None], up) for row in scores[:half]
                ]
                designs += [TwoSampleDesign(names, in_x, row, down) for row in scores[half:]]
                results = [r for r in max_t(designs, seed=run, resamples=999) if not isinstance(r, Undefined)]
                rejected.append(min(r.p_adjusted for r in results) <= 0.05)
                missed.append(any(not r.low <= 0 <= r.high for r in results))
            what = f"10 matched and 10 unmatched tests of the same stimuli, {kind}, rho {rho:g}"
            yield share(f"family-wise error of max-T, {what}", rejected, high=0.057)
            if kind == "two-sided":
                yield share(f"simultaneous intervals that miss one of 20 truths, {what}", missed, high=0.057)
