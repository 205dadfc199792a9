"""What people who saw nothing but the stimuli called them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShownStimulus:
    """One stimulus of a labelling sheet, as the table of items names it."""

    form: str
    stimulus: str
    """The drawn word, the file of the pictograph, or the row's id."""
    template: str
    """The style that it is drawn in."""


@dataclass(frozen=True, slots=True)
class GivenLabel:
    """What one rater called one stimulus."""

    rater: str
    shown: ShownStimulus
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelShare:
    """How often one rater gave one label in one bin of a unit's range."""

    suite: str
    probe: str
    form: str
    unit: str
    rater: str
    bin: int
    """1 for the most inhibitory activations; see the table ``bins``."""
    label: str
    count: int
    """Stimuli of the bin's sample that got the label."""
    n: int
    """Stimuli of the bin's sample that got any."""
    share: float
    low: float
    """Lower end of Wilson's interval of the share."""
    high: float
    recall: float
    """Share of all that would be called so which lies in this bin: ``share`` weighted with all stimuli of the bin."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two raters agree on what both labelled."""

    first: str
    second: str
    n: int
    """Stimuli that both labelled."""
    kappa: float | None
    """Cohen's; None when undefined."""
    reason: str = ""
    """Why it is undefined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelling:
    """All that was read back of the sheets of a run."""

    asked: int
    """Stimuli on the sheets of this run."""
    labels: tuple[GivenLabel, ...]
    shares: tuple[LabelShare, ...]
    agreements: tuple[Agreement, ...]
