"""Adjustments for many tests of which only the p-values are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _finite(p: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.isfinite(p)


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m,) family-wise adjusted p: running maximum of (m - i + 1) p_(i), at most 1 (Holm 1979). NaN stays out."""
    p = np.asarray(p, dtype=np.float64)
    adjusted = np.full(p.shape, np.nan)
    known = np.flatnonzero(_finite(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps * p[order]), 1.0) if len(order) else []
    return adjusted


def benjamini_hochberg(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m,) p adjusted for the false discovery rate: running minimum from above of m p_(i) / i.

    Holds for independent and for positively dependent tests (Benjamini & Hochberg 1995). NaN stays out.
    """
    return _step_up(p, 1.0)


def benjamini_yekutieli(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m,) as ``benjamini_hochberg`` times sum of 1/i: holds under any dependence (Benjamini & Yekutieli 2001)."""
    count = int(np.count_nonzero(_finite(np.asarray(p, dtype=np.float64))))
    return _step_up(p, float((1 / np.arange(1, count + 1)).sum()))


def _step_up(p: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    p = np.asarray(p, dtype=np.float64)
    adjusted = np.full(p.shape, np.nan)
    known = np.flatnonzero(_finite(p))
    order = known[np.argsort(-p[known], kind="stable")]
    ranks = np.arange(len(order), 0, -1)
    if len(order):
        adjusted[order] = np.minimum(np.minimum.accumulate(factor * len(order) * p[order] / ranks), 1.0)
    return adjusted
