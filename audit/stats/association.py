"""All estimates of one zero-shot association, ready for a finding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Alternative, Estimate, Measured, Undefined
from audit.stats.crossed import CrossedDifference, crossed_differences
from audit.stats.design import TwoSampleDesign
from audit.stats.effects import (
    EffectSize,
    eat_effect_size,
    eat_from_cohens_d,
    hedges_correction,
    pooled_deviation,
)
from audit.stats.estimates import AssociationEstimates
from audit.stats.matched import MatchedDesign, effect_size_dz
from audit.stats.permutation import PermutationTest, paired_sign_flip, two_sample
from audit.stats.power import design_effect, mde

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIGN = "positive when X lies closer to A than Y does"
_EAT = "EAT d, sample deviation (ddof 1) of {} means, saturates near 2; interval from Cohen's d on {}"


def difference_estimates(
    grids: NDArray[np.float64], in_x: NDArray[np.bool_], *, level: float = 0.95
) -> tuple[Measured, ...]:
    """The raw cosine difference alone, with its interval and no test: for the headline under other wordings.

    ``grids`` (wordings, clusters, templates) holds the scores under each, ``in_x`` (clusters,) the groups of all; see
    ``crossed_difference`` for formula, unit and sign.
    """
    found = crossed_differences(grids, in_x)
    alike = TwoSampleDesign((), in_x, grids[0], "two-sided")
    return tuple(_raw(difference, alike, level) for difference in found)


def matched_difference(x: NDArray[np.float64], y: NDArray[np.float64], *, block: str, level: float = 0.95) -> Measured:
    """The mean paired difference in cosine alone, with its interval and no test.

    ``x`` and ``y`` (pairs, templates) hold the two sides of the same blocks in the same order, ``block`` says what they
    are matched by; see ``paired_difference`` for formula, unit and sign.
    """
    design = MatchedDesign((), _grid(x), _grid(y), "two-sided")
    return _raw(design.difference(), design, level, block)


def estimate_association(
    scores: NDArray[np.float64],
    in_x: NDArray[np.bool_],
    cluster_names: tuple[str, ...],
    *,
    alternative: Alternative,
    seed: int,
    n_items: int,
    items_per_cluster: float = 1.0,
    intraclass: float | Undefined = 0.0,
    level: float = 0.95,
    resamples: int = 99_999,
) -> AssociationEstimates:
    """Raw cosine difference, Hedges g and EAT d of one association, with intervals, p and minimum detectable effects.

    ``scores`` (clusters, templates) holds mean associations s in cosine, ``in_x`` (clusters,) is True for X,
    ``n_items`` counts the stimuli behind them, ``intraclass`` is the ICC of items in clusters (``power.icc``).

    - ``cosine_difference``: mean over X minus mean over Y, in cosine; crossed t interval (Welch's with one template).
    - ``hedges_g``: that over the pooled deviation of the cluster means, small-sample corrected, in sd.
    - ``effect_size_d``: EAT d of the cluster means, ddof = 1; iEAT's own d when every cluster is one item and there is
      one template. It saturates: two groups that separate have |d| near 2 whatever their distance, so the raw
      difference leads. Its interval is Cohen's d interval carried through the exact relation of the two.

    p is that of the exact (or Monte Carlo) permutation of whole clusters between X and Y, on means over templates; it
    takes the templates as given. The three share it, as a permutation does not change their order. The minimum
    detectable effect is at 80 % power and 1 - ``level``; its standard error lies between clusters, so a design effect
    is in it.
    """
    grid, in_x = _grid(scores), np.asarray(in_x, dtype=np.bool_)
    design = TwoSampleDesign(cluster_names, in_x, grid, alternative)
    difference = design.difference()
    raw = _raw(difference, design, level)
    if isinstance(difference, Undefined) or isinstance(raw, Undefined):
        return AssociationEstimates((raw, *_none(raw, "hedges_g", "effect_size_d")), design)
    means = grid.mean(axis=1)
    test = two_sample(means, in_x, alternative=alternative, seed=seed, resamples=resamples)
    detects = mde(difference.se, difference.df, level=level, alternative=alternative)
    clustered = None if isinstance(intraclass, Undefined) else design_effect(intraclass, items_per_cluster)
    raw = replace(_tested(raw, test, alternative, seed), n=n_items, mde=detects, design_effect=clustered)
    wide, d = design.intervals(level), eat_effect_size(means[in_x], means[~in_x])
    if "hedges_g" not in wide or isinstance(d, Undefined):
        why = Undefined(name="hedges_g", reason="cluster means do not vary within the groups")
        return AssociationEstimates((raw, *_none(why, "hedges_g", "effect_size_d")), design)
    spread, factor, how = pooled_deviation(means[in_x], means[~in_x]), hedges_correction(len(in_x) - 2), _how(design)
    method = f"Hedges g, pooled deviation of cluster means, noncentral-t interval on {how}"
    in_eat = eat_from_cohens_d(detects / spread, *raw.groups)
    return AssociationEstimates(
        (
            raw,
            _in_sd(raw, wide, "hedges_g", factor * difference.value / spread, factor * detects / spread, method),
            _in_sd(raw, wide, "effect_size_d", d, in_eat, _EAT.format("cluster", how)),
        ),
        design,
    )


def estimate_matched(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    block_names: tuple[str, ...],
    *,
    block: str,
    alternative: Alternative,
    seed: int,
    n_items: int,
    level: float = 0.95,
    resamples: int = 99_999,
) -> AssociationEstimates:
    """Mean paired difference, dz and EAT d of an association whose X and Y are matched, with intervals, p and MDE.

    ``x`` and ``y`` (pairs, templates) hold the mean associations s of the two sides of the same blocks, in cosine;
    ``block`` says what they are matched by. A pair is the exchangeable unit.

    - ``cosine_difference``: mean over pairs of X minus Y, in cosine; crossed t interval over pairs and templates (the
      paired t with one template). The same quantity as without blocks, with a standard error that leaves out what the
      two sides of a pair share.
    - ``effect_size_dz``: that over the deviation of the pairs' differences, small-sample corrected, in sd of
      differences.
    - ``effect_size_d``: EAT d of the blocks' means, as without blocks (iEAT's own d); its interval is the paired one.

    p is that of exact (or Monte Carlo) sign flips of whole pairs, on means over templates; it takes the templates as
    given. The minimum detectable effect is that of the paired design, at 80 % power and 1 - ``level``.
    """
    design = MatchedDesign(block_names, _grid(x), _grid(y), alternative)
    difference = design.difference()
    raw = _raw(difference, design, level, block)
    if isinstance(difference, Undefined) or isinstance(raw, Undefined):
        return AssociationEstimates((raw, *_none(raw, "effect_size_dz", "effect_size_d")), design)
    rows, wide = design.differences.mean(axis=1), design.intervals(level)
    test = paired_sign_flip(rows, alternative=alternative, seed=seed, resamples=resamples)
    detects = mde(difference.se, difference.df, level=level, alternative=alternative)
    raw = replace(_tested(raw, test, alternative, seed), n=n_items, mde=detects)
    how, pairs = _how(design), len(rows)
    dz: Measured | EffectSize = effect_size_dz(design.differences, level=level)
    if isinstance(dz, EffectSize):
        factor = hedges_correction(pairs - 1)
        method = (
            f"dz, mean paired difference over the deviation of the differences, times the small-sample correction "
            f"1 - 3/(4 df - 1) = {factor:.3f} on {pairs - 1} df, noncentral-t interval on {how}"
        )
        dz = _in_sd(raw, wide, "effect_size_dz", dz.value, detects / float(rows.std(ddof=1)), method)
    spread, d = design.pooled_deviation, eat_effect_size(design.x.mean(axis=1), design.y.mean(axis=1))
    eat: Measured = Undefined(name="effect_size_d", reason="block means do not vary within X and within Y")
    if spread is not None and not isinstance(d, Undefined):
        in_eat = eat_from_cohens_d(detects / spread, pairs, pairs)
        eat = _in_sd(raw, wide, "effect_size_d", d, in_eat, _EAT.format("block", how))
    return AssociationEstimates((raw, dz, eat), design)


def _raw(
    found: CrossedDifference | Undefined, design: TwoSampleDesign | MatchedDesign, level: float, block: str = ""
) -> Measured:
    """The raw difference of a design, or of another of its sizes, with its interval, without a test."""
    if isinstance(found, Undefined):
        return found
    low, high = found.interval(level)
    groups: tuple[int, ...]
    if isinstance(design, MatchedDesign):
        n, groups, kind = 2 * design.x.size, (len(design.x),), "mean paired difference"
    else:
        x = int(design.in_x.sum())
        n, groups, kind = design.scores.size, (x, len(design.in_x) - x), "difference of means"
    return Estimate(
        name="cosine_difference",
        value=found.value,
        unit="cosine",
        sign=SIGN,
        n=n,
        groups=groups,
        block=block,
        method=f"{kind}, {_how(design)}",
        level=level,
        low=low,
        high=high,
    )


def _tested(raw: Estimate, test: PermutationTest | Undefined, alternative: Alternative, seed: int) -> Estimate:
    """The estimate with its p; without one where the means over templates leave nothing to test."""
    if isinstance(test, Undefined):
        return replace(raw, alternative=alternative)
    return replace(
        raw,
        p=test.p,
        p_method=test.method,
        smallest_p=test.smallest_p,
        alternative=alternative,
        seed=None if test.method == "exact" else seed,
    )


def _in_sd(
    raw: Estimate, wide: dict[str, tuple[float, float]], name: str, value: float, detects: float, method: str
) -> Estimate:
    """A standardised statistic with what it shares with the raw difference."""
    low, high = wide[name]
    return replace(raw, name=name, value=value, unit="sd", method=method, low=low, high=high, mde=detects)


def _none(why: Measured, *names: str) -> tuple[Measured, ...]:
    """Nothing, for the same reason."""
    assert isinstance(why, Undefined)
    return tuple(Undefined(name=name, reason=why.reason) for name in names)


def _grid(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    grid = np.asarray(scores, dtype=np.float64)
    return grid[:, None] if grid.ndim == 1 else grid


def _how(design: TwoSampleDesign | MatchedDesign) -> str:
    matched = isinstance(design, MatchedDesign)
    units, templates = design.x.shape if isinstance(design, MatchedDesign) else design.scores.shape
    clusters = f"{units} {'pairs' if matched else 'clusters'}"
    if templates > 1:
        return f"crossed t over {clusters} and {templates} templates"
    return f"paired t over {clusters}" if matched else f"Welch's t over {clusters}"
