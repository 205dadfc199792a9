"""The caption words that a unit promotes: those to which a picture's embedding moves when the unit is raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.engine import UnitChange
from audit.records import Breakdown, BreakdownRow, Undefined
from audit.stats import largest_means
from audit.suite import word_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audit.engine import Encodings
    from audit.measures import UnitResponses
    from audit.stimuli import Collector, Stimulus

SHOWN = 12
"""Words shown."""


def captions_of(words: str, collector: Collector) -> tuple[Stimulus, ...]:
    """The words of a list as texts; none for a model that is not run here."""
    return tuple(collector.texts(word_list(words)).values()) if words and collector.draws else ()


def caption_words(
    found: UnitResponses, unit: int, captions: Sequence[Stimulus], encodings: Encodings
) -> Iterator[Breakdown]:
    """Words by the change of a picture's cosine with them, in cosine, when a unit is raised by one standard deviation.

    delta_i = e_i(raised) - e_i, e of unit length, for each stimulus i of the probe; the change for word w is the mean
    over clusters, each the mean of its stimuli, of delta_i . (t_w - mean of t), t the text embeddings of all words.
    What all words have in common is taken away, or every word would be promoted alike. The standard deviation is that
    of the unit's response over the clusters. Source: Goh et al. 2021, who read the text side off the output weights;
    this is the same with all that lies between the unit and the output.
    """
    changeable = encodings.changeable
    if not captions or changeable is None:
        return
    title = f"Caption words that unit {found.units[unit]} promotes most, of {len(captions):,}"
    stimuli = [*found.concept.stimuli, *found.against.stimuli]
    texts = encodings.embeddings(captions)
    usable = np.flatnonzero(np.isfinite(texts).all(axis=1))
    texts = texts[usable] - texts[usable].mean(axis=0)
    spread = float(found.responses[:, unit].std())
    raised = UnitChange((found.units[unit],), (spread,), added=True)
    plain, moved = changeable.changed(stimuli, [UnitChange((), ()), raised], np.eye(texts.shape[1]))
    sides = [0] * len(found.concept.stimuli) + [1] * len(found.against.stimuli)
    names = [f"{side} {stimulus.cluster}" for side, stimulus in zip(sides, stimuli, strict=True)]
    cluster = np.unique(names, return_inverse=True)[1]
    sizes = np.bincount(cluster)
    steps = np.zeros((len(sizes), texts.shape[1]))
    np.add.at(steps, cluster, moved - plain)
    if not np.isfinite(steps).all() or not spread > 0:
        reason = "the unit answers alike to everything" if spread == 0 else "an embedding is missing"
        row = BreakdownRow("every word", Undefined(name="promotion", reason=reason))
        yield Breakdown(title=title, kind="word", rows=(row,))
        return
    best = largest_means((steps / sizes[:, None]) @ texts.T, SHOWN, name="promotion", n=len(stimuli))
    yield Breakdown(
        title=title,
        kind="word",
        rows=tuple(BreakdownRow(captions[usable[index]].content, each) for index, each in best),
        note=(
            f"Change of a picture's cosine with the word, beyond that with the average word, when the unit is raised "
            f"by one standard deviation of its response ({spread:.3g})."
        ),
    )
