"""Does a unit read the letters of a drawn word, or its meaning? Words spelled alike, and synonyms of another stem."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audit.measures import cluster_means
from audit.records import Breakdown, BreakdownRow, Estimate, Undefined
from audit.stats import estimate_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.measures import UnitResponses
    from audit.records import Measured
    from audit.stimuli import StimulusSet

CHANCE = 0.5


def lexical_control(
    unit: str,
    words: UnitResponses,
    held: NDArray[np.bool_],
    alike: StimulusSet,
    synonyms: StimulusSet,
    encodings: Encodings,
    *,
    layers: Sequence[str],
    seed: int,
) -> tuple[Breakdown, str]:
    """AUROC of the unit for both lists of words, and one sentence that says what they mean together.

    ``words`` are the responses to drawn words, ``held`` (clusters,) True for those that had no part in naming the
    unit. A unit that reads meaning answers to the synonyms and tells the concept's own words from those spelled alike;
    one that reads letters does neither. Intervals are pointwise.
    """
    responses = words.unit(unit)
    own, rest = responses[held & words.positive], responses[held & ~words.positive]
    like, same = (_responses(unit, each, encodings, layers) for each in (alike, synonyms))

    def against(first: NDArray[np.float32], second: NDArray[np.float32]) -> Measured:
        values = np.concatenate([first, second])
        positive = np.arange(len(values)) < len(first)
        found = estimate_unit(values, positive, np.arange(len(values)), seed=seed, n_items=len(values)).auroc
        if isinstance(found, Undefined):
            return found
        return replace(found, low_simultaneous=None, high_simultaneous=None, p_adjusted=None, mde=None)

    concept = words.concept.label
    apart, alike_there, same_there = against(own, like), against(like, rest), against(same, rest)
    rows = (
        (f"{concept} against {alike.label}", apart),
        (f"{alike.label} against the rest", alike_there),
        (f"{synonyms.label} against the rest", same_there),
    )
    said = _said(concept, alike.label, synonyms.label, against(own, rest), apart, same_there)
    control = Breakdown(
        title="Letters or meaning: drawn words",
        kind="comparison",
        rows=tuple(BreakdownRow(name, measured) for name, measured in rows),
        note=f"{said[:1].upper()}{said[1:]}.",
    )
    return control, said


def _responses(unit: str, shown: StimulusSet, encodings: Encodings, layers: Sequence[str]) -> NDArray[np.float32]:
    found = encodings.units(list(shown.stimuli), layers)
    column = found.values[:, [found.units.index(unit)]]
    means: NDArray[np.float32] = cluster_means(shown, column)[:, 0]
    return means


def _said(concept: str, alike: str, synonyms: str, own: Measured, apart: Measured, same: Measured) -> str:
    """One clause; it claims nothing about a unit that does not answer to the concept's own drawn words."""
    if not _above(own):
        return (
            f"the unit is not shown to answer to drawn words of {concept}, so they cannot say whether it reads letters"
        )
    reads = "" if _above(same) else f", nor shown to answer to {synonyms}"
    if not _above(apart):
        return (
            f"the unit is not shown to tell drawn words of {concept} from {alike}{reads}: the word form may be read by "
            "its letters"
        )
    told = f"the unit tells drawn words of {concept} from {alike}"
    if reads:
        return f"{told}, but is not shown to answer to {synonyms}: it may know these words alone"
    return f"{told} and answers to {synonyms}: it does not read the letters alone"


def _above(measured: Measured) -> bool:
    """Whether the interval lies above chance."""
    return isinstance(measured, Estimate) and measured.low is not None and measured.low > CHANCE
