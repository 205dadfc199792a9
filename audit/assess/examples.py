"""Dataset examples of units over the whole range of their activations, and the words that excite them most.

They show what a unit answers to beyond the comparison that a finding judges; nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from audit.assess.unit_ranges import UnitRanges
from audit.engine import TopK
from audit.stimuli import Unavailable, word_stimulus
from audit.suite import word_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.assess.outcome import Outcome, Shown
    from audit.engine import Encodings
    from audit.measures import UnitResponses
    from audit.records import UnitSummary
    from audit.stimuli import Collector, StimulusSet
    from audit.suite import AbsenceProbe, UnitsProbe

WORDS = 40
"""Words shown of a unit."""
STYLE = "Noto Sans"
"""The font of those words."""


@dataclass(frozen=True)
class Examples:
    """What a probe shows of the units that it reports, in one form."""

    pool: tuple[StimulusSet, ...] = ()
    """Stimuli that are shown beside the probe's own."""
    words: str = ""
    """Name of the list of words; empty when none was asked for, or none can be drawn for this model."""
    notes: tuple[str, ...] = ()
    """What was asked for and cannot be shown."""

    @classmethod
    def collect(
        cls, probe: UnitsProbe | AbsenceProbe, form: str, collector: Collector, shown: Sequence[Shown]
    ) -> Examples:
        """What can be shown on a model. A pool has the styles that the probe's own stimuli have."""
        own = [part.stimuli for part in shown if part.role in ("concept", "against")]
        styles = {stimulus.template for each in own for stimulus in each.stimuli}
        pool, notes = [], []
        for concept in getattr(probe, "pool", ()):
            try:
                found = collector.collect(concept, form, cluster=probe.cluster)
            except Unavailable as why:
                notes.append(f"of the pool, {why.reason}")
                continue
            kept = tuple(stimulus for stimulus in found.stimuli if stimulus.template in styles)
            pool.append(replace(found, stimuli=kept))
        words = getattr(probe, "words", None) or ""
        if words and not collector.draws:
            words = ""
            if not collector.has_top_words:
                notes.append("words are drawn for a model that is run here; this one brings numbers alone")
        return cls(tuple(pool), words, tuple(notes))

    def add(
        self,
        outcome: Outcome,
        found: UnitResponses,
        encodings: Encodings,
        *,
        layers: Sequence[str],
        harm: Sequence[str],
        seed: int,
    ) -> Outcome:
        """The outcome with examples of every unit that it reports; ``harm`` are terms that are marked among words."""
        measurement = outcome.measurement
        if not measurement.units:
            return outcome
        reported = [unit.unit for unit in measurement.units]
        ranges = UnitRanges(found, self.pool, encodings, reported, layers=layers, seed=seed)
        place = {"suite": measurement.suite, "probe": measurement.probe, "form": ",".join(measurement.form)}
        tables: dict[str, Sequence[Mapping[str, Any]]] = dict(outcome.tables)
        for name, rows in (("bins", ranges.bins()), ("items", ranges.items()), ("stimuli", ranges.pooled())):
            tables[name] = [*tables.get(name, ()), *({**place, **row} for row in rows)]
        units, how = measurement.units, [measurement.how, ranges.how]
        if self.words:
            units, told = self._worded(units, encodings, harm)
            how.append(told)
        return replace(
            outcome,
            measurement=replace(
                measurement,
                units=units,
                how=" ".join(filter(None, how)),
                warnings=(*measurement.warnings, *self.notes),
            ),
            tables=tables,
            figures={**outcome.figures, **dict(ranges.pictures())},
        )

    def _worded(
        self, units: tuple[UnitSummary, ...], encodings: Encodings, harm: Sequence[str]
    ) -> tuple[tuple[UnitSummary, ...], str]:
        """The units with the words that excite each most, and how they were found."""
        words = word_list(self.words)
        drawn = [stimulus for word in words if (stimulus := word_stimulus(word, STYLE))]
        content = {stimulus.key: stimulus.content for stimulus in drawn}
        top, marked = TopK(len(units), WORDS), {term.casefold() for term in harm}
        encodings.scan(drawn, [unit.unit for unit in units], [top])
        lacking = len(words) - len(drawn)
        told = (
            f"Words: those of {len(content):,} {self.words.capitalize()} words, each drawn once in {STYLE}, whose "
            f"picture excites the unit most{f'; {lacking:,} cannot be drawn' if lacking else ''}."
        )
        best = [[content[seen.key] for seen in top.of(i)] for i in range(len(units))]
        return tuple(
            replace(unit, words=tuple((word, word.casefold() in marked) for word in some))
            for unit, some in zip(units, best, strict=True)
        ), told
