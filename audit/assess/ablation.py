"""What becomes of an association, or of a classification harm, with the units that a probe found at their mean."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import spearmanr

from audit.assess import association, zero_shot
from audit.assess.shares import compare
from audit.engine import UnitChange
from audit.measures import class_vectors
from audit.records import Breakdown, BreakdownRow, Estimate, Measured, Undefined
from audit.stats import (
    CONTROLS,
    Controls,
    against_controls,
    control_range,
    matched_controls,
    mean_change,
    removed_share,
)
from audit.stimuli import StimulusSet
from audit.suite import AssociationProbe, ClassificationProbe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from audit.assess.effect import Effect
    from audit.engine import ChangeableUnits, Encodings
    from audit.stimuli import Collector, Stimulus
    from audit.suite import Suite, UnitsProbe

TOP = 10
"""Units that the backward pass ranks first, each of which is run alone."""
_SPREAD = 20
"""Units taken at even steps down the same ranking and run too: the first ten alone would say little of its truth."""
RUNS = CONTROLS + TOP + _SPREAD + 1
"""Runs of each picture: the controls, the units alone, and those that were found together."""


@dataclass(frozen=True)
class Ablation:
    """The probes that are measured again, and the names by which the model is asked for the other stimuli."""

    plans: tuple[association.AssociationPlan | zero_shot.ZeroShotPlan, ...]
    not_asked: tuple[str, ...]
    """Probes that are not asked in this form."""
    names: StimulusSet | None
    """One text for each cluster that has a name; None for images of one's own, whose clusters have none."""

    @property
    def stimuli(self) -> list[Stimulus]:
        """What has to be encoded for it."""
        return [*(s for plan in self.plans for s in plan.stimuli), *(self.names.stimuli if self.names else ())]


def plan(
    suite: Suite, probe: UnitsProbe, form: str, collector: Collector, concept: StimulusSet, against: StimulusSet
) -> Ablation | None:
    """The ablations that a units probe asks for in a form; None when it asks for none, or the model is not run here."""
    if not probe.ablate or not collector.draws:
        return None
    plans: list[association.AssociationPlan | zero_shot.ZeroShotPlan] = []
    not_asked = []
    for name in probe.ablate:
        target = suite.probe(name)
        if isinstance(target, AssociationProbe) and (form, "text") in (target.forms or ((form, "text"),)):
            plans.append(association.plan_form(suite, target, (form, "text"), collector))
        elif isinstance(target, ClassificationProbe) and form in (target.forms or (form,)):
            plans.append(zero_shot.plan_form(suite, target, form, collector))
        else:
            not_asked.append(name)
    names = None
    if form != "image" and plans:
        labels = dict.fromkeys((*concept.cluster_labels, *against.cluster_labels))
        found = collector.texts(tuple(labels))
        names = StimulusSet("names", "names", "text", tuple(found[label] for label in labels))
    return Ablation(tuple(plans), tuple(not_asked), names)


def breakdowns(
    asked: Ablation,
    units: Sequence[str],
    concept: StimulusSet,
    against: StimulusSet,
    encodings: Encodings,
    layers: Sequence[str],
    seed: int,
) -> Iterator[Breakdown]:
    """The effect of each probe with ``units`` set together; which units move it most; and what else that costs.

    A unit's mean is that over all stimuli of the concept and of what it is compared with, and over the places that its
    pooling reads.
    """
    for name in asked.not_asked:
        yield _none(name, f"{name} is not asked in this form")
    changeable = encodings.changeable
    if changeable is None:
        why = "the model is not run here, and its units cannot be changed"
        yield from (_none(plan.probe, why) for plan in asked.plans)
        return
    tower = _Tower((*concept.stimuli, *against.stimuli), encodings, changeable, tuple(layers))
    removed = []
    for plan in asked.plans:
        found = _Found.of(plan, encodings)
        if isinstance(found, Undefined):
            yield _none(plan.probe, found.reason)
            continue
        result = _measured(found, units, tower, seed)
        yield result.states
        yield result.ranked
        removed.append(BreakdownRow(plan.probe, result.removed))
    if removed:
        yield Breakdown(
            title=f"Part that goes away with {_called(units)} at the mean", kind="probe", rows=tuple(removed)
        )
        if asked.names is not None:
            yield _collateral(asked.names, units, against, tower)


@dataclass(frozen=True)
class _Tower:
    """The units of a model as they answer to the stimuli of a probe."""

    stimuli: tuple[Stimulus, ...]
    encodings: Encodings
    changeable: ChangeableUnits
    asked: tuple[str, ...]

    @cached_property
    def _activations(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        values = self.encodings.units(self.stimuli, self.asked).values
        mean, spread = values.mean(axis=0, dtype=np.float64), values.std(axis=0, dtype=np.float64)
        # What is set is every place; the mean of the largest of them would be no mean of theirs.
        twins = (
            f"{name}/{channel}/mean" if pooling == "max" else "" for name, channel, pooling in map(_parts, self.units)
        )
        read = np.array([self.place.get(twin, i) for i, twin in enumerate(twins)])
        return mean[read], spread[read]

    @cached_property
    def units(self) -> tuple[str, ...]:
        return self.encodings.units(self.stimuli[:1], self.asked).units

    @cached_property
    def place(self) -> dict[str, int]:
        return {unit: index for index, unit in enumerate(self.units)}

    @property
    def means(self) -> NDArray[np.float64]:
        """(u,)"""
        return self._activations[0]

    def at_mean(self, units: Sequence[str]) -> UnitChange:
        return UnitChange(tuple(units), tuple(float(self.means[self.place[unit]]) for unit in units))

    @cached_property
    def acted_on(self) -> tuple[str, ...]:
        """(u,) what setting a unit acts on: the mean and the largest of a channel are set by the same change."""
        return tuple(
            f"{name}/{channel}/{'cls' if pooling == 'cls' else 'patches'}"
            for name, channel, pooling in map(_parts, self.units)
        )

    def controls(self, units: Sequence[str], seed: int) -> Controls | Undefined:
        """Sets of other units, matched on layer, log spread and log length of the output weights."""
        with np.errstate(divide="ignore"):
            features = np.log(np.column_stack([self._activations[1], self.changeable.output_norms(self.units)]))
        usable: NDArray[np.bool_] = np.asarray(np.isfinite(features).all(axis=1), dtype=np.bool_)
        layers = np.unique([f"{name} {pooling}" for name, _, pooling in map(_parts, self.units)], return_inverse=True)[
            1
        ]
        taken = {self.acted_on[self.place[unit]] for unit in units}
        free = usable & np.array([each not in taken for each in self.acted_on])
        own = [self.place[unit] for unit in units]
        if not usable[own].all():
            return Undefined(name="p", reason="a unit does not vary, or the model reads it with no weight")
        return matched_controls(np.where(usable[:, None], features, 0.0), layers, own, free, seed=seed)


@dataclass(frozen=True)
class _Found:
    """The effect of one probe, as the model is."""

    probe: str
    effect: Effect
    before: Estimate

    @classmethod
    def of(cls, plan: association.AssociationPlan | zero_shot.ZeroShotPlan, encodings: Encodings) -> _Found | Undefined:
        if plan.unavailable:
            return Undefined(name="change", reason=plan.unavailable.reason)
        effect = plan.effect(encodings)
        if isinstance(effect, Undefined):
            return effect
        (before,) = effect.differences(effect.before[None])
        return before if isinstance(before, Undefined) else cls(plan.probe, effect, before)


@dataclass(frozen=True)
class _Result:
    states: Breakdown
    ranked: Breakdown
    removed: Measured


def _measured(found: _Found, units: Sequence[str], tower: _Tower, seed: int) -> _Result:
    effect, before = found.effect, found.before
    scores = effect.weights @ tower.changeable.attributed(
        effect.stimuli, effect.towards, dict(zip(tower.units, tower.means.tolist(), strict=True))
    )
    alone, top = _to_run(scores, tower)
    controls = tower.controls(units, seed)
    sets = [] if isinstance(controls, Undefined) else [[tower.units[i] for i in row] for row in controls.sets]
    asked = [units, *sets, *([tower.units[i]] for i in alone)]
    values = effect.read(
        tower.changeable.changed(effect.stimuli, [tower.at_mean(each) for each in asked], effect.directions)
    )
    changes = effect.differences(values - effect.before)
    (after,) = effect.differences(values[:1])
    by_chance = np.array([_value(each) for each in changes[1 : 1 + len(sets)]])
    change = against_controls(changes[0], by_chance) if sets else changes[0]
    removed = removed_share(
        before, change, lambda r: effect.differences((values[0] - effect.before + r * effect.before)[None])[0]
    )
    ran = dict(zip(alone, changes[1 + len(sets) :], strict=True))
    rows = [("as the model is", before), (f"{_called(units)} at the mean", after), ("change", change)]
    if isinstance(controls, Undefined):
        rows.append(("change with control units", Undefined(name=before.name, reason=controls.reason)))
    else:
        rows.append((f"change with control units, {len(sets)} sets", control_range(by_chance, before)))
    states = Breakdown(
        title=f"{found.probe}, with {_called(units)} at the mean",
        kind="state",
        rows=tuple(BreakdownRow(name, estimate) for name, estimate in rows),
        note=_told(found, units, change, by_chance, controls),
    )
    ordered = sorted(top, key=lambda i: -abs(_value(ran[i])))
    ranked = Breakdown(
        title=f"Change of {found.probe} with each unit alone at the mean",
        kind="unit",
        rows=tuple(BreakdownRow(tower.units[i], ran[i]) for i in ordered),
        note=_agreement(scores, ran, len(tower.units)),
    )
    return _Result(states, ranked, removed)


def _to_run(scores: NDArray[np.float64], tower: _Tower) -> tuple[list[int], list[int]]:
    """Units that are run alone, and of these the ones that the backward pass puts first; one of each change."""
    finite = np.flatnonzero(np.isfinite(scores))
    order = finite[np.argsort(-np.abs(scores[finite]), kind="stable")]
    single = list({tower.acted_on[i]: int(i) for i in order[::-1]}.values())[::-1]
    top = single[:TOP]
    spread = [single[i] for i in np.unique(np.linspace(0, len(single) - 1, _SPREAD + TOP, dtype=int))]
    return list(dict.fromkeys((*top, *spread)))[: TOP + _SPREAD], top


def _parts(unit: str) -> tuple[str, str, str]:
    """Layer, channel and pooling of a unit's id."""
    name, channel, pooling = unit.rsplit("/", 2)
    return name, channel, pooling


def _value(estimate: Measured) -> float:
    return estimate.value if isinstance(estimate, Estimate) else float("nan")


def _told(
    found: _Found,
    units: Sequence[str],
    change: Measured,
    by_chance: NDArray[np.float64],
    controls: Controls | Undefined,
) -> str:
    if isinstance(change, Undefined):
        return f"With {_called(units)} at the mean, the change is undefined: {change.reason}."
    # As many digits as tell the change from nothing.
    digits = 3 if change.value == 0 else min(max(3, 1 - math.floor(math.log10(abs(change.value)))), 6)
    told = (
        f"With {_listed(units)} at the mean, {found.effect.what} changes by {change.value:+.{digits}f}, from "
        f"{found.before.value:.{digits}f} to {found.before.value + change.value:.{digits}f}"
    )
    if isinstance(controls, Undefined):
        return f"{told}; there are no control units to hold it against, as {controls.reason}."
    beaten = int(np.count_nonzero(np.abs(by_chance) < abs(change.value) * (1 - 1e-9)))
    spread, weight = controls.imbalance
    return (
        f"{told}. That is more than with {beaten} of {len(by_chance)} control sets; they are of the same layers, and "
        f"differ by {spread:+.2f} standard deviations of log spread and {weight:+.2f} of log output weight on average."
    )


def _agreement(scores: NDArray[np.float64], ran: dict[int, Measured], units: int) -> str:
    pairs = [(scores[i], _value(each)) for i, each in ran.items() if isinstance(each, Estimate)]
    told = (
        f"One backward pass ranked all {units:,} units; these are the {TOP} that it put first, each run exactly. "
        if units > TOP
        else "Each unit run exactly. "
    )
    first, second = np.array(pairs).T if pairs else (np.array([]), np.array([]))
    if len(pairs) < 3 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return told + "Whether the ranking agrees with exact runs cannot be said."
    rho = float(spearmanr(first, second).statistic)
    return (
        f"{told}Over {len(pairs)} units run exactly, from the top to the bottom of that ranking, its rank correlation "
        f"with the exact change is {rho:.2f} (Spearman)."
    )


def _collateral(names: StimulusSet, units: Sequence[str], against: StimulusSet, tower: _Tower) -> Breakdown:
    """How often the model's closest name of a stimulus of the comparison is its own, before and afterwards."""
    title = f"Naming the other stimuli right, with {_called(units)} at the mean"
    classes = class_vectors([names], tower.encodings)
    column = {label: i for i, label in enumerate(names.cluster_labels)}
    label_of = dict(zip(against.clusters, against.cluster_labels, strict=True))
    own = np.array([column[label_of[stimulus.cluster]] for stimulus in against.stimuli])
    before = tower.encodings.embeddings(against.stimuli) @ classes.T
    (after,) = tower.changeable.changed(against.stimuli, [tower.at_mean(units)], classes)
    if not (np.isfinite(before).all() and np.isfinite(after).all()):
        missing = Undefined(name="accuracy", reason="the model gives no finite embedding for some stimuli or names")
        return Breakdown(title=title, kind="state", rows=(BreakdownRow("change", missing),))
    right = [(cosines.argmax(axis=1) == own).astype(np.float64) for cosines in (before, after)]
    clusters = np.unique([stimulus.cluster for stimulus in against.stimuli], return_inverse=True)[1]
    rows = [
        (name, compare([against], each, clusters, 0, test=False).group(against.label))
        for name, each in zip(("as the model is", f"{_called(units)} at the mean"), right, strict=True)
    ]
    rows.append(("change", mean_change(right[0], right[1], clusters, name="accuracy")))
    note = (
        f"What else is lost: how often the closest of {len(column)} names is the right one for stimuli that the units "
        f"were not found for. By chance alone it would be {1 / len(column):.1%}."
    )
    return Breakdown(
        title=title,
        kind="state",
        rows=tuple(BreakdownRow(name, estimate) for name, estimate in rows),
        note=note,
    )


def _none(name: str, reason: str) -> Breakdown:
    row = BreakdownRow("change", Undefined(name="change", reason=reason))
    return Breakdown(title=f"{name}, with units at the mean", kind="state", rows=(row,))


def _called(units: Sequence[str]) -> str:
    return f"unit {units[0]}" if len(units) == 1 else f"{len(units)} units"


def _listed(units: Sequence[str]) -> str:
    return _called(units) if len(units) == 1 else f"the {len(units)} units {', '.join(units)}"
