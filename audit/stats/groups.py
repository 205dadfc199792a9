"""Two compared groups of clusters: what must hold before any statistic of them exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def group_problem(scores: NDArray[np.float64], in_x: NDArray[np.bool_], *, least: int = 2) -> str | None:
    """Why two groups cannot be compared, as a plain clause, or None when they can.

    ``scores`` is (n,) or (n, templates) with one row a cluster, ``in_x`` (n,) is True for the rows of X. A problem is
    a missing number, fewer than ``least`` clusters in a group, or scores that are all the same.
    """
    if not np.isfinite(scores).all():
        missing = int(np.count_nonzero(~np.isfinite(scores)))
        return f"{missing} of {scores.size} scores are missing or not finite"
    in_first, in_second = int(np.count_nonzero(in_x)), int(np.count_nonzero(~in_x))
    if min(in_first, in_second) < least:
        return f"each group needs at least {least} clusters, and there are {in_first} and {in_second}"
    if np.ptp(scores) == 0:
        return "all scores are equal"
    return None


def label_problem(positive: NDArray[np.bool_], clusters: NDArray[np.intp], *, least: int = 2) -> str | None:
    """Why labelled clusters cannot be compared, as a plain clause, or None when they can.

    ``positive`` and ``clusters`` are (n,), one entry a stimulus. A problem is fewer than ``least`` clusters on a side,
    or a cluster that lies on both.
    """
    sides = np.unique(clusters[positive]), np.unique(clusters[~positive])
    if min(map(len, sides)) < least:
        return f"each side needs at least {least} clusters, and there are {len(sides[0])} and {len(sides[1])}"
    if np.intersect1d(*sides).size:
        return "a cluster lies on both sides"
    return None
