"""The whole range of a unit's activations in bins, each with the share of a concept in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Undefined
from audit.stats.proportions import wilson_ends

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_BINS = 12
_STEPS = (1.0, 2.0, 2.5, 5.0)


@dataclass(frozen=True, slots=True)
class ActivationBin:
    """One bin of a unit's range."""

    low: float
    """Lower end, in standard deviations of the reference set from zero; the bin holds it."""
    high: float
    """Upper end; only the last bin holds it."""
    n: int
    """Stimuli in it."""
    concept: int
    """How many of them show the concept."""
    share: float | None
    """Precision: ``concept / n``; None for an empty bin."""
    share_low: float | None
    """Lower end of Wilson's interval of the share."""
    share_high: float | None
    recall: float
    """Share of all of the concept's stimuli that lie in this bin."""
    recall_from_top: float
    """Share of them that lie in this bin or a higher one."""


def z_edges(low: float, high: float, *, most: int = MOST_BINS) -> NDArray[np.float64]:
    """(b + 1,) ends of at most ``most`` bins of one width that cover ``low`` to ``high``, both in standard deviations.

    The width is the smallest of 1, 2, 2.5 and 5 times a power of ten that does; zero is an end of a bin, so that no bin
    holds excitation and inhibition. Source: Goh et al. 2021, who bin activations over their standard deviation evenly.
    """
    exponent = math.floor(math.log10(max(high - low, 1e-12) / most)) - 1
    widths = (step * 10.0**power for power in range(exponent, exponent + 4) for step in _STEPS)
    for width in widths:
        first, last = math.floor(low / width), math.ceil(high / width)
        first -= first * width > low  # a quotient may round over an end
        last = max(last + (last * width < high), first + 1)
        if last - first <= most:
            break
    edges: NDArray[np.float64] = np.arange(first, last + 1, dtype=np.float64) * width
    return edges


def activation_bins(
    edges: NDArray[np.float64], n: NDArray[np.integer], concept: NDArray[np.integer], *, level: float = 0.95
) -> tuple[ActivationBin, ...] | Undefined:
    """Precision and recall of a concept in each bin, the most inhibitory first.

    ``edges`` is (b + 1,); ``n`` and ``concept`` (b,) count all stimuli of a bin and those of the concept. Precision has
    Wilson's interval, each bin for itself. Recall is :func:`base_rate_recall` of it. Undefined without a stimulus of
    the concept.
    """
    if not concept.sum():
        return Undefined(name="share", reason="no stimulus of the concept was counted")
    share = concept / np.maximum(n, 1)
    low, high = wilson_ends(share, np.maximum(n, 1).astype(np.float64), level)
    recall = base_rate_recall(share, n)
    from_top = np.minimum(recall[::-1].cumsum()[::-1], 1.0)
    return tuple(
        ActivationBin(
            low=float(edges[i]),
            high=float(edges[i + 1]),
            n=int(n[i]),
            concept=int(concept[i]),
            share=float(share[i]) if n[i] else None,
            share_low=float(low[i]) if n[i] else None,
            share_high=float(high[i]) if n[i] else None,
            recall=float(recall[i]),
            recall_from_top=float(from_top[i]),
        )
        for i in range(len(n))
    )


def base_rate_recall(share: NDArray[np.float64], n: NDArray[np.integer]) -> NDArray[np.float64]:
    """(b,) share of all that is the concept which lies in each bin; they sum to 1, or all are NaN without any.

    P(bin | concept) = P(concept | bin) P(bin) / P(concept): ``share`` (b,), which may come from a sample of each bin,
    weighted with the number ``n`` (b,) of stimuli that the bin holds. A high share in a bin that almost nothing falls
    into is a small part of the concept.
    """
    weighted = share * n
    total = weighted.sum()
    found: NDArray[np.float64] = weighted / total if total > 0 else np.full(len(n), np.nan)
    return found


def percentile_ranks(below: NDArray[np.integer], equal: NDArray[np.integer], count: int) -> NDArray[np.float64]:
    """(q,) percentile of values in a reference set of ``count``: those below, and half of those equal, per hundred."""
    found: NDArray[np.float64] = 100 * (below + equal / 2) / count
    return found
