"""Pictures of units: made from several seeds, held against the natural stimuli, all of them shown."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from audit.assess import multimodality, units
from audit.assess.framing import frame, named, unavailable
from audit.assess.outcome import Outcome, Plan, Shown
from audit.assess.unit_readings import unknown_units
from audit.encoders import Recipe
from audit.engine import FacetStimuli, Visualization
from audit.records import Breakdown, BreakdownRow, Estimate, Exhibit, Labels, Measured, Undefined, UnitSummary
from audit.stimuli import StimulusSet, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from audit.assess.multimodality import MultimodalityPlan
    from audit.assess.units import UnitsPlan
    from audit.engine import Encodings
    from audit.stimuli import Collector, Stimulus
    from audit.suite import Suite, VisualizeProbe

    _Naming = UnitsPlan | MultimodalityPlan

PERCENTILE = "percentile"
SUCCESS = 0.999
"""Share of natural stimuli that a picture has to excite its unit more than; one below it failed."""
_NEEDED = round(1 / (1 - SUCCESS))
"""So many natural stimuli it takes to tell that share from 1."""
_PLANS: Mapping[str, Callable[[Suite, Any, Collector], Sequence[_Naming]]] = MappingProxyType(
    {"units": units.plan, "multimodality": multimodality.plan}
)
"""How the probes that name units are planned."""
_SIGN = "share of natural stimuli that excite the unit less than the picture does"


def plan(suite: Suite, probe: VisualizeProbe, collector: Collector) -> list[VisualizePlan]:
    """One plan a form, or one for each of the units probe that it follows; see :class:`VisualizePlan`."""
    if probe.of is None:
        forms = probe.forms or collector.default_picture_forms(probe.among[0])
        return [VisualizePlan.collect(suite, probe, (form,), _among(probe, form, collector)) for form in forms]
    asked = suite.probe(probe.of)
    followed: Sequence[_Naming] = _PLANS[asked.measure](suite, asked, collector)
    return [
        replace(VisualizePlan.collect(suite, probe, each.form, _of(probe, each, collector)), followed=each)
        for each in followed
    ]


def _among(probe: VisualizeProbe, form: str, collector: Collector) -> Iterator[Shown]:
    _require_model(collector)
    sets = [collector.collect(name, form, cluster=probe.cluster) for name in probe.among]
    yield Shown("natural", "", _joined(sets))
    yield from _facet(probe, form, collector)


def _of(probe: VisualizeProbe, followed: _Naming, collector: Collector) -> Iterator[Shown]:
    _require_model(collector)
    if followed.unavailable:
        raise followed.unavailable
    sets = [part.stimuli for part in followed.shown if part.role in ("concept", "against") and not part.variant]
    yield Shown("natural", "", _joined(sets))
    yield from _facet(probe, followed.form[0], collector)


def _require_model(collector: Collector) -> None:
    if not collector.draws:
        raise Unavailable("model", "a picture of a unit needs the model itself, and only its numbers are here")
    collector.require_units()


def _facet(probe: VisualizeProbe, form: str, collector: Collector) -> Iterator[Shown]:
    if probe.facet:
        yield Shown("facet", "", collector.collect(probe.facet.concept, probe.facet.form or form))


def _joined(sets: Sequence[StimulusSet]) -> StimulusSet:
    """All stimuli of some sets, each once."""
    unique = {stimulus.key: stimulus for each in sets for stimulus in each.stimuli}
    *most, last = dict.fromkeys(each.label for each in sets)
    label = f"{', '.join(most)} and {last}" if most else last
    excluded = tuple(exclusion for each in sets for exclusion in each.excluded)
    return StimulusSet("+".join(each.concept for each in sets), label, sets[0].form, tuple(unique.values()), excluded)


@dataclass(frozen=True)
class VisualizePlan(Plan["VisualizeProbe"]):
    """One probe for pictures of units, with the natural stimuli in one form."""

    followed: _Naming | None = None
    """The plan, in the same form or forms, that names the units; None when they are named by hand."""

    @property
    def layers(self) -> tuple[str, ...] | None:
        """Names of the layers whose units it may visualize; empty for the default ones."""
        return self.followed.layers if self.followed else ()

    def _set(self, role: str) -> StimulusSet | None:
        return next((part.stimuli for part in self.shown if part.role == role), None)

    def refused(self, encodings: Encodings) -> str:
        """Which of the units that it names, or the probe that it follows, the model does not have."""
        if self.followed is not None:
            return self.followed.refused(encodings)
        return unknown_units(encodings, self.stimuli, units=self.asked.units)

    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """The pictures, and the share of natural stimuli that excite the unit less than the worst of them."""
        framed = frame(self.of, self.asked, self.form, encodings.info, self.shown)
        pictures, natural = encodings.visualizations, self._set("natural")
        if self.unavailable:
            return Outcome(unavailable(framed, self.unavailable))
        if pictures is None:
            return Outcome(unavailable(framed, Unavailable("model", f"{encodings.info.name} cannot be differentiated")))
        assert natural is not None
        framed = replace(framed, labels=Labels(natural.label))
        chosen = self._units(encodings, seed)
        if isinstance(chosen, Undefined):
            return Outcome(replace(framed, estimates=(chosen,)))
        activations = encodings.units(natural.stimuli, self.layers or ())
        places = [activations.units.index(unit) for unit in chosen]
        facet = self._facet(natural.stimuli)
        if isinstance(facet, Undefined):
            return Outcome(replace(framed, estimates=(facet,)))
        bad = np.flatnonzero(~np.isfinite(activations.values[:, places]).all(axis=1))
        if len(bad):
            reason = named("the model gives no finite activation for", [natural.stimuli[i].label for i in bad])
            return Outcome(replace(framed, estimates=(Undefined(name=PERCENTILE, reason=reason),)))
        seeds = range(seed, seed + self.asked.seeds)
        made = pictures.of(chosen, Recipe(steps=self.asked.steps), seeds, facet)
        found = [
            _Pictured(unit, activations.layers[place], natural, activations.values[:, place], seeds, made[unit])
            for unit, place in zip(chosen, places, strict=True)
        ]
        measurement = replace(
            framed,
            estimates=(_worst(found),),
            breakdowns=tuple(_breakdowns(found)),
            units=tuple(each.summary() for each in found),
            warnings=tuple(_warnings(found, len(natural.stimuli))),
            how=self._how(),
        )
        return Outcome(measurement, figures=dict(figure for each in found for figure in each.figures()))

    def _units(self, encodings: Encodings, seed: int) -> tuple[str, ...] | Undefined:
        """The units named by hand, or those that the units probe confirms, or its best."""
        if self.followed is None:
            return self.asked.units
        measured = self.followed.measure(encodings, seed).measurement
        if not measured.units:
            (first, *_) = measured.estimates
            why = f": {first.reason}" if isinstance(first, Undefined) else ""
            return Undefined(name=PERCENTILE, reason=f"the probe {self.asked.of} names no unit{why}")
        return tuple(unit.unit for unit in measured.units[: self.asked.most])

    def _facet(self, natural: Sequence[Stimulus]) -> FacetStimuli | Undefined | None:
        members = self._set("facet")
        if members is None:
            return None
        own = {stimulus.key for stimulus in members.stimuli}
        others = tuple(stimulus for stimulus in natural if stimulus.key not in own)
        if not others:
            reason = f"all natural stimuli belong to the facet {members.label}, so that nothing is left to tell it from"
            return Undefined(name=PERCENTILE, reason=reason)
        return FacetStimuli(members.stimuli, others)

    def _how(self) -> str:
        facet = self._set("facet")
        drawn = f", drawn towards {facet.label} by a linear probe in a layer below the unit" if facet else ""
        return (
            f"Pictures made by climbing the activation of a unit in {self.asked.steps} steps of Adam{drawn}, from a "
            "spectrum of decorrelated colours, moved, scaled and turned by chance at every step (Olah et al. 2017). "
            "The finished picture is stored with 8 bits a colour and shown to the model like any other; what the unit "
            f"then gives is compared with what it gives for natural stimuli. A picture fails below {100 * SUCCESS:g} % "
            "of them. Pictures illustrate what excites a unit; the stimuli that it answers to are the evidence."
        )


@dataclass(frozen=True)
class _Pictured:
    """One unit with its pictures and with what it gives for natural stimuli."""

    unit: str
    layer: str
    natural: StimulusSet
    activations: NDArray[np.float32]
    """(n,)"""
    seeds: Sequence[int]
    made: Sequence[Visualization | Undefined]

    def percentiles(self) -> list[Measured]:
        """Of each picture, the share of natural stimuli below it."""
        return [each if isinstance(each, Undefined) else self._percentile(each) for each in self._renamed()]

    def _renamed(self) -> Iterator[Visualization | Undefined]:
        for each in self.made:
            yield replace(each, name=PERCENTILE) if isinstance(each, Undefined) else each

    def _percentile(self, made: Visualization) -> Estimate:
        return Estimate(
            name=PERCENTILE,
            value=float(np.mean(self.activations < made.activation)),
            unit="share",
            sign=_SIGN,
            n=len(self.activations),
            groups=(len(self.natural.clusters),),
            method="share of the natural stimuli that were shown; no interval, as no others are spoken for",
            alternative="greater",
        )

    def activation_rows(self) -> Iterator[BreakdownRow]:
        """What the unit gives for each picture, and for natural stimuli."""
        for seed, made in zip(self.seeds, self.made, strict=True):
            yield BreakdownRow(
                f"seed {seed}", made if isinstance(made, Undefined) else self._activation(made.activation)
            )
        highest = int(self.activations.argmax())
        label = self.natural.stimuli[highest].label
        yield BreakdownRow(f"highest natural stimulus: {label}", self._activation(float(self.activations[highest])))
        yield BreakdownRow("median natural stimulus", self._activation(float(np.median(self.activations))))

    def _activation(self, value: float) -> Estimate:
        return Estimate(
            name="activation",
            value=value,
            unit="activation",
            sign="a larger one excites the unit more",
            n=1,
            groups=(1,),
            method="in the model's own scale; no interval, as it is one number",
        )

    def pictures(self) -> Iterator[tuple[Exhibit, bytes]]:
        """The pictures that there are, with their percentile, as PNG."""
        for seed, made, share in zip(self.seeds, self.made, self.percentiles(), strict=True):
            if isinstance(made, Visualization) and isinstance(share, Estimate):
                failed = ", failed" if share.value < SUCCESS else ""
                sink = BytesIO()
                Image.fromarray(made.pixels).save(sink, format="PNG", optimize=True)
                name = f"unit-{hashlib.sha256(sink.getvalue()).hexdigest()[:16]}.png"
                yield Exhibit(f"seed {seed}{failed}", "", share.value, f"figures/{name}"), sink.getvalue()

    def figures(self) -> Iterator[tuple[str, bytes]]:
        """Pictures by file name."""
        for exhibit, data in self.pictures():
            assert exhibit.picture is not None
            yield exhibit.picture.removeprefix("figures/"), data

    def summary(self) -> UnitSummary:
        """The unit with its pictures and the worst of their percentiles."""
        return UnitSummary(self.unit, self.layer, (_worst([self]),), pictures=tuple(e for e, _ in self.pictures()))


def _worst(found: Sequence[_Pictured]) -> Measured:
    """The smallest percentile of all pictures that there are."""
    shares = [share for each in found for share in each.percentiles()]
    computed = [share for share in shares if isinstance(share, Estimate)]
    if not computed:
        return shares[0]
    worst = min(computed, key=lambda share: share.value)
    return replace(worst, method=f"the worst of {len(computed)}: {worst.method}") if len(computed) > 1 else worst


def _breakdowns(found: Sequence[_Pictured]) -> Iterator[Breakdown]:
    rows = [
        BreakdownRow(f"{each.unit}, seed {seed}" if len(found) > 1 else f"seed {seed}", share)
        for each in found
        for seed, share in zip(each.seeds, each.percentiles(), strict=True)
    ]
    yield Breakdown(title="Share of natural stimuli below each picture", kind="picture", rows=tuple(rows))
    for each in found:
        yield Breakdown(title=f"Activation of {each.unit}", kind="picture", rows=tuple(each.activation_rows()))


def _warnings(found: Sequence[_Pictured], natural: int) -> Iterator[str]:
    for each in found:
        failed = [e.label.removesuffix(", failed") for e, _ in each.pictures() if e.label.endswith(", failed")]
        if failed:
            yield (
                f"of the pictures of {each.unit}, {', '.join(failed)} failed: natural stimuli excite the unit as much "
                "or more"
            )
        lacking = [f"seed {s}" for s, made in zip(each.seeds, each.made, strict=True) if isinstance(made, Undefined)]
        if lacking:
            yield f"there is no picture of {each.unit} from {', '.join(lacking)}: its activation was no finite number"
        told = [m.facet_accuracy for m in each.made if isinstance(m, Visualization) and m.facet_accuracy is not None]
        if told:
            share = f"{100 * told[0]:.0f} % of held-out pictures"
            yield f"the facet's probe in a layer below {each.unit} tells {share}; one half is chance"
    if natural < _NEEDED:
        yield (
            f"with {natural} natural stimuli, above all of them is the most that can be said of a picture; "
            f"{100 * SUCCESS:g} % takes {_NEEDED:,} or more"
        )
