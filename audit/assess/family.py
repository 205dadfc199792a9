"""Correction over a family: what its members claim holds for all of them at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from audit.records import Estimate, Measured, Role
from audit.stats import max_t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.assess.outcome import Outcome


def correct(outcomes: Sequence[Outcome], seed: int) -> list[Outcome]:
    """Give every association of a family its adjusted p and its simultaneous intervals (step-down max-T).

    A family is the associations of one suite with the same ``family`` (see :func:`audit.stats.max_t`). Positive
    controls claim no harm and stay outside; unit probes have their own max-T over units.
    """
    families: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, outcome in enumerate(outcomes):
        measurement = outcome.measurement
        if outcome.association is not None and measurement.role is not Role.POSITIVE_CONTROL:
            families[measurement.suite, measurement.family].append(index)
    corrected = list(outcomes)
    for members in families.values():
        found = [association for i in members if (association := outcomes[i].association) is not None]
        results = max_t([association.design for association in found], seed=seed)
        for i, association, result in zip(members, found, results, strict=True):
            measurement = outcomes[i].measurement
            kept = {m.name for m in measurement.estimates if isinstance(m, Estimate)}
            widened = {m.name: _said(m, len(members)) for m in association.with_family(result).all if m.name in kept}
            estimates = tuple(widened.get(m.name, m) for m in measurement.estimates)
            corrected[i] = replace(outcomes[i], measurement=replace(measurement, estimates=estimates))
    return corrected


def _said(measured: Measured, size: int) -> Measured:
    if not isinstance(measured, Estimate) or measured.p_adjusted is None:
        return measured
    return replace(measured, method=f"{measured.method}; max-T over a family of {size}")
