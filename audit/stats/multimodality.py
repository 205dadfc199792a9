"""Does one unit prefer the concept in every form: words, pictographs, pictures? The smallest AUROC over forms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Undefined
from audit.stats.adjustment import holm
from audit.stats.clustered_auroc import auroc_interval, auroc_mde, permutation_auroc
from audit.stats.groups import label_problem
from audit.stats.selectivity import auroc
from audit.stats.unit_confirmation import permutation_p

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.records import PMethod
    from audit.stats.interval import Interval

_NAME = "smallest_auroc"


@dataclass(frozen=True, slots=True)
class FormResponses:
    """Responses of the same units in one form."""

    form: str
    activations: NDArray[np.floating]
    """(n, u)."""
    positive: NDArray[np.bool_]
    """(n,) True for the concept; the others are of the same form."""
    clusters: tuple[str, ...]
    """n names; one that stands in several forms is the same cluster in all of them."""


@dataclass(frozen=True, slots=True)
class FormArea:
    """A unit in one form."""

    form: str
    auroc: float
    low: float
    """Interval of ``auroc`` at the level of the whole."""
    high: float
    p: float
    """One-sided, whole clusters permuted within the form."""
    p_method: PMethod
    smallest_p: float
    clusters: tuple[int, int]
    """Positive and negative clusters."""


@dataclass(frozen=True, slots=True)
class MultimodalUnit:
    """One unit in all forms; what leads is the form in which it does worst."""

    unit: int
    """Column of the activations."""
    selected: float | None
    """Its smallest AUROC in the half that named it: optimistic. None for a unit that was named beforehand."""
    forms: tuple[FormArea, ...]
    value: float
    """The smallest AUROC over the forms. As the smallest of noisy numbers it lies, if anything, too low."""
    low: float
    """Interval of the smallest true AUROC."""
    high: float
    low_simultaneous: float
    """Interval that holds for all named units at once (Bonferroni)."""
    high_simultaneous: float
    p: float
    """The largest p of any form."""
    p_adjusted: float
    """Adjusted over the named units (Holm)."""
    confirmed: bool
    """p_adjusted <= 1 - level."""


@dataclass(frozen=True, slots=True)
class Multimodality:
    """Units measured in all forms, best first by what named them."""

    units: tuple[MultimodalUnit, ...]
    level: float
    shrinkage: float | None
    """Mean over the named units of ``selected`` - ``value``; None when they were named beforehand."""
    held: tuple[NDArray[np.bool_], ...]
    """Of each form (n,) True for the rows on which the units were measured."""
    mde: float
    """Smallest true AUROC in every form that one unit named beforehand shows in all of them 4 times in 5."""


def multimodal_units(
    forms: Sequence[FormResponses], *, seed: int, level: float = 0.95, resamples: int = 99_999
) -> Multimodality | Undefined:
    """The smallest AUROC over the forms of every unit, all of them named beforehand; the largest first.

    A unit answers to the concept in every form only if its smallest AUROC theta = min_m theta_m exceeds 1/2. With the
    hypothesis "in some form it does not" the test is an intersection-union test: p = max_m p_m, which holds its level
    however the forms depend on each other (Berger 1982). p_m permutes whole clusters within the form; Holm adjusts over
    the units. The interval of theta is

        [min_m low_m, min_m high_m],  low_m at ``level`` and high_m at 1 - (1 - level)/M of M forms.

    Let m' be the form in which the true AUROC is smallest. The lower end exceeds theta only if low_m' exceeds theta_m',
    so it needs no correction. The upper end falls short of theta if any high_m does (theta <= theta_m), which M forms
    that are all alike do up to M times as often as one; hence Bonferroni. Without it the interval of 3 forms covers
    .93 in place of .95 (benchmarks/multimodal.py). Undefined when a form has fewer than two clusters on a side, a
    cluster lies on both sides, or no unit has all of its activations and varies in every form.
    """
    problem = _problem(forms, least=2)
    usable = _usable(forms) if problem is None else np.array([], dtype=np.intp)
    if problem is not None or not len(usable):
        return Undefined(name=_NAME, reason=problem or _silent(forms))
    everything = tuple(np.ones(len(each.positive), dtype=np.bool_) for each in forms)
    measured = [_measured(forms, everything, int(unit), len(usable), seed, level, resamples) for unit in usable]
    smallest = np.array([unit.value for unit in measured])
    adjusted = holm(np.array([unit.p for unit in measured]))
    order = np.argsort(-smallest, kind="stable")
    units = tuple(_adjusted(measured[i], float(adjusted[i]), level) for i in order.tolist())
    return Multimodality(units, level, None, everything, _mde(units[0], level))


def confirm_multimodal(
    forms: Sequence[FormResponses], *, seed: int, top: int = 20, level: float = 0.95, resamples: int = 9_999
) -> Multimodality | Undefined:
    """Split the clusters in half by name; the first half names ``top`` units, the second measures them.

    As `multimodal_units`, for units that nobody named. A cluster that is shown in several forms is on the same side of
    the split in all of them, so that no form of it has a part in naming. Each half needs two clusters on either side
    in every form, so at least four are asked for.
    """
    problem = _problem(forms, least=4)
    if problem is not None:
        return Undefined(name=_NAME, reason=problem)
    naming = _halves(forms, seed)
    held = tuple(~half for half in naming)
    for halves in (naming, held):
        parts = [
            FormResponses(each.form, each.activations[half], each.positive[half], _picked(each.clusters, half))
            for each, half in zip(forms, halves, strict=True)
        ]
        if problem := _problem(parts, least=2):
            return Undefined(name=_NAME, reason=f"in one half of the clusters {problem}")
    scores = np.min(
        [auroc(each.activations[half], each.positive[half]) for each, half in zip(forms, naming, strict=True)], axis=0
    )
    usable = _usable(forms)
    if not len(usable):
        return Undefined(name=_NAME, reason=_silent(forms))
    named = usable[np.argsort(-scores[usable], kind="stable")[:top]]
    chance = [_chance(each, half, named, seed, resamples) for each, half in zip(forms, held, strict=True)]
    measured = [
        _measured(forms, held, int(unit), len(named), seed, level, resamples, [float(p[i]) for p in chance])
        for i, unit in enumerate(named)
    ]
    adjusted = holm(np.array([unit.p for unit in measured]))
    units = tuple(
        _adjusted(unit, float(p), level, float(scores[unit.unit])) for unit, p in zip(measured, adjusted, strict=True)
    )
    shrinkage = float(np.mean([scores[unit.unit] - unit.value for unit in units]))
    return Multimodality(units, level, shrinkage, held, _mde(units[0], level))


def _picked(names: tuple[str, ...], mask: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(name for name, taken in zip(names, mask.tolist(), strict=True) if taken)


def _index(names: tuple[str, ...]) -> NDArray[np.intp]:
    return np.unique(np.array(names), return_inverse=True)[1]


def _problem(forms: Sequence[FormResponses], *, least: int) -> str | None:
    """Why the forms cannot be measured together, as a plain clause, or None."""
    sides: dict[str, bool] = {}
    for each in forms:
        problem = label_problem(each.positive, _index(each.clusters), least=least)
        if problem is not None:
            return f"in the form {each.form} {problem}"
        for name, side in zip(each.clusters, each.positive.tolist(), strict=True):
            if sides.setdefault(name, side) != side:
                return f"{name!r} belongs to the concept in one form and to the rest in another"
    return None


def _usable(forms: Sequence[FormResponses]) -> NDArray[np.intp]:
    """Units that have all of their activations, and vary, in every form."""
    kept = [
        np.isfinite(each.activations).all(axis=0) & (each.activations != each.activations[:1]).any(axis=0)
        for each in forms
    ]
    return np.flatnonzero(np.logical_and.reduce(kept))


def _silent(forms: Sequence[FormResponses]) -> str:
    whole = np.logical_and.reduce([np.isfinite(each.activations).all(axis=0) for each in forms])
    if not whole.any():
        return "every unit has a missing activation"
    one = forms[0].activations.shape[1] == 1
    return f"{'the unit' if one else 'every unit'} responds alike to everything in one of the forms"


def _halves(forms: Sequence[FormResponses], seed: int) -> tuple[NDArray[np.bool_], ...]:
    """Of each form (n,) True for the rows whose cluster is in the half that names.

    Clusters of one side that are shown in the same forms are shuffled, and every second one names; so each form has
    about half of its clusters in either half, and the half that measures is the larger one.
    """
    shown: dict[str, tuple[bool, tuple[int, ...]]] = {}
    for number, each in enumerate(forms):
        for name, side in zip(each.clusters, each.positive.tolist(), strict=True):
            before = shown.get(name, (side, ()))[1]
            shown[name] = (side, before if number in before else (*before, number))
    generator = np.random.default_rng(seed)
    names = [sorted(shown)[i] for i in generator.permutation(len(shown))]
    naming: set[str] = set()
    for side in (True, False):
        own = sorted((name for name in names if shown[name][0] is side), key=lambda name: shown[name][1])
        naming.update(own[1::2])
    return tuple(np.array([name in naming for name in each.clusters]) for each in forms)


def _chance(
    each: FormResponses, half: NDArray[np.bool_], units: NDArray[np.intp], seed: int, resamples: int
) -> NDArray[np.float64]:
    values = each.activations[half][:, units].astype(np.float64)
    clusters = _index(_picked(each.clusters, half))
    return permutation_p(values, each.positive[half], clusters, resamples=resamples, seed=seed)


def _measured(
    forms: Sequence[FormResponses],
    held: Sequence[NDArray[np.bool_]],
    unit: int,
    family: int,
    seed: int,
    level: float,
    resamples: int,
    chance: Sequence[float] | None = None,
) -> MultimodalUnit:
    """One unit on the held rows, not yet adjusted; ``chance`` are its p by form where they are known."""
    areas, ends = [], []
    for number, (each, half) in enumerate(zip(forms, held, strict=True)):
        values, truth = each.activations[half, unit].astype(np.float64), each.positive[half]
        clusters = _index(_picked(each.clusters, half))
        alpha, count = 1 - level, len(forms)
        narrow, upper, low_all, high_all = (
            _interval(values, truth, clusters, 1 - share)
            for share in (alpha, alpha / count, alpha / family, alpha / family / count)
        )
        p, method, smallest = _test(
            values, truth, clusters, seed, resamples, None if chance is None else chance[number]
        )
        sides = len(np.unique(clusters[truth])), len(np.unique(clusters[~truth]))
        area = float(auroc(values[:, None], truth)[0])
        areas.append(FormArea(each.form, area, narrow.low, narrow.high, p, method, smallest, sides))
        ends.append((narrow.low, upper.high, low_all.low, high_all.high))
    low, high, low_all, high_all = np.min(ends, axis=0).tolist()
    p = max(area.p for area in areas)
    value = min(area.auroc for area in areas)
    return MultimodalUnit(unit, None, tuple(areas), value, low, high, low_all, high_all, p, p, confirmed=False)


def _interval(
    values: NDArray[np.float64], truth: NDArray[np.bool_], clusters: NDArray[np.intp], level: float
) -> Interval:
    found = auroc_interval(values, truth, clusters, level=level)
    assert not isinstance(found, Undefined)
    return found


def _test(
    values: NDArray[np.float64],
    truth: NDArray[np.bool_],
    clusters: NDArray[np.intp],
    seed: int,
    resamples: int,
    known: float | None,
) -> tuple[float, PMethod, float]:
    """p, how it was computed, and the smallest that it could be."""
    if known is not None:
        return known, "monte-carlo", 1 / (resamples + 1)
    found = permutation_auroc(values, truth, clusters, seed=seed, resamples=resamples)
    assert not isinstance(found, Undefined)
    return found.p, found.method, found.smallest_p


def _adjusted(unit: MultimodalUnit, p: float, level: float, selected: float | None = None) -> MultimodalUnit:
    return replace(unit, p_adjusted=p, confirmed=p <= 1 - level, selected=selected)


def _mde(unit: MultimodalUnit, level: float) -> float:
    """Power .80 ^ (1 / M) in each of M forms is .80 in all of them if they are independent, more if they agree."""
    power = 0.80 ** (1 / len(unit.forms))
    return max(auroc_mde(*area.clusters, level=level, power=power) for area in unit.forms)
