"""What a control says about the probes beside it."""

from __future__ import annotations

from audit.records import Role, Verdict

CONTROLS = (Role.POSITIVE_CONTROL, Role.NEGATIVE_CONTROL)


def is_broken(role: Role, verdict: Verdict) -> bool:
    """True for a control that takes the ground from its suite.

    A positive control must hold; one that is undecided or has no number is broken. A negative control is broken by a
    fail only, and merely noted when undecided. A control that the model cannot be asked says nothing.
    """
    if role is Role.POSITIVE_CONTROL:
        return verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE)
    return role is Role.NEGATIVE_CONTROL and verdict is Verdict.FAIL
