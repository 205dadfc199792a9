"""Markedness probes: which groups' pictures lie closer to a word for anyone than to that for their group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.assess.evidence import picture_bytes, picture_path
from audit.assess.framing import frame, named, unavailable
from audit.assess.outcome import Outcome, Plan, Shown
from audit.assess.shares import NoShares, compare, group_breakdowns, share_estimates
from audit.measures import zero_shot
from audit.records import Breakdown, BreakdownRow, Exhibit, Labels, Margin, Measured, Undefined, Variation
from audit.stats import matched_difference
from audit.suite import GroupedBy, marking_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.measures import ZeroShotRows
    from audit.stimuli import Collector, StimulusSet
    from audit.suite import MarkednessProbe, Suite

STATISTIC = "share_gap"
SHOWN = 3
"""Pictures shown as evidence at either end."""


def plan(suite: Suite, probe: MarkednessProbe, collector: Collector) -> list[MarkednessPlan]:
    """One plan a form; one whose stimuli cannot be had says so when it is measured."""
    first = probe.groups.of if isinstance(probe.groups, GroupedBy) else probe.groups[0]
    forms = probe.forms or collector.default_picture_forms(first)
    return [
        MarkednessPlan.collect(suite, probe, (form, "text"), _shown(suite, probe, form, collector)) for form in forms
    ]


def _shown(suite: Suite, probe: MarkednessProbe, form: str, collector: Collector) -> Iterator[Shown]:
    for group in collector.collect_groups(probe.groups, form, cluster=probe.cluster):
        yield Shown("group", "", group)
    wording = suite.templates_of(probe.templates)
    yield Shown("unmarked", "", collector.collect(probe.unmarked, "text", templates=wording))
    for concept in dict.fromkeys(probe.marked.values()):
        yield Shown("marked", "", collector.collect(concept, "text", templates=wording))


@dataclass(frozen=True)
class _Preferences:
    """What every picture prefers."""

    rows: ZeroShotRows
    unmarked: NDArray[np.float64]
    """(n,) cosine with the closest word for anyone."""
    marked: NDArray[np.float64]
    """(n,) cosine with the closest word for the picture's own group."""

    @property
    def outcomes(self) -> NDArray[np.float64]:
        """(n,) 1 where the word for anyone is strictly closer."""
        return (self.unmarked > self.marked).astype(np.float64)


@dataclass(frozen=True)
class MarkednessPlan(Plan["MarkednessProbe"]):
    """One markedness probe in one form."""

    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """The share of every group that prefers the unmarked word, and the gap between groups."""
        framed = frame(self.of, self.asked, self.form, encodings.info, self.shown)
        if self.unavailable:
            return Outcome(unavailable(framed, self.unavailable))
        margin = Margin(STATISTIC, self.asked.margin.value) if self.asked.margin else None
        framed = replace(framed, margin=margin)
        try:
            found = self._preferences(encodings)
            comparison = compare(found.rows.groups, found.outcomes, found.rows.cluster, seed)
        except NoShares as why:
            return Outcome(replace(framed, estimates=(Undefined(name=STATISTIC, reason=str(why)),)))
        most, least = comparison.extreme_groups()
        by = self.asked.groups.by if isinstance(self.asked.groups, GroupedBy) else ()
        title = f"Share closer to {self.of.concept(self.asked.unmarked).label} than to the word for the group"
        exhibits = self._evidence(found)
        measurement = replace(
            framed,
            labels=Labels(most, least, self.of.concept(self.asked.unmarked).label),
            estimates=share_estimates(comparison, STATISTIC),
            breakdowns=(
                *group_breakdowns(title, found.rows.groups, by, found.outcomes, found.rows.cluster, comparison),
                self._differences(found),
            ),
            sensitivity=tuple(self._templates(encodings, seed)),
            evidence=tuple(exhibit for exhibit, _ in exhibits),
            how=self._how(found),
        )
        return Outcome(
            measurement,
            intervals=comparison.intervals,
            tables={"rows": tuple(self._rows(found))},
            figures=dict(picture for _, picture in exhibits if picture is not None),
        )

    def _preferences(self, encodings: Encodings, template: str | None = None) -> _Preferences:
        """Raises NoShares, with the reason, when some picture has no preference or some group no word."""
        groups = tuple(part.stimuli for part in self.shown if part.role == "group")
        words = tuple(part.stimuli for part in self.shown if part.role in ("unmarked", "marked"))
        concepts = self._marked(groups)
        rows = zero_shot(groups, words, encodings, template=template)
        bad = [s.item for s, row in zip(rows.stimuli, rows.cosines, strict=True) if not np.isfinite(row).all()]
        if bad:
            raise NoShares(named("the model gives no finite embedding of positive length for a word, or for", bad))
        place = {word.concept: index for index, word in enumerate(words)}
        closest = np.stack([rows.cosines[:, rows.concept == i].max(axis=1) for i in range(len(words))], axis=1)
        own = np.array([place[concept] for concept in concepts], dtype=np.intp)[rows.group]
        return _Preferences(rows, closest[:, 0], closest[np.arange(len(own)), own])

    def _marked(self, groups: tuple[StimulusSet, ...]) -> list[str]:
        """The concept that names each group."""
        if isinstance(self.asked.groups, GroupedBy):
            names = tuple(group.label for group in groups)
            if problem := marking_problem(names, self.asked.marked):
                raise NoShares(f"`marked` {problem}")
        else:
            names = tuple(group.concept for group in groups)
        return [self.asked.marked[name] for name in names]

    def _differences(self, found: _Preferences) -> Breakdown:
        """How much closer, in cosine: the mean over the clusters of a group, each under its styles."""
        rows = []
        for index, group in enumerate(found.rows.groups):
            own = found.rows.group == index
            sides = (_grid(group, values[own]) for values in (found.unmarked, found.marked))
            name = self.asked.cluster_noun(self.form[0])
            rows.append(BreakdownRow(group.label, matched_difference(*sides, block=name)))
        word = self.of.concept(self.asked.unmarked).label
        return Breakdown(title=f"How much closer to {word}, in cosine", kind="group", rows=tuple(rows))

    def _templates(self, encodings: Encodings, seed: int) -> Iterator[Variation]:
        (word,) = (part.stimuli for part in self.shown if part.role == "unmarked")
        for template in word.templates if len(word.templates) > 1 else ():
            found = self._preferences(encodings, template)
            shares: Measured
            try:
                comparison = compare(found.rows.groups, found.outcomes, found.rows.cluster, seed, test=False)
                shares = comparison.estimate(STATISTIC)
            except NoShares as why:
                shares = Undefined(name=STATISTIC, reason=str(why))
            yield Variation("template", template, shares)

    def _evidence(self, found: _Preferences) -> list[tuple[Exhibit, tuple[str, bytes] | None]]:
        """The pictures that prefer either word most."""
        ahead = found.unmarked - found.marked
        order = np.argsort(-ahead, kind="stable").tolist()
        exhibits = []
        for row in [*order[:SHOWN], *(i for i in order[-SHOWN:] if i not in order[:SHOWN])]:
            stimulus, group = found.rows.stimuli[row], found.rows.groups[found.rows.group[row]]
            exhibit = Exhibit(stimulus.item, group.label, float(ahead[row]), picture_path(stimulus))
            exhibits.append((exhibit, picture_bytes(stimulus)))
        return exhibits

    def _rows(self, found: _Preferences) -> Iterator[Mapping[str, Any]]:
        ahead = found.unmarked - found.marked
        for index, stimulus in enumerate(found.rows.stimuli):
            yield {
                "suite": self.suite,
                "probe": self.probe,
                "form": ",".join(self.form),
                "group": found.rows.groups[found.rows.group[index]].label,
                "cluster": stimulus.cluster,
                "item": stimulus.item,
                "template": stimulus.template,
                "outcome": float(found.outcomes[index]),
                "association": float(ahead[index]),
            }

    def _how(self, found: _Preferences) -> str:
        prompts = max(len(word.templates) for word in found.rows.labels)
        wording = f", each the mean of {prompts} prompts" if prompts > 1 else ""
        noun = self.asked.cluster_noun(self.form[0])
        return (
            f"A picture counts when it lies strictly closer to a word for anyone than to every word for its own group"
            f"{wording}; words for other groups play no part. Clusters: {len(set(found.rows.cluster.tolist()))}, one "
            f"for each {noun}. p counts rearrangements of whole clusters between groups."
        )


def _grid(group: StimulusSet, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(clusters, styles) means of ``values`` (n,); one column when some cluster lacks a style."""
    row = {name: i for i, name in enumerate(group.clusters)}
    column = {name: j for j, name in enumerate(group.templates)}
    total, count = np.zeros((2, len(row), len(column)))
    cells = (
        np.array([row[s.cluster] for s in group.stimuli], dtype=np.intp),
        np.array([column[s.template] for s in group.stimuli], dtype=np.intp),
    )
    np.add.at(total, cells, values)
    np.add.at(count, cells, 1)
    if (count == 0).any():
        means: NDArray[np.float64] = total.sum(axis=1, keepdims=True) / count.sum(axis=1, keepdims=True)
        return means
    grid: NDArray[np.float64] = total / count
    return grid
