"""Empirical Bayes: what is left of the differences between groups once chance is taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize

from audit.records import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Shrunken:
    """Estimates of several groups, each drawn towards their common mean by as much as it is uncertain."""

    mean: float
    """Common mean, weighted by 1/(variance + between); in the unit of the estimates."""
    between: float
    """tau^2: variance of the true values between groups; 0 when chance explains all that is seen."""
    values: NDArray[np.float64]
    """(k,) posterior means: mean + (estimate - mean) tau^2/(tau^2 + variance)."""
    deviations: NDArray[np.float64]
    """(k,) posterior standard deviations sqrt(tau^2 variance/(tau^2 + variance)), the mean and tau taken as known."""


def paule_mandel(values: NDArray[np.float64], variances: NDArray[np.float64]) -> float:
    """tau^2 >= 0 at which sum_g w_g (y_g - mean)^2 = k - 1 with w_g = 1/(variance_g + tau^2); 0 when it is less at 0.

    ``values`` and ``variances`` are (k,), positive variances of the estimates; the sum falls as tau^2 grows, so there
    is one solution. Source: Paule & Mandel 1982, equation 9; DerSimonian & Kacker 2007.
    """

    def excess(between: float) -> float:
        weights = 1 / (variances + between)
        mean = (weights * values).sum() / weights.sum()
        return float((weights * (values - mean) ** 2).sum()) - (len(values) - 1)

    if excess(0.0) <= 0:
        return 0.0
    high = float(np.var(values) * len(values) + variances.max())
    while excess(high) > 0:
        high *= 2
    return float(optimize.brentq(excess, 0.0, high, xtol=1e-15, rtol=1e-12))


def shrink(values: NDArray[np.float64], variances: NDArray[np.float64]) -> Shrunken | Undefined:
    """Empirical-Bayes estimates of k >= 2 groups (normal model with known variances; Efron & Morris 1975).

    They are for ranking and showing: the largest of many raw estimates is large by chance, that of the shrunken ones is
    not. Undefined when a value is not finite or a variance not positive.
    """
    values, variances = np.asarray(values, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if len(values) < 2:
        return Undefined(name="shrunken", reason=f"at least 2 groups are needed, and there is {len(values)}")
    if not (np.isfinite(values).all() and np.isfinite(variances).all() and (variances > 0).all()):
        return Undefined(name="shrunken", reason="a group has no estimate, or one without a positive variance")
    between = paule_mandel(values, variances)
    weights = 1 / (variances + between)
    mean = float((weights * values).sum() / weights.sum())
    kept = between / (between + variances)
    return Shrunken(mean, between, mean + kept * (values - mean), np.sqrt(kept * variances))
