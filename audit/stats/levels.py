"""Several groups on one scale: every difference between two of them, and the largest of those."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Alternative, Estimate, Measured, Undefined
from audit.stats.association import difference_estimates, matched_difference
from audit.stats.design import TwoSampleDesign
from audit.stats.extremes import largest
from audit.stats.family import max_t
from audit.stats.matched import MatchedDesign
from audit.stats.power import mde

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.stats.extremes import Extreme
    from audit.stats.family import FamilyResult

LARGEST = "largest_difference"
"""Name of the estimate of the largest difference."""
_LEVEL = 0.95
_LARGE = 1_000
"""Clusters from which on fewer resamples are drawn, as each needs memory for all of them."""
_SIGN = {
    "two-sided": "the largest difference between two groups, whichever is higher; a size, without a sign",
    "greater": "by how much the highest other group lies above {reference}",
    "less": "by how much the lowest other group lies below {reference}",
}


@dataclass(frozen=True)
class LevelComparison:
    """The scores of k groups (the levels of an attribute), matched cluster by cluster or of clusters of their own."""

    names: tuple[str, ...]
    """(k,) of the groups."""
    clusters: tuple[tuple[str, ...], ...]
    """Names of the clusters of each group; of matched groups the same in the same order."""
    scores: tuple[NDArray[np.float64], ...]
    """(clusters of the group, templates) in cosine, one array a group, the same templates in all."""
    seed: int
    n: int
    """Number of stimuli behind them."""
    matched: str = ""
    """What matches the groups; empty when each has clusters of its own."""
    reference: int | None = None
    """The group that every other one is compared with; None for all pairs."""
    alternative: Alternative = "two-sided"
    """With a reference: whether the others lie above it, below it, or either; without one always either."""

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The differences that are looked at, each of the first group minus the second."""
        k = range(len(self.names))
        if self.reference is None:
            return tuple(combinations(k, 2))
        return tuple((g, self.reference) for g in k if g != self.reference)

    @cached_property
    def designs(self) -> tuple[MatchedDesign | TwoSampleDesign, ...]:
        """The test of each pair; pairs share the signs of their blocks, or the keys of their clusters."""
        return tuple(self._design(*pair) for pair in self.pairs)

    @cached_property
    def problem(self) -> str | None:
        """Why the largest difference is not defined, or None. Without one pair of them the largest may be unseen."""
        for (g, h), design in zip(self.pairs, self.designs, strict=True):
            found = design.difference()
            if isinstance(found, Undefined):
                return f"of {self.names[g]} and {self.names[h]}, {found.reason}"
        return None

    def headline(self, level: float = _LEVEL, name: str = LARGEST) -> Measured:
        """The largest difference of two groups, in cosine, with an interval for the largest one there truly is.

        Both ends as in ``extremes.largest``: the lower one is the largest of the simultaneous lower ends (max-T over
        the pairs, which share their resamples), the upper one the largest pointwise upper end. Without a direction
        each pair counts both ways round, so that the value is a size and the interval is cut at 0. p is that of
        max-T for the hypothesis that no two groups differ; the minimum detectable effect that of the pair found, at the
        level that Bonferroni leaves it.
        """
        if self.problem is not None:
            return Undefined(name=name, reason=self.problem)
        extreme, index, _ = self._extreme(level)
        raw, design = self._raw(self.designs[index]), self.designs[index]
        found = design.difference()
        assert not isinstance(found, Undefined)
        assert not isinstance(raw, Undefined)
        p = min(each.p_adjusted for each in self._usual_family)
        m, signed = len(self.pairs), self.alternative != "two-sided"
        sign = _SIGN[self.alternative].format(reference="" if self.reference is None else self.names[self.reference])
        return replace(
            raw,
            name=name,
            value=extreme.value,
            low=extreme.low if signed else max(0.0, extreme.low),
            high=extreme.high,
            level=level,
            sign=sign,
            n=self.n,
            groups=self._sizes,
            p=p,
            p_method="monte-carlo",
            smallest_p=max(1 / (self._resamples + 1), self._fewest),
            alternative="greater",
            seed=self.seed,
            mde=mde(found.se, found.df, level=1 - (1 - level) / m, alternative="greater" if signed else "two-sided"),
            method=(
                f"largest of the differences between {len(self.names)} groups ({m} "
                f"{'comparisons' if m > 1 else 'comparison'}); lower end the largest of the simultaneous ones (max-T), "
                f"upper end the largest pointwise one; each a {raw.method}"
            ),
        )

    def intervals(self, level: float, name: str = LARGEST) -> dict[str, tuple[float, float]]:
        """The interval of the largest difference at another level, for the correction over a family."""
        found = self.headline(level, name)
        if isinstance(found, Undefined) or found.low is None or found.high is None:
            return {}
        return {name: (found.low, found.high)}

    def extreme_pair(self) -> tuple[str, str]:
        """Names of the two groups of the largest difference, which is the first minus the second.

        Only without a ``problem``. With a direction it may be negative: then no other group lies that way.
        """
        g, h = self._extreme(_LEVEL)[2]
        return self.names[g], self.names[h]

    def differences(self) -> tuple[tuple[str, Measured], ...]:
        """Every pair by name, with its own interval and that for all pairs at once; the largest difference first."""
        rows: list[tuple[str, Measured]] = []
        family = iter(self._usual_family) if self.problem is None else iter(())
        for index, (g, h) in enumerate(self.pairs):
            found, wide = self._raw(self.designs[index]), next(family, None)
            if self.reference is None and isinstance(found, Estimate) and found.value < 0:
                found, g, h = _mirrored(found), h, g
                wide = None if wide is None else replace(wide, low=-wide.high, high=-wide.low)
            title = f"{self.names[g]} minus {self.names[h]}"
            if isinstance(found, Estimate) and wide is not None:
                found = replace(
                    found,
                    low_simultaneous=wide.low,
                    high_simultaneous=wide.high,
                    p_adjusted=wide.p_adjusted,
                    sign=f"positive when {self.names[g]} is higher than {self.names[h]}",
                )
            rows.append((title, found))
        rows.sort(key=lambda row: -abs(row[1].value) if isinstance(row[1], Estimate) else 0.0)
        return tuple(rows)

    def alone(self, columns: slice) -> Measured:
        """The difference of the pair found in some of the templates, with its pointwise interval."""
        kept = replace(self, scores=tuple(scores[:, columns] for scores in self.scores))
        return kept.of_pair(*self.extreme_pair())

    def of_pair(self, first: str, second: str) -> Measured:
        """One difference in the direction of the headline, with its pointwise interval, named as the headline is."""
        g, h = self.names.index(first), self.names.index(second)
        found = self._raw(self._design(g, h))
        if isinstance(found, Undefined):
            return Undefined(name=LARGEST, reason=found.reason)
        return replace(found, name=LARGEST, sign="of the two groups that differ most in the headline")

    def level(self, index: int, *, centred: bool = False) -> Measured:
        """The mean of one group, in cosine, over clusters and templates as ``paired_difference`` takes them.

        ``centred``: of matched groups, minus the mean of all groups in the same cluster and template.
        """
        own = self.scores[index]
        other = np.mean(self.scores, axis=0) if centred else np.zeros_like(own)
        found = matched_difference(own, other, block=self.matched)
        if isinstance(found, Undefined):
            return Undefined(name="mean_similarity", reason=found.reason.replace("paired differences", "values"))
        name = "deviation_cosine" if centred else "mean_similarity"
        sign = "above the mean of all groups" if centred else "mean cosine"
        method = found.method.replace("paired difference", "over clusters").replace("pairs", "clusters")
        return replace(found, name=name, n=own.size, sign=sign, method=method)

    def _design(self, g: int, h: int) -> MatchedDesign | TwoSampleDesign:
        if self.matched:
            return MatchedDesign(self.clusters[g], self.scores[g], self.scores[h], self.alternative)
        names = tuple(f"{self.names[i]}: {name}" for i in (g, h) for name in self.clusters[i])
        in_x = np.arange(len(names)) < len(self.clusters[g])
        return TwoSampleDesign(names, in_x, np.concatenate([self.scores[g], self.scores[h]]), self.alternative)

    @property
    def _sizes(self) -> tuple[int, ...]:
        return (len(self.scores[0]),) if self.matched else tuple(map(len, self.scores))

    @property
    def _resamples(self) -> int:
        return 9_999 if sum(self._sizes) < _LARGE else 999

    @property
    def _fewest(self) -> float:
        """One over the number of ways in which the signs of the pairs can fall; matters with a handful of them."""
        return 2.0 ** (1 - len(self.scores[0])) if self.matched else 0.0

    @cached_property
    def _usual_family(self) -> tuple[FamilyResult, ...]:
        return self._family(_LEVEL)

    def _family(self, level: float) -> tuple[FamilyResult, ...]:
        found = max_t(self.designs, seed=self.seed, level=level, resamples=self._resamples)
        return tuple(each for each in found if not isinstance(each, Undefined))

    def _raw(self, design: MatchedDesign | TwoSampleDesign) -> Measured:
        if isinstance(design, MatchedDesign):
            return matched_difference(design.x, design.y, block=self.matched)
        (found,) = difference_estimates(design.scores[None], design.in_x)
        return found

    def _extreme(self, level: float) -> tuple[Extreme, int, tuple[int, int]]:
        """The largest difference in the direction asked, its place among the pairs, and its groups as it was taken."""
        raw = [found for found in (design.difference() for design in self.designs) if not isinstance(found, Undefined)]
        family = self._usual_family if level == _LEVEL else self._family(level)
        values = np.array([each.value for each in raw])
        ends = np.array([each.interval(level) for each in raw]).T
        wide = np.array([(each.low, each.high) for each in family]).T
        ways = {
            "greater": [(values, ends, wide)],
            "less": [(-values, -ends[::-1], -wide[::-1])],
            "two-sided": [(values, ends, wide), (-values, -ends[::-1], -wide[::-1])],
        }[self.alternative]
        taken = [np.concatenate([way[part] for way in ways], axis=-1) for part in range(3)]
        extreme = largest(taken[0], (taken[1][0], taken[1][1]), (taken[2][0], taken[2][1]))
        turned, index = divmod(extreme.index, len(self.pairs))
        g, h = self.pairs[index]
        return extreme, index, (h, g) if turned or self.alternative == "less" else (g, h)


def _mirrored(found: Estimate) -> Estimate:
    assert found.low is not None
    assert found.high is not None
    return replace(found, value=-found.value, low=-found.high, high=-found.low)
