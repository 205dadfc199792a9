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

LEVEL = 0.95
"""Coverage of all simultaneous intervals of a family together."""


def correct(outcomes: Sequence[Outcome], seed: int) -> list[Outcome]:
    """Give every member of a family its adjusted p and its simultaneous intervals.

    A family is the probes of one suite with the same ``family``. Positive controls claim no harm and stay outside; unit
    probes have their own max-T over units. Of ``m`` members, the associations share their part of alpha by step-down
    max-T (see :func:`audit.stats.max_t`), and every other one takes alpha / m: by the union bound all of them hold
    together. A family of associations alone is corrected by max-T alone.
    """
    families: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, outcome in enumerate(outcomes):
        measurement = outcome.measurement
        claims = outcome.association is not None or outcome.intervals is not None
        if claims and measurement.role is not Role.POSITIVE_CONTROL:
            families[measurement.suite, measurement.family].append(index)
    corrected = list(outcomes)
    for members in families.values():
        associations = [i for i in members if outcomes[i].association is not None]
        if associations:
            changed = _by_max_t([outcomes[i] for i in associations], len(members), seed)
            for i, outcome in zip(associations, changed, strict=True):
                corrected[i] = outcome
        for i in members:
            if i not in associations:
                corrected[i] = _by_share(outcomes[i], len(members))
    return corrected


def _by_max_t(outcomes: Sequence[Outcome], size: int, seed: int) -> list[Outcome]:
    """The associations of a family of ``size`` members, corrected over each other and for the other members."""
    found = [outcome.association for outcome in outcomes if outcome.association is not None]
    part = len(found) / size
    level = LEVEL if part == 1 else 1 - (1 - LEVEL) * part
    results = max_t([association.design for association in found], seed=seed, level=level)
    corrected = []
    for outcome, association, result in zip(outcomes, found, results, strict=True):
        measurement = outcome.measurement
        kept = {m.name for m in measurement.estimates if isinstance(m, Estimate)}
        how = f"max-T over a family of {len(found)}" + (f", of {size} with other measures" if part < 1 else "")
        widened = {m.name: _said(m, part, how) for m in association.with_family(result).all if m.name in kept}
        estimates = tuple(widened.get(m.name, m) for m in measurement.estimates)
        corrected.append(replace(outcome, measurement=replace(measurement, estimates=estimates)))
    return corrected


def _said(measured: Measured, part: float, how: str) -> Measured:
    if not isinstance(measured, Estimate) or measured.p_adjusted is None:
        return measured
    return replace(measured, p_adjusted=min(1.0, measured.p_adjusted / part), method=f"{measured.method}; {how}")


def _by_share(outcome: Outcome, size: int) -> Outcome:
    """A member that has no design to permute with the others: its intervals at alpha over the size of the family."""
    assert outcome.intervals is not None
    wide = outcome.intervals(1 - (1 - LEVEL) / size)
    estimates = []
    for measured in outcome.measurement.estimates:
        if isinstance(measured, Estimate) and measured.name in wide:
            low, high = wide[measured.name]
            p = None if measured.p is None else min(1.0, size * measured.p)
            how = f"{measured.method}; Bonferroni over a family of {size}"
            measured = replace(measured, low_simultaneous=low, high_simultaneous=high, p_adjusted=p, method=how)
        estimates.append(measured)
    return replace(outcome, measurement=replace(outcome.measurement, estimates=tuple(estimates)))
