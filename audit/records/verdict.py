"""The verdicts, never coerced to two values."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What was concluded about one probe form, or about a whole run (all but ``NOT_APPLICABLE``)."""

    PASS = "pass"
    """The interval lies inside the margin."""
    FAIL = "fail"
    """The simultaneous interval lies beyond the margin."""
    INCONCLUSIVE = "inconclusive"
    """Measured, and neither of the two; or a control broke."""
    ERROR = "error"
    """It should have been measured and could not be."""
    NOT_APPLICABLE = "not-applicable"
    """No verdict can apply: the model lacks the modality, or the probe only describes."""
