"""Zero-shot classification and performance: shares of groups, their extremes, and how they move with the labels."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.assess.evidence import picture_bytes, picture_path
from audit.assess.framing import frame, named, unavailable
from audit.assess.outcome import Outcome, Plan, Shown
from audit.assess.shares import NoShares, compare, group_breakdowns, share_estimates
from audit.measures import ZeroShotRows, zero_shot
from audit.records import (
    Breakdown,
    BreakdownRow,
    Exclusion,
    Exhibit,
    Labels,
    Margin,
    Measured,
    Undefined,
    Variation,
)
from audit.suite import ClassificationProbe, GroupedBy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.stats import ShareComparison
    from audit.stimuli import Collector, StimulusSet
    from audit.suite import PerformanceProbe, Suite

SHOWN = 6
"""How many pictures are shown as evidence."""
_MOST_CLASSES = 12
"""How many classes are broken down, those chosen most."""
_NAMES = 20


def plan(suite: Suite, probe: ClassificationProbe | PerformanceProbe, collector: Collector) -> list[ZeroShotPlan]:
    """One plan a form; one whose stimuli cannot be had says so when it is measured."""
    first = probe.groups.of if isinstance(probe.groups, GroupedBy) else probe.groups[0]
    forms = probe.forms or collector.default_picture_forms(first)
    return [ZeroShotPlan.collect(suite, probe, (form, "text"), _shown(suite, probe, form, collector)) for form in forms]


def _shown(
    suite: Suite, probe: ClassificationProbe | PerformanceProbe, form: str, collector: Collector
) -> Iterator[Shown]:
    columns = () if isinstance(probe, ClassificationProbe) else (probe.truth,)
    for group in collector.collect_groups(probe.groups, form, cluster=probe.cluster, labels=columns):
        yield Shown("group", "", group)
    sets = {"": probe.labels, **getattr(probe, "label_sets", {})}
    for variant, labels in sets.items():
        for label in labels:
            yield Shown(
                "label", variant, collector.collect(label, "text", templates=suite.templates_of(probe.templates))
            )


@dataclass(frozen=True)
class ZeroShotPlan(Plan["ClassificationProbe | PerformanceProbe"]):
    """One probe of zero-shot classification in one form."""

    def _labels(self, variant: str = "") -> tuple[StimulusSet, ...]:
        return tuple(p.stimuli for p in self.shown if p.role == "label" and p.variant == variant)

    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """The share of every group, and the headline that the margin bounds."""
        framed = frame(self.of, self.asked, self.form, encodings.info, self.shown)
        if self.unavailable:
            return Outcome(unavailable(framed, self.unavailable))
        margin = self.asked.margin
        statistic = margin.statistic if margin else "share_gap"
        framed = replace(framed, margin=Margin(statistic, margin.value, margin.least) if margin else None)
        groups = tuple(part.stimuli for part in self.shown if part.role == "group")
        rows = zero_shot(groups, self._labels(), encodings)
        try:
            found = self._outcomes(rows)
            comparison = compare(found.rows.groups, found.outcomes, found.rows.cluster, seed)
        except NoShares as why:
            return Outcome(replace(framed, estimates=(Undefined(name=statistic, reason=str(why)),)))
        most, least = comparison.extreme_groups()
        variations = tuple(self._variations(groups, encodings, statistic, seed))
        exhibits = self._evidence(found)
        measurement = replace(
            framed,
            labels=Labels(most, least, self._counted_as()),
            estimates=share_estimates(comparison, statistic),
            breakdowns=tuple(self._breakdowns(found, comparison, seed)),
            sensitivity=variations,
            evidence=tuple(exhibit for exhibit, _ in exhibits),
            excluded=(*framed.excluded, *found.excluded),
            how=self._how(found),
        )
        figures = dict(picture for _, picture in exhibits if picture is not None)
        return Outcome(
            measurement,
            intervals=comparison.intervals,
            tables={"rows": tuple(self._rows(found))},
            figures=figures,
        )

    def _outcomes(self, rows: ZeroShotRows) -> _Outcomes:
        """1 for a picture that counts; raises NoShares with the reason when that cannot be said."""
        if self.asked.top >= len(rows.classes):
            raise NoShares(
                f"top {self.asked.top} of {len(rows.classes)} classes holds every class, or there is one only"
            )
        bad = [s.label for s, row in zip(rows.stimuli, rows.cosines, strict=True) if not np.isfinite(row).all()]
        if bad:
            if len(bad) == len(rows.stimuli):
                raise NoShares("the model gives no finite embedding of positive length for a class, or for any picture")
            raise NoShares(named("the model gives no finite embedding of positive length for", bad))
        if isinstance(self.asked, ClassificationProbe):
            harmful = np.isin(rows.concept, [list(self.asked.labels).index(h) for h in self._harms(rows)])
            return _Outcomes(rows, rows.hits(harmful, self.asked.top), harmful)
        right, known, excluded = self._truth(rows, self.asked.truth)
        kept = rows.kept(known)
        return _Outcomes(kept, kept.hits(right[known], self.asked.top), right[known], excluded)

    def _harms(self, rows: ZeroShotRows) -> tuple[str, ...]:
        assert isinstance(self.asked, ClassificationProbe)
        return tuple(concept.concept for concept in rows.labels if concept.concept in self.asked.harms)

    def _truth(
        self, rows: ZeroShotRows, column: str
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_], tuple[Exclusion, ...]]:
        """(n, classes) True for the right classes, (n,) whether one is known, and the pictures without, counted."""
        spelled: dict[str, int] = {}
        for index, name in enumerate(rows.classes):
            for spelling in (name, *self.of.aliases.get(name, ())):
                spelled.setdefault(_folded(spelling), index)
        right = np.zeros((len(rows.stimuli), len(rows.classes)), dtype=np.bool_)
        unknown: list[str] = []
        for row, stimulus in enumerate(rows.stimuli):
            values = _values(stimulus.labels[column])
            classes = [spelled[_folded(value)] for value in values if _folded(value) in spelled]
            right[row, classes] = True
            if not classes:
                unknown.append(f"{' or '.join(values) or 'nothing'}")
        known: NDArray[np.bool_] = np.asarray(right.any(axis=1), dtype=np.bool_)
        if not unknown:
            return right, known, ()
        names = tuple(dict.fromkeys(unknown))[:_NAMES]
        what = f"pictures by their {column}"
        return right, known, (Exclusion(what, len(unknown), "it names none of the classes", names),)

    def _variations(
        self, groups: Sequence[StimulusSet], encodings: Encodings, statistic: str, seed: int
    ) -> Iterator[Variation]:
        for name in getattr(self.asked, "label_sets", {}):
            yield Variation("variant", name, self._headline(groups, self._labels(name), encodings, statistic, seed))
        templates = tuple(dict.fromkeys(t for label in self._labels() for t in label.templates))
        for template in templates if len(templates) > 1 else ():
            found = self._headline(groups, self._labels(), encodings, statistic, seed, template=template)
            yield Variation("template", template, found)

    def _headline(
        self,
        groups: Sequence[StimulusSet],
        labels: Sequence[StimulusSet],
        encodings: Encodings,
        statistic: str,
        seed: int,
        *,
        template: str | None = None,
    ) -> Measured:
        """The headline under other labels, or one wording alone."""
        rows = zero_shot(groups, labels, encodings, template=template)
        try:
            if isinstance(self.asked, ClassificationProbe):
                harmful = np.array([labels[index].concept in self.asked.harms for index in rows.concept])
                outcomes = rows.hits(harmful, min(self.asked.top, len(rows.classes)))
            else:
                found = self._outcomes(rows)
                rows, outcomes = found.rows, found.outcomes
            return compare(rows.groups, outcomes, rows.cluster, seed, test=False).estimate(statistic)
        except NoShares as why:
            return Undefined(name=statistic, reason=str(why))

    def _breakdowns(self, found: _Outcomes, comparison: ShareComparison, seed: int) -> Iterator[Breakdown]:
        rows, what = found.rows, self._share_of()
        by = self.asked.groups.by if isinstance(self.asked.groups, GroupedBy) else ()
        yield from group_breakdowns(what, rows.groups, by, found.outcomes, rows.cluster, comparison)
        if isinstance(self.asked, ClassificationProbe):
            yield from self._by_harm(found, seed)
        else:
            yield from self._by_class(found, seed)

    def _by_harm(self, found: _Outcomes, seed: int) -> Iterator[Breakdown]:
        """The gap of each harm alone."""
        rows = found.rows
        if len(self._harms(rows)) < 2:
            return
        lines = []
        for index, concept in enumerate(rows.labels):
            if concept.concept in self._harms(rows):
                outcomes = rows.hits(rows.concept == index, self.asked.top)
                gap = compare(rows.groups, outcomes, rows.cluster, seed, test=False).estimate("share_gap")
                lines.append(BreakdownRow(concept.label, gap))
        yield Breakdown(title="Largest difference between groups, by harm", kind="harm", rows=tuple(lines))

    def _by_class(self, found: _Outcomes, seed: int) -> Iterator[Breakdown]:
        """The gap in each class that has pictures of every group, where most pictures are."""
        rows = found.rows
        counts = found.counted.sum(axis=0)
        lines = []
        for index in np.argsort(-counts, kind="stable")[:_MOST_CLASSES]:
            own = found.counted[:, index]
            if len(np.unique(rows.group[own])) < len(rows.groups):
                continue
            part = rows.kept(own)
            gap = compare(part.groups, found.outcomes[own], part.cluster, seed, test=False).estimate("share_gap")
            lines.append(BreakdownRow(rows.classes[index], gap))
        if len(lines) > 1:
            yield Breakdown(title="Largest difference between groups, by class", kind="class", rows=tuple(lines))

    def _counted_as(self) -> str:
        if isinstance(self.asked, ClassificationProbe):
            return " or ".join(self.of.concept(harm).label for harm in self.asked.harms)
        return "recognised"

    def _share_of(self) -> str:
        if isinstance(self.asked, ClassificationProbe):
            return f"Share classified as {self._counted_as()}"
        return "Share recognised"

    def _evidence(self, found: _Outcomes) -> list[tuple[Exhibit, tuple[str, bytes] | None]]:
        """Pictures that were taken for a harm, or for something else, by how much closer that was."""
        rows = found.rows
        wrong = found.outcomes == (1.0 if isinstance(self.asked, ClassificationProbe) else 0.0)
        counted = np.broadcast_to(found.counted, rows.cosines.shape)
        own = np.where(counted, rows.cosines, -np.inf).max(axis=1)
        rest = np.where(counted, -np.inf, rows.cosines).max(axis=1)
        ahead = np.where(wrong, np.abs(own - rest), -np.inf)
        exhibits = []
        for row in np.argsort(-ahead, kind="stable")[:SHOWN]:
            if not wrong[row]:
                break
            stimulus = rows.stimuli[row]
            taken = rows.classes[rows.closest(1)[row, 0]]
            label = f"{stimulus.item}, taken for {taken}"
            exhibits.append(
                (
                    Exhibit(label, rows.groups[rows.group[row]].label, float(ahead[row]), picture_path(stimulus)),
                    picture_bytes(stimulus),
                )
            )
        return exhibits

    def _rows(self, found: _Outcomes) -> Iterator[Mapping[str, Any]]:
        rows = found.rows
        closest = rows.closest(1)[:, 0]
        for stimulus, group, answer, outcome in zip(rows.stimuli, rows.group, closest, found.outcomes, strict=True):
            yield {
                "suite": self.suite,
                "probe": self.probe,
                "form": ",".join(self.form),
                "group": rows.groups[group].label,
                "cluster": stimulus.cluster,
                "item": stimulus.item,
                "template": stimulus.template,
                "outcome": float(outcome),
                "answer": rows.classes[answer],
            }

    def _how(self, found: _Outcomes) -> str:
        rows = found.rows
        prompts = max(len(label.templates) for label in rows.labels)
        wording = f", each the mean of {prompts} prompts" if prompts > 1 else ""
        top = "the closest class is" if self.asked.top == 1 else f"one of the {self.asked.top} closest classes is"
        counts = (
            f"a harm ({self._counted_as()})"
            if isinstance(self.asked, ClassificationProbe)
            else f"the one that {getattr(self.asked, 'truth', '')} names"
        )
        noun = self.asked.cluster_noun(self.form[0])
        crossed = (
            ", which have pictures in several groups"
            if len(set(rows.cluster)) < sum(len(group.clusters) for group in rows.groups)
            else ""
        )
        return (
            f"Every picture is compared with {len(rows.classes)} classes{wording}; it counts when {top} {counts}, of "
            f"equally close ones the first. Clusters: {len(set(rows.cluster.tolist()))}, one for each {noun}{crossed}. "
            "p counts rearrangements of whole clusters between groups"
            f"{', within each cluster' if crossed else ''}."
        )


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """What of the pictures counts."""

    rows: ZeroShotRows
    outcomes: NDArray[np.float64]
    """(n,) 1 or 0."""
    counted: NDArray[np.bool_]
    """(classes,) or (n, classes): the classes that count."""
    excluded: tuple[Exclusion, ...] = ()


def _folded(text: str) -> str:
    return " ".join(text.replace("-", " ").replace("_", " ").casefold().split())


def _values(cell: str) -> list[str]:
    """``a|b`` as two values; a list as Python writes it, which is how Dollar Street's tables come, likewise."""
    if cell.startswith("["):
        try:
            listed = ast.literal_eval(cell)
        except (ValueError, SyntaxError):
            return [cell]
        return [str(value) for value in listed] if isinstance(listed, list) else [cell]
    return [value for value in cell.split("|") if value.strip()]
