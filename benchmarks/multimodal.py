"""Rows for units in several forms (the smallest AUROC, its test and interval), and for the facets of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rows import Row, share
from scipy import special

from audit.records import Undefined
from audit.stats import FormResponses, Multimodality, confirm_multimodal, facets, multimodal_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

RUNS = 2000


def _forms(
    rng: np.random.Generator, shifts: Sequence[NDArray[np.float64]], sides: tuple[int, int], agreement: float
) -> list[FormResponses]:
    """Forms that show the same clusters; a form's shifts are (u,), ``agreement`` is the correlation between forms."""
    n, units = sum(sides), len(shifts[0])
    positive, names = np.arange(n) < sides[0], tuple(map(str, range(n)))
    own = np.sqrt(agreement) * rng.normal(size=(n, units))
    return [
        FormResponses(
            str(i),
            own + np.sqrt(1 - agreement) * rng.normal(size=(n, units)) + shift * positive[:, None],
            positive,
            names,
        )
        for i, shift in enumerate(shifts)
    ]


def _found(found: Multimodality | Undefined) -> Multimodality:
    assert isinstance(found, Multimodality)
    return found


def smallest_areas(rng: np.random.Generator) -> Iterator[Row]:
    """Coverage of the smallest AUROC of 2 to 4 forms; type I of the largest p; false confirmations of a search."""
    for shifts, agreement in (((1.0, 1.0), 0.3), ((0.0, 2.0), 0.3), ((1.0, 1.0, 1.0), 0.3), ((1.0,) * 4, 0.0)):
        truth = float(special.ndtr(min(shifts) / np.sqrt(2)))
        held, plain, rejected, passed = [], [], [], []
        for run in range(RUNS):
            forms = _forms(rng, [np.array([shift]) for shift in shifts], (20, 60), agreement)
            unit = _found(multimodal_units(forms, seed=run, resamples=199)).units[0]
            held.append(unit.low <= truth <= unit.high)
            plain.append(unit.low <= truth <= min(area.high for area in unit.forms))
            passed.append(unit.high < truth)
            rejected.append(unit.p <= 0.05)
        what = f"{len(shifts)} forms, smallest true AUROC {truth:.2f}, agreement {agreement:g}, 20 against 60"
        yield share(f"coverage of the smallest AUROC, {what}", held, low=0.94)
        yield share("  the same, upper ends not corrected", plain, note="shown beside")
        yield share(f"verdict pass with the smallest AUROC at the margin, {what}", passed, high=0.03)
        if min(shifts) == 0:
            yield share(f"type I of the largest p, {what}", rejected, high=0.057)
    confirmed, leaked = [], []
    for run in range(300):
        # The worst null: every unit answers perfectly in one form and not at all in the other.
        first = rng.random(400) < 0.5
        shifts = [np.where(first, 5.0, 0.0), np.where(first, 0.0, 5.0)]
        forms = _forms(rng, shifts, (20, 60), 0.0)
        confirmed.append(any(u.confirmed for u in _found(confirm_multimodal(forms, seed=run, resamples=999)).units))
        # Words that have a response of their own in both forms, and no preference: halves by name keep them apart.
        forms = _forms(rng, [np.zeros(400)] * 2, (20, 60), 0.95)
        leaked.append(any(u.confirmed for u in _found(confirm_multimodal(forms, seed=run, resamples=999)).units))
    high = 0.05 + 2 * (0.05 * 0.95 / 300) ** 0.5
    yield share(
        "runs that confirm a unit, 400 units that each answer in one of two forms, top 20", confirmed, high=high
    )
    yield share("runs that confirm a unit, 400 null units, forms that agree by 0.95, top 20", leaked, high=high)


def facet_counts(rng: np.random.Generator) -> Iterator[Row]:
    """How often one cloud is taken for several groups, and two groups are found."""
    n, rest = 16, 60
    responses = np.concatenate([np.full(n, 5.0), np.linspace(-1, 1, rest)])
    compared = np.arange(n + rest) >= n
    forms = np.zeros(n + rest, dtype=np.intp)
    for name, decay, dimension in (("round", 0.0, 64), ("long and narrow", 1.0, 256)):
        axes = np.arange(1, dimension + 1) ** -decay
        single, double = [], []
        for run in range(600):
            cloud = rng.normal(size=(n, dimension)) * axes
            centres = rng.normal(size=(2, dimension))
            centres *= 1.5 * np.sqrt((axes**2).sum()) / np.linalg.norm(centres, axis=1, keepdims=True)
            around = rng.normal(size=(rest, dimension)) * axes
            for vectors, hits, count in ((cloud, single, 1), (cloud + centres[np.arange(n) % 2], double, 2)):
                found = facets(responses, np.concatenate([vectors, around]), compared, forms, seed=run)
                assert not isinstance(found, Undefined)
                hits.append(len(found.groups) != 1 if count == 1 else len(found.groups) == 2)
        high = 0.05 + 2 * (0.05 * 0.95 / 600) ** 0.5
        yield share(f"one cloud of {n} taken for several facets, {name}, {dimension} dimensions", single, high=high)
        yield share(f"  two facets of {n // 2}, found as two, {name}", double, note="shown beside")
