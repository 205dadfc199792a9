"""A number with its uncertainty, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Alternative = Literal["greater", "less", "two-sided"]
PMethod = Literal["exact", "monte-carlo", "saddlepoint", "crossed-t"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One statistic of one probe form. Never rounded; formatting is the report's."""

    name: str
    """Field name, e.g. ``cosine_difference``, ``hedges_g``, ``effect_size_d``, ``auroc``."""
    value: float
    """The point estimate, in ``unit``; finite."""
    unit: str
    """What the value counts: ``cosine``, ``sd`` (standard deviations), ``probability``, ``share``, ``words``..."""
    sign: str
    """What a positive (or, for probabilities, a large) value means, in words."""
    n: int
    """Number of stimuli that entered."""
    groups: tuple[int, ...]
    """Number of clusters in each compared group, X first; of matched groups one number, that of the pairs. Their sum is
    ``clusters``."""
    method: str
    """How value and interval were computed, in words that name the formula."""
    level: float = 0.95
    """Nominal coverage of [low, high] and of the simultaneous interval."""
    low: float | None = None
    """Lower end of the pointwise interval; None when no interval is defined (then ``method`` says why)."""
    high: float | None = None
    """Upper end of the pointwise interval."""
    low_simultaneous: float | None = None
    """Lower end of the interval that holds for the whole family at once (max-T); never inside [low, high]."""
    high_simultaneous: float | None = None
    """Upper end of the simultaneous interval."""
    p: float | None = None
    """p-value against zero (against 0.5 for AUROC), in (0, 1]; decides nothing."""
    p_adjusted: float | None = None
    """p adjusted over the family (step-down max-T, or Holm as ``method`` says)."""
    p_method: PMethod | None = None
    """How p was computed."""
    smallest_p: float | None = None
    """The smallest p this design can attain (4 clusters a side: 1/70)."""
    alternative: Alternative = "two-sided"
    """Direction of the test."""
    mde: float | None = None
    """Minimum detectable effect at 80 % power, in ``unit``, design effect included."""
    design_effect: float | None = None
    """1 + (m - 1) ICC with m items a cluster; 1 when items are the clusters."""
    seed: int | None = None
    """Seed of the generator, when resampling was used."""
    block: str = ""
    """What X and Y are matched by (``role``, ``position``); empty when they are not. Then pairs are the clusters."""

    @property
    def clusters(self) -> int:
        """Number of independent clusters, all groups together."""
        return sum(self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undefined:
    """A statistic that cannot be computed, and why; never 0, 1 or 10."""

    name: str
    """Field name of the statistic that was asked for."""
    reason: str
    """Why there is no value, in a plain clause."""


Measured = Estimate | Undefined
