"""Unit probes: named units measured, unnamed ones searched for and confirmed, harm compared, variants recomputed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.assess import ablation
from audit.assess.absence import absence
from audit.assess.captions import caption_words, captions_of
from audit.assess.examples import Examples
from audit.assess.framing import frame, unavailable
from audit.assess.harm import harm_condition
from audit.assess.outcome import Outcome, Plan, Shown
from audit.assess.regions import region_breakdowns, regions_of
from audit.assess.selectivity import best_unit, confirmed_estimate, one_unit
from audit.assess.unit_facets import with_facets
from audit.assess.unit_readings import constant_units, not_finite, read_units, unknown_units
from audit.assess.unit_tables import example_rows, unit_rows
from audit.records import Condition, Estimate, Labels, Margin, Role, Undefined, UnitSummary, Variation
from audit.stats import max_t_units, select_then_confirm
from audit.stimuli import in_shared_styles
from audit.suite import AbsenceProbe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from audit.assess.ablation import Ablation
    from audit.engine import Encodings
    from audit.measures import UnitResponses
    from audit.records import Breakdown, Measured, Measurement
    from audit.stats import Confirmation, ConfirmedUnit, UnitExistence
    from audit.stimuli import Collector, Stimulus, StimulusSet
    from audit.suite import Suite, UnitsProbe

FEW_CLUSTERS = 50
"""Below so many clusters of a concept the null threshold is said: chance alone then gives high AUROCs."""


def plan(suite: Suite, probe: UnitsProbe | AbsenceProbe, collector: Collector) -> list[UnitsPlan]:
    """One plan a form; one whose stimuli cannot be had says so when it is measured."""
    forms = probe.forms or collector.default_picture_forms(probe.concept)
    return [_plan_form(suite, probe, form, collector) for form in forms]


def _plan_form(suite: Suite, probe: UnitsProbe | AbsenceProbe, form: str, collector: Collector) -> UnitsPlan:
    planned = UnitsPlan.collect(suite, probe, (form,), _shown(probe, form, collector))
    if planned.unavailable is None:
        planned = replace(planned, examples=Examples.collect(probe, form, collector, planned.shown))
    concept, against = planned.part("concept"), planned.part("against")
    if concept is None or against is None or isinstance(probe, AbsenceProbe):
        return planned
    planned = replace(planned, regions=regions_of(probe, form, collector) if probe.also else {})
    planned = replace(planned, captions=captions_of(probe.words or "", collector))
    return replace(planned, ablation=ablation.plan(suite, probe, form, collector, concept, against))


def _shown(probe: UnitsProbe | AbsenceProbe, form: str, collector: Collector) -> Iterator[Shown]:
    collector.require_units(form)
    for variant in (None, *collector.variants(probe.concept, form)):
        concept = collector.collect(probe.concept, form, variant=variant, cluster=probe.cluster)
        against = collector.collect_against(probe.against, form, concept, cluster=probe.cluster)
        concept, against = in_shared_styles(concept, against)
        yield Shown("concept", variant or "", concept)
        yield Shown("against", variant or "", against)
    also = getattr(probe, "also", None)
    if also is not None and not collector.has_top_words:
        # A topic may have no pictures or no native spellings; its words, drawn, are what the unit can be shown then.
        topics = (also.harm, also.neutral)
        drawn = not all(collector.is_shown_in(form, topic) for topic in topics)
        harm, neutral = in_shared_styles(*(collector.collect(each, "rendered" if drawn else form) for each in topics))
        yield Shown("harm", "", harm)
        yield Shown("neutral", "", neutral)


@dataclass(frozen=True)
class UnitsPlan(Plan["UnitsProbe | AbsenceProbe"]):
    """One unit probe in one form."""

    ablation: Ablation | None = None
    """What is measured again with the units set to their mean."""
    regions: Mapping[str, str] = field(default_factory=dict)
    """The concept of each cluster of the comparison, when there are several and a harm is asked about."""
    captions: tuple[Stimulus, ...] = ()
    """Words as texts, of which those that a unit promotes are shown."""
    examples: Examples | None = None
    """What is shown of the units that it reports; None when nothing can be."""

    @property
    def stimuli(self) -> list[Stimulus]:
        """Its own, and those of the probes that are measured again."""
        return [*super().stimuli, *(self.ablation.stimuli if self.ablation else ()), *self.captions]

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers it asks for; empty for the default ones."""
        return getattr(self.asked, "layers", ())

    def refused(self, encodings: Encodings) -> str:
        """Which of the layers or units that it names the model does not have."""
        units = getattr(self.asked, "units", ())
        return unknown_units(encodings, self.stimuli, layers=self.layers, units=units, among=self.asked.among)

    def part(self, role: str, variant: str = "") -> StimulusSet | None:
        """The stimuli in a role."""
        return next((p.stimuli for p in self.shown if (p.role, p.variant) == (role, variant)), None)

    def responses(self, encodings: Encodings, variant: str = "") -> UnitResponses:
        """Responses of the units that the probe asks about."""
        concept, against = self.part("concept", variant), self.part("against", variant)
        assert concept is not None
        assert against is not None
        return read_units(self.asked, concept, against, encodings)

    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """Selectivity of the named unit, or of the one that a search selects and confirms."""
        framed = frame(self.of, self.asked, self.form, encodings.info, self.shown)
        if self.unavailable:
            return Outcome(unavailable(framed, self.unavailable))
        found = self.responses(encodings)
        framed = replace(
            framed,
            labels=Labels(found.concept.label, found.against.label, *self._harm_labels()),
            warnings=tuple(_warnings(found, encodings)),
        )
        if reason := not_finite([found]):
            return Outcome(replace(framed, estimates=(Undefined(name="auroc", reason=reason),)))
        if isinstance(self.asked, AbsenceProbe):
            bound = Margin("auroc", self.asked.bound.auroc)
            outcome = absence(framed, found, bound, self._how(found, f"the best of {len(found.units)} units"), seed)
        elif self._is_named(framed):
            outcome = self._named(framed, found, encodings, seed)
        else:
            outcome = self._searched(framed, found, encodings, seed)
        also = getattr(self.asked, "also", None)
        harm = self.of.terms(also.harm) if also else ()
        assert self.examples is not None
        return self.examples.add(outcome, found, encodings, layers=self.layers, harm=harm, seed=seed)

    def _is_named(self, framed: Measurement) -> bool:
        return bool(getattr(self.asked, "units", ())) or framed.role in (Role.DESCRIPTION, Role.NEGATIVE_CONTROL)

    def _named(self, framed: Measurement, found: UnitResponses, encodings: Encodings, seed: int) -> Outcome:
        """The unit that was named beforehand; of several, or for a description or a negative control, the best of them.

        The best of several is read with the interval and the p that hold for all of them.
        """
        chosen = best_unit(found, seed)
        if isinstance(chosen, Undefined):
            return Outcome(replace(framed, margin=self._margin(), estimates=(chosen,)))
        conditions = self._conditions(found.units[chosen.index], encodings, seed, 1)
        several = len(found.units)
        measurement = replace(
            framed,
            margin=self._margin(),
            estimates=chosen.estimates,
            conditions=conditions,
            sensitivity=tuple(self._sensitivity(found.units[chosen.index], encodings, seed)),
            breakdowns=(
                *self._regions(found, chosen.index, np.ones(len(found.positive), dtype=np.bool_), encodings, seed),
                *caption_words(found, chosen.index, self.captions, encodings),
                *self._ablated(getattr(self.asked, "units", ()) or (found.units[chosen.index],), encodings, seed),
            ),
            units=(
                with_facets(self._summary(found, chosen.index, chosen.estimates, encodings), [found], encodings, seed),
            ),
            how=self._how(found, f"the {'unit' if several == 1 else f'best of {several} units'}"),
        )
        rows = unit_rows(measurement, found, chosen.p_adjusted, selected={chosen.index}, confirmed=set())
        examples = example_rows(measurement, found, chosen.index)
        return Outcome(measurement, tables={"units": rows, "examples": examples})

    def _searched(self, framed: Measurement, found: UnitResponses, encodings: Encodings, seed: int) -> Outcome:
        """Half of the clusters name at most 20 units, the other half says what they are worth."""
        margin, index = self._margin(), np.arange(len(found.positive))
        existence = max_t_units(found.responses, found.positive, index, seed=seed)
        search = select_then_confirm(found.responses, found.positive, index, seed=seed)
        if isinstance(search, Undefined):
            return Outcome(replace(framed, margin=margin, estimates=(replace(search, name="auroc"),)))
        if isinstance(existence, Undefined):
            return Outcome(replace(framed, margin=margin, estimates=(replace(existence, name="auroc"),)))
        confirmed = [unit for unit in search.units if unit.confirmed] or list(search.units[:1])
        judged = [(c, self._conditions(found.units[c.unit], encodings, seed, len(confirmed))) for c in confirmed]
        winner, conditions = max(judged, key=_strength)
        # The unit that the headline is about leads: sentences and print speak of the first.
        ordered = (winner, *(unit for unit in confirmed if unit is not winner))
        headline = confirmed_estimate(found, winner, search)
        shown = (
            Condition("a unit that answers to the concept on held-out stimuli", headline, margin) if margin else None
        )
        confirmed_count = sum(unit.confirmed for unit in search.units)
        measurement = replace(
            framed,
            margin=margin,
            estimates=(headline,),
            conditions=conditions,
            requirements=(shown,) if shown else (),
            sensitivity=tuple(self._sensitivity(found.units[winner.unit], encodings, seed)),
            breakdowns=(
                *self._regions(found, winner.unit, search.held, encodings, seed),
                *caption_words(found, winner.unit, self.captions, encodings),
                *self._ablated(tuple(found.units[unit.unit] for unit in ordered), encodings, seed),
            ),
            units=tuple(
                with_facets(
                    self._summary(found, c.unit, (confirmed_estimate(found, c, search),), encodings),
                    [found],
                    encodings,
                    seed,
                )
                for c in ordered
            ),
            warnings=(*framed.warnings, *_search_notes(found, search, existence, confirmed_count)),
            how=self._how(found, "the unit, on the half of the clusters that had no part in naming it"),
        )
        rows = unit_rows(
            measurement,
            found,
            existence.p_adjusted,
            selected={unit.unit for unit in search.units},
            confirmed={unit.unit for unit in search.units if unit.confirmed},
        )
        examples = example_rows(measurement, found, winner.unit)
        return Outcome(measurement, tables={"units": rows, "examples": examples})

    def _conditions(self, unit: str, encodings: Encodings, seed: int, tests: int) -> tuple[Condition, ...]:
        also = getattr(self.asked, "also", None)
        if also is None:
            return ()
        harm, neutral = self.part("harm"), self.part("neutral")
        condition = harm_condition(
            unit,
            self.of.concept(also.harm).label,
            self.of.terms(also.harm),
            harm,
            neutral,
            encodings,
            margin=self._margin(),
            layers=self.layers,
            seed=seed,
            tests=tests,
        )
        if harm is not None and harm.form not in self.form:
            condition = replace(condition, what=f"{condition.what}, shown as {harm.form} words")
        return (condition,)

    def _regions(
        self, found: UnitResponses, unit: int, held: NDArray[np.bool_], encodings: Encodings, seed: int
    ) -> Iterator[Breakdown]:
        """The concept against every other one alone, and what the layer ties each of them to."""
        if not self.regions:
            return iter(())
        harm, neutral = self.part("harm"), self.part("neutral")
        topics = (harm, neutral) if harm is not None and neutral is not None else None
        return region_breakdowns(found, unit, self.regions, held, topics, encodings, self.layers, seed)

    def _ablated(self, units: tuple[str, ...], encodings: Encodings, seed: int) -> tuple[Breakdown, ...]:
        """What becomes of other probes with these units at their mean."""
        concept, against = self.part("concept"), self.part("against")
        if self.ablation is None or concept is None or against is None:
            return ()
        return tuple(ablation.breakdowns(self.ablation, units, concept, against, encodings, self.layers, seed))

    def _harm_labels(self) -> tuple[str, str]:
        also = getattr(self.asked, "also", None)
        if also is None:
            return "", ""
        return self.of.concept(also.harm).label, self.of.concept(also.neutral).label

    def _margin(self) -> Margin | None:
        margin = getattr(self.asked, "margin", None)
        return Margin("auroc", margin.auroc) if margin else None

    def _sensitivity(self, unit: str, encodings: Encodings, seed: int) -> Iterator[Variation]:
        for part in self.shown:
            if part.variant and part.role == "concept":
                found = self.responses(encodings, part.variant)
                measured = one_unit(found, found.units.index(unit), seed).auroc
                yield Variation("variant", f"{part.stimuli.label}: {part.variant}", measured)

    def _summary(
        self, found: UnitResponses, index: int, estimates: tuple[Measured, ...], encodings: Encodings
    ) -> UnitSummary:
        unit = found.units[index]
        also = getattr(self.asked, "also", None)
        harm = {term.casefold() for term in self.of.terms(also.harm)} if also else set()
        words = tuple((word, word.casefold() in harm) for word in encodings.top_words(unit))
        return UnitSummary(unit, found.layers[index], estimates, words)

    def _how(self, found: UnitResponses, which: str) -> str:
        n, m = int(found.positive.sum()), int((~found.positive).sum())
        return (
            f"AUROC of {which}: the probability that its response to one of the {n} clusters of {found.concept.label} "
            f"is higher than to one of the {m} clusters of {found.against.label}, ties counted half. A cluster is one "
            f"{self.asked.cluster_noun(*self.form)}; its response is the mean over its stimuli."
        )


def _strength(judged: tuple[ConfirmedUnit, tuple[Condition, ...]]) -> tuple[float, float]:
    """Orders candidates by the harm they show, then by how well they answer to the concept."""
    candidate, conditions = judged
    harm = conditions[0].estimate if conditions else None
    low = harm.low if isinstance(harm, Estimate) and harm.low is not None else 0.0
    return low, candidate.auroc


def _warnings(found: UnitResponses, encodings: Encodings) -> Iterator[str]:
    if encodings.info.note:
        yield encodings.info.note
    if constant := constant_units([found]):
        yield constant
    positives = int(found.positive.sum())
    if positives < FEW_CLUSTERS and len(found.units) > 1:
        yield (
            f"{found.concept.label} has {positives} cluster{'s' if positives > 1 else ''}; below {FEW_CLUSTERS}, the "
            f"best of {len(found.units):,} units has a high AUROC by chance alone"
        )


def _search_notes(
    found: UnitResponses, search: Confirmation, existence: UnitExistence, confirmed: int
) -> Iterator[str]:
    yield (
        f"of {len(found.units):,} units, {len(search.units)} were named on half of the clusters and {confirmed} "
        f"confirmed on the other half; AUROC shrank by {search.shrinkage:.3f} on average from one half to the other"
    )
    yield (
        f"with labels that mean nothing, the best of {len(found.units):,} units reaches an AUROC of "
        f"{existence.null_threshold_95:.3f} in one case of twenty"
    )
