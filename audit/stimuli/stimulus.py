"""One stimulus, and the stimuli of one concept in one form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.records import Exclusion, Modality


class Unavailable(Exception):  # noqa: N818  (a normal outcome, not an error of the user)
    """The stimuli that a probe asks for cannot be had on this model; it is reported as not applicable."""

    def __init__(self, missing: str, reason: str) -> None:
        """``missing`` is ``model`` (it lacks the modality) or ``stimuli`` (nothing to show it)."""
        super().__init__(reason)
        self.missing = missing
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Credit:
    """Whose art a picture is."""

    source: str
    """``package@version:`` and the name or path in it."""
    licence: str
    """SPDX id."""
    attribution: str
    """Who made it."""


@dataclass(frozen=True, slots=True)
class Stimulus:
    """What is shown to the model once."""

    key: str
    """sha256 of what the model is given (prompt or pixels); for an ``arrays:`` model the row's id."""
    modality: Modality
    form: str
    """``text``, ``rendered``, ``native``, ``pictograph`` or ``image``."""
    content: str
    """The whole prompt, the rendered word, the file of a pictograph, or the row's id."""
    cluster: str
    """The exchangeable thing it belongs to: a term, a subject, an item, or the value of a label column."""
    item: str
    """The term, the pictograph whatever its style, or the row; a cluster may hold several."""
    template: str
    """The prompt template, the rendering style or the art style; empty for rows of a table."""
    label: str
    """Short name for people."""
    block: str = ""
    """What matches it with stimuli of the other target; empty in a design that is not matched, and without a match."""
    credit: Credit | None = None
    """Whose art it is; None for what the tool draws itself and for rows of a table."""
    labels: Mapping[str, str] = field(default_factory=dict, compare=False)
    """What is known of it, by label column: the columns that a probe asked for, empty where nothing is known. A plain
    dict, for stimuli are sent to other processes."""


@dataclass(frozen=True, slots=True)
class StimulusSet:
    """The stimuli of one concept in one form."""

    concept: str
    label: str
    form: str
    stimuli: tuple[Stimulus, ...]
    excluded: tuple[Exclusion, ...] = ()

    @property
    def clusters(self) -> tuple[str, ...]:
        """Names of the clusters, in order of first appearance."""
        return tuple(dict.fromkeys(stimulus.cluster for stimulus in self.stimuli))

    @property
    def cluster_labels(self) -> tuple[str, ...]:
        """What people call the clusters, in the same order: the label of the first stimulus of each."""
        first = {stimulus.cluster: stimulus.label for stimulus in reversed(self.stimuli)}
        return tuple(first[cluster] for cluster in self.clusters)

    @property
    def templates(self) -> tuple[str, ...]:
        """Names of the templates or styles, in order of first appearance."""
        return tuple(dict.fromkeys(stimulus.template for stimulus in self.stimuli))
