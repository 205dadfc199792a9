"""What controls say about the probes beside them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.records import Role, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audit.records import Measurement

CONTROLS = (Role.POSITIVE_CONTROL, Role.NEGATIVE_CONTROL)


def is_broken(role: Role, verdict: Verdict) -> bool:
    """True for a control that takes the ground from its suite.

    A positive control must hold; one that is undecided or has no number is broken. A negative control is broken by a
    fail only, and merely noted when undecided. A control that the model cannot be asked says nothing.
    """
    if role is Role.POSITIVE_CONTROL:
        return verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE)
    return role is Role.NEGATIVE_CONTROL and verdict is Verdict.FAIL


@dataclass(frozen=True, slots=True)
class _Control:
    name: str
    role: Role
    verdict: Verdict
    shown: tuple[str, ...]
    """Forms of the targets."""


class ControlRoom:
    """The controls of all suites, and what they object to a verdict.

    A control speaks for the probes of its suite on the same model whose targets are shown in the same form: a model
    that ties written words for flowers to pleasant words has not shown that it can read them from a picture. A suite
    that has positive controls, and none in a form, has no ground to conclude anything in that form. What is shown in
    several forms at once needs them in each.
    """

    def __init__(self, judged: Iterable[tuple[Measurement, Verdict]]) -> None:
        """``judged`` are all measurements of a run with the verdict that their interval gives."""
        self._controls: dict[tuple[str, str], list[_Control]] = defaultdict(list)
        for measurement, verdict in judged:
            if measurement.role in CONTROLS:
                name = f"{measurement.probe}[{','.join(measurement.form)}]"
                control = _Control(name, measurement.role, verdict, _targets(measurement))
                self._controls[measurement.suite, measurement.model].append(control)

    def objection(self, measurement: Measurement) -> str:
        """Why nothing can be concluded from a probe, or an empty string."""
        controls = self._controls.get((measurement.suite, measurement.model), [])
        targets = _targets(measurement)
        speaking = [control for control in controls if not set(targets).isdisjoint(control.shown)]
        if broken := [control.name for control in speaking if is_broken(control.role, control.verdict)]:
            return (
                f"the control {broken[0]} is broken" if len(broken) == 1 else f"the controls {_and(broken)} are broken"
            )
        positive = [control for control in controls if control.role is Role.POSITIVE_CONTROL]
        held = {form for control in positive if control.verdict is Verdict.PASS for form in control.shown}
        without = [form for form in targets if form not in held]
        if positive and without:
            return f"the suite has no positive control in the form {without[0]!r}"
        return ""


def _targets(measurement: Measurement) -> tuple[str, ...]:
    """The forms in which the targets are shown: the first, but every one of a unit that is shown them all."""
    return measurement.form if measurement.measure == "multimodality" else measurement.form[:1]


def _and(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
