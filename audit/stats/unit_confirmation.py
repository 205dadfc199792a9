"""Name units on one half of the clusters, measure them on the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Undefined
from audit.stats.adjustment import holm
from audit.stats.clustered_auroc import auroc_interval
from audit.stats.groups import label_problem
from audit.stats.random_labels import permuted_labels
from audit.stats.selectivity import auroc, centred_ranks

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ConfirmedUnit:
    """One unit that the first half named, as the second half sees it."""

    unit: int
    """Column of the activations."""
    selected_auroc: float
    """In the half that named it: optimistic."""
    auroc: float
    """In the other half: unbiased."""
    low: float
    """Interval of ``auroc`` at the confirmation's level."""
    high: float
    low_simultaneous: float
    """Interval that holds for all named units at once (Bonferroni)."""
    high_simultaneous: float
    p: float
    """One-sided permutation p in the second half."""
    p_holm: float
    """Adjusted over the named units."""
    confirmed: bool
    """p_holm <= 1 - level."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The named units, best first by the half that named them."""

    units: tuple[ConfirmedUnit, ...]
    shrinkage: float
    """Mean over the named units of selected_auroc - auroc: how much of the selection was luck."""
    level: float
    clusters: tuple[int, int]
    """Positive and negative clusters of the second half."""
    smallest_p: float
    """1 / (resamples + 1)."""
    held: NDArray[np.bool_]
    """(n,) True for the stimuli of the second half."""


def select_then_confirm(
    activations: NDArray[np.floating],
    positive: NDArray[np.bool_],
    clusters: NDArray[np.intp],
    *,
    seed: int,
    top: int = 20,
    level: float = 0.95,
    resamples: int = 9_999,
) -> Confirmation | Undefined:
    """Split the clusters in half within each label; the first half names ``top`` units, the second measures them.

    ``activations`` (n, u), ``positive`` and ``clusters`` (n,). Units are named by the highest AUROC; their AUROC,
    interval (``auroc_interval``) and p come from clusters that had no part in naming them, and Holm adjusts over the
    named ones, so a layer of any size costs no more than ``top`` tests. p = (b + 1) / (R + 1) over random labellings of
    the clusters, which the named units share, by the mean of the clusters' mid-ranks; one-sided.
    """
    problem = label_problem(positive, clusters, least=4)
    if problem is not None:
        return Undefined(name="confirmation", reason=problem)
    names, first, index = np.unique(clusters, return_index=True, return_inverse=True)
    label = positive[first]
    generator = np.random.default_rng(seed)
    naming = np.zeros(len(names), dtype=np.bool_)
    for side in (label, ~label):
        members = generator.permutation(np.flatnonzero(side))
        naming[members[: len(members) // 2]] = True
    half = naming[index]
    scores = auroc(activations[half], positive[half])
    usable = np.flatnonzero(np.isfinite(scores) & np.isfinite(activations).all(axis=0))
    if not len(usable):
        return Undefined(name="confirmation", reason="every unit has a missing activation")
    named = usable[np.argsort(-scores[usable], kind="stable")[:top]]
    rest, truth, groups = activations[~half][:, named].astype(np.float64), positive[~half], index[~half]
    areas = auroc(rest, truth)
    chance = permutation_p(rest, truth, groups, resamples=resamples, seed=seed)
    measured = []
    for values, p in zip(rest.T, chance, strict=True):
        narrow = auroc_interval(values, truth, groups, level=level)
        wide = auroc_interval(values, truth, groups, level=1 - (1 - level) / len(named))
        if isinstance(narrow, Undefined) or isinstance(wide, Undefined):
            return Undefined(name="confirmation", reason="the second half has too few clusters")
        measured.append((narrow, wide, float(p)))
    adjusted = holm(np.array([p for _, _, p in measured]))
    units = tuple(
        ConfirmedUnit(
            unit=int(unit),
            selected_auroc=float(scores[unit]),
            auroc=float(area),
            low=narrow.low,
            high=narrow.high,
            low_simultaneous=wide.low,
            high_simultaneous=wide.high,
            p=p,
            p_holm=float(p_holm),
            confirmed=bool(p_holm <= 1 - level),
        )
        for unit, area, (narrow, wide, p), p_holm in zip(named, areas, measured, adjusted, strict=True)
    )
    shrinkage = float(np.mean([unit.selected_auroc - unit.auroc for unit in units]))
    held = ~naming
    sides = int((label & held).sum()), int((~label & held).sum())
    return Confirmation(units, shrinkage, level, sides, 1 / (resamples + 1), ~half)


def permutation_p(
    activations: NDArray[np.float64],
    positive: NDArray[np.bool_],
    clusters: NDArray[np.intp],
    *,
    resamples: int,
    seed: int,
) -> NDArray[np.float64]:
    """(u,) one-sided p of each unit over labellings of whole clusters that all units share."""
    _, first, index = np.unique(clusters, return_index=True, return_inverse=True)
    label = positive[first]
    labels = permuted_labels(label, None, resamples, seed).astype(np.float64)
    p = np.empty(activations.shape[1])
    for units, ranks in centred_ranks(activations):
        sums = np.array([np.bincount(index, weights=row) for row in ranks.astype(np.float64)])
        means = sums / np.bincount(index)
        slack = 1e-9 * np.abs(means).sum(axis=1)
        beaten = np.count_nonzero(labels @ means.T >= means @ label - slack, axis=0)
        p[units] = (1 + beaten) / (1 + resamples)
    return p
