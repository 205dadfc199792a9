"""Units when the concept has a single cluster: a rank, and an interval that says how little that bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.records import Estimate, Undefined
from audit.stats.selectivity import auroc

if TYPE_CHECKING:
    from numpy.typing import NDArray


def rank_single(
    activations: NDArray[np.floating], positive: NDArray[np.bool_], *, n_items: int, level: float = 0.95
) -> tuple[int, Estimate] | Undefined:
    """The unit that ranks the concept's one cluster highest, among ``activations`` (n, u) with one row a cluster.

    value: its AUROC, the share of the other clusters that it responds to less, ties counted half (rank 1 of n: 1.0).
    The interval is [0, 1]: one cluster bounds nothing about a concept. p is the rank over n, exact under exchangeable
    clusters, ties counted against it; p_adjusted is Bonferroni's over the u units. Returns the unit's column with it.
    """
    n, units = activations.shape
    if int(positive.sum()) != 1 or n < 3:
        return Undefined(name="auroc", reason="it needs one cluster of the concept and at least two others")
    areas = auroc(activations, positive)
    if not np.isfinite(areas).any():
        return Undefined(name="auroc", reason="every unit has a missing activation")
    best = int(np.nanargmax(areas))
    column = activations[:, best]
    p = int(np.count_nonzero(column >= column[positive][0])) / n
    return best, Estimate(
        name="auroc",
        value=float(areas[best]),
        unit="probability",
        sign="above 0.5 when the unit prefers the concept",
        n=n_items,
        groups=(1, n - 1),
        method="AUROC with mid-ranks; the concept has one cluster, which bounds nothing, so the interval is [0, 1]; "
        "p from its rank, adjusted by Bonferroni over the units looked at",
        level=level,
        low=0.0,
        high=1.0,
        low_simultaneous=0.0,
        high_simultaneous=1.0,
        p=p,
        p_adjusted=min(1.0, units * p),
        p_method="exact",
        smallest_p=1 / n,
        alternative="greater",
    )
