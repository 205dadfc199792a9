"""Hypodescent probes: the share of morph series whose middle is given to the minority parent's group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.assess.framing import frame, named, unavailable
from audit.assess.outcome import Outcome, Plan, Shown
from audit.measures import MorphRows, morphs
from audit.records import Breakdown, BreakdownRow, Labels, Margin, Measured, Undefined, Variation
from audit.stats import EXCESS, Hypodescent
from audit.stimuli import StimulusSet, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audit.engine import Encodings
    from audit.stimuli import Collector
    from audit.suite import HypodescentProbe, Suite


def plan(suite: Suite, probe: HypodescentProbe, collector: Collector) -> list[HypodescentPlan]:
    """One plan, of images; one whose stimuli cannot be had says so when it is measured."""
    return [HypodescentPlan.collect(suite, probe, ("image", "text"), _shown(suite, probe, collector))]


def _shown(suite: Suite, probe: HypodescentProbe, collector: Collector) -> Iterator[Shown]:
    cluster = probe.cluster or probe.series
    if not suite.selects_rows(probe.morphs):
        raise Unavailable("stimuli", f"{probe.morphs!r} selects no rows of a table, and no morphs ship with the tool")
    yield Shown("concept", "", collector.collect(probe.morphs, "image", cluster=cluster, labels=_columns(probe)))
    wording = suite.templates_of(probe.templates)
    for role, concept in (("x", probe.minority), ("y", probe.majority)):
        yield Shown(role, "", collector.collect(concept, "text", templates=wording))


def _columns(probe: HypodescentProbe) -> tuple[str, ...]:
    return tuple(dict.fromkeys((probe.series, probe.mixing)))


@dataclass(frozen=True)
class HypodescentPlan(Plan["HypodescentProbe"]):
    """One hypodescent probe."""

    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """The share of series given to the minority at the step asked, less one half, and the same at every step."""
        framed = frame(self.of, self.asked, self.form, encodings.info, self.shown)
        if self.unavailable:
            return Outcome(unavailable(framed, self.unavailable))
        shown, minority, majority = (part.stimuli for part in self.shown)
        framed = replace(
            framed,
            labels=Labels(minority.label, majority.label, f"{self.asked.at:.0%} {minority.label}"),
            margin=Margin(EXCESS, self.asked.margin.value) if self.asked.margin else None,
        )
        rows = morphs(shown, minority, majority, self.asked.series, self.asked.mixing, encodings)
        framed = replace(framed, excluded=(*framed.excluded, *rows.excluded(self.asked.at)))
        if problem := self._problem(rows):
            return Outcome(replace(framed, estimates=(Undefined(name=EXCESS, reason=problem),)))
        found = self._at(rows, self.asked.at, seed)
        headline = found.excess(self.asked.alternative)
        if isinstance(headline, Undefined):
            return Outcome(replace(framed, estimates=(headline,)))
        measurement = replace(
            framed,
            estimates=(headline, found.share(), found.difference(self.asked.cluster_noun("image"))),
            breakdowns=(self._by_step(rows, seed),),
            sensitivity=tuple(self._templates(shown, minority, majority, encodings, seed)),
            how=(
                f"A morph is given to {minority.label} when it lies strictly closer to its word than to that of "
                f"{majority.label}. Of {len(found.clusters)} {self.asked.cluster_noun('image')} values, those with a "
                f"morph at {self.asked.at:g}, the share that is given so is held against one half. p counts sign "
                "flips of each around one half."
            ),
        )
        return Outcome(
            measurement,
            intervals=found.intervals,
            tables={"rows": tuple(self._rows(rows))},
        )

    def _problem(self, rows: MorphRows) -> str | None:
        column = self.asked.mixing
        if rows.beyond:
            return named(f"the column {column} must lie between 0 and 1, and has", rows.beyond)
        if not rows.stimuli:
            return f"no morph has a number in the column {column} and a value of {self.asked.series}"
        if rows.spread:
            return named(f"series lie in several clusters by {self.asked.cluster}:", rows.spread)
        bad = [s.item for s, value in zip(rows.stimuli, rows.ahead, strict=True) if not np.isfinite(value)]
        if bad:
            return named("the model gives no finite embedding of positive length for a word, or for", bad)
        if not rows.at(self.asked.at).any():
            return named(f"no morph is {self.asked.at:g} in the column {column}, which has", rows.steps_named)
        return None

    def _at(self, rows: MorphRows, step: float, seed: int) -> Hypodescent:
        kept = rows.at(step)
        clusters = [s.cluster for s, keep in zip(rows.stimuli, kept, strict=True) if keep]
        return Hypodescent.of(rows.ahead[kept], clusters, seed)

    def _by_step(self, rows: MorphRows, seed: int) -> Breakdown:
        lines = tuple(BreakdownRow(f"{step:g}", self._at(rows, step, seed).share()) for step in rows.steps)
        minority = self.of.concept(self.asked.minority).label
        return Breakdown(title=f"Share given to {minority}, by its part in the morph", kind="step", rows=lines)

    def _templates(
        self, shown: StimulusSet, minority: StimulusSet, majority: StimulusSet, encodings: Encodings, seed: int
    ) -> Iterator[Variation]:
        for template in minority.templates if len(minority.templates) > 1 else ():
            asked = self.asked
            rows = morphs(shown, minority, majority, asked.series, asked.mixing, encodings, template=template)
            found: Measured = self._at(rows, asked.at, seed).excess(asked.alternative)
            yield Variation("template", template, found)

    def _rows(self, rows: MorphRows) -> Iterator[Mapping[str, Any]]:
        for stimulus, step, ahead in zip(rows.stimuli, rows.mixing, rows.ahead, strict=True):
            yield {
                "suite": self.suite,
                "probe": self.probe,
                "form": ",".join(self.form),
                "group": f"{step:g}",
                "cluster": stimulus.cluster,
                "item": stimulus.item,
                "template": stimulus.template,
                "outcome": float(ahead > 0),
                "association": float(ahead),
            }
