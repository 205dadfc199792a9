"""Single-category probes: every item's association, and the largest of them with an interval that holds for all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.assess.framing import frame, named, unavailable
from audit.assess.outcome import Outcome, Plan, Shown
from audit.measures import associations
from audit.records import (
    Breakdown,
    BreakdownRow,
    Estimate,
    Labels,
    Margin,
    Measured,
    Undefined,
    Variation,
)
from audit.stats import TwoSampleDesign, difference_estimates, eat_effect_size, largest, max_t, two_sample
from audit.stimuli import StimulusSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.measures import AssociationRows
    from audit.records import Alternative
    from audit.stimuli import Collector
    from audit.suite import SingleCategoryProbe, Suite

STATISTIC = "largest_association"
_LEAN = "positive when the item lies closer to A than to B"
_SIGN = {
    "greater": "the item that lies closest to A rather than B; positive when it lies closer to A",
    "less": "the item that lies closest to B rather than A; positive when it lies closer to B",
    "two-sided": "the item that is tied most to either side; a size, without a sign",
}


def plan(suite: Suite, probe: SingleCategoryProbe, collector: Collector) -> list[SingleCategoryPlan]:
    """One plan a form; one whose stimuli cannot be had says so when it is measured."""
    forms = probe.forms or (("text", "text"),)
    return [SingleCategoryPlan.collect(suite, probe, form, _shown(suite, probe, form, collector)) for form in forms]


def _shown(suite: Suite, probe: SingleCategoryProbe, form: tuple[str, ...], collector: Collector) -> Iterator[Shown]:
    roles = (
        ("concept", probe.concept, form[0], probe.templates, probe.cluster),
        ("a", probe.attributes.a, form[1], probe.attribute_templates, None),
        ("b", probe.attributes.b, form[1], probe.attribute_templates, None),
    )
    for role, concept, shown, templates, cluster in roles:
        wording = suite.templates_of(templates)
        yield Shown(role, "", collector.collect(concept, shown, templates=wording, cluster=cluster))


@dataclass(frozen=True)
class SingleCategoryPlan(Plan["SingleCategoryProbe"]):
    """One single-category probe in one form."""

    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """The association of every item, and the largest."""
        framed = frame(self.of, self.asked, self.form, encodings.info, self.shown)
        if self.unavailable:
            return Outcome(unavailable(framed, self.unavailable))
        items, a, b = (part.stimuli for part in self.shown)
        margin = Margin(STATISTIC, self.asked.margin.value) if self.asked.margin else None
        framed = replace(framed, margin=margin, labels=Labels("", items.label, a.label, b.label), alternative="greater")
        rows = associations(items, StimulusSet("", "", items.form, ()), a, b, encodings)
        bad = [s.label for s, value in zip(items.stimuli, rows.association, strict=True) if not np.isfinite(value)]
        if bad:
            reason = named("the model gives no finite embedding of positive length for an attribute, or for", bad)
            return Outcome(replace(framed, estimates=(Undefined(name=STATISTIC, reason=reason),)))
        found = Items.of(rows, self.asked.alternative, seed)
        if isinstance(found, Undefined):
            return Outcome(replace(framed, estimates=(found,)))
        headline, item, sign = found.headline(0.95)
        a_label, b_label = (a.label, b.label) if sign > 0 else (b.label, a.label)
        measurement = replace(
            framed,
            labels=Labels(item, items.label, a_label, b_label),
            estimates=(headline, found.mean()),
            breakdowns=tuple(found.breakdowns(a.label, b.label)),
            sensitivity=tuple(found.variations(rows)),
            how=(
                f"For every one of {len(found.names)} items: mean cosine with {len(a.stimuli)} stimuli of {a.label} "
                f"minus mean cosine with {len(b.stimuli)} of {b.label}. What is sampled are the {len(a.clusters)} and "
                f"{len(b.clusters)} clusters of the attributes, crossed with the item's templates; they are permuted "
                "together for all items."
            ),
        )
        return Outcome(measurement, intervals=lambda level: {STATISTIC: found.ends(level)})


@dataclass(frozen=True)
class Items:
    """The associations of all items, each a test of attribute clusters of A against those of B."""

    names: tuple[str, ...]
    designs: tuple[TwoSampleDesign, ...]
    estimates: tuple[Estimate, ...]
    """Raw difference in cosine of each, pointwise."""
    alternative: Alternative
    seed: int

    @classmethod
    def of(
        cls, rows: AssociationRows, alternative: Alternative, seed: int, template: str | None = None
    ) -> Items | Undefined:
        """Every cluster of the items as a test; the attribute clusters are the same in all."""
        names, designs, estimates = [], [], []
        for label, grid in _grids(rows, template):
            (raw,) = difference_estimates(grid[None], rows.in_a)
            if isinstance(raw, Undefined):
                return Undefined(name=STATISTIC, reason=f"of {label}, {raw.reason}")
            names.append(label)
            designs.append(TwoSampleDesign(_attribute_names(rows), rows.in_a, grid, alternative))
            estimates.append(raw)
        return cls(tuple(names), tuple(designs), tuple(estimates), alternative, seed)

    def ends(self, level: float) -> tuple[float, float]:
        """Interval of the largest at a level."""
        found = self.headline(level)[0]
        assert found.low is not None
        assert found.high is not None
        return found.low, found.high

    def simultaneous(self, level: float) -> tuple[list[tuple[float, float]], list[float | None]]:
        """Intervals that hold for all items at once, and the adjusted p of each."""
        found = max_t(self.designs, seed=self.seed, level=level)
        kept = [each for each in found if not isinstance(each, Undefined)]
        return [(each.low, each.high) for each in kept], [each.p_adjusted for each in kept]

    def _bonferroni(self, level: float) -> tuple[list[tuple[float, float]], list[float | None]]:
        share = 1 - (1 - level) / len(self.designs)
        return [_interval(design, share) for design in self.designs], [None] * len(self.designs)

    def headline(self, level: float, *, bonferroni: bool = False) -> tuple[Estimate, str, float]:
        """The largest association in the direction asked, the item, and the side that it lies on.

        With ``bonferroni`` the lower end needs no permutation, and the largest has no p.
        """
        wide, adjusted = self._bonferroni(level) if bonferroni else self.simultaneous(level)
        correction = "Bonferroni" if bonferroni else "max-T"
        pointwise = [_interval(design, level) for design in self.designs]
        values = np.array([estimate.value for estimate in self.estimates])
        sized = [_turned(np.array(ends), self.alternative) for ends in (pointwise, wide)]
        extreme = largest(
            _turned(np.stack([values, values], axis=1), self.alternative)[1],
            (sized[0][0], sized[0][1]),
            (sized[1][0], sized[1][1]),
        )
        of = self.estimates[extreme.index]
        estimate = replace(
            of,
            name=STATISTIC,
            value=extreme.value,
            low=extreme.low,
            high=extreme.high,
            level=level,
            p=None,
            p_adjusted=adjusted[extreme.index],
            p_method=None if bonferroni else "monte-carlo",
            alternative="greater",
            seed=None if bonferroni else self.seed,
            sign=_SIGN[self.alternative],
            method=(
                f"largest of {len(self.names)} items; lower end the largest of the simultaneous ones ({correction}), "
                f"upper end the largest pointwise one; {of.method}"
            ),
        )
        side = 1.0 if self.alternative == "greater" else -1.0
        return (
            estimate,
            self.names[extreme.index],
            float(np.sign(of.value)) if self.alternative == "two-sided" else side,
        )

    def mean(self) -> Measured:
        """Mean over items of the raw difference; items are a crossed random effect beside the attribute clusters."""
        grid = np.stack([design.scores.mean(axis=1) for design in self.designs], axis=1)
        (found,) = difference_estimates(grid[None], self.designs[0].in_x)
        if isinstance(found, Undefined):
            return found
        return replace(
            found,
            method=found.method.replace("templates", "items"),
            sign="mean over items; positive when they lie closer to A than to B",
        )

    def breakdowns(self, a: str, b: str) -> Iterator[Breakdown]:
        """Raw difference and SC-EAT d of every item, strongest towards A first."""
        wide, adjusted = self.simultaneous(0.95)
        order = sorted(range(len(self.names)), key=lambda i: -self.estimates[i].value)
        raw = tuple(
            BreakdownRow(
                self.names[i],
                replace(
                    self.estimates[i],
                    low_simultaneous=wide[i][0],
                    high_simultaneous=wide[i][1],
                    p_adjusted=adjusted[i],
                    alternative=self.alternative,
                    sign=_LEAN,
                ),
            )
            for i in order
        )
        yield Breakdown(title=f"Closer to {a} than to {b}, item by item, in cosine", kind="item", rows=raw)
        effects = tuple(BreakdownRow(self.names[i], self._effect(i)) for i in order)
        yield Breakdown(title="Effect size d of every item (SC-EAT)", kind="item", rows=effects)

    def _effect(self, i: int) -> Measured:
        """SC-EAT d = (mean_A cos - mean_B cos)/sd over A and B together, ddof 1 (Caliskan et al. 2022).

        Its p permutes the labels of the attribute clusters, of this item alone.
        """
        design = self.designs[i]
        means = design.scores.mean(axis=1)
        value = eat_effect_size(means[design.in_x], means[~design.in_x])
        if isinstance(value, Undefined):
            return value
        low, high = design.intervals(0.95).get("effect_size_d", (None, None))
        of = self.estimates[i]
        method = "SC-EAT d, sample deviation (ddof 1) over the attribute clusters; interval from Cohen's d"
        found = replace(of, name="effect_size_d", value=value, unit="sd", low=low, high=high, method=method, sign=_LEAN)
        test = two_sample(means, design.in_x, alternative=self.alternative, seed=self.seed)
        if isinstance(test, Undefined):
            return found
        return replace(
            found,
            p=test.p,
            p_method=test.method,
            smallest_p=test.smallest_p,
            alternative=self.alternative,
            seed=None if test.method == "exact" else self.seed,
        )

    def variations(self, rows: AssociationRows) -> Iterator[Variation]:
        """The largest association with one of the item templates alone."""
        templates = rows.x.templates
        for template in templates if len(templates) > 1 else ():
            alone = Items.of(rows, self.alternative, self.seed, template)
            if isinstance(alone, Undefined):
                yield Variation("template", template, alone)
                continue
            found, item, _ = alone.headline(0.95, bonferroni=True)
            yield Variation("template", f"{template} ({item})", found)


def _grids(rows: AssociationRows, alone: str | None) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Of every cluster of the items: its label, and (attribute clusters, templates) mean cosines; of one template, or
    of all that the cluster is shown in."""
    templates = {name: j for j, name in enumerate(rows.x.templates)}
    for cluster, label in zip(rows.x.clusters, rows.x.cluster_labels, strict=True):
        own = [i for i, stimulus in enumerate(rows.x.stimuli) if stimulus.cluster == cluster]
        total, count = np.zeros((len(rows.attributes), len(templates))), np.zeros(len(templates))
        for i in own:
            column = templates[rows.x.stimuli[i].template]
            total[:, column] += rows.by_attribute[i]
            count[column] += 1
        kept = (count > 0) & np.array([alone in (None, name) for name in templates])
        if kept.any():
            yield label, total[:, kept] / count[kept]


def _attribute_names(rows: AssociationRows) -> tuple[str, ...]:
    return tuple(f"{'a' if own else 'b'}:{name}" for own, name in zip(rows.in_a, rows.attributes, strict=True))


def _interval(design: TwoSampleDesign, level: float) -> tuple[float, float]:
    found = design.difference()
    assert not isinstance(found, Undefined)
    return found.interval(level)


def _turned(ends: NDArray[np.float64], alternative: Alternative) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(items, 2) ends as they count in the direction asked: as they are, mirrored, or as sizes."""
    low, high = ends[:, 0], ends[:, 1]
    if alternative == "greater":
        return low, high
    if alternative == "less":
        return -high, -low
    spans = (low <= 0) & (high >= 0)
    return np.where(spans, 0.0, np.minimum(np.abs(low), np.abs(high))), np.maximum(np.abs(low), np.abs(high))
