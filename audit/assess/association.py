"""Association probes: planned by form, measured, estimated, and recomputed under every wording and definition."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.assess.effect import Effect
from audit.assess.evidence import picture_bytes, picture_path
from audit.assess.framing import frame, named, unavailable
from audit.assess.matching import matched, pairing_problem
from audit.assess.other_statistics import dialect_statistics, other_statistics
from audit.assess.outcome import Outcome, Plan, Shown
from audit.measures import AssociationRows, associations
from audit.records import Estimate, Exhibit, Labels, Margin, Measured, Undefined, Variation
from audit.stats import (
    CALIBRATED_TEMPLATES,
    difference_estimates,
    estimate_association,
    estimate_matched,
    matched_difference,
)
from audit.stimuli import in_shared_styles
from audit.suite import BY_POSITION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.stats import AssociationEstimates
    from audit.stimuli import Collector, StimulusSet
    from audit.suite import AssociationProbe, Suite

SHOWN = 5
"""How many clusters are shown as evidence in each direction."""

_STATISTIC = {"cosine": "cosine_difference", "g": "hedges_g"}


def plan(suite: Suite, probe: AssociationProbe, collector: Collector) -> list[AssociationPlan]:
    """One plan a form; one whose stimuli cannot be had says so when it is measured."""
    return [plan_form(suite, probe, form, collector) for form in probe.forms or collector.default_forms(probe)]


def plan_form(suite: Suite, probe: AssociationProbe, form: tuple[str, ...], collector: Collector) -> AssociationPlan:
    """The plan of one form."""
    return AssociationPlan.collect(suite, probe, form, _shown(suite, probe, form, collector))


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
        for variant in (None, *collector.variants(concept, target if is_target else attribute)):
            collected = collector.collect(
                concept,
                target if is_target else attribute,
                variant=variant,
                templates=suite.templates_of(templates[role]),
                cluster=probe.cluster if is_target else None,
                block=probe.block if is_target else None,
            )
            yield Shown(role, variant or "", collected)


@dataclass(frozen=True)
class AssociationPlan(Plan["AssociationProbe"]):
    """One association probe in one form."""

    def _sets(self, roles: str = "", variant: str = "") -> tuple[StimulusSet, StimulusSet, StimulusSet, StimulusSet]:
        """The four headline sets, x y a b, with those in ``roles`` under their ``variant``; matched ones without the
        stimuli that have no counterpart."""
        found = {part.role: part.stimuli for part in self.shown if not part.variant}
        if variant:
            found |= {p.role: p.stimuli for p in self.shown if p.role in roles and p.variant == variant}
        x, y = in_shared_styles(found["x"], found["y"])
        if self.asked.block:
            x, y = matched(x, y, self.asked.block)
        a, b = in_shared_styles(found["a"], found["b"])
        return x, y, a, b

    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """s(w) of every target, its three estimates, and the headline under every variation."""
        framed = frame(self.of, self.asked, self.form, encodings.info, self.shown)
        if self.unavailable:
            return Outcome(unavailable(framed, self.unavailable))
        x, y, a, b = self._sets()
        statistic = _STATISTIC[self.asked.margin.statistic] if self.asked.margin else "cosine_difference"
        framed = replace(
            framed,
            labels=Labels(x.label, y.label, a.label, b.label),
            margin=Margin(statistic, self.asked.margin.value) if self.asked.margin else None,
            excluded=tuple(dict.fromkeys((*framed.excluded, *x.excluded, *y.excluded))),
        )
        if problem := self._problem(x, y):
            return Outcome(replace(framed, estimates=(Undefined(name=statistic, reason=problem),)))
        rows = associations(x, y, a, b, encodings)
        estimates = self._estimates(rows, seed)
        variations = tuple(self._sensitivity(rows, encodings))
        measurement = replace(
            framed,
            estimates=(*_explained(estimates.headed_by(statistic), rows), *self._others(rows, encodings)),
            evidence=_evidence(rows),
            sensitivity=tuple(_condensed(variations)),
            warnings=(*framed.warnings, *self._few_templates(estimates, rows)),
            how=self._how(rows),
        )
        return Outcome(
            measurement,
            association=estimates,
            variations=variations,
            tables={"rows": tuple(self._rows(rows))},
            figures=dict(_pictures(rows, measurement.evidence)),
        )

    def effect(self, encodings: Encodings) -> Effect | Undefined:
        """Its difference as a function of the embeddings of its targets; see :class:`~audit.assess.effect.Effect`."""
        x, y, a, b = self._sets()
        if problem := self._problem(x, y):
            return Undefined(name="cosine_difference", reason=problem)
        rows = associations(x, y, a, b, encodings)
        if not np.isfinite(rows.association).all():
            return Undefined(name="cosine_difference", reason="the model gives no finite embedding for some stimuli")
        towards = encodings.embeddings(a.stimuli).mean(axis=0) - encodings.embeddings(b.stimuli).mean(axis=0)
        return Effect(
            what=f"the association of {x.label} rather than {y.label} with {a.label} rather than {b.label}",
            stimuli=(*x.stimuli, *y.stimuli),
            before=rows.association,
            directions=towards[None],
            towards=np.broadcast_to(towards, (len(rows.association), len(towards))),
            read=lambda products: products[..., 0],
            differences=lambda values: self._differences(
                rows, [self._scores(rows, grid) for grid in rows.grid(np.asarray(values))]
            ),
        )

    def _others(self, rows: AssociationRows, encodings: Encodings) -> Iterator[Measured]:
        """What the probe asks for besides; nothing where an embedding is missing, as the headline says already."""
        if not np.isfinite(rows.association).all():
            return
        if self.asked.statistics:
            paired = self.asked.block == BY_POSITION
            yield from other_statistics(self.asked.statistics, self._sets(), encodings, paired=paired)
        if self.asked.dialect:
            yield from dialect_statistics(self.asked.dialect, rows)

    def _problem(self, x: StimulusSet, y: StimulusSet) -> str | None:
        return pairing_problem(x, y, self.asked.block) if self.asked.block else None

    def _estimates(self, rows: AssociationRows, seed: int) -> AssociationEstimates:
        alternative, n_items = self.asked.alternative, len(rows.association)
        if self.asked.block:
            return estimate_matched(
                *rows.sides(rows.grid()),
                rows.blocks,
                block=self.asked.block,
                alternative=alternative,
                seed=seed,
                n_items=n_items,
            )
        return estimate_association(
            rows.grid(),
            rows.in_x,
            rows.clusters,
            alternative=alternative,
            seed=seed,
            n_items=n_items,
            items_per_cluster=_items(rows),
        )

    def _few_templates(self, estimates: AssociationEstimates, rows: AssociationRows) -> Iterator[str]:
        """A caution where the crossed t is not held to its level: few templates that decide how uncertain it is."""
        found, count = estimates.design.difference(), len(rows.templates)
        if isinstance(found, Undefined) or not 1 < count < CALIBRATED_TEMPLATES:
            return
        if found.v_template > found.v_cluster:
            noun = "wordings" if self.form[0] == "text" else "styles"
            yield (
                f"the answer depends more on which of the {count} {noun} is used than on the stimuli; few say little "
                "about others, and the intervals may be too narrow"
            )

    def _scores(self, rows: AssociationRows, grid: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """What the estimator of the headline compares, from a grid (clusters, templates) of scores: both sides of the
        pairs, or the clusters of X and of Y in one; the last axis is that of the templates."""
        return rows.sides(grid) if self.asked.block else (grid,)

    def _differences(
        self, rows: AssociationRows, scores: Sequence[tuple[NDArray[np.float64], ...]]
    ) -> Sequence[Measured]:
        """The raw difference alone, by the estimator of the headline, of other `_scores` of the same targets."""
        if self.asked.block:
            return [matched_difference(x, y, block=self.asked.block) for x, y in scores]
        return difference_estimates(np.stack([grid for (grid,) in scores]), rows.in_x)

    def _variants(self) -> Iterator[tuple[str, str, str]]:
        """Roles that are redefined together, the name of the variant, and what the two are called.

        One concept at a time; lists that are paired by position keep step, so that namesakes are redefined together.
        """
        parts = {(part.role, part.variant): part.stimuli.label for part in self.shown if part.variant}
        for (role, variant), label in parts.items():
            together = self.asked.block == BY_POSITION and {("x", variant), ("y", variant)} <= parts.keys()
            if not together or role not in "xy":
                yield role, variant, f"{label}: {variant}"
            elif role == "x":
                yield "xy", variant, f"{label} and {parts['y', variant]}: {variant}"

    def _sensitivity(self, rows: AssociationRows, encodings: Encodings) -> Iterator[Variation]:
        for roles, variant, name in self._variants():
            sets = self._sets(roles, variant)
            problem = self._problem(*sets[:2])
            found: Measured = Undefined(name="cosine_difference", reason=problem or "")
            if not problem:
                redefined = associations(*sets, encodings)
                (found,) = self._differences(redefined, [self._scores(redefined, redefined.grid())])
            yield Variation("variant", name, found)
        if len(rows.templates) > 1:
            columns = zip(*(part.T[:, :, None] for part in self._scores(rows, rows.grid())), strict=True)
            for template, alone in zip(rows.templates, self._differences(rows, list(columns)), strict=True):
                yield Variation("template", template or "{}", alone)
        several = [side for side in (True, False) if np.count_nonzero(rows.in_a == side) > 1]
        spared = [index for index, side in enumerate(rows.in_a) if side in several]
        if spared:
            without = np.stack([rows.without_attribute(index) for index in spared])
            left = [self._scores(rows, grid) for grid in rows.grid(without)]
            for index, estimate in zip(spared, self._differences(rows, left), strict=True):
                yield Variation("attribute", rows.attributes[index], estimate)

    def _rows(self, rows: AssociationRows) -> Iterator[Mapping[str, Any]]:
        stimuli, form = (*rows.x.stimuli, *rows.y.stimuli), ",".join(self.form)
        for i, (stimulus, value) in enumerate(zip(stimuli, rows.association.tolist(), strict=True)):
            if isfinite(value):
                yield {
                    "suite": self.suite,
                    "probe": self.probe,
                    "form": form,
                    "group": "x" if i < len(rows.x.stimuli) else "y",
                    "cluster": stimulus.cluster,
                    "item": stimulus.item,
                    "template": stimulus.template,
                    "block": stimulus.block,
                    "association": value,
                }

    def _how(self, rows: AssociationRows) -> str:
        x, y, a, b = self._sets()
        templates = f", averaged over {len(rows.templates)} templates" if len(rows.templates) > 1 else ""
        association = (
            f"For every stimulus w: s(w) = mean cosine with {len(a.stimuli)} stimuli of {a.label} minus mean cosine "
            f"with {len(b.stimuli)} of {b.label}, on embeddings of unit length."
        )
        if self.asked.block:
            pairs = len(rows.blocks)
            return (
                f"{association} Targets are {self.asked.pairing}, {pairs} pairs: the difference is the mean over pairs "
                f"of s of {x.label} minus s of {y.label}{templates}. p counts sign flips, each of a whole pair."
            )
        return (
            f"{association} The difference is the mean of s over {x.label} minus its mean over {y.label}{templates}. "
            f"Clusters: {len(x.clusters)} and {len(y.clusters)}, one for each {self.asked.cluster_noun(self.form[0])}."
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
        side = "x" if rows.in_x[i] else "y"
        exhibits.append(Exhibit(stimulus.label, side, float(means[i]), picture_path(stimulus)))
    return tuple(exhibits)


def _pictures(rows: AssociationRows, evidence: Sequence[Exhibit]) -> Iterator[tuple[str, bytes]]:
    wanted = {exhibit.picture for exhibit in evidence} - {None}
    for stimulus in (*rows.x.stimuli, *rows.y.stimuli):
        if picture_path(stimulus) in wanted and (found := picture_bytes(stimulus)) is not None:
            yield found
