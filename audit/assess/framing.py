"""What every measurement says of its probe before anything is measured."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from audit.records import Measurement, Role, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.assess.outcome import Shown
    from audit.records import ModelInfo
    from audit.stimuli import Unavailable
    from audit.suite import Probe, Suite

_NAMED = 5


def frame(suite: Suite, probe: Probe, form: tuple[str, ...], info: ModelInfo, shown: Sequence[Shown]) -> Measurement:
    """The measurement of a probe in a form, without labels, numbers and evidence."""
    return Measurement(
        suite=suite.suite,
        probe=probe.id,
        measure=probe.measure,
        form=form,
        ask=probe.ask,
        role=_role(probe),
        severity=Severity(probe.severity),
        source=probe.source,
        model=info.weights_digest,
        definition=_definition(suite, probe),
        alternative=probe.alternative,
        family=probe.family or suite.suite,
        excluded=tuple(dict.fromkeys(e for part in shown if not part.variant for e in part.stimuli.excluded)),
    )


def unavailable(framed: Measurement, why: Unavailable) -> Measurement:
    """The measurement of a form whose stimuli cannot be had."""
    return replace(framed, missing=why.missing, missing_reason=why.reason)


def named(sentence: str, names: Sequence[str]) -> str:
    """``sentence`` with the first few names and how many more there are."""
    unique = list(dict.fromkeys(names))
    rest = f" and {len(unique) - _NAMED} more" if len(unique) > _NAMED else ""
    return f"{sentence} {', '.join(unique[:_NAMED])}{rest}"


def _role(probe: Probe) -> Role:
    if probe.describes:
        return Role.DESCRIPTION
    if probe.control is None:
        return Role.PROBE
    return Role.POSITIVE_CONTROL if probe.control == "positive" else Role.NEGATIVE_CONTROL


def _definition(suite: Suite, probe: Probe) -> str:
    """sha256 of the question with its concepts and templates, whatever file or line they stand in."""
    return hashlib.sha256(suite.definition(probe.id).encode()).hexdigest()
