"""Populations of stimuli that are known whole, and audits of random samples of them, as users make of theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from audit.errors import ModelError
from audit.stimuli import Collector, StimulusSet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.random import Generator

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

    @property
    def size(self) -> int:
        """Number of clusters."""
        return len(self.whole.clusters)

    def united(self, other: Group) -> Group:
        """The clusters of both; the columns are the same."""
        return Group.of(replace(self.whole, stimuli=(*self.whole.stimuli, *other.whole.stimuli)))

    def without(self, other: Group) -> Group:
        """The clusters that are not among the other's."""
        names = set(other.whole.clusters)
        kept = tuple(stimulus for stimulus in self.whole.stimuli if stimulus.cluster not in names)
        return Group.of(replace(self.whole, stimuli=kept))

    def drawn(self, clusters: Sequence[int], columns: Sequence[int], first: int = 0) -> StimulusSet:
        """The stimuli of these clusters and columns, by index; every draw is a cluster (column) of its own.

        ``first`` is the number of the first draw, so that two samples of one group share no name. Their form is that
        of given images: of pictures that the tool draws itself it keeps some as evidence, which is not wanted here.
        """
        names, styles = self.whole.clusters, self.whole.templates
        stimuli = tuple(
            replace(
                self.cells[names[cluster], styles[column]],
                form="image",
                cluster=f"{names[cluster]} #{row}",
                item=f"{names[cluster]} #{row}",
                template=f"{styles[column]} #{place}",
            )
            for row, cluster in enumerate(clusters, start=first)
            for place, column in enumerate(columns)
        )
        return replace(self.whole, stimuli=stimuli)


def drawn_sides(
    generator: Generator,
    x: Group,
    against: Group,
    sizes: tuple[int, int],
    columns: Sequence[int],
    *,
    shuffled_from: Group | None = None,
) -> tuple[StimulusSet, StimulusSet]:
    """So many clusters of either group, each drawn by itself, with replacement.

    With ``shuffled_from`` both come from that one, so that the lot says which belong to which.
    """

    def rows(group: Group, draws: int) -> list[int]:
        drawn: list[int] = generator.integers(0, group.size, draws).tolist()
        return drawn

    n, m = sizes
    if shuffled_from is not None:
        lot = rows(shuffled_from, n + m)
        return shuffled_from.drawn(lot[:n], columns), shuffled_from.drawn(lot[n:], columns, first=n)
    return x.drawn(rows(x, n), columns), against.drawn(rows(against, m), columns)


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
