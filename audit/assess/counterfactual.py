"""Counterfactual probes: sets that differ in one attribute, the difference between its levels, and the largest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.assess.evidence import picture_bytes, picture_path
from audit.assess.framing import frame, named, unavailable
from audit.assess.levels import level_breakdown, pair_breakdown, template_variations
from audit.assess.outcome import Outcome, Plan, Shown
from audit.measures import associations, whole_sets
from audit.records import Exhibit, Labels, Margin, Undefined, Variation
from audit.stats import LARGEST, LEAST_PAIRS, LevelComparison
from audit.stimuli import StimulusSet, in_shared_styles
from audit.suite import GroupedBy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.measures import AssociationRows, CounterfactualSets
    from audit.stimuli import Collector
    from audit.suite import CounterfactualProbe, Suite

SHOWN = 3
"""Sets shown as evidence at either end, each by the two levels that differ most overall."""


def plan(suite: Suite, probe: CounterfactualProbe, collector: Collector) -> list[CounterfactualPlan]:
    """One plan a form; one whose stimuli cannot be had says so when it is measured."""
    first = probe.groups.of if isinstance(probe.groups, GroupedBy) else probe.groups[0]
    forms = probe.forms or collector.default_pairs(first, (probe.attributes.a, probe.attributes.b))
    return [CounterfactualPlan.collect(suite, probe, form, _shown(suite, probe, form, collector)) for form in forms]


def _shown(suite: Suite, probe: CounterfactualProbe, form: tuple[str, ...], collector: Collector) -> Iterator[Shown]:
    cluster = probe.cluster or probe.sets[0]
    for group in collector.collect_groups(probe.groups, form[0], cluster=cluster, labels=probe.sets):
        yield Shown("group", "", group)
    wording = suite.templates_of(probe.attribute_templates)
    a, b = (collector.collect(each, form[1], templates=wording) for each in (probe.attributes.a, probe.attributes.b))
    for role, attribute in zip("ab", in_shared_styles(a, b), strict=True):
        yield Shown(role, "", attribute)


@dataclass(frozen=True)
class CounterfactualPlan(Plan["CounterfactualProbe"]):
    """One counterfactual probe in one form."""

    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """s(w) of every member of every whole set, and the largest difference between two levels."""
        framed = frame(self.of, self.asked, self.form, encodings.info, self.shown)
        if self.unavailable:
            return Outcome(unavailable(framed, self.unavailable))
        groups = tuple(part.stimuli for part in self.shown if part.role == "group")
        a, b = (part.stimuli for part in self.shown if part.role in "ab")
        found = whole_sets(groups, self.asked.sets)
        framed = replace(
            framed,
            alternative="greater",
            labels=Labels(groups[0].label, groups[1].label, a.label, b.label),
            margin=Margin(LARGEST, self.asked.margin.value) if self.asked.margin else None,
            excluded=(*framed.excluded, *found.excluded),
        )
        if problem := self._problem(found):
            return Outcome(replace(framed, estimates=(Undefined(name=LARGEST, reason=problem),)))
        whole = StimulusSet("", "", self.form[0], found.stimuli)
        rows = associations(whole, StimulusSet("", "", self.form[0], ()), a, b, encodings)
        bad = [s.item for s, value in zip(whole.stimuli, rows.association, strict=True) if not np.isfinite(value)]
        if bad:
            reason = named("the model gives no finite embedding of positive length for an attribute, or for", bad)
            return Outcome(replace(framed, estimates=(Undefined(name=LARGEST, reason=reason),)))
        comparison = self._compared(found, rows.association, seed)
        headline = comparison.headline()
        if isinstance(headline, Undefined):
            return Outcome(replace(framed, estimates=(headline,)))
        first, second = comparison.extreme_pair()
        shown = self._evidence(found, rows, comparison)
        measurement = replace(
            framed,
            labels=Labels(first, second, a.label, b.label),
            estimates=(headline,),
            breakdowns=(
                level_breakdown(f"Closer to {a.label}, above the mean of the set", comparison, centred=True),
                pair_breakdown(f"Closer to {a.label} rather than {b.label}, pair by pair", comparison),
            ),
            sensitivity=(
                *template_variations(comparison, found.templates),
                *self._without_attributes(found, rows, comparison),
            ),
            evidence=tuple(exhibit for exhibit, _ in shown),
            how=self._how(found, comparison, a, b),
        )
        return Outcome(
            measurement,
            intervals=comparison.intervals,
            tables={"rows": tuple(self._rows(found, rows.association))},
            figures=dict(picture for _, picture in shown if picture is not None),
        )

    def _problem(self, found: CounterfactualSets) -> str | None:
        """Why the sets cannot be compared, or None when they can."""
        labels = [group.label for group in found.groups]
        reference = self._reference()
        if reference is not None and reference not in labels:
            return f"the reference {self.asked.reference} is none of the groups, which are {'; '.join(labels)}"
        if spread := [name for name, own in zip(found.sets, found.clusters, strict=True) if len(own) > 1]:
            return named(f"sets lie in several clusters by {self.asked.cluster or self.asked.sets[0]}:", spread)
        clusters = len(set(chain.from_iterable(found.clusters)))
        if clusters < LEAST_PAIRS:
            noun = self.asked.cluster_noun(self.form[0])
            return (
                f"{len(found.sets) or 'no'} set{'' if len(found.sets) == 1 else 's'} of {clusters or 'no'} {noun} "
                f"{'has' if len(found.sets) == 1 else 'have'} all of {', '.join(labels)}, and at least {LEAST_PAIRS} "
                f"of different {noun} are needed"
            )
        return None

    def _reference(self) -> str | None:
        """The label of the level that the others are compared with."""
        named = self.asked.reference
        return self.of.concept(named).label if named and isinstance(self.asked.groups, tuple) else named

    def _compared(self, found: CounterfactualSets, values: NDArray[np.float64], seed: int) -> LevelComparison:
        names, grid = found.by_cluster(values)
        labels = tuple(group.label for group in found.groups)
        reference = self._reference()
        return LevelComparison(
            names=labels,
            clusters=(names,) * len(labels),
            scores=tuple(grid),
            seed=seed,
            n=len(found.stimuli),
            matched=" and ".join(self.asked.sets),
            reference=None if reference is None else labels.index(reference),
            alternative=self.asked.alternative,
        )

    def _without_attributes(
        self, found: CounterfactualSets, rows: AssociationRows, comparison: LevelComparison
    ) -> Iterator[Variation]:
        """The difference of the pair found without one attribute word, for the two words that move it most."""
        moved = []
        for index, attribute in enumerate(rows.attributes):
            if (rows.in_a[index] and rows.in_a.sum() > 1) or (not rows.in_a[index] and (~rows.in_a).sum() > 1):
                _, grid = found.by_cluster(rows.without_attribute(index))
                estimate = replace(comparison, scores=tuple(grid)).of_pair(*comparison.extreme_pair())
                if not isinstance(estimate, Undefined):
                    moved.append(Variation("attribute", attribute, estimate))
        moved.sort(key=lambda variation: getattr(variation.estimate, "value", 0.0))
        yield from dict.fromkeys((*moved[:1], *moved[-1:]))

    def _evidence(
        self, found: CounterfactualSets, rows: AssociationRows, comparison: LevelComparison
    ) -> list[tuple[Exhibit, tuple[str, bytes] | None]]:
        """The sets in which the pair found differs most, and least, by their two members in the first style."""
        names, grid = found.by_cluster(rows.association)
        first, second = (comparison.names.index(name) for name in comparison.extreme_pair())
        order = np.argsort(-(grid[first] - grid[second]).mean(axis=1), kind="stable").tolist()
        exhibits = []
        for cluster in [*order[:SHOWN], *(i for i in order[-SHOWN:] if i not in order[:SHOWN])]:
            for level, side in ((first, "x"), (second, "y")):
                stimulus = next(s for s in found.groups[level].stimuli if s.cluster == names[cluster])
                value = float(grid[level, cluster].mean())
                label = f"{names[cluster]}: {comparison.names[level]}"
                exhibits.append((Exhibit(label, side, value, picture_path(stimulus)), picture_bytes(stimulus)))
        return exhibits

    def _rows(self, found: CounterfactualSets, association: NDArray[np.float64]) -> Iterator[Mapping[str, Any]]:
        level = np.repeat(np.arange(len(found.groups)), [len(group.stimuli) for group in found.groups])
        for stimulus, group, value in zip(found.stimuli, level, association, strict=True):
            yield {
                "suite": self.suite,
                "probe": self.probe,
                "form": ",".join(self.form),
                "group": found.groups[group].label,
                "cluster": stimulus.cluster,
                "item": stimulus.item,
                "template": stimulus.template,
                "block": ", ".join(stimulus.labels[column] for column in self.asked.sets),
                "association": float(value),
            }

    def _how(self, found: CounterfactualSets, comparison: LevelComparison, a: StimulusSet, b: StimulusSet) -> str:
        clusters, sets = len(comparison.clusters[0]), len(found.sets)
        noun = self.asked.cluster_noun(self.form[0])
        by = " and ".join(self.asked.sets)
        nested = f" in {clusters} clusters, one for each {noun}," if clusters < sets or self.asked.cluster else ""
        templates = f", averaged over {len(found.templates)} styles" if len(found.templates) > 1 else ""
        return (
            f"For every stimulus w: s(w) = mean cosine with {len(a.stimuli)} stimuli of {a.label} minus mean cosine "
            f"with {len(b.stimuli)} of {b.label}, on embeddings of unit length. {sets} sets by {by}{nested} hold every "
            f"one of {len(found.groups)} levels; a difference between two levels is the mean over clusters of the "
            f"differences within their sets{templates}. p counts sign flips, each of a whole cluster in all pairs of "
            "levels at once."
        )
