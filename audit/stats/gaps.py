"""How far apart groups are: the largest and the smallest share, their difference and ratio, and what chance leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Estimate, Measured, Undefined
from audit.stats.extremes import largest, smallest
from audit.stats.permutation import PermutationTest
from audit.stats.power import mde
from audit.stats.shrinkage import shrink

if TYPE_CHECKING:
    from audit.stats.extremes import Extreme
    from audit.stats.shares import GroupShares

SHARE_STATISTICS = ("share_gap", "share_gap_corrected", "share_ratio", "largest_share", "smallest_share")
"""What is said of the shares of several groups, beside each of them."""

_HOW = {
    "share_gap": (
        "largest minus smallest of the group shares; lower end the largest of the simultaneous ones over {m} pairs, "
        "upper end the largest pointwise one (MOVER of Wilson intervals on the effective sample size)"
    ),
    "share_ratio": (
        "smallest over largest of the group shares; lower end the smallest pointwise one, upper end the smallest of "
        "the simultaneous ones over {m} pairs (MOVER-R of Wilson intervals on the effective sample size)"
    ),
    "largest_share": (
        "largest of the group shares; lower end the largest of the simultaneous ones over {k} groups, upper end the "
        "largest pointwise one (Wilson intervals on the effective sample size)"
    ),
    "smallest_share": (
        "smallest of the group shares; lower end the smallest pointwise one, upper end the smallest of the "
        "simultaneous ones over {k} groups (Wilson intervals on the effective sample size)"
    ),
}
_SIGN = {
    "share_gap": "0 when all groups have the same share; by chance alone it is larger",
    "share_gap_corrected": "the same after every share is drawn towards their mean by as much as it is uncertain",
    "share_ratio": "1 when all groups have the same share",
    "largest_share": "share of the items of the group that has most",
    "smallest_share": "share of the items of the group that has least",
}


@dataclass(frozen=True, slots=True)
class ShareComparison:
    """The shares of at least two groups, none of them empty, and the test that they do not differ."""

    shares: GroupShares
    test: PermutationTest | Undefined
    seed: int

    def estimate(self, name: str, level: float = 0.95) -> Measured:
        """One of ``SHARE_STATISTICS`` with its interval; no unit (shares are between 0 and 1).

        The intervals of the extremes hold for whatever group is the largest or smallest, see ``extremes.largest``: the
        end that a pass rests on is pointwise, the one that a fail rests on is simultaneous. The corrected gap has no
        interval: it is the gap of the empirical-Bayes values (``shrinkage.shrink``; variances of the shares are
        p' (1 - p')/n* with p' = (n* p + 2)/(n* + 4), Agresti & Coull 1998, where clusters show no spread) and is shown
        because the raw one is biased upwards.
        """
        if (missing := self.shares.missing()) is not None:
            return Undefined(name=name, reason=missing.reason)
        if len(self.shares.names) < 2:
            return Undefined(name=name, reason=f"at least 2 groups are needed, and there is {len(self.shares.names)}")
        if name == "share_gap_corrected":
            return self._corrected()
        if name == "share_ratio" and not self.shares.share.max() > 0:
            return Undefined(name=name, reason="no item of any group was hit, so there is no ratio")
        extreme = self._extreme(name, level)
        k = len(self.shares.names)
        tested = self.test if name in ("share_gap", "share_ratio") and isinstance(self.test, PermutationTest) else None
        return Estimate(
            name=name,
            value=extreme.value,
            unit="ratio" if name == "share_ratio" else "share",
            sign=_SIGN[name],
            n=int(self.shares.items.sum()),
            groups=tuple(map(int, self.shares.clusters)),
            method=_HOW[name].format(m=k * (k - 1) // 2, k=k),
            level=level,
            low=extreme.low,
            high=extreme.high,
            p=None if tested is None else tested.p,
            p_method=None if tested is None else tested.method,
            smallest_p=None if tested is None else tested.smallest_p,
            alternative="greater",
            seed=None if tested is None else self.seed,
            mde=self._mde(level) if name == "share_gap" else None,
        )

    def intervals(self, level: float) -> dict[str, tuple[float, float]]:
        """The intervals of the extremes at another level, for the correction over a family."""
        found = {name: self.estimate(name, level) for name in SHARE_STATISTICS if name != "share_gap_corrected"}
        return {
            name: (each.low, each.high)
            for name, each in found.items()
            if isinstance(each, Estimate) and each.low is not None and each.high is not None
        }

    def extreme_groups(self) -> tuple[str, str]:
        """Names of the groups with the largest and with the smallest share."""
        share = self.shares.share
        return self.shares.names[int(np.argmax(share))], self.shares.names[int(np.argmin(share))]

    def group(self, name: str, level: float = 0.95) -> Measured:
        """The share of one group with its own interval, and the one that holds for all groups at once."""
        g = self.shares.index(name)
        interval = self.shares.interval(name, level)
        if isinstance(interval, Undefined):
            return interval
        filled = max(1, int(np.count_nonzero(self.shares.items)))
        low, high = self.shares.ends(1 - (1 - level) / filled, corrected=True)
        return Estimate(
            name="share",
            value=float(self.shares.share[g]),
            unit="share",
            sign="share of the items that were hit",
            n=int(self.shares.items[g]),
            groups=(int(self.shares.clusters[g]),),
            method=f"share of items, {interval.method}; family interval: all {filled} groups, Bonferroni",
            level=level,
            low=interval.low,
            high=interval.high,
            low_simultaneous=min(interval.low, float(low[g])),
            high_simultaneous=max(interval.high, float(high[g])),
        )

    def _extreme(self, name: str, level: float) -> Extreme:
        shares, k = self.shares, len(self.shares.names)
        pairs = ~np.eye(k, dtype=np.bool_)
        if name in ("largest_share", "smallest_share"):
            one, all_ = shares.ends(level), shares.ends(1 - (1 - level) / k, corrected=True)
            return (largest if name == "largest_share" else smallest)(shares.share, one, all_)
        wide = 1 - (1 - level) / (k * (k - 1) // 2)
        if name == "share_gap":
            ends, simultaneous = shares.difference_ends(level), shares.difference_ends(wide, corrected=True)
            values = (shares.share[:, None] - shares.share)[pairs]
            found = largest(values, (ends[0][pairs], ends[1][pairs]), (simultaneous[0][pairs], simultaneous[1][pairs]))
            return type(found)(found.index, found.value, max(0.0, found.low), min(1.0, found.high))
        pairs &= shares.share > 0
        ends, simultaneous = shares.ratio_ends(level), shares.ratio_ends(wide, corrected=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            values = (shares.share[:, None] / shares.share)[pairs]
        found = smallest(values, (ends[0][pairs], ends[1][pairs]), (simultaneous[0][pairs], simultaneous[1][pairs]))
        return type(found)(found.index, found.value, found.low, min(1.0, found.high))

    def _variances(self, level: float = 0.95) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        n = np.maximum(self.shares.effective(level), 1.0)
        drawn = (n * self.shares.share + 2) / (n + 4)
        seen = self.shares.covariance.diagonal()
        guessed = drawn * (1 - drawn) / n
        return np.where(seen > 1e-12, seen, guessed)

    def _corrected(self) -> Measured:
        shrunken = shrink(self.shares.share, self._variances())
        if isinstance(shrunken, Undefined):
            return Undefined(name="share_gap_corrected", reason=shrunken.reason)
        return Estimate(
            name="share_gap_corrected",
            value=float(np.ptp(shrunken.values)),
            unit="share",
            sign=_SIGN["share_gap_corrected"],
            n=int(self.shares.items.sum()),
            groups=tuple(map(int, self.shares.clusters)),
            method="largest minus smallest of the empirical-Bayes shares (Paule & Mandel); shown without an interval",
        )

    def _mde(self, level: float) -> float | None:
        """The gap between the two extreme groups that would be found four times in five, over all pairs."""
        k, (first, last) = len(self.shares.names), self.extreme_groups()
        g, h = self.shares.index(first), self.shares.index(last)
        variance = self._variances()
        spread = float(variance[g] + variance[h] - 2 * self.shares.covariance[g, h])
        df = float(min(self.shares.clusters[g], self.shares.clusters[h]) - 1)
        if spread <= 0 or df < 1:
            return None
        return mde(np.sqrt(spread), df, level=1 - (1 - level) / (k * (k - 1) // 2), alternative="two-sided")
