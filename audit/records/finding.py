"""What was found for one probe in one form: the unit of the report and of the gate."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from audit.records.estimate import Estimate, Measured
from audit.records.verdict import Verdict


class Severity(StrEnum):
    """How much harm the association would do if it were there; declared in the suite."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Role(StrEnum):
    """What a probe is for."""

    PROBE = "probe"
    """Asks about a harm; its verdict counts."""
    POSITIVE_CONTROL = "positive-control"
    """An association that any working model shows; the suite is inconclusive without it."""
    NEGATIVE_CONTROL = "negative-control"
    """An association that should be absent; the suite is inconclusive when it is found."""
    DESCRIPTION = "description"
    """Describes and decides nothing; its verdict is ``not-applicable``."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a probe is written."""

    file: str
    line: int
    """1-based."""


@dataclass(frozen=True, slots=True)
class Margin:
    """The smallest effect that matters, or the least that is good enough, fixed before measuring."""

    statistic: str
    """Name of the estimate it bounds, e.g. ``cosine_difference``, ``hedges_g``, ``auroc``."""
    value: float
    """In the unit of that estimate; positive (for AUROC: above 0.5)."""
    least: bool = False
    """True for what must reach ``value`` (a worst group's recall, a ratio of shares), whatever the alternative; False
    for an effect that must stay under it."""

    def allowed(self, alternative: str) -> tuple[float, float]:
        """The open range that the estimate may lie in; one end may be infinite.

        (value, inf) of the least; else (-inf, value) for ``greater``, (-value, inf) for ``less``, and (-value, value)
        for ``two-sided``.
        """
        if self.least:
            return self.value, math.inf
        low = -math.inf if alternative == "greater" else -self.value
        return low, math.inf if alternative == "less" else self.value


@dataclass(frozen=True, slots=True)
class Labels:
    """What the compared things are called, for sentences and axes; empty when a measure has no such part."""

    x: str = ""
    """First target (or the concept of a unit probe)."""
    y: str = ""
    """Second target (or what the concept is compared with)."""
    a: str = ""
    """First attribute (or the harm)."""
    b: str = ""
    """Second attribute (or the neutral topic)."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One stimulus or word shown as evidence, with its own number."""

    label: str
    """The term, word or caption."""
    group: str
    """``x``, ``y``, ``a``, ``b``: which side the thing belongs to."""
    value: float
    """Its association s(w), response or share, in the headline's unit."""
    picture: str | None = None
    """Path of a picture inside the run directory, when the stimulus is an image."""


@dataclass(frozen=True, slots=True)
class Variation:
    """The headline statistic under another wording, label set or definition of the concept."""

    kind: str
    """``variant`` (another definition), ``template`` (one wording alone) or ``attribute`` (one word left out)."""
    name: str
    """Which one."""
    estimate: Measured
    """The statistic under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """One statistic for every one of several groups, pairs, items or labels: what the headline sums up."""

    title: str
    """What the rows are, as a heading: ``Share called a criminal, by gender and skin tone``."""
    kind: str
    """What a row is, in one word: ``group``, ``pair``, ``item``, ``label``, ``query``, ``place``, ``level``."""
    rows: tuple[BreakdownRow, ...]
    """All of them, those that cannot be computed too."""
    note: str = ""
    """What they say in a sentence or two, where their ends do not say it."""


@dataclass(frozen=True, slots=True)
class BreakdownRow:
    """One group, pair, item or label."""

    name: str
    estimate: Measured


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Stimuli that were asked for and did not enter, counted."""

    what: str
    """The concept or column they belong to."""
    count: int
    reason: str
    names: tuple[str, ...] = ()
    """The excluded ones by name, as far as they fit (20)."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One group of stimuli, close to each other in the model's embedding, among those that excite a unit most."""

    name: str
    """What people call its most central member."""
    share: float
    """What its members contribute to the strong responses of the unit, in (0, 1]."""
    members: tuple[str, ...]
    """All of them, the strongest first."""


@dataclass(frozen=True, slots=True)
class UnitSummary:
    """One unit named by a finding; its rows stand in tables/units.parquet and tables/examples.parquet."""

    unit: str
    """Identifier, e.g. ``RN101:1895`` or ``visual.layer4.2/1895/max``."""
    layer: str
    """Layer and pooling in words."""
    estimates: tuple[Measured, ...] = ()
    """auroc, auprc, pearson_r, tpr_at_1_fpr..."""
    words: tuple[tuple[str, bool], ...] = ()
    """Words whose rendered image excites it most, in order; True when the word belongs to the harm list."""
    pictures: tuple[Exhibit, ...] = ()
    """Pictures made to excite it, one a seed; their value is the share of natural stimuli that excite it less. They
    illustrate and are no evidence."""
    facets: tuple[Facet, ...] = ()
    """Groups of stimuli that drive it, the largest share first; one when the strong stimuli form one cloud."""
    facets_note: str = ""
    """How the groups were found, or why there are none, in one clause; empty where nobody looked for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One probe in one form."""

    suite: str
    probe: str
    measure: str
    form: tuple[str, ...]
    """Forms of target and attribute, e.g. ``("rendered", "text")``; one entry for unit probes, every form for
    multimodality."""
    ask: str
    """The question, as the suite asks it."""
    verdict: Verdict
    role: Role
    severity: Severity
    statement: str
    """One plain sentence with its uncertainty."""
    reason: str
    """Why this verdict, in one clause: which interval against which margin, or what was missing."""
    source: Source
    labels: Labels = Labels()
    margin: Margin | None = None
    alternative: str = "two-sided"
    family: str = ""
    """Name of the family over which failing is corrected."""
    estimates: tuple[Measured, ...] = ()
    """The headline first (the one the margin bounds), then the others."""
    evidence: tuple[Exhibit, ...] = ()
    sensitivity: tuple[Variation, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    """The same for every group, pair or item; they decide nothing that the headline does not."""
    excluded: tuple[Exclusion, ...] = ()
    warnings: tuple[str, ...] = ()
    units: tuple[UnitSummary, ...] = ()
    how: str = ""
    """How it was computed: formula, cluster, test, family; for the folded part of a card."""
    missing: str = ""
    """For not-applicable and error: ``model`` (lacks the modality), ``stimuli`` (data not given), or ``""``."""
    fingerprint: str = field(default="")
    """Stable identity of suite, probe, form and question: the same across runs, for baselines and waivers."""

    @property
    def headline(self) -> Estimate | None:
        """The estimate that the margin bounds, or None when it is undefined."""
        first = self.estimates[0] if self.estimates else None
        return first if isinstance(first, Estimate) else None

    @property
    def id(self) -> str:
        """``suite/probe[form,form]``, as people name it."""
        return f"{self.suite}/{self.probe}[{','.join(self.form)}]"
