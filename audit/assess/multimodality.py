"""Multimodality probes: one unit in several forms, and whether it reads the letters of a drawn word or its meaning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.assess.framing import frame, unavailable
from audit.assess.lexical import lexical_control
from audit.assess.outcome import Outcome, Plan, Shown
from audit.assess.unit_facets import with_facets
from audit.assess.unit_readings import constant_units, not_finite, read_units, unknown_units
from audit.assess.unit_tables import shared_example_rows, shared_unit_rows
from audit.records import (
    Breakdown,
    BreakdownRow,
    Condition,
    Estimate,
    Labels,
    Margin,
    Undefined,
    UnitSummary,
    Variation,
)
from audit.stats import FormResponses, confirm_multimodal, multimodal_units
from audit.stimuli import Unavailable, in_shared_styles
from audit.suite import DRAWN_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audit.engine import Encodings
    from audit.measures import UnitResponses
    from audit.records import Measured, Measurement
    from audit.stats import FormArea, Multimodality, MultimodalUnit
    from audit.stimuli import Collector, StimulusSet
    from audit.suite import MultimodalityProbe, Suite

STATISTIC = "smallest_auroc"


def plan(suite: Suite, probe: MultimodalityProbe, collector: Collector) -> list[MultimodalityPlan]:
    """One plan over all forms; when one of them cannot be had it says so and measures none."""
    return [MultimodalityPlan.collect(suite, probe, probe.forms, _shown(probe, collector))]


def _shown(probe: MultimodalityProbe, collector: Collector) -> Iterator[Shown]:
    variants = [set(collector.variants(probe.concept, form)) for form in probe.forms]
    everywhere = [
        name for name in collector.variants(probe.concept, probe.forms[0]) if all(name in v for v in variants)
    ]
    for variant in (None, *everywhere):
        for form in probe.forms:
            try:
                collector.require_units(form)
                concept = collector.collect(probe.concept, form, variant=variant, cluster=probe.cluster)
                against = collector.collect_against(probe.against, form, concept, cluster=probe.cluster)
            except Unavailable as why:
                reason = f"{why.reason}; the question is about {_listed(probe.forms)} together"
                raise Unavailable(why.missing, reason) from why
            concept, against = in_shared_styles(concept, against)
            yield Shown("concept", variant or "", concept)
            yield Shown("against", variant or "", against)
    if probe.lexical is not None:
        yield Shown("spelled-alike", "", collector.collect(probe.lexical.spelled_alike, DRAWN_WORDS))
        yield Shown("synonyms", "", collector.collect(probe.lexical.synonyms, DRAWN_WORDS))


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


@dataclass(frozen=True)
class MultimodalityPlan(Plan["MultimodalityProbe"]):
    """One multimodality probe over all of its forms."""

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers it asks for; empty for the default ones."""
        return self.asked.layers

    def refused(self, encodings: Encodings) -> str:
        """Which of the layers or units that it names the model does not have."""
        asked = self.asked
        return unknown_units(encodings, self.stimuli, layers=asked.layers, units=asked.units, among=asked.among)

    def part(self, role: str, form: str, variant: str = "") -> StimulusSet:
        """The stimuli in a role and form."""
        return next(
            each.stimuli for each in self.shown if (each.role, each.stimuli.form, each.variant) == (role, form, variant)
        )

    def responses(self, encodings: Encodings, variant: str = "") -> tuple[UnitResponses, ...]:
        """Responses of the units that the probe asks about, form by form."""
        return tuple(
            read_units(self.asked, self.part("concept", form, variant), self.part("against", form, variant), encodings)
            for form in self.form
        )

    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """The smallest AUROC over the forms of the named unit, or of the one that a search selects and confirms."""
        framed = frame(self.of, self.asked, self.form, encodings.info, self.shown)
        if self.unavailable:
            return Outcome(unavailable(framed, self.unavailable))
        shown = self.responses(encodings)
        framed = replace(
            framed,
            labels=Labels(shown[0].concept.label, shown[0].against.label),
            margin=Margin(STATISTIC, self.asked.margin.auroc) if self.asked.margin else None,
            warnings=tuple(filter(None, (encodings.info.note, constant_units(shown)))),
        )
        if reason := not_finite(shown):
            return Outcome(replace(framed, estimates=(Undefined(name=STATISTIC, reason=reason),)))
        forms = _forms(shown)
        found = multimodal_units(forms, seed=seed) if self.asked.units else confirm_multimodal(forms, seed=seed)
        if isinstance(found, Undefined):
            return Outcome(replace(framed, estimates=(found,)))
        return self._measured(framed, shown, found, encodings, seed)

    def _measured(
        self,
        framed: Measurement,
        shown: tuple[UnitResponses, ...],
        found: Multimodality,
        encodings: Encodings,
        seed: int,
    ) -> Outcome:
        reported = [unit for unit in found.units if unit.confirmed] or list(found.units[:1])
        winner = found.units[0] if self.asked.units else max(reported, key=lambda unit: unit.value)
        name = shown[0].units[winner.unit]
        headline = self._headline(shown, winner, found, seed)
        by_form = _areas(shown, winner, found.level)
        breakdowns = [
            Breakdown(
                title="AUROC in each form",
                kind="form",
                rows=tuple(BreakdownRow(area.form, each) for area, each in zip(winner.forms, by_form, strict=True)),
            )
        ]
        notes = list(framed.warnings) + list(_search_notes(shown, found))
        if self.asked.lexical is not None:
            place = self.form.index(DRAWN_WORDS)
            control, said = lexical_control(
                name,
                shown[place],
                found.held[place],
                self.part("spelled-alike", DRAWN_WORDS),
                self.part("synonyms", DRAWN_WORDS),
                encodings,
                layers=self.layers,
                seed=seed,
            )
            breakdowns.append(control)
            notes.append(said)
        others = [unit for unit in reported if unit is not winner]
        held_out = "a unit that answers to the concept in every form on held-out stimuli"
        searched = framed.margin is not None and not self.asked.units
        measurement = replace(
            framed,
            estimates=(headline, *by_form),
            requirements=(Condition(held_out, headline, framed.margin),) if searched and framed.margin else (),
            sensitivity=tuple(self._sensitivity(name, shown, found, encodings, seed)),
            breakdowns=tuple(breakdowns),
            warnings=tuple(notes),
            units=tuple(
                with_facets(
                    UnitSummary(
                        shown[0].units[unit.unit],
                        shown[0].layers[unit.unit],
                        (self._headline(shown, unit, found, seed), *_areas(shown, unit, found.level)),
                    ),
                    shown,
                    encodings,
                    seed,
                )
                for unit in (winner, *others)
            ),
            how=self._how(shown, found),
        )
        rows = shared_unit_rows(
            measurement,
            shown,
            selected={unit.unit for unit in found.units},
            confirmed={unit.unit for unit in found.units if unit.confirmed},
        )
        return Outcome(
            measurement, tables={"units": rows, "examples": shared_example_rows(measurement, shown, winner.unit)}
        )

    def _headline(
        self, shown: tuple[UnitResponses, ...], unit: MultimodalUnit, found: Multimodality, seed: int
    ) -> Estimate:
        worst = min(unit.forms, key=lambda area: area.auroc)
        exact = all(area.p_method == "exact" for area in unit.forms)
        several = len(found.units)
        over = f"; simultaneous interval by Bonferroni and p by Holm over {several} units" if several > 1 else ""
        return Estimate(
            name=STATISTIC,
            value=unit.value,
            unit="probability",
            sign=f"above 0.5 when the unit prefers the concept in every form; it is smallest in {worst.form}",
            n=sum(map(_stimuli, shown, unit.forms)),
            groups=worst.clusters,
            method=(
                "smallest AUROC of any form; from the smallest lower end to the smallest upper end of the forms' "
                "intervals, the upper ends by Bonferroni over the forms; p is the largest of any form, by permuting "
                f"clusters within it (intersection-union test){over}"
            ),
            level=found.level,
            low=unit.low,
            high=unit.high,
            low_simultaneous=unit.low_simultaneous,
            high_simultaneous=unit.high_simultaneous,
            p=unit.p,
            p_adjusted=unit.p_adjusted,
            p_method="exact" if exact else "monte-carlo",
            smallest_p=max(area.smallest_p for area in unit.forms),
            alternative="greater",
            mde=found.mde if self.asked.units else None,
            seed=None if exact else seed,
        )

    def _sensitivity(
        self, unit: str, shown: tuple[UnitResponses, ...], found: Multimodality, encodings: Encodings, seed: int
    ) -> Iterator[Variation]:
        """The unit under every other definition, on clusters that had no part in naming it."""
        naming = {
            name
            for each, held in zip(_forms(shown), found.held, strict=True)
            for name, kept in zip(each.clusters, held.tolist(), strict=True)
            if not kept
        }
        for variant in dict.fromkeys(each.variant for each in self.shown if each.variant):
            other = self.responses(encodings, variant)
            index = other[0].units.index(unit)
            alone = multimodal_units([_without(_column(each, index), naming) for each in _forms(other)], seed=seed)
            if not isinstance(alone, Undefined):
                measured: Measured = replace(self._headline(other, alone.units[0], alone, seed), mde=None)
            else:
                measured = alone
            yield Variation("variant", f"{other[0].concept.label}: {variant}", measured)

    def _how(self, shown: tuple[UnitResponses, ...], found: Multimodality) -> str:
        counts = "; ".join(
            f"{each.concept.form}: {int(held[each.positive].sum())} against {int(held[~each.positive].sum())} "
            f"clusters, each one {self.asked.cluster_noun(each.concept.form)}"
            for each, held in zip(shown, found.held, strict=True)
        )
        several = len(found.units)
        named_before = f"the {'unit' if several == 1 else f'best of {several} units'}"
        which = named_before if self.asked.units else "the unit, on the half of the clusters that did not name it"
        return (
            f"AUROC of {which}, in each form for itself: the probability that its response to a cluster of "
            f"{shown[0].concept.label} is higher than to one of {shown[0].against.label} in the same form, ties "
            f"counted half. The smallest of them is what it tells in every form. {counts}. A response is the mean over "
            "the stimuli of a cluster."
        )


def _forms(shown: Sequence[UnitResponses]) -> list[FormResponses]:
    """For the statistics; a name is the same cluster in every form, however it is capitalised."""
    return [
        FormResponses(
            each.concept.form, each.responses, each.positive, tuple(name.casefold() for name in each.clusters)
        )
        for each in shown
    ]


def _column(each: FormResponses, index: int) -> FormResponses:
    return replace(each, activations=each.activations[:, [index]])


def _without(each: FormResponses, naming: set[str]) -> FormResponses:
    kept = np.array([name not in naming for name in each.clusters])
    names = tuple(name for name in each.clusters if name not in naming)
    return FormResponses(each.form, each.activations[kept], each.positive[kept], names)


def _stimuli(found: UnitResponses, area: FormArea) -> int:
    """About how many stimuli the clusters that entered have."""
    stimuli = len(found.concept.stimuli) + len(found.against.stimuli)
    return round(stimuli * sum(area.clusters) / len(found.clusters))


def _areas(shown: Sequence[UnitResponses], unit: MultimodalUnit, level: float) -> tuple[Estimate, ...]:
    return tuple(_area(area, _stimuli(found, area), level) for found, area in zip(shown, unit.forms, strict=True))


def _area(area: FormArea, stimuli: int, level: float) -> Estimate:
    return Estimate(
        name="auroc",
        value=area.auroc,
        unit="probability",
        sign="above 0.5 when the unit prefers the concept",
        n=stimuli,
        groups=area.clusters,
        method=f"AUROC with mid-ranks among the clusters shown as {area.form}; score interval on the clustered DeLong "
        "and Hanley-McNeil variances; p by permuting clusters",
        level=level,
        low=area.low,
        high=area.high,
        p=area.p,
        p_method=area.p_method,
        smallest_p=area.smallest_p,
        alternative="greater",
    )


def _search_notes(shown: Sequence[UnitResponses], found: Multimodality) -> Iterator[str]:
    if found.shrinkage is None:
        return
    confirmed = sum(unit.confirmed for unit in found.units)
    yield (
        f"of {len(shown[0].units):,} units, {len(found.units)} were named on half of the clusters and {confirmed} "
        f"confirmed on the other half; the smallest AUROC shrank by {found.shrinkage:.3f} on average from one half to "
        "the other"
    )
