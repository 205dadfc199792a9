"""Retrieval probes: which groups queries find first, with every query and every k beside the headline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.assess.framing import frame, named, unavailable
from audit.assess.outcome import Outcome, Plan, Shown
from audit.measures import retrieval
from audit.records import Breakdown, BreakdownRow, Estimate, Labels, Margin, Measured, Undefined, Variation
from audit.stats import RETRIEVAL_STATISTICS, Ranking
from audit.suite import GroupedBy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audit.engine import Encodings
    from audit.measures import RetrievalRows
    from audit.stimuli import Collector, StimulusSet
    from audit.suite import RetrievalProbe, Suite


def plan(suite: Suite, probe: RetrievalProbe, collector: Collector) -> list[RetrievalPlan]:
    """One plan a form; one whose stimuli cannot be had says so when it is measured."""
    first = probe.groups.of if isinstance(probe.groups, GroupedBy) else probe.groups[0]
    forms = probe.forms or collector.default_picture_forms(first)
    return [
        RetrievalPlan.collect(suite, probe, (form, "text"), _shown(suite, probe, form, collector)) for form in forms
    ]


def _shown(suite: Suite, probe: RetrievalProbe, form: str, collector: Collector) -> Iterator[Shown]:
    columns = (probe.match,) if probe.match else ()
    for group in collector.collect_groups(probe.groups, form, cluster=probe.cluster, labels=columns):
        yield Shown("group", "", group)
    yield Shown("query", "", collector.collect(probe.queries, "text", templates=suite.templates_of(probe.templates)))


@dataclass(frozen=True)
class RetrievalPlan(Plan["RetrievalProbe"]):
    """One retrieval probe in one form."""

    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """The statistics of the first k, the one that the margin bounds first."""
        framed = frame(self.of, self.asked, self.form, encodings.info, self.shown)
        if self.unavailable:
            return Outcome(unavailable(framed, self.unavailable))
        statistic = self.asked.margin.statistic if self.asked.margin else "max_skew"
        margin = Margin(statistic, self.asked.margin.value) if self.asked.margin else None
        framed = replace(framed, margin=margin)
        groups = tuple(part.stimuli for part in self.shown if part.role == "group")
        (queries,) = (part.stimuli for part in self.shown if part.role == "query")
        rows = retrieval(groups, queries, encodings, match=self.asked.match)
        if problem := _problem(rows):
            return Outcome(replace(framed, estimates=(Undefined(name=statistic, reason=problem),)))
        ranking, k = self._ranking(rows, seed), self.asked.k[0]
        headline = ranking.estimate(statistic, k, self.asked.alternative)
        if isinstance(headline, Undefined):
            return Outcome(replace(framed, estimates=(headline,)))
        others = tuple(n for n in RETRIEVAL_STATISTICS if n != statistic)
        found = tuple(e for n in others if isinstance(e := ranking.estimate(n, k, "greater"), Estimate))
        favoured = self._favoured(rows, ranking, k)
        measurement = replace(
            framed,
            labels=Labels(favoured[0], favoured[-1], f"the first {k} pictures that {len(rows.queries)} queries find"),
            estimates=(headline, *found, *self._dialect(rows, ranking, k)),
            breakdowns=tuple(self._breakdowns(rows, ranking, statistic)),
            sensitivity=tuple(self._templates(groups, queries, encodings, statistic, seed)),
            how=self._how(rows, k),
        )
        alternative = self.asked.alternative
        return Outcome(measurement, intervals=lambda level: _ends(ranking, statistic, k, alternative, level))

    def _ranking(self, rows: RetrievalRows, seed: int) -> Ranking:
        uniform = self.asked.desired == "uniform"
        return Ranking(rows.ranked, rows.group, rows.cluster, len(rows.groups), uniform, seed)

    def _favoured(self, rows: RetrievalRows, ranking: Ranking, k: int) -> list[str]:
        """Groups by how much more often they are found than they stand in the pools, most favoured first."""
        gain = np.zeros(len(rows.groups))
        for ranked in ranking.ranked:
            own = rows.group[ranked]
            gain += np.bincount(own[:k], minlength=len(gain)) / k - np.bincount(own, minlength=len(gain)) / len(own)
        return [rows.groups[g].label for g in np.argsort(-gain, kind="stable")]

    def _breakdowns(self, rows: RetrievalRows, ranking: Ranking, statistic: str) -> Iterator[Breakdown]:
        """The headline at every k."""
        if len(self.asked.k) > 1:
            at = tuple(
                BreakdownRow(f"k = {k}", ranking.estimate(statistic, k, self.asked.alternative)) for k in self.asked.k
            )
            yield Breakdown(title="The same at other numbers of pictures", kind="k", rows=at)
        k = self.asked.k[0]
        shares = []
        for g, group in enumerate(rows.groups):
            found = np.array([np.mean(rows.group[ranked[:k]] == g) for ranked in ranking.ranked])
            shares.append(BreakdownRow(group.label, _mean_share(found, len(group.stimuli))))
        yield Breakdown(title=f"Share among the first {k}, mean over queries", kind="group", rows=tuple(shares))

    def _templates(
        self, groups: Sequence[StimulusSet], queries: StimulusSet, encodings: Encodings, statistic: str, seed: int
    ) -> Iterator[Variation]:
        for template in queries.templates if len(queries.templates) > 1 else ():
            rows = retrieval(groups, queries, encodings, match=self.asked.match, template=template)
            found = self._ranking(rows, seed).estimate(statistic, self.asked.k[0], self.asked.alternative)
            yield Variation("template", template, found)

    def _dialect(self, rows: RetrievalRows, ranking: Ranking, k: int) -> Iterator[Measured]:
        """Another tool's own numbers: means over queries without an interval.

        debias-vl: MaxSkew@k and NDKL over the whole ranking, against the pool (dem_par) and equal shares (eq_opp), with
        1/k for a group that is not found. visogender: Bias@k of two groups, MaxSkew@k, MinSkew@k, NDKL, against the
        pool. so-b-it: normalised entropy of the first k.
        """
        if self.asked.dialect is None:
            return
        whole = max(len(ranked) for ranked in ranking.ranked)
        asked: tuple[tuple[str, str, int, bool], ...] = {
            "debias-vl": (
                ("debias_vl_maxskew_dem_par", "max_skew", k, False),
                ("debias_vl_maxskew_eq_opp", "max_skew", k, True),
                ("debias_vl_ndkl_dem_par", "ndkl", whole, False),
                ("debias_vl_ndkl_eq_opp", "ndkl", whole, True),
            ),
            "visogender": (
                ("visogender_bias", "bias_at_k", k, False),
                ("visogender_maxskew", "max_skew", k, False),
                ("visogender_minskew", "min_skew", k, False),
                ("visogender_ndkl", "ndkl", whole, False),
            ),
            "so-b-it": (("so_b_it_normalised_entropy", "normalised_entropy", k, False),),
        }[self.asked.dialect]
        for name, statistic, at, uniform in asked:
            if statistic == "bias_at_k" and len(rows.groups) != 2:
                continue
            yield Estimate(
                name=name,
                value=float(replace(ranking, uniform=uniform).values(statistic, at).mean()),
                unit="ln" if statistic == "max_skew" else "nats" if statistic == "ndkl" else "share",
                sign="as the tool defines it",
                n=len(rows.stimuli),
                groups=(len(rows.queries),),
                method=f"as {self.asked.dialect} computes it, mean over queries; it has no interval",
            )

    def _how(self, rows: RetrievalRows, k: int) -> str:
        sizes = [int(pool.sum()) for pool in rows.pool]
        pool = f"{sizes[0]:,}" if min(sizes) == max(sizes) else f"{min(sizes):,} to {max(sizes):,}"
        desired = "the shares of its pool" if self.asked.desired == "pool" else "equal shares"
        return (
            f"Every query ranks the {pool} pictures of its pool by cosine, ties by id, and finds exactly {k}. The "
            f"shares of {len(rows.groups)} groups among them are held against {desired}; one with no find counts as "
            "found once."
        )


def _problem(rows: RetrievalRows) -> str:
    if not np.isfinite(rows.cosines).any():
        return "the model gives no finite embedding of positive length for any query or picture"
    bad = [s.label for s, column in zip(rows.stimuli, rows.cosines.T, strict=True) if not np.isfinite(column).all()]
    if bad:
        return named("the model gives no finite embedding of positive length for", bad)
    if empty := [name for name, pool in zip(rows.queries, rows.pool, strict=True) if not pool.any()]:
        return named("no picture is in the pool of", empty)
    return ""


def _ends(ranking: Ranking, statistic: str, k: int, alternative: str, level: float) -> dict[str, tuple[float, float]]:
    found = ranking.estimate(statistic, k, alternative, level)  # type: ignore[arg-type]
    if isinstance(found, Undefined) or found.low is None or found.high is None:
        return {}
    return {statistic: (found.low, found.high)}


def _mean_share(values: np.ndarray[tuple[int], np.dtype[np.float64]], n: int) -> Measured:
    from scipy import special

    m = len(values)
    reach = float(special.stdtrit(m - 1, 0.975)) * float(values.std(ddof=1)) / m**0.5 if m > 1 else None
    value = float(values.mean())
    return Estimate(
        name="share",
        value=value,
        unit="share",
        sign="share of the pictures found",
        n=n,
        groups=(m,),
        method="mean over queries, t interval over queries",
        low=None if reach is None else max(0.0, value - reach),
        high=None if reach is None else min(1.0, value + reach),
    )
