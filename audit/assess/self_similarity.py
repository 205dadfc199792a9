"""Self-similarity probes: how alike the pictures of each group are, and the largest difference between groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.assess.framing import frame, named, unavailable
from audit.assess.levels import level_breakdown, pair_breakdown, template_variations
from audit.assess.outcome import Outcome, Plan, Shown
from audit.measures import comparable
from audit.records import Labels, Margin, Undefined
from audit.stats import LARGEST, LevelComparison, pseudo_values
from audit.suite import GroupedBy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.measures import GroupVectors
    from audit.stimuli import Collector
    from audit.suite import SelfSimilarityProbe, Suite


def plan(suite: Suite, probe: SelfSimilarityProbe, collector: Collector) -> list[SelfSimilarityPlan]:
    """One plan a form; one whose stimuli cannot be had says so when it is measured."""
    first = probe.groups.of if isinstance(probe.groups, GroupedBy) else probe.groups[0]
    forms = probe.forms or collector.default_picture_forms(first)
    return [SelfSimilarityPlan.collect(suite, probe, (form,), _shown(suite, probe, form, collector)) for form in forms]


def _shown(suite: Suite, probe: SelfSimilarityProbe, form: str, collector: Collector) -> Iterator[Shown]:
    wording = suite.templates_of(probe.templates)
    for group in collector.collect_groups(probe.groups, form, templates=wording, cluster=probe.cluster):
        yield Shown("group", "", group)


@dataclass(frozen=True)
class SelfSimilarityPlan(Plan["SelfSimilarityProbe"]):
    """One self-similarity probe in one form."""

    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """The mean cosine within every group, and the largest difference."""
        framed = frame(self.of, self.asked, self.form, encodings.info, self.shown)
        if self.unavailable:
            return Outcome(unavailable(framed, self.unavailable))
        groups = tuple(part.stimuli for part in self.shown if part.role == "group")
        found = comparable(groups)
        framed = replace(
            framed,
            labels=Labels(groups[0].label, groups[1].label),
            margin=Margin(LARGEST, self.asked.margin.value) if self.asked.margin else None,
            excluded=(*framed.excluded, *found.excluded),
        )
        comparison = self._compared(found, encodings, seed)
        headline = comparison if isinstance(comparison, Undefined) else comparison.headline()
        if isinstance(comparison, Undefined) or isinstance(headline, Undefined):
            return Outcome(replace(framed, estimates=(headline,)))
        higher, lower = comparison.extreme_pair()
        measurement = replace(
            framed,
            labels=Labels(higher, lower),
            estimates=(headline,),
            breakdowns=(
                level_breakdown("Mean cosine between stimuli of one group", comparison),
                pair_breakdown("Difference in mean cosine, pair by pair", comparison),
            ),
            sensitivity=tuple(template_variations(comparison, found.templates)),
            how=self._how(found),
        )
        return Outcome(measurement, intervals=comparison.intervals)

    def _compared(self, found: GroupVectors, encodings: Encodings, seed: int) -> LevelComparison | Undefined:
        vectors = found.vectors(encodings)
        bad = [
            name
            for names, own in zip(found.clusters, vectors, strict=True)
            for name, row in zip(names, own, strict=True)
            if not np.isfinite(row).all()
        ]
        if bad:
            reason = named("the model gives no finite embedding of positive length for some stimuli of", bad)
            return Undefined(name=LARGEST, reason=reason)
        scores: list[NDArray[np.float64]] = []
        for group, own in zip(found.groups, vectors, strict=True):
            values = pseudo_values(own)
            if isinstance(values, Undefined):
                return Undefined(name=LARGEST, reason=f"of {group.label}, {values.reason}")
            scores.append(values)
        return LevelComparison(
            names=tuple(group.label for group in found.groups),
            clusters=found.clusters,
            scores=tuple(scores),
            seed=seed,
            n=sum(len(group.stimuli) for group in found.groups),
            matched=self.asked.cluster_noun(self.form[0]) if found.shared else "",
        )

    def _how(self, found: GroupVectors) -> str:
        noun = self.asked.cluster_noun(self.form[0])
        styles = f" in the same of {len(found.templates)} styles" if len(found.templates) > 1 else ""
        clusters = f"{len(found.clusters[0])}" if found.shared else " and ".join(str(len(c)) for c in found.clusters)
        shared = f", the same {noun}s in every group" if found.shared else ""
        return (
            f"Within a group: mean cosine between two stimuli of different clusters{styles}, on embeddings of unit "
            f"length. Clusters: {clusters}, one for each {noun}{shared}. Pairs share stimuli, so that uncertainty is "
            "that of jackknife pseudo-values, one a cluster; p permutes or flips those."
        )
