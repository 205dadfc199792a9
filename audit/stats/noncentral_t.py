"""The noncentral t distribution: how t behaves when the true difference is not zero."""

from __future__ import annotations

from scipy import optimize, special


def noncentral_t_cdf(t: float, df: float, noncentrality: float) -> float:
    """P(T <= t) for T = (Z + noncentrality) / sqrt(chi^2_df / df)."""
    probability = float(special.nctdtr(df, noncentrality, t))
    # scipy gives NaN where the smaller tail is below its accuracy (about 1e-15).
    return float(t > noncentrality) if probability != probability else probability


def noncentrality_interval(t: float, df: float, level: float) -> tuple[float, float]:
    """Noncentralities at which a t of ``t`` or more, and of ``t`` or less, has probability (1 - ``level``) / 2.

    Source: Steiger & Fouladi 1997, noncentrality interval estimation. It holds 0 exactly when |t| is below the
    two-sided t quantile.
    """

    def bound(probability: float) -> float:
        def excess(noncentrality: float) -> float:
            return noncentral_t_cdf(abs(t), df, noncentrality) - probability

        # P(T <= |t|) falls as the noncentrality grows, from 1 at -8.
        high = abs(t) + 4.0
        while excess(high) > 0:
            high += 2 * (high - abs(t))
        return float(optimize.brentq(excess, -8.0, high, xtol=1e-10))

    tail = (1 - level) / 2
    low, high = bound(1 - tail), bound(tail)
    return (low, high) if t >= 0 else (-high, -low)
