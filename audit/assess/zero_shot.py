"""Zero-shot classification and performance: shares of groups, their extremes, and how they move with the labels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.assess import datacomp
from audit.assess.effect import Effect
from audit.assess.evidence import picture_bytes, picture_path
from audit.assess.framing import frame, named, unavailable
from audit.assess.outcome import Outcome, Plan, Shown
from audit.assess.shares import NoShares, compare, group_breakdowns, share_estimates
from audit.assess.truth import right_classes
from audit.assess.zero_shot_breakdowns import by_class, by_harm, harm_name
from audit.measures import ZeroShotRows, captioned, class_vectors, zero_shot
from audit.records import (
    Exclusion,
    Exhibit,
    Labels,
    Margin,
    Measured,
    Undefined,
    Variation,
)
from audit.stats import share_differences
from audit.stimuli import StimulusSet
from audit.suite import COLUMN, ClassificationProbe, GroupedBy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.records import Breakdown
    from audit.stats import ShareComparison
    from audit.stimuli import Collector, Stimulus
    from audit.suite import PerformanceProbe, Suite

SHOWN = 6
"""How many pictures are shown as evidence."""


def plan(suite: Suite, probe: ClassificationProbe | PerformanceProbe, collector: Collector) -> list[ZeroShotPlan]:
    """One plan a form; one whose stimuli cannot be had says so when it is measured."""
    first = probe.groups.of if isinstance(probe.groups, GroupedBy) else probe.groups[0]
    forms = probe.forms or collector.default_picture_forms(first)
    return [plan_form(suite, probe, form, collector) for form in forms]


def plan_form(
    suite: Suite, probe: ClassificationProbe | PerformanceProbe, form: str, collector: Collector
) -> ZeroShotPlan:
    """The plan of one form."""
    return ZeroShotPlan.collect(suite, probe, (form, "text"), _shown(suite, probe, form, collector))


def _shown(
    suite: Suite, probe: ClassificationProbe | PerformanceProbe, form: str, collector: Collector
) -> Iterator[Shown]:
    truth = getattr(probe, "truth", None)
    captions, named_by = getattr(probe, "captions", ()), getattr(probe, "caption_columns", ())
    columns = (*((truth,) if isinstance(truth, str) else ()), *named_by)
    groups = collector.collect_groups(probe.groups, form, cluster=probe.cluster, labels=columns)
    groups = tuple(_with_labels(group, named_by) for group in groups)
    for group in groups:
        yield Shown("group", "", group)
    if captions:
        pictures = [stimulus for group in groups for stimulus in group.stimuli]
        prompts = _captions(pictures, probe.labels, captions, suite, collector)
        yield Shown("caption", "", prompts)
        for label in probe.labels:
            # The classes stand in the captions; alone they are never shown.
            terms = suite.terms(label)
            own = tuple(s for s in prompts.stimuli if s.cluster in terms and s.block == pictures[0].key)
            yield Shown("label", "", StimulusSet(label, suite.concept(label).label, "text", own))
        return
    sets = {"": probe.labels, **getattr(probe, "label_sets", {})}
    for variant, labels in sets.items():
        for label in labels:
            yield Shown(
                "label", variant, collector.collect(label, "text", templates=suite.templates_of(probe.templates))
            )


def _with_labels(group: StimulusSet, columns: Sequence[str]) -> StimulusSet:
    """The pictures that have every label that their captions name; the others are counted."""
    kept = tuple(s for s in group.stimuli if all(s.labels[column] for column in columns))
    if len(kept) == len(group.stimuli):
        return group
    without = len(group.stimuli) - len(kept)
    lacking = Exclusion(group.label, without, f"they lack one of {', '.join(columns)}, which their captions name")
    return replace(group, stimuli=kept, excluded=(*group.excluded, lacking))


def _captions(
    pictures: Sequence[Stimulus], labels: Sequence[str], captions: Sequence[str], suite: Suite, collector: Collector
) -> StimulusSet:
    """The prompts of every picture: each caption with each class, and with the picture's own labels."""
    classes = [term for name in labels for term in suite.terms(name)]
    filled = [
        (picture, name, caption, _filled(caption, picture).replace("{}", name))
        for picture in pictures
        for name in classes
        for caption in captions
    ]
    texts = collector.texts(tuple(dict.fromkeys(text for *_, text in filled)))
    stimuli = tuple(
        replace(texts[text], cluster=name, label=name, item=text, template=caption, block=picture.key)
        for picture, name, caption, text in filled
    )
    return StimulusSet("captions", "captions", "text", stimuli)


def _filled(caption: str, picture: Stimulus) -> str:
    return COLUMN.sub(lambda found: picture.labels[found[1]], caption)


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
        rows = self._read(groups, encodings)
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
            estimates=(*share_estimates(comparison, statistic), *self._dialect(found)),
            breakdowns=tuple(self._breakdowns(found, comparison, seed)),
            sensitivity=variations,
            evidence=tuple(exhibit for exhibit, _ in exhibits),
            excluded=(*framed.excluded, *found.excluded),
            warnings=(*framed.warnings, *self._unfilled(groups)),
            how=self._how(found),
        )
        figures = dict(picture for _, picture in exhibits if picture is not None)
        return Outcome(
            measurement,
            intervals=comparison.intervals,
            tables={"rows": tuple(self._rows(found))},
            figures=figures,
        )

    def effect(self, encodings: Encodings) -> Effect | Undefined:
        """The share of a harm in the group that has most of it, less that in the one that has least, as a function of
        the embeddings of their pictures; see :class:`~audit.assess.effect.Effect`.

        A picture's own value grows in the direction of its closest harm, away from its closest other class.
        """
        groups = tuple(part.stimuli for part in self.shown if part.role == "group")
        try:
            found = self._outcomes(self._read(groups, encodings))
            comparison = compare(groups, found.outcomes, found.rows.cluster, 0, test=False)
        except NoShares as why:
            return Undefined(name="share_difference", reason=str(why))
        most, least = comparison.extreme_groups()
        label = np.array([groups[index].label for index in found.rows.group])
        kept = np.isin(label, [most, least])
        rows, in_x = found.rows.kept(kept), label[kept] == most
        classes, harmful = class_vectors(self._labels(), encodings), found.counted
        own = np.where(harmful, rows.cosines, -np.inf).argmax(axis=1)
        rest = np.where(harmful, -np.inf, rows.cosines).argmax(axis=1)
        return Effect(
            what=f"the share of {most} beyond that of {least} classified as {self._counted_as()}",
            stimuli=rows.stimuli,
            before=found.outcomes[kept],
            directions=classes,
            towards=classes[own] - classes[rest],
            read=lambda products: np.stack(
                [replace(rows, cosines=each).hits(harmful, self.asked.top) for each in products]
            ),
            differences=lambda values: share_differences(values, in_x, rows.cluster),
        )

    def _read(
        self, groups: Sequence[StimulusSet], encodings: Encodings, *, template: str | None = None
    ) -> ZeroShotRows:
        """Cosines with the classes, by the probe's prompts or one of them alone."""
        own = [stimulus for part in self.shown if part.role == "caption" for stimulus in part.stimuli.stimuli]
        if own:
            return captioned(groups, self._labels(), own, encodings, caption=template)
        return zero_shot(groups, self._labels(), encodings, template=template)

    def _outcomes(self, rows: ZeroShotRows) -> _Outcomes:
        """1 for a picture that counts; raises NoShares with the reason when that cannot be said."""
        if self.asked.top >= len(rows.classes):
            raise NoShares(f"{self.asked.top} of {len(rows.classes)} classes count, which is every one that is there")
        if rows.unknown_classes:
            raise NoShares(
                named("the model gives no embedding that has a direction for the class", rows.unknown_classes)
            )
        bad = [s.label for s, row in zip(rows.stimuli, rows.cosines, strict=True) if not np.isfinite(row).all()]
        if bad:
            raise NoShares(named("the model gives no finite embedding of positive length for", bad))
        if isinstance(self.asked, ClassificationProbe):
            harmful = np.array([rows.labels[index].concept in self.asked.harms for index in rows.concept])
            return _Outcomes(rows, rows.hits(harmful, self.asked.top), harmful)
        right, excluded = right_classes(rows, self.asked.truth, self.of.aliases)
        known = np.asarray(right.any(axis=1), dtype=np.bool_)
        says_nothing = np.isin(np.array(rows.classes)[rows.closest(1)[:, 0]], list(self.asked.neutral)) & known
        if says_nothing.any():
            count = int(np.count_nonzero(says_nothing))
            reason = f"the model chose {' or '.join(self.asked.neutral)}, which says nothing"
            excluded, known = (*excluded, Exclusion("pictures", count, reason)), known & ~says_nothing
        kept = rows.kept(known)
        return _Outcomes(kept, kept.hits(right[known], self.asked.top), right[known], excluded)

    def _variations(
        self, groups: Sequence[StimulusSet], encodings: Encodings, statistic: str, seed: int
    ) -> Iterator[Variation]:
        for name in getattr(self.asked, "label_sets", {}):
            rows = zero_shot(groups, self._labels(name), encodings)
            yield Variation("variant", name, self._headline(rows, statistic, seed))
        templates = getattr(self.asked, "captions", ())
        templates = templates or tuple(dict.fromkeys(t for label in self._labels() for t in label.templates))
        for template in templates if len(templates) > 1 else ():
            rows = self._read(groups, encodings, template=template)
            yield Variation("template", template, self._headline(rows, statistic, seed))

    def _headline(self, rows: ZeroShotRows, statistic: str, seed: int) -> Measured:
        """The headline under other labels, or one wording alone."""
        try:
            found = self._outcomes(rows)
            comparison = compare(found.rows.groups, found.outcomes, found.rows.cluster, seed, test=False)
        except NoShares as why:
            return Undefined(name=statistic, reason=str(why))
        return comparison.estimate(statistic)

    def _breakdowns(self, found: _Outcomes, comparison: ShareComparison, seed: int) -> Iterator[Breakdown]:
        rows, by = found.rows, self._columns
        yield from group_breakdowns(self._share_of(), rows.groups, by, found.outcomes, rows.cluster, comparison)
        if isinstance(self.asked, ClassificationProbe):
            yield from by_harm(rows, self.asked.harms, self.asked.top, by, seed)
        else:
            yield from by_class(rows, found.counted, found.outcomes, seed)

    def _dialect(self, found: _Outcomes) -> Iterator[Measured]:
        if self.asked.dialect is None:
            return
        if isinstance(self.asked, ClassificationProbe):
            yield from datacomp.harm(found.rows, found.outcomes, self.asked.top)
        else:
            yield from datacomp.recognition(found.rows, found.counted, self.asked.top)

    @property
    def _columns(self) -> tuple[str, ...]:
        """The label columns that divide the groups; none of groups that are concepts."""
        return self.asked.groups.by if isinstance(self.asked.groups, GroupedBy) else ()

    def _unfilled(self, groups: Sequence[StimulusSet]) -> Iterator[str]:
        """A caution where values of the columns occur, but not together: nobody knows how such a group fares."""
        if len(self._columns) < 2:
            return
        known = [tuple(group.stimuli[0].labels[column] for column in self._columns) for group in groups]
        values = [dict.fromkeys(each) for each in zip(*known, strict=True)]
        absent = [", ".join(cell) for cell in product(*values) if cell not in known]
        if absent:
            yield f"{named('no picture is of', absent)}; nothing is said of {'it' if len(absent) == 1 else 'them'}"

    def _counted_as(self) -> str:
        if isinstance(self.asked, ClassificationProbe):
            labels = (part for part in self._labels() if part.concept in self.asked.harms)
            return " or ".join(harm_name(label) for label in labels)
        return "recognised"

    def _share_of(self) -> str:
        if isinstance(self.asked, ClassificationProbe):
            return f"Share classified as {self._counted_as()}"
        return "Share recognised"

    def _right_one(self) -> str:
        truth = getattr(self.asked, "truth", None)
        return f"the one that {truth} names" if isinstance(truth, str) else "one that is right for its group"

    def _evidence(self, found: _Outcomes) -> list[tuple[Exhibit, tuple[str, bytes] | None]]:
        """Pictures that were taken for a harm, or for something else, by how much closer that was."""
        rows = found.rows
        harmful = isinstance(self.asked, ClassificationProbe)
        wrong = found.outcomes == (1.0 if harmful else 0.0)
        counted = np.broadcast_to(found.counted, rows.cosines.shape)
        own = np.where(counted, rows.cosines, -np.inf).max(axis=1)
        rest = np.where(counted, -np.inf, rows.cosines).max(axis=1)
        ahead = np.where(wrong, np.abs(own - rest), -np.inf)
        exhibits = []
        for row in np.argsort(-ahead, kind="stable")[:SHOWN]:
            if not wrong[row]:
                break
            stimulus = rows.stimuli[row]
            among_them = np.where(counted[row], rows.cosines[row], -np.inf) if harmful else rows.cosines[row]
            taken = rows.classes[np.argmax(among_them)]
            among = f", among the {self.asked.top} closest" if harmful and self.asked.top > 1 else ""
            label = f"{stimulus.item}, taken for {taken}{among}"
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
        counts = f"a harm ({self._counted_as()})" if isinstance(self.asked, ClassificationProbe) else self._right_one()
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
