"""What a measure found for one probe in one form, before anybody judged it."""

from __future__ import annotations

from dataclasses import dataclass, field

from audit.records.estimate import Alternative, Measured
from audit.records.finding import (
    Breakdown,
    Exclusion,
    Exhibit,
    Labels,
    Margin,
    Role,
    Severity,
    Source,
    UnitSummary,
    Variation,
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A second estimate that takes part in the verdict, with the margin that bounds it."""

    what: str
    """What the estimate tells, as a noun phrase: ``preference for terrorism over tourism``."""
    estimate: Measured
    margin: Margin
    alternative: Alternative = "greater"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One probe in one form, measured; `audit.findings.judge` makes a `Finding` of it, which has most of its fields."""

    suite: str
    probe: str
    measure: str
    form: tuple[str, ...]
    ask: str
    role: Role
    severity: Severity
    source: Source
    model: str
    """Weights digest of the model; controls speak for the probes of their suite on the same model."""
    definition: str
    """sha256 of what was asked: the probe with its concepts and templates; part of the fingerprint."""
    labels: Labels = field(default_factory=Labels)
    margin: Margin | None = None
    """Bounds the first estimate; None when the suite declares none."""
    alternative: Alternative = "two-sided"
    family: str = ""
    estimates: tuple[Measured, ...] = ()
    """The headline first; empty only when something is ``missing``."""
    conditions: tuple[Condition, ...] = ()
    """What must be beyond its margin too before the probe fails; one that is inside lets it pass."""
    requirements: tuple[Condition, ...] = ()
    """What must be shown before the probe may pass: the lower end of the interval at or above the margin's value.
    Absence needs a concept that can be decoded at all, for one."""
    evidence: tuple[Exhibit, ...] = ()
    sensitivity: tuple[Variation, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    warnings: tuple[str, ...] = ()
    units: tuple[UnitSummary, ...] = ()
    how: str = ""
    missing: str = ""
    """``model`` or ``stimuli`` when the form could not be measured; else empty."""
    missing_reason: str = ""
    """What is missing, in one clause; empty when nothing is."""
