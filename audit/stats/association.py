"""All estimates of one zero-shot association, ready for a finding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Alternative, Estimate, Measured, Undefined
from audit.stats.crossed import CrossedDifference, crossed_difference
from audit.stats.effects import (
    cohens_d,
    eat_effect_size,
    eat_from_cohens_d,
    hedges_correction,
    hedges_g,
    pooled_deviation,
)
from audit.stats.family import FamilyResult, TwoSampleDesign
from audit.stats.permutation import PermutationTest, two_sample
from audit.stats.power import design_effect, mde

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIGN = "positive when X lies closer to A than Y does"


@dataclass(frozen=True, slots=True)
class AssociationEstimates:
    """The three statistics of an association; the headline is chosen by the probe's margin."""

    cosine_difference: Measured
    hedges_g: Measured
    effect_size_d: Measured
    design: TwoSampleDesign
    """What enters ``max_t`` for the family."""

    @property
    def all(self) -> tuple[Measured, ...]:
        """The three, raw difference first."""
        return self.cosine_difference, self.hedges_g, self.effect_size_d

    def headed_by(self, name: str) -> tuple[Measured, ...]:
        """The three, the one called ``name`` first (the statistic that a margin bounds)."""
        return tuple(sorted(self.all, key=lambda measured: measured.name != name))

    def with_family(self, result: FamilyResult | Undefined) -> AssociationEstimates:
        """The same with simultaneous intervals and adjusted p of the family; unchanged when there are none.

        Every simultaneous interval is the pointwise one at the family's own level, which is never narrower.
        """
        if isinstance(result, Undefined):
            return self
        wide = _intervals(self.design, result.level)
        return replace(
            self,
            cosine_difference=_widened(self.cosine_difference, result.p_adjusted, wide),
            hedges_g=_widened(self.hedges_g, result.p_adjusted, wide),
            effect_size_d=_widened(self.effect_size_d, result.p_adjusted, wide),
        )


def _widened(measured: Measured, p_adjusted: float, wide: dict[str, tuple[float, float]]) -> Measured:
    if isinstance(measured, Undefined):
        return measured
    low, high = wide[measured.name]
    return replace(measured, p_adjusted=p_adjusted, low_simultaneous=low, high_simultaneous=high)


def _intervals(design: TwoSampleDesign, level: float) -> dict[str, tuple[float, float]]:
    """Interval of each statistic at ``level``."""
    found = {}
    difference, g, d = (
        crossed_difference(design.scores, design.in_x),
        hedges_g(design.scores, design.in_x, level=level),
        cohens_d(design.scores, design.in_x, level=level),
    )
    sizes = int(design.in_x.sum()), int((~design.in_x).sum())
    if isinstance(difference, CrossedDifference):
        found["cosine_difference"] = difference.interval(level)
    if not isinstance(g, Undefined):
        found["hedges_g"] = g.low, g.high
    if not isinstance(d, Undefined):
        found["effect_size_d"] = eat_from_cohens_d(d.low, *sizes), eat_from_cohens_d(d.high, *sizes)
    return found


def difference_estimate(scores: NDArray[np.float64], in_x: NDArray[np.bool_], *, level: float = 0.95) -> Measured:
    """The raw cosine difference alone, with its interval and no test: for the headline under another wording.

    ``scores`` (clusters, templates), ``in_x`` (clusters,); see ``crossed_difference`` for formula, unit and sign.
    """
    grid = np.asarray(scores, dtype=np.float64)
    grid = grid[:, None] if grid.ndim == 1 else grid
    found = crossed_difference(grid, in_x)
    if isinstance(found, Undefined):
        return found
    low, high = found.interval(level)
    return Estimate(
        name="cosine_difference",
        value=found.value,
        unit="cosine",
        sign=SIGN,
        n=grid.size,
        groups=(int(in_x.sum()), int((~in_x).sum())),
        method=f"difference of means, {_how(grid)}",
        level=level,
        low=low,
        high=high,
    )


def _how(grid: NDArray[np.float64]) -> str:
    clusters, templates = grid.shape
    crossed = f"crossed t over {clusters} clusters and {templates} templates"
    return crossed if templates > 1 else f"Welch's t over {clusters} clusters"


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
    grid = np.asarray(scores, dtype=np.float64)
    grid = grid[:, None] if grid.ndim == 1 else grid
    in_x = np.asarray(in_x, dtype=np.bool_)
    design = TwoSampleDesign(cluster_names, in_x, grid, alternative)
    difference = crossed_difference(grid, in_x)
    if isinstance(difference, Undefined):
        none = [Undefined(name=name, reason=difference.reason) for name in ("hedges_g", "effect_size_d")]
        return AssociationEstimates(difference, none[0], none[1], design)
    means = grid.mean(axis=1)
    test = two_sample(means, in_x, alternative=alternative, seed=seed, resamples=resamples)
    intervals = _intervals(design, level)
    detectable = mde(difference.se, difference.df, level=level, alternative=alternative)
    sizes = int(in_x.sum()), int((~in_x).sum())
    clustered = None if isinstance(intraclass, Undefined) else design_effect(intraclass, items_per_cluster)

    def estimate(name: str, value: float, unit: str, method: str, detects: float) -> Estimate:
        return Estimate(
            name=name,
            value=value,
            unit=unit,
            sign=SIGN,
            n=n_items,
            groups=sizes,
            method=method,
            level=level,
            low=intervals[name][0],
            high=intervals[name][1],
            p=None if isinstance(test, Undefined) else test.p,
            p_method=None if isinstance(test, Undefined) else test.method,
            smallest_p=None if isinstance(test, Undefined) else test.smallest_p,
            alternative=alternative,
            mde=detects,
            design_effect=clustered,
            seed=seed if isinstance(test, PermutationTest) and test.method == "monte-carlo" else None,
        )

    how = _how(grid)
    g, d = hedges_g(grid, in_x, level=level), eat_effect_size(means[in_x], means[~in_x])
    raw = estimate("cosine_difference", difference.value, "cosine", f"difference of means, {how}", detectable)
    if isinstance(g, Undefined) or isinstance(d, Undefined):
        reason = "cluster means do not vary within the groups"
        return AssociationEstimates(
            raw, Undefined(name="hedges_g", reason=reason), Undefined(name="effect_size_d", reason=reason), design
        )
    in_sd = detectable / pooled_deviation(means[in_x], means[~in_x])
    return AssociationEstimates(
        raw,
        estimate(
            "hedges_g",
            g.value,
            "sd",
            f"Hedges g, pooled deviation of cluster means, noncentral-t interval on {how}",
            in_sd * hedges_correction(len(in_x) - 2),
        ),
        estimate(
            "effect_size_d",
            d,
            "sd",
            f"EAT d, sample deviation (ddof 1) of cluster means, saturates near 2; interval from Cohen's d on {how}",
            eat_from_cohens_d(in_sd, *sizes),
        ),
        design,
    )
