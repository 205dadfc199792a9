"""Populations of stimuli that are known whole, and audits of random samples of them, as users make of theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from audit.errors import ModelError
from audit.stimuli import Collector, StimulusSet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from audit.records import ModelInfo
    from audit.stimuli import Stimulus
    from audit.suite import RestOf, Suite


@dataclass(frozen=True)
class Group:
    """All clusters of one group, each shown in every column (art style or font)."""

    whole: StimulusSet
    """One stimulus for every cluster and column."""
    cells: Mapping[tuple[str, str], Stimulus]
    """The stimulus of a cluster and column."""

    @classmethod
    def of(cls, whole: StimulusSet) -> Group:
        """The group of a stimulus set; ModelError unless clusters and columns are fully crossed, a stimulus each."""
        cells = {(stimulus.cluster, stimulus.template): stimulus for stimulus in whole.stimuli}
        if not len(cells) == len(whole.stimuli) == len(whole.clusters) * len(whole.templates):
            raise ModelError(f"{whole.label}: clusters and columns are not fully crossed")
        return cls(whole, cells)

    def drawn(self, clusters: Sequence[int], columns: Sequence[int], first: int = 0) -> StimulusSet:
        """The stimuli of these clusters and columns, by index; every draw is a cluster (column) of its own.

        ``first`` is the number of the first draw, so that two samples of one group share no name.
        """
        names, styles = self.whole.clusters, self.whole.templates
        stimuli = tuple(
            replace(
                self.cells[names[cluster], styles[column]],
                cluster=f"{names[cluster]} #{row}",
                item=f"{names[cluster]} #{row}",
                template=f"{styles[column]} #{place}",
            )
            for row, cluster in enumerate(clusters, start=first)
            for place, column in enumerate(columns)
        )
        return replace(self.whole, stimuli=stimuli)


def united(first: StimulusSet, second: StimulusSet) -> StimulusSet:
    """Both as one set, under the name of the first."""
    return replace(first, stimuli=(*first.stimuli, *second.stimuli))


class Sample(Collector):
    """Collects, for each concept of a suite, the stimuli that were drawn for it."""

    def __init__(self, suite: Suite, info: ModelInfo, drawn: Mapping[str, StimulusSet]) -> None:
        """``drawn`` holds the stimuli by concept; what a concept is compared with stands under its own name."""
        super().__init__(suite, info, None)
        self._drawn = drawn

    def collect(self, concept: str, form: str, **settled: Any) -> StimulusSet:
        """What was drawn; its form, variant, templates and clusters are settled by then."""
        del form, settled
        return self._drawn[concept]

    def collect_against(
        self, against: tuple[str, ...] | RestOf, form: str, concept: StimulusSet, **settled: Any
    ) -> StimulusSet:
        """What was drawn for the comparison; a rest holds nothing of the concept."""
        del form, concept, settled
        return self._drawn[against[0] if isinstance(against, tuple) else against.rest_of]


def with_replacement(generator: np.random.Generator, size: int, draws: int) -> NDArray[np.intp]:
    """(draws,) indices below ``size``, each as likely as any other at every draw."""
    return generator.integers(0, size, draws)
