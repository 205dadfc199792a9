"""The share of series whose middle is given to one of two parents, against one half."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Alternative, Estimate, Measured, Undefined
from audit.stats.association import matched_difference
from audit.stats.permutation import paired_sign_flip
from audit.stats.power import mde
from audit.stats.shares import group_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.stats.interval import Interval

EXCESS = "share_excess"
"""Name of the estimate of the share minus one half."""
LEAST_SERIES = 2
_HALF = 0.5
_GROUP = "all"


@dataclass(frozen=True)
class Hypodescent:
    """The morphs of one step, one number each, and the clusters that they belong to."""

    ahead: NDArray[np.float64]
    """(n,) cosine with the minority's word minus that with the majority's."""
    cluster: NDArray[np.intp]
    """(n,) index into ``clusters``."""
    clusters: tuple[str, ...]
    """Names of the series, or of what series are clustered by."""
    seed: int

    @classmethod
    def of(cls, ahead: NDArray[np.float64], clusters: Sequence[str], seed: int) -> Hypodescent:
        """``clusters`` (n,) names the cluster of every morph."""
        names = tuple(dict.fromkeys(clusters))
        place = {name: i for i, name in enumerate(names)}
        return cls(ahead, np.array([place[name] for name in clusters], dtype=np.intp), names, seed)

    def share(self, level: float = 0.95) -> Measured:
        """Share of morphs with a positive difference; Wilson's interval on the effective sample size.

        A cluster with several morphs counts them all; with one each, n is the number of clusters.
        """
        interval = self._interval(level)
        if isinstance(interval, Undefined):
            return Undefined(name="minority_share", reason=interval.reason)
        return Estimate(
            name="minority_share",
            value=float(self._outcomes.mean()),
            unit="share",
            sign="share of morphs that lie closer to the minority's word",
            n=len(self.ahead),
            groups=(len(self.clusters),),
            method=f"share of morphs, {interval.method}",
            level=level,
            low=interval.low,
            high=interval.high,
        )

    def excess(self, alternative: Alternative, level: float = 0.95) -> Measured:
        """Share minus one half, no unit; interval that of the share, moved.

        p is that of exact (or Monte Carlo) sign flips of each cluster's mean distance from one half; with one morph a
        cluster it is the binomial test. The minimum detectable effect is for a share of one half, normal approximation.
        """
        share = self.share(level)
        if isinstance(share, Undefined) or share.low is None or share.high is None:
            return Undefined(name=EXCESS, reason=getattr(share, "reason", "it has no interval"))
        means = np.bincount(self.cluster, weights=self._outcomes - _HALF) / np.bincount(self.cluster)
        test = paired_sign_flip(means, alternative=alternative, seed=self.seed)
        tested = None if isinstance(test, Undefined) else test
        count = len(self.clusters)
        return replace(
            share,
            name=EXCESS,
            value=share.value - _HALF,
            low=share.low - _HALF,
            high=share.high - _HALF,
            sign="positive when more than half are given to the minority",
            method=f"{share.method}, minus one half",
            alternative=alternative,
            p=None if tested is None else tested.p,
            p_method=None if tested is None else tested.method,
            smallest_p=None if tested is None else tested.smallest_p,
            seed=self.seed if tested is not None and tested.method != "exact" else None,
            mde=mde(_HALF / float(np.sqrt(count)), count - 1, level=level, alternative=alternative),
        )

    def difference(self, block: str) -> Measured:
        """Mean over clusters of the difference in cosine; positive when the minority's word is closer."""
        means = np.bincount(self.cluster, weights=self.ahead) / np.bincount(self.cluster)
        found = matched_difference(means, np.zeros_like(means), block=block)
        if isinstance(found, Undefined):
            return found
        return replace(found, n=len(self.ahead), sign="positive when the minority's word is closer")

    def intervals(self, level: float) -> dict[str, tuple[float, float]]:
        """The interval of the headline at another level, for the correction over a family."""
        interval = self._interval(level)
        return {} if isinstance(interval, Undefined) else {EXCESS: (interval.low - _HALF, interval.high - _HALF)}

    @property
    def _outcomes(self) -> NDArray[np.float64]:
        return (self.ahead > 0).astype(np.float64)

    def _interval(self, level: float) -> Interval | Undefined:
        if len(self.clusters) < LEAST_SERIES:
            reason = f"at least {LEAST_SERIES} series are needed, and there is {len(self.clusters)}"
            return Undefined(name=EXCESS, reason=reason)
        if not np.isfinite(self.ahead).all():
            return Undefined(name=EXCESS, reason="some morph has no finite association")
        shares = group_shares(self._outcomes, np.zeros(len(self.ahead), dtype=np.intp), self.cluster, (_GROUP,))
        return shares if isinstance(shares, Undefined) else shares.interval(_GROUP, level)
