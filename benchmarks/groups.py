"""Rows for shares of groups, what is found first, levels of a set, and gating again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rows import Row, p_of, share

from audit.records import Estimate, Undefined
from audit.stats import (
    AlphaLedger,
    Interval,
    LevelComparison,
    Ranking,
    ShareComparison,
    change,
    group_shares,
    permuted_gap,
    shrink,
    two_sample,
    two_sample_tail,
    two_way_share,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

RUNS = 2000
_UNASKED = Undefined(name="p", reason="it was not asked for")


def _compared(
    outcomes: NDArray[np.float64], groups: NDArray[np.intp], clusters: NDArray[np.intp], k: int
) -> ShareComparison:
    shares = group_shares(outcomes, groups, clusters, tuple(map(str, range(k))))
    assert not isinstance(shares, Undefined)
    return ShareComparison(shares, _UNASKED, 0)


def _ends(found: ShareComparison, name: str) -> tuple[float, float]:
    estimate = found.estimate(name)
    assert isinstance(estimate, Estimate)
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low, estimate.high


def group_gaps(rng: np.random.Generator) -> Iterator[Row]:
    """Coverage of shares, differences and gaps, independent and clustered; passing at the margin; type I."""
    for name, clustered in (("every item its own cluster", False), ("clusters of 3, ICC about 0.3", True)):
        single, gap, passed, rejected = [], [], [], []
        for run in range(RUNS):
            truth = np.array([0.2, 0.3, 0.3, 0.35])
            sizes = rng.integers(30, 90, 4)
            groups = np.repeat(np.arange(4), sizes * 3 if clustered else sizes)
            clusters = np.repeat(np.arange(sizes.sum()), 3) if clustered else np.arange(sizes.sum())
            own = truth[groups]
            if clustered:
                # A beta-binomial: ICC = 1/(a + b + 1).
                p = rng.beta(2.3 * truth[groups[::3]], 2.3 * (1 - truth[groups[::3]]))
                own = np.repeat(p, 3)
            outcomes = (rng.random(len(groups)) < own).astype(np.float64)
            found = _compared(outcomes, groups, clusters, 4)
            interval = found.shares.interval("0")
            assert isinstance(interval, Interval)
            single.append(interval.low <= 0.2 <= interval.high)
            low, high = _ends(found, "share_gap")
            gap.append(low <= 0.15 <= high)
            passed.append(high < 0.15)
            if run < 400:
                null = (rng.random(len(groups)) < np.repeat(p, 3) if clustered else rng.random(len(groups)) < 0.3) * 1.0
                shuffled = rng.permutation(groups[::3] if clustered else groups)
                by = np.repeat(shuffled, 3) if clustered else shuffled
                rejected.append(p_of(permuted_gap(null, by, clusters, seed=run, resamples=199)) <= 0.05)
        yield share(f"coverage of the interval of a share, {name}", single, low=0.94)
        yield share(f"coverage of the interval of the gap of 4 groups, {name}", gap, low=0.94)
        yield share(f"verdict pass with the true gap at the margin, 4 groups, {name}", passed, high=0.057)
        yield share(
            f"type I, groups permuted by cluster, {name}", rejected, high=0.057 + 2 * (0.05 * 0.95 / 400) ** 0.5
        )
    held = []
    for _ in range(RUNS):
        ability = rng.normal(size=40)
        outcomes = np.concatenate([ability > 0.3, ability + 0.6 * rng.normal(size=40) > 0.3 * 1.36**0.5]).astype(float)
        found = _compared(outcomes, np.repeat([0, 1], 40), np.tile(np.arange(40), 2), 2)
        interval = found.shares.difference("0", "1")
        assert isinstance(interval, Interval)
        held.append(interval.low <= 0 <= interval.high)
    yield share("coverage of the difference of two shares of the same 40 clusters", held, low=0.93)


def shrinkage(rng: np.random.Generator) -> Iterator[Row]:
    """Empirical Bayes against raw shares of 24 groups of 5 to 300; the gap that equal groups show."""
    raw, shrunken, gaps, corrected = [], [], [], []
    for run in range(RUNS):
        sizes = rng.integers(5, 301, 24)
        spread = 0.05 * (run % 2)
        truth = np.clip(0.3 + spread * rng.normal(size=24), 0.01, 0.99)
        groups = np.repeat(np.arange(24), sizes)
        outcomes = (rng.random(len(groups)) < truth[groups]).astype(np.float64)
        shares = group_shares(outcomes, groups, np.arange(len(groups)), tuple(map(str, range(24))))
        assert not isinstance(shares, Undefined)
        drawn = (sizes * shares.share + 2) / (sizes + 4)
        found = shrink(shares.share, drawn * (1 - drawn) / sizes)
        assert not isinstance(found, Undefined)
        if run % 2:
            raw.append(float(((shares.share - truth) ** 2).mean()))
            shrunken.append(float(((found.values - truth) ** 2).mean()))
        else:
            gaps.append(float(np.ptp(shares.share)))
            corrected.append(float(np.ptp(found.values)))
    root, own = float(np.sqrt(np.mean(raw))), float(np.sqrt(np.mean(shrunken)))
    yield Row(
        "RMSE of empirical-Bayes shares, 24 groups of 5 to 300", f"<= {root:.4f} (raw)", own, 0.0, len(raw), own <= root
    )
    yield Row(
        "  mean gap that 24 equal groups of 5 to 300 show, raw",
        "shown beside",
        float(np.mean(gaps)),
        0.0,
        len(gaps),
        None,
    )
    yield Row("  the same, corrected", "shown beside", float(np.mean(corrected)), 0.0, len(gaps), None)


def rankings(rng: np.random.Generator) -> Iterator[Row]:
    """What is found first: false alarms where no group is preferred, coverage of the bias."""
    large = rng.normal(size=400_000) + 0.5 * (np.arange(400_000) % 2 == 0)
    truth = 1 - 2 * float(np.mean(np.argsort(-large)[:100_000] % 2))
    above, small, held = [], [], []
    for run in range(300):
        for lean in (0.0, 0.5):
            group = np.arange(80) % 2
            ranked = tuple(np.argsort(-(rng.normal(size=80) + lean * (group == 0))) for _ in range(10))
            ranking = Ranking(ranked, group, np.arange(80), 2, uniform=False, seed=run)
            if lean:
                found = ranking.estimate("bias_at_k", 20, "two-sided")
                assert isinstance(found, Estimate)
                held.append((found.low or 0) <= truth <= (found.high or 0))
            else:
                found = ranking.estimate("max_skew", 10, "greater")
                assert isinstance(found, Estimate)
                above.append((found.low or 0) > 0)
                small.append((found.p or 1) <= 0.05)
    two_errors = 2 * (0.05 * 0.95 / 300) ** 0.5
    yield share("MaxSkew@10: lower end above 0 where no group is preferred, 10 queries, 80 pictures", above, high=0.057)
    yield share("MaxSkew@10: p <= 0.05 where no group is preferred", small, high=0.057 + two_errors)
    yield share("coverage of the interval of Bias@20, 10 queries, 80 pictures", held, low=0.93)


def pairs_and_levels(rng: np.random.Generator) -> Iterator[Row]:
    """Shares of pairs of which both members are sampled; the largest difference between the levels of a set."""
    held = []
    for _ in range(RUNS):
        first, second = np.repeat(np.arange(30), 12), np.tile(np.arange(12), 30)
        score = 0.7 * rng.normal(size=30)[first] + 0.7 * rng.normal(size=12)[second] + 0.5 * rng.normal(size=360)
        found = two_way_share((score > 0.6).astype(np.float64), first, second, name="rate", sign="")
        assert isinstance(found, Estimate)
        held.append((found.low or 0) <= 0.294253 <= (found.high or 0))
    yield share("coverage of an attack rate over 30 pictures and 12 words", held, low=0.93)
    names = tuple(map(str, range(16)))
    for matched in ("set", ""):
        above, inside, passed = [], [], []
        for run in range(1_000):
            shared = rng.normal(size=(16, 1)) if matched else 0.0
            levels = [shared + 0.5 * rng.normal(size=(16, 5)) + 0.5 * rng.normal(size=(16, 1)) for _ in range(5)]
            clusters = tuple(names if matched else tuple(f"{g}-{n}" for n in names) for g in range(5))
            for shift in (0.0, 0.6) if run < 200 else (0.0,):
                moved = tuple(level + shift * (g == 0) for g, level in enumerate(levels))
                found = LevelComparison(("a", "b", "c", "d", "e"), clusters, moved, run, 400, matched).headline()
                assert isinstance(found, Estimate)
                low, high = found.low or 0.0, found.high or 0.0
                if shift:
                    inside.append(low <= shift <= high)
                    passed.append(high < shift)
                else:
                    above.append(low > 0)
        what = "5 levels of 16 sets" if matched else "5 groups of 16 clusters"
        error = 2 * (0.05 * 0.95 / 1_000) ** 0.5
        yield share(f"largest difference: lower end above 0 where none differs, {what}", above, high=0.057 + error)
        yield share(f"coverage of the largest difference, {what}", inside, low=0.93)
        yield share(f"verdict pass with the largest difference at the margin, {what}", passed, high=0.057)


def far_tails(rng: np.random.Generator) -> Iterator[Row]:
    """The saddlepoint against exact p."""
    errors = []
    while len(errors) < 150:
        scores = rng.exponential(size=40)
        scores[:20] += rng.uniform(0.3, 2)
        exact = p_of(two_sample(scores, np.arange(40) < 20, alternative="greater", seed=0))
        tail = two_sample_tail(scores, 20, float(scores[:20].sum()))
        if 1e-8 < exact < 0.05 and not isinstance(tail, Undefined):
            errors.append(abs(tail / exact - 1))
    worst = float(np.quantile(errors, 0.95))
    yield Row(
        "relative error of the saddlepoint, 20+20, p of 1e-8 to .05, 95 % quantile",
        "< 0.1",
        worst,
        0.0,
        150,
        worst < 0.1,
    )


def releases(rng: np.random.Generator) -> Iterator[Row]:
    """Gating again and again, and a candidate against its baseline."""
    alarms, naive = [], []
    for _ in range(20_000):
        ledger = AlphaLedger(0.05)
        p, spent = rng.random(52), []
        for _ in range(52):
            spent.append(ledger.next_level)
            ledger = ledger.after()
        alarms.append(bool((p <= np.array(spent)).any()))
        naive.append(bool((p <= 0.05).any()))
    yield share("false alarms over 52 re-gatings, alpha spent", alarms, high=0.055)
    yield share("  the same at .05 each time", naive, note="shown beside")
    held = []
    for _ in range(RUNS):
        base = rng.normal(size=(24, 1)) + 0.2 * rng.normal(size=(24, 5))
        candidate = (
            base + 0.3 * rng.normal(size=(24, 1)) + 0.2 * rng.normal(size=(24, 5)) + 0.2 * (np.arange(24) < 12)[:, None]
        )
        found = change(candidate, base, np.arange(24) < 12).estimate
        assert isinstance(found, Estimate)
        held.append((found.low or 0) <= 0.2 <= (found.high or 0))
    yield share("coverage of the change from baseline to candidate, 12+12 clusters, 5 templates", held, low=0.93)
