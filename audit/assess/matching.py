"""Matched targets: the stimuli of X and Y that have a counterpart, and those that have none, counted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from audit.assess.framing import named
from audit.records import Exclusion
from audit.stats import LEAST_PAIRS
from audit.suite import BY_POSITION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.stimuli import Stimulus, StimulusSet

_SHOWN_NAMES = 20


def matched(x: StimulusSet, y: StimulusSet, block: str) -> tuple[StimulusSet, StimulusSet]:
    """X and Y without the stimuli whose block is empty, or has nothing on the other side; those are excluded by name.

    A block of two places in lists is named by the two terms, whichever is x, so that it is the same pair everywhere.
    """
    if block == BY_POSITION:
        x, y = _named_by_terms(x, y)
    both = ({s.block for s in x.stimuli} & {s.block for s in y.stimuli}) - {""}
    return _kept(x, y, both, block), _kept(y, x, both, block)


def pairing_problem(x: StimulusSet, y: StimulusSet, block: str) -> str | None:
    """Why matched sets cannot be compared pair by pair, as a plain clause, or None when they can.

    Pairs are flipped independently of each other, so a cluster that lies in several blocks would be flipped against
    itself.
    """
    pairs = len({s.block for s in x.stimuli})
    if pairs < LEAST_PAIRS:
        noun = "pair" if block == BY_POSITION else block
        return f"{pairs or 'no'} {noun} has both {x.label} and {y.label}, and at least {LEAST_PAIRS} are needed"
    blocks: dict[str, set[str]] = defaultdict(set)
    for stimulus in (*x.stimuli, *y.stimuli):
        blocks[stimulus.cluster].add(stimulus.block)
    spread = [cluster for cluster, own in blocks.items() if len(own) > 1]
    if spread:
        return named(f"pairs within {block} are not independent, since some clusters lie in several:", spread)
    return None


def _kept(own: StimulusSet, other: StimulusSet, both: set[str], block: str) -> StimulusSet:
    kept = tuple(stimulus for stimulus in own.stimuli if stimulus.block in both)
    return replace(own, stimuli=kept, excluded=(*own.excluded, *_exclusions(own, other, both, block)))


def _exclusions(own: StimulusSet, other: StimulusSet, both: set[str], block: str) -> Iterator[Exclusion]:
    what = "position" if block == BY_POSITION else block
    without = [s for s in own.stimuli if not s.block]
    alone = [s for s in own.stimuli if s.block and s.block not in both]
    unmatched = f"there is none of the same {what} among {other.label}"
    for left_out, reason in ((without, f"they have no {what}"), (alone, unmatched)):
        clusters = {s.cluster: s.label for s in reversed(left_out)}
        if clusters:
            names = tuple(reversed(clusters.values()))[:_SHOWN_NAMES]
            yield Exclusion(own.label, len(clusters), reason, names)


def _named_by_terms(x: StimulusSet, y: StimulusSet) -> tuple[StimulusSet, StimulusSet]:
    terms: dict[str, set[str]] = defaultdict(set)
    for stimulus in (*x.stimuli, *y.stimuli):
        terms[stimulus.block].add(stimulus.label)
    names = {place: " / ".join(sorted(each)) for place, each in terms.items()}

    def renamed(stimuli: tuple[Stimulus, ...]) -> tuple[Stimulus, ...]:
        return tuple(replace(stimulus, block=names[stimulus.block]) for stimulus in stimuli)

    return replace(x, stimuli=renamed(x.stimuli)), replace(y, stimuli=renamed(y.stimuli))
