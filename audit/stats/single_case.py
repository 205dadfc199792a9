"""One case against a sample of others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SingleCase:
    """A case minus the middle of the others, with the range that one more of the others would have."""

    value: float
    """case - median(others), in the unit of the values; positive when the case is larger."""
    low: float
    """case - the upper prediction limit: above 0 when the case lies beyond what another draw would reach."""
    high: float
    p: float
    """Share of all, the case included, that are at least as large: exact if the case is one more draw."""


def single_case_difference(case: float, others: NDArray[np.float64], *, level: float = 0.95) -> SingleCase | Undefined:
    """How far one case lies from n others, against the range in which one more draw like them would fall.

    The prediction limits are the order statistics of rank ceil((n + 1)(1 + level)/2) and its mirror: one more
    exchangeable draw falls between them with probability of at least ``level``, whatever the distribution, ties and
    zeros included.
    p = (1 + #{others >= case})/(1 + n). Undefined below the n for which those ranks exist (39 at level .95).
    Source: Wilks 1941; Vovk, Gammerman & Shafer 2005, chapter 2 (conformal prediction).
    """
    n = len(others)
    rank = math.ceil((n + 1) * (1 + level) / 2 - 1e-9)
    if rank > n:
        needed = math.ceil((1 + level) / (1 - level))
        return Undefined(name="difference", reason=f"it needs {needed} others to compare with, and there are {n}")
    if not (np.isfinite(others).all() and math.isfinite(case)):
        return Undefined(name="difference", reason="a value is missing or not finite")
    ascending = np.sort(others)
    upper, lower = float(ascending[rank - 1]), float(ascending[n - rank])
    p = (1 + int(np.count_nonzero(others >= case - 1e-12))) / (1 + n)
    return SingleCase(case - float(np.median(others)), case - upper, case - lower, p)
