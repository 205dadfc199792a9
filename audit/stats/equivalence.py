"""Decisions against a margin that was fixed beforehand, never against zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from scipy import special

if TYPE_CHECKING:
    from audit.records import Alternative

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
    low: float,
    high: float,
    low_simultaneous: float,
    high_simultaneous: float,
    margin: float,
    alternative: Alternative,
) -> Relation:
    """Where the intervals lie relative to the margin: what decides pass (inside), fail (beyond) or neither.

    - ``greater``: inside when high < margin, beyond when low_simultaneous > margin;
    - ``less``: inside when low > -margin, beyond when high_simultaneous < -margin;
    - ``two-sided``: inside when -margin < low and high < margin, beyond when the simultaneous interval lies wholly
      above margin or wholly below -margin.

    [low, high] is the pointwise interval and the simultaneous one holds it, so no value is both. Passing needs no
    correction (every required probe must pass: intersection-union, Berger 1982); failing is a claim and is corrected.
    """
    above, below = low_simultaneous > margin, high_simultaneous < -margin
    under, over = high < margin, low > -margin
    if alternative == "greater":
        inside, beyond = under, above
    elif alternative == "less":
        inside, beyond = over, below
    else:
        inside, beyond = under and over, above or below
    return "inside" if inside else "beyond" if beyond else "undecided"
