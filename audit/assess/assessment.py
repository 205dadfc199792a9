"""All probes of the suites that run on one model: planned together, encoded once, measured, corrected by family."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from audit.assess import (
    association,
    counterfactual,
    hypodescent,
    markedness,
    multimodality,
    retrieval,
    self_similarity,
    single_category,
    typographic,
    units,
    visualize,
    zero_shot,
)
from audit.assess.family import correct
from audit.assess.framing import frame
from audit.assess.outcome import Outcome
from audit.assess.tables import estimate_rows, stimulus_rows
from audit.engine import LiveEncodings
from audit.records import Undefined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from audit.assess.outcome import Plan
    from audit.engine import Encodings, Progress
    from audit.records import Measurement
    from audit.stimuli import Collector
    from audit.suite import Suite


_PLANS: Mapping[str, Callable[[Suite, Any, Collector], Sequence[Plan[Any]]]] = MappingProxyType(
    {
        "association": association.plan,
        "single-category": single_category.plan,
        "classification": zero_shot.plan,
        "performance": zero_shot.plan,
        "retrieval": retrieval.plan,
        "counterfactual": counterfactual.plan,
        "markedness": markedness.plan,
        "self-similarity": self_similarity.plan,
        "hypodescent": hypodescent.plan,
        "typographic": typographic.plan,
        "units": units.plan,
        "multimodality": multimodality.plan,
        "absence": units.plan,
        "visualize": visualize.plan,
    }
)
"""How the probes of each measure are planned."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """What measuring gave, ready to be judged and written."""

    measurements: tuple[Measurement, ...]
    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    """Rows of each table of the run directory."""
    figures: Mapping[str, bytes] = field(default_factory=dict)
    """Pictures that serve as evidence, PNG by file name."""


class Assessment:
    """The probes of some suites on one model."""

    def __init__(
        self, suites: Sequence[Suite], collectors: Mapping[str, Collector], encodings: Encodings, seed: int
    ) -> None:
        """Plan every probe: which stimuli it needs, or why they cannot be had."""
        self._encodings = encodings
        self._seed = seed
        self._plans: list[Plan[Any]] = []
        for suite in suites:
            for probe in suite.probes:
                self._plans += _PLANS[probe.measure](suite, probe, collectors[suite.suite])

    @cached_property
    def _refused(self) -> tuple[str, ...]:
        return tuple("" if plan.unavailable else plan.refused(self._encodings) for plan in self._plans)

    def prepare(self) -> None:
        """Encode everything that any probe will ask for, in one pass over the model."""
        if not isinstance(self._encodings, LiveEncodings):
            return
        # Units first: their pass gives the embeddings of their pictures too, which an association may show as well.
        plans = [plan for plan, refused in zip(self._plans, self._refused, strict=True) if not refused]
        for layers in sorted(dict.fromkeys(plan.layers for plan in plans), key=lambda layers: layers is None):
            wanted = [stimulus for plan in plans if plan.layers == layers for stimulus in plan.stimuli]
            self._encodings.prepare(wanted, layers)

    def measure(self, progress: Progress) -> Assessed:
        """Measure every plan, then correct over each family what its members claim."""
        outcomes: list[Outcome] = []
        for done, (plan, refused) in enumerate(zip(self._plans, self._refused, strict=True), start=1):
            measured = _error(plan, refused, self._encodings) if refused else plan.measure(self._encodings, self._seed)
            outcomes.append(measured)
            progress(f"questions to {self._encodings.info.name}", done, len(self._plans))
        outcomes = correct(outcomes, self._seed)
        tables: dict[str, list[Mapping[str, Any]]] = {
            "stimuli": [row for plan in self._plans for row in stimulus_rows(plan)],
            "estimates": [row for outcome in outcomes for row in estimate_rows(outcome)],
        }
        figures: dict[str, bytes] = {}
        for outcome in outcomes:
            figures |= outcome.figures
            for name, rows in outcome.tables.items():
                tables.setdefault(name, []).extend(rows)
        return Assessed(tuple(outcome.measurement for outcome in outcomes), tables, figures)


def _error(plan: Plan[Any], why: str, encodings: Encodings) -> Outcome:
    framed = frame(plan.of, plan.asked, plan.form, encodings.info, plan.shown)
    return Outcome(replace(framed, estimates=(Undefined(name="unit", reason=why),)))
