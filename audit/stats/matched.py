"""The difference between two groups that are matched block by block: pairs, their mean, and its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Alternative, Undefined
from audit.stats.crossed import CrossedDifference, CrossedMoments
from audit.stats.effects import EffectSize, eat_from_cohens_d, hedges_correction, pooled_deviation
from audit.stats.noncentral_t import noncentrality_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_PAIRS = 2
"""One pair has no spread, so nothing can be said of another one."""
_TIE = 1e-12
"""A spread below this part of the largest score is rounding."""


def paired_difference(differences: NDArray[np.float64]) -> CrossedDifference | Undefined:
    """Mean difference of matched pairs with pairs and templates both random and fully crossed.

    ``differences`` D is (pairs, templates) or (pairs,): X minus Y of the same block under the same template. Model:
    D[k, t] = mean + pair k + template t + residual. What the two sides of a block have in common is gone from D, and so
    is what a template does to both. With r_k = mean over t of D[k, t], c_t = mean over k of D[k, t], n pairs and T
    templates:

    - value = mean of D, in the unit of the scores;
    - V_cluster = var(r)/n, with expectation (pair + residual/T)/n;
    - V_template = var(c)/T, with expectation (template + residual/n)/T;
    - V_resid = M/(n T), M the pair-by-template mean square on (n - 1)(T - 1) degrees, with expectation residual/(n T):
      the part that the first two count twice.

    V, its floor and its df are combined as in ``crossed_difference``. With one template it is the paired t (Student
    1908) on n - 1 degrees. Sign: positive when X scores higher. Source: Westfall, Kenny & Judd 2014, fully crossed
    design with the condition within stimuli; Satterthwaite 1946.
    """
    grid = _grid(differences)
    if not np.isfinite(grid).all():
        missing = int(np.count_nonzero(~np.isfinite(grid)))
        return _undefined(f"{missing} of {grid.size} paired differences are missing or not finite")
    pairs, templates = grid.shape
    if pairs < LEAST_PAIRS:
        return _undefined(f"at least {LEAST_PAIRS} pairs are needed, and there {'is' if pairs == 1 else 'are'} {pairs}")
    rows, columns = grid.mean(axis=1), grid.mean(axis=0)
    pair = float(rows.var(ddof=1)) / pairs
    squares = pair**2 / (pairs - 1)
    template = residual = 0.0
    if templates > 1:
        inner = grid - rows[:, None] - columns + rows.mean()
        degrees = (pairs - 1) * (templates - 1)
        template = float(columns.var(ddof=1)) / templates
        residual = float((inner**2).sum()) / degrees / (pairs * templates)
        squares += template**2 / (templates - 1) + residual**2 / degrees
    variance = max(pair + template - residual, pair, template)
    if variance <= (_TIE * float(np.abs(grid).max())) ** 2:
        return _undefined("the paired differences do not vary")
    return CrossedDifference(
        value=float(rows.mean()),
        se=float(np.sqrt(variance)),
        df=variance**2 / squares,
        v_cluster=pair,
        v_template=template,
        v_residual=residual,
        method="crossed-t" if templates > 1 else "paired-t",
    )


def flipped_moments(differences: NDArray[np.float64], signs: NDArray[np.float64]) -> CrossedMoments:
    """The same difference, variance and df under many choices of signs at once, by one matrix product.

    ``differences`` is (grids, pairs, templates), ``signs`` (choices, pairs) of -1 and 1; a sign turns a whole pair,
    under all templates alike. Formulas as in ``paired_difference``; squares within a pair do not change with its sign.
    """
    _, pairs, templates = differences.shape
    rows = differences.mean(axis=2)
    columns = differences.transpose(0, 2, 1) @ signs.T / pairs
    value = columns.mean(axis=1)
    pair = np.maximum((rows**2).sum(axis=1)[:, None] - pairs * value**2, 0) / (pairs * (pairs - 1))
    squares = pair**2 / (pairs - 1)
    variance = pair
    if templates > 1:
        degrees = (pairs - 1) * (templates - 1)
        between = ((columns - value[:, None]) ** 2).sum(axis=1)
        template = between / (templates - 1) / templates
        inner = ((differences - rows[:, :, None]) ** 2).sum(axis=(1, 2))
        residual = np.maximum(inner[:, None] - pairs * between, 0) / degrees / (pairs * templates)
        squares = squares + template**2 / (templates - 1) + residual**2 / degrees
        variance = np.maximum(np.maximum(pair, template), pair + template - residual)
    with np.errstate(divide="ignore", invalid="ignore"):
        df = np.where(squares > 0, variance**2 / squares, 1.0)
    return CrossedMoments(value, variance, df)


def effect_size_dz(differences: NDArray[np.float64], *, level: float = 0.95) -> EffectSize | Undefined:
    """dz = J (mean paired difference) / (sample deviation of the pairs' mean differences); no unit (sd of differences).

    ``differences`` as in ``paired_difference``. J = 1 - 3/(4 df - 1) with df = pairs - 1 takes the small-sample bias
    out (Hedges 1981, equation 6e, for one sample); with two pairs there is no unbiased value. Interval: the
    noncentralities of the observed t = value / se, times se / deviation, with se and df of the raw difference, so that
    it holds 0 exactly when the raw interval does; it is of the population's dz and needs no correction (with one
    template it is exact: Steiger & Fouladi 1997). dz counts in deviations between differences, not between
    clusters: it grows as the two sides of a pair get more alike, and cannot be compared with Hedges g of unmatched
    groups. Source: Cohen 1988, section 2.3.5; Lakens 2013.
    """
    found = paired_difference(differences)
    if isinstance(found, Undefined):
        return Undefined(name="effect_size_dz", reason=found.reason)
    grid = _grid(differences)
    rows = grid.mean(axis=1)
    if len(rows) < LEAST_PAIRS + 1:
        return Undefined(name="effect_size_dz", reason="with 2 pairs no correction takes out the bias of dz")
    deviation = float(rows.std(ddof=1))
    if deviation <= _TIE * float(np.abs(grid).max()):
        return Undefined(name="effect_size_dz", reason="mean paired differences do not vary between pairs")
    factor = hedges_correction(len(rows) - 1)
    low, high = noncentrality_interval(found.value / found.se, found.df, level)
    scale = found.se / deviation
    return EffectSize(factor * found.value / deviation, low * scale, high * scale, level)


@dataclass(frozen=True, slots=True)
class MatchedDesign:
    """One matched test of a family: the scores of both sides of every block."""

    blocks: tuple[str, ...]
    """Names of the pairs; a name that several tests share has its sign flipped together in all of them."""
    x: NDArray[np.float64]
    """(pairs, templates)."""
    y: NDArray[np.float64]
    """(pairs, templates), the same blocks and templates in the same order."""
    alternative: Alternative

    @property
    def differences(self) -> NDArray[np.float64]:
        """(pairs, templates) X minus Y."""
        return self.x - self.y

    def difference(self) -> CrossedDifference | Undefined:
        """``paired_difference`` of it."""
        return paired_difference(self.differences)

    def intervals(self, level: float) -> dict[str, tuple[float, float]]:
        """Interval of the raw difference, of dz and of EAT d at ``level``; those that exist.

        That of EAT d is the one of Cohen's d for paired groups (noncentralities times se over the pooled deviation;
        Algina & Keselman 2003), carried through the exact relation of the two.
        """
        found: dict[str, tuple[float, float]] = {}
        raw, dz = self.difference(), effect_size_dz(self.differences, level=level)
        if isinstance(raw, Undefined):
            return found
        found["cosine_difference"] = raw.interval(level)
        if not isinstance(dz, Undefined):
            found["effect_size_dz"] = dz.low, dz.high
        spread = self.pooled_deviation
        if spread is not None:
            pairs = len(self.x)
            ends = noncentrality_interval(raw.value / raw.se, raw.df, level)
            low, high = (eat_from_cohens_d(end * raw.se / spread, pairs, pairs) for end in ends)
            found["effect_size_d"] = low, high
        return found

    @property
    def pooled_deviation(self) -> float | None:
        """Deviation between the blocks' means within X and within Y, pooled; None when there is none."""
        x, y = self.x.mean(axis=1), self.y.mean(axis=1)
        spread = pooled_deviation(x, y)
        return None if spread <= _TIE * float(np.abs([x, y]).max()) else spread


def _grid(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    grid = np.asarray(differences, dtype=np.float64)
    return grid[:, None] if grid.ndim == 1 else grid


def _undefined(reason: str) -> Undefined:
    return Undefined(name="cosine_difference", reason=reason)
