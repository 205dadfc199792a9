"""Alpha spent over releases: a model that is gated again and again must not pass, or fail, by patience."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import pi


@dataclass(frozen=True, slots=True)
class AlphaLedger:
    """What a gate has spent so far; kept beside the baseline."""

    alpha: float
    """Probability of any false alarm over all gatings there will ever be."""
    spent: tuple[float, ...] = ()
    """Level of each gating so far, in their order."""

    @property
    def next_level(self) -> float:
        """alpha_k = alpha 6/(pi^2 k^2) for the k-th gating, k counted from 1.

        The levels sum to alpha over infinitely many gatings (Basel series), so by the union bound the probability of a
        false alarm in any of them stays at alpha, however dependent they are. Source: alpha spending as in Foster &
        Stine 2008 and Javanmard & Montanari 2018 (LOND), with gamma_k = 6/(pi^2 k^2).
        """
        return self.alpha * 6 / (pi**2 * (len(self.spent) + 1) ** 2)

    @property
    def total(self) -> float:
        """Sum of what was spent; below ``alpha`` always."""
        return sum(self.spent)

    def after(self) -> AlphaLedger:
        """The ledger after one more gating at ``next_level``."""
        return replace(self, spent=(*self.spent, self.next_level))
