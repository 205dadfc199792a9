"""Decisions against a margin that was fixed beforehand, never against zero."""

from __future__ import annotations

from typing import Literal

from scipy import special

Relation = Literal["inside", "beyond", "undecided"]


def noninferiority_p(value: float, se: float, df: float, margin: float) -> float:
    """p against the hypothesis that the true value is at or above ``margin``; small: it lies below.

    P(T <= (value - margin) / se), T Student's t on ``df`` degrees. Same unit for value, se and margin.
    Source: Wellek 2010, section 2.1.
    """
    return float(special.stdtr(df, (value - margin) / se))


def tost_p(value: float, se: float, df: float, margin: float) -> float:
    """p against the hypothesis that the true value lies outside (-margin, margin); small: it lies inside.

    The larger of the two one-sided p-values, at -margin and at +margin. Source: Schuirmann 1987.
    """
    return max(noninferiority_p(value, se, df, margin), noninferiority_p(-value, se, df, margin))


def relation(
    low: float, high: float, low_simultaneous: float, high_simultaneous: float, allowed: tuple[float, float]
) -> Relation:
    """Where the intervals lie relative to an open range: what decides pass (inside), fail (beyond) or neither.

    Inside when allowed[0] < low and high < allowed[1]; beyond when the simultaneous interval lies wholly above or
    wholly below the range. With a margin m the range is (-inf, m) for ``greater``, (-m, inf) for ``less``, (-m, m) for
    ``two-sided``, and (m, inf) for a value that must reach m.

    [low, high] is the pointwise interval and the simultaneous one holds it, so no value is both. Passing needs no
    correction (every required probe must pass: intersection-union, Berger 1982); failing is a claim and is corrected.
    """
    least, most = allowed
    if least < low and high < most:
        return "inside"
    return "beyond" if low_simultaneous > most or high_simultaneous < least else "undecided"
