"""How far two raters agree beyond chance."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from audit.records import Undefined

if TYPE_CHECKING:
    from collections.abc import Sequence


def cohens_kappa(first: Sequence[str], second: Sequence[str]) -> float | Undefined:
    """Cohen's kappa of two raters' labels of the same n things, row-aligned; 1 for full agreement, 0 for chance.

    kappa = (p_o - p_e) / (1 - p_e), where p_o is the share of things with the same label of both, and p_e the sum over
    labels of the product of the shares with which each rater gives it. Source: Cohen 1960. Undefined without things,
    and where chance alone would agree always (both raters gave one and the same label throughout).
    """
    if not first:
        return Undefined(name="kappa", reason="nothing was labelled by both raters")
    n = len(first)
    one, other = Counter(first), Counter(second)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    chance = sum(one[label] * other[label] for label in one) / n**2
    if chance == 1:
        return Undefined(name="kappa", reason="both raters gave one label throughout")
    return (observed - chance) / (1 - chance)
