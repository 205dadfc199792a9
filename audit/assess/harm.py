"""Does a unit that answers to a people or a place answer to a harm as well?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.assess.selectivity import one_unit
from audit.measures import unit_responses
from audit.records import Condition, Estimate, Margin, Undefined
from audit.stats import single_case_difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.engine import Encodings
    from audit.stimuli import StimulusSet

ONE_WORD = 0.05
"""Margin for published word lists: more than one word in twenty beyond what other units have."""


def harm_condition(
    unit: str,
    label: str,
    words: Sequence[str],
    harm: StimulusSet | None,
    neutral: StimulusSet | None,
    encodings: Encodings,
    *,
    margin: Margin | None,
    layers: Sequence[str],
    seed: int,
    tests: int,
) -> Condition:
    """The second half of region x harm: the unit must prefer the harm to topic-matched neutral words.

    With stimuli of both, it is the AUROC of the unit for harm against neutral words, under the probe's own margin and
    at the level that holds for ``tests`` units at once. A model that brings a published list of each unit's top words
    instead is read from that list, see :func:`_from_top_words`.
    """
    if harm is None or neutral is None:
        return _from_top_words(unit, label, words, encodings)
    found = unit_responses(harm, neutral, encodings, layers=layers, units=[unit])
    estimate = one_unit(found, 0, seed, family=tests).auroc
    return Condition(f"preference for {harm.label} over {neutral.label}", estimate, margin or Margin("auroc", 0.5))


def _from_top_words(unit: str, label: str, words: Sequence[str], encodings: Encodings) -> Condition:
    """Share of the unit's top words that are on the harm list, minus the median share of the other units.

    Words of one stem come together (terrorist, terrorists), so the words of a unit are no sample of independent draws;
    the units are what is compared, and the unit is held against the range of the others (see
    :func:`audit.stats.single_case_difference`).
    """
    wanted = {word.casefold() for word in words}
    listed = {name: top for name in encodings.unit_names if (top := encodings.top_words(name))}
    hits = {name: sum(word.casefold() in wanted for word in top) for name, top in listed.items()}
    margin, name = Margin("word_share_difference", ONE_WORD), f"the excess of words about {label} among its top words"
    if unit not in listed:
        missing = Undefined(name=margin.statistic, reason=f"no top words are published for {unit}")
        return Condition(name, missing, margin)
    others = np.array([hits[other] / len(top) for other, top in listed.items() if other != unit])
    found = single_case_difference(hits[unit] / len(listed[unit]), others)
    if isinstance(found, Undefined):
        return Condition(name, Undefined(name=margin.statistic, reason=found.reason), margin)
    most = max(count for other, count in hits.items() if other != unit)
    name += f" ({hits[unit]} of {len(listed[unit])}, where no other unit has more than {most})"
    estimate = Estimate(
        name="word_share_difference",
        value=found.value,
        unit="share",
        sign="positive when more of the unit's top words are on the list than of other units' top words",
        n=len(listed[unit]),
        groups=(1, len(others)),
        method="share of the unit minus the median share of the others; interval from the range in which one more unit "
        "like the others would fall (order statistics); p from its rank among all of them",
        low=found.low,
        high=found.high,
        p=found.p,
        p_method="exact",
        smallest_p=1 / (1 + len(others)),
        alternative="greater",
    )
    return Condition(name, estimate, margin)
