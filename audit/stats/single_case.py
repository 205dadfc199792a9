"""One case against a sample of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from audit.records import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SingleCase:
    """A case minus the mean of the others, with an interval for that difference."""

    value: float
    """In the unit of the values; positive when the case is larger."""
    low: float
    high: float


def single_case_difference(case: float, others: NDArray[np.float64], *, level: float = 0.95) -> SingleCase | Undefined:
    """How far one case lies from a sample of others, as one more draw from their population would.

    value = case - mean(others), in the unit of the values; interval value -+ t(1 - (1 - level)/2, n - 1) s sqrt(1 +
    1/n), with s the sample deviation of the n others. Positive: the case is larger. Undefined below two others, or when
    they do not vary at all. Source: Crawford & Howell 1998, The Clinical Neuropsychologist 12, equation 1 (Sokal &
    Rohlf 1995).
    """
    n = len(others)
    if n < 2:
        return Undefined(name="difference", reason="there are fewer than two others to compare with")
    spread = float(np.std(others, ddof=1))
    if not np.isfinite(spread) or spread == 0:
        return Undefined(name="difference", reason="the others do not vary")
    reach = float(special.stdtrit(n - 1, (1 + level) / 2)) * spread * np.sqrt(1 + 1 / n)
    value = case - float(np.mean(others))
    return SingleCase(value, value - reach, value + reach)
