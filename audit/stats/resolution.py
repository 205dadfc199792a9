"""Whether so few resamples can carry a correction over so many tests."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Undefined
from audit.stats.adjustment import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.stats.permutation import PermutationTest

RESAMPLES_PER_LEVEL = 20
"""Resamples that must be expected below the corrected level."""


def needed_resamples(tests: int, alpha: float = 0.05) -> int:
    """20 m / alpha: with fewer, a Monte Carlo p cannot be told from the corrected level alpha/m.

    At p = alpha/m the number of resamples beyond is then 20 on average, known to a fifth of itself (Poisson).
    """
    return ceil(RESAMPLES_PER_LEVEL * tests / alpha)


def holm_of(tests: Sequence[PermutationTest], *, alpha: float = 0.05) -> tuple[float | Undefined, ...]:
    """Holm's adjusted p of permutation tests; Undefined for a Monte Carlo one with too few resamples for their number.

    Exact and saddlepoint p have any resolution. A refused test still counts in the number of tests.
    """
    adjusted = holm(np.array([test.p for test in tests]))
    least = needed_resamples(len(tests), alpha)
    return tuple(
        Undefined(
            name="p_adjusted",
            reason=f"{test.resamples:,} resamples are too few for {len(tests)} tests; at least {least:,} are needed",
        )
        if test.method == "monte-carlo" and test.resamples < least
        else float(p)
        for test, p in zip(tests, adjusted, strict=True)
    )
