"""Association probes: planned by form, measured, estimated, and recomputed under every wording and definition."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.assess.framing import frame, named, unavailable
from audit.assess.outcome import Outcome, Plan, Shown
from audit.measures import AssociationRows, associations
from audit.records import Estimate, Exhibit, Labels, Margin, Measured, Undefined, Variation
from audit.stats import difference_estimate, estimate_association
from audit.stimuli import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audit.engine import Encodings
    from audit.stimuli import Collector, Stimulus, StimulusSet
    from audit.suite import AssociationProbe, Suite

SHOWN = 5
"""How many clusters are shown as evidence in each direction."""

_STATISTIC = {"cosine": "cosine_difference", "g": "hedges_g"}


def plan(suite: Suite, probe: AssociationProbe, collector: Collector) -> list[AssociationPlan]:
    """One plan a form; one whose stimuli cannot be had says so when it is measured."""
    forms = probe.forms or collector.default_forms(probe)
    return [AssociationPlan.collect(suite, probe, form, _shown(suite, probe, form, collector)) for form in forms]


def _shown(suite: Suite, probe: AssociationProbe, form: tuple[str, ...], collector: Collector) -> Iterator[Shown]:
    target, attribute = form
    templates = {
        "x": probe.templates,
        "y": probe.templates,
        "a": probe.attribute_templates,
        "b": probe.attribute_templates,
    }
    concepts = {"x": probe.targets.x, "y": probe.targets.y, "a": probe.attributes.a, "b": probe.attributes.b}
    for role, concept in concepts.items():
        is_target = role in "xy"
        for variant in (None, *suite.concept(concept).variants):
            collected = collector.collect(
                concept,
                target if is_target else attribute,
                variant=variant,
                templates=suite.templates_of(templates[role]),
                cluster=probe.cluster if is_target else None,
            )
            yield Shown(role, variant or "", collected)


@dataclass(frozen=True)
class AssociationPlan(Plan["AssociationProbe"]):
    """One association probe in one form."""

    def _sets(self, role: str = "", variant: str = "") -> tuple[StimulusSet, StimulusSet, StimulusSet, StimulusSet]:
        """The four headline sets, x y a b, with the one in ``role`` under its ``variant``."""
        found = {part.role: part.stimuli for part in self.shown if not part.variant}
        if variant:
            found |= {p.role: p.stimuli for p in self.shown if p.role == role and p.variant == variant}
        return found["x"], found["y"], found["a"], found["b"]

    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """s(w) of every target, its three estimates, and the headline under every variation."""
        framed = frame(self.of, self.asked, self.form, encodings.info, self.shown)
        if self.unavailable:
            return Outcome(unavailable(framed, self.unavailable))
        x, y, a, b = self._sets()
        rows = associations(x, y, a, b, encodings)
        statistic = _STATISTIC[self.asked.margin.statistic] if self.asked.margin else "cosine_difference"
        estimates = estimate_association(
            rows.grid(),
            rows.in_x,
            rows.clusters,
            alternative=self.asked.alternative,
            seed=seed,
            n_items=len(rows.association),
            items_per_cluster=_items(rows),
        )
        variations = tuple(self._sensitivity(rows, encodings))
        measurement = replace(
            framed,
            labels=Labels(x.label, y.label, a.label, b.label),
            margin=Margin(statistic, self.asked.margin.value) if self.asked.margin else None,
            estimates=_explained(estimates.headed_by(statistic), rows),
            evidence=_evidence(rows),
            sensitivity=tuple(_condensed(variations)),
            how=self._how(rows),
        )
        return Outcome(
            measurement,
            association=estimates,
            variations=variations,
            tables={"rows": tuple(self._rows(rows))},
            figures=dict(_pictures(rows, measurement.evidence)),
        )

    def _sensitivity(self, rows: AssociationRows, encodings: Encodings) -> Iterator[Variation]:
        for part in self.shown:
            if part.variant:
                varied = associations(*self._sets(part.role, part.variant), encodings)
                name = f"{part.stimuli.label}: {part.variant}"
                yield Variation("variant", name, difference_estimate(varied.grid(), varied.in_x))
        grid = rows.grid()
        if len(rows.templates) > 1:
            for column, template in enumerate(rows.templates):
                yield Variation("template", template or "{}", difference_estimate(grid[:, [column]], rows.in_x))
        for index, attribute in enumerate(rows.attributes):
            if (rows.in_a[index] and rows.in_a.sum() > 1) or (not rows.in_a[index] and (~rows.in_a).sum() > 1):
                without = rows.grid(rows.without_attribute(index))
                yield Variation("attribute", attribute, difference_estimate(without, rows.in_x))

    def _rows(self, rows: AssociationRows) -> Iterator[Mapping[str, Any]]:
        stimuli = (*rows.x.stimuli, *rows.y.stimuli)
        for i, (stimulus, value) in enumerate(zip(stimuli, rows.association, strict=True)):
            if np.isfinite(value):
                yield {
                    "suite": self.suite,
                    "probe": self.probe,
                    "form": ",".join(self.form),
                    "group": "x" if i < len(rows.x.stimuli) else "y",
                    "cluster": stimulus.cluster,
                    "item": stimulus.item,
                    "template": stimulus.template,
                    "association": float(value),
                }

    def _how(self, rows: AssociationRows) -> str:
        x, y, a, b = self._sets()
        templates = f", averaged over {len(rows.templates)} templates" if len(rows.templates) > 1 else ""
        return (
            f"For every stimulus w: s(w) = mean cosine with {len(a.stimuli)} stimuli of {a.label} minus mean cosine "
            f"with {len(b.stimuli)} of {b.label}, on embeddings of unit length. The difference is the mean of s over "
            f"{x.label} minus its mean over {y.label}{templates}. Clusters: {len(x.clusters)} and {len(y.clusters)}, "
            f"one for each {self.asked.cluster_noun}."
        )


def _condensed(variations: tuple[Variation, ...]) -> Iterator[Variation]:
    """Every definition and wording; of the words left out in turn, the two without which the difference is extreme."""
    yield from (variation for variation in variations if variation.kind != "attribute")
    words = [v for v in variations if v.kind == "attribute" and isinstance(v.estimate, Estimate)]
    words.sort(key=lambda v: v.estimate.value if isinstance(v.estimate, Estimate) else 0.0)
    yield from dict.fromkeys((*words[:1], *words[-1:]))


def _items(rows: AssociationRows) -> float:
    """Mean number of items in a cluster."""
    items = {(stimulus.cluster, stimulus.item) for stimulus in (*rows.x.stimuli, *rows.y.stimuli)}
    return len(items) / len(rows.clusters)


def _explained(estimates: tuple[Measured, ...], rows: AssociationRows) -> tuple[Measured, ...]:
    """The estimates; where the model gave no embedding, the reason names the stimuli."""
    bad = [
        s.label for s, v in zip((*rows.x.stimuli, *rows.y.stimuli), rows.association, strict=True) if not np.isfinite(v)
    ]
    if not bad:
        return estimates
    reason = named("the model gives no finite embedding of positive length for", bad)
    if len(bad) == len(rows.association):
        reason = "the model gives no finite embedding of positive length for one of the attributes, or for every target"
    return tuple(Undefined(name=estimate.name, reason=reason) for estimate in estimates)


def _evidence(rows: AssociationRows) -> tuple[Exhibit, ...]:
    """The clusters whose association is largest in each direction, largest first."""
    means = np.nanmean(rows.grid(), axis=1) if np.isfinite(rows.association).any() else np.array([])
    order = [i for i in np.argsort(-means, kind="stable") if np.isfinite(means[i])]
    ends = [*order[:SHOWN], *(i for i in order[-SHOWN:] if i not in order[:SHOWN])]
    first = {
        (s.cluster, i >= len(rows.x.stimuli)): s for i, s in reversed([*enumerate((*rows.x.stimuli, *rows.y.stimuli))])
    }
    exhibits = []
    for i in ends:
        stimulus = first[rows.clusters[i], not rows.in_x[i]]
        picture = f"figures/{_picture_name(stimulus)}" if _is_drawn(stimulus) else None
        exhibits.append(Exhibit(stimulus.label, "x" if rows.in_x[i] else "y", float(means[i]), picture))
    return tuple(exhibits)


def _pictures(rows: AssociationRows, evidence: Sequence[Exhibit]) -> Iterator[tuple[str, bytes]]:
    wanted = {exhibit.picture for exhibit in evidence}
    for stimulus in (*rows.x.stimuli, *rows.y.stimuli):
        if _is_drawn(stimulus) and f"figures/{_picture_name(stimulus)}" in wanted:
            sink = BytesIO()
            render(stimulus.content, stimulus.template).save(sink, format="PNG", optimize=True)
            yield _picture_name(stimulus), sink.getvalue()


def _is_drawn(stimulus: Stimulus) -> bool:
    """Whether it is a picture that we drew; rows of a table have no picture of ours."""
    return stimulus.form == "rendered" and bool(stimulus.template)


def _picture_name(stimulus: Stimulus) -> str:
    return f"{stimulus.key[:16]}.png"
