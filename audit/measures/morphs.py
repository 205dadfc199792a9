"""Morphs between two faces: how much closer each lies to the word for one parent than to that for the other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.measures.zero_shot import zero_shot
from audit.records import Exclusion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.stimuli import Stimulus, StimulusSet

_SHOWN_NAMES = 20
_SAME = 1e-9
"""Steps closer than this are the same one."""


@dataclass(frozen=True)
class MorphRows:
    """The morphs of which the series and the step are known."""

    stimuli: tuple[Stimulus, ...]
    series: tuple[str, ...]
    mixing: NDArray[np.float64]
    """(n,) the minority parent's part, 0 to 1."""
    ahead: NDArray[np.float64]
    """(n,) cosine with the closest word for the minority, minus that with the closest one for the majority."""
    unknown: tuple[str, ...]
    """Items of which the series is not known, or the step is no number."""
    beyond: tuple[str, ...]
    """Steps outside 0 to 1, as they are written."""

    def at(self, step: float) -> NDArray[np.bool_]:
        """(n,) True for the morphs of a step."""
        return np.asarray(np.abs(self.mixing - step) < _SAME, dtype=np.bool_)

    @property
    def steps(self) -> tuple[float, ...]:
        """All steps, from the majority parent to the minority one."""
        return tuple(np.unique(np.round(self.mixing, 9)).tolist())

    @property
    def steps_named(self) -> tuple[str, ...]:
        """The same as text."""
        return tuple(f"{step:g}" for step in self.steps)

    @property
    def spread(self) -> tuple[str, ...]:
        """Series that lie in several clusters."""
        clusters: dict[str, set[str]] = {}
        for name, stimulus in zip(self.series, self.stimuli, strict=True):
            clusters.setdefault(name, set()).add(stimulus.cluster)
        return tuple(name for name, own in clusters.items() if len(own) > 1)

    def excluded(self, step: float) -> Iterator[Exclusion]:
        """Morphs that cannot be placed, and series that have none at a step."""
        if self.unknown:
            why = "their series is not known, or their step is no number"
            yield Exclusion("morphs", len(self.unknown), why, self.unknown[:_SHOWN_NAMES])
        there = {name for name, keep in zip(self.series, self.at(step), strict=True) if keep}
        without = [name for name in dict.fromkeys(self.series) if name not in there]
        if without:
            yield Exclusion("series", len(without), f"they have no morph at {step:g}", tuple(without[:_SHOWN_NAMES]))


def morphs(
    shown: StimulusSet,
    minority: StimulusSet,
    majority: StimulusSet,
    series: str,
    mixing: str,
    encodings: Encodings,
    *,
    template: str | None = None,
) -> MorphRows:
    """Every morph's cosine with the minority's words minus that with the majority's.

    ``series`` and ``mixing`` are label columns. A word is the mean of its prompts, as in ``zero_shot``, and of several
    words the closest counts. Positive: closer to the minority's. Source: Wolfe, Banaji & Caliskan 2022.
    """
    cosines = zero_shot((shown,), (minority, majority), encodings, template=template)
    of_minority = cosines.concept == 0
    ahead = cosines.cosines[:, of_minority].max(axis=1) - cosines.cosines[:, ~of_minority].max(axis=1)
    kept, steps, unknown, beyond = [], [], [], []
    for index, stimulus in enumerate(shown.stimuli):
        step = _number(stimulus.labels[mixing])
        if step is None or not stimulus.labels[series]:
            unknown.append(stimulus.item)
        elif not 0 <= step <= 1:
            beyond.append(stimulus.labels[mixing])
        else:
            kept.append(index)
            steps.append(step)
    stimuli = tuple(shown.stimuli[i] for i in kept)
    return MorphRows(
        stimuli=stimuli,
        series=tuple(stimulus.labels[series] for stimulus in stimuli),
        mixing=np.array(steps, dtype=np.float64),
        ahead=ahead[np.array(kept, dtype=np.intp)],
        unknown=tuple(unknown),
        beyond=tuple(beyond),
    )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
