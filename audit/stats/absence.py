"""What a claim of absence needs: the concept can be decoded, and a unit planted at the bound would be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from audit.records import Estimate, Undefined
from audit.stats.clustered_auroc import auroc_interval
from audit.stats.proportions import wilson
from audit.stats.selectivity import auroc
from audit.stats.unit_existence import max_t_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS = 5
PLANTED = 400
"""Synthetic units; with 400 the Wilson interval of a share of .93 lies above .90."""


def decodability(
    activations: NDArray[np.floating], positive: NDArray[np.bool_], *, seed: int, level: float = 0.95
) -> Estimate | Undefined:
    """AUROC of a cross-fitted linear probe for the concept, one row of ``activations`` (n, u) a cluster.

    Ridge regression of the label on the standardised units, in its dual form, with the penalty at the number of units;
    five folds stratified by label, every row scored by a probe that never saw it. Above 0.5: the units together tell
    the concept. Undefined below five clusters on a side. Interval: ``auroc_interval``.
    """
    sides = int(positive.sum()), int((~positive).sum())
    if min(sides) < FOLDS:
        return Undefined(
            name="auroc",
            reason=f"a linear probe needs {FOLDS} clusters a side, and there are {sides[0]} and {sides[1]}",
        )
    if not np.isfinite(activations).all():
        return Undefined(name="auroc", reason="an activation is missing")
    generator = np.random.default_rng(seed)
    fold = np.empty(len(positive), dtype=np.intp)
    for side in (positive, ~positive):
        members = generator.permutation(np.flatnonzero(side))
        fold[members] = np.arange(len(members)) % FOLDS
    scores = np.empty(len(positive))
    for k in range(FOLDS):
        held = fold == k
        scores[held] = _ridge_scores(activations[~held].astype(np.float64), positive[~held], activations[held])
        # Folds have different intercepts; centring makes their scores comparable.
        scores[held] -= scores[held].mean()
    interval = auroc_interval(scores, positive, np.arange(len(positive)), level=level)
    if isinstance(interval, Undefined):
        return Undefined(name="auroc", reason=interval.reason)
    return Estimate(
        name="auroc",
        value=float(auroc(scores[:, None], positive)[0]),
        unit="probability",
        sign="above 0.5 when the units together tell the concept",
        n=len(positive),
        groups=sides,
        method=f"AUROC of a ridge probe, cross-fitted in {FOLDS} folds",
        level=level,
        low=interval.low,
        high=interval.high,
        alternative="greater",
        seed=seed,
    )


def _ridge_scores(
    train: NDArray[np.float64], positive: NDArray[np.bool_], test: NDArray[np.floating]
) -> NDArray[np.float64]:
    centre, spread = train.mean(axis=0), train.std(axis=0)
    spread[spread == 0] = 1.0
    x, new = (train - centre) / spread, (test - centre) / spread
    y = positive - positive.mean()
    gram = x @ x.T
    gram[np.diag_indices_from(gram)] += x.shape[1]
    scores: NDArray[np.float64] = new @ (x.T @ np.linalg.solve(gram, y))
    return scores


def planted_recall(
    activations: NDArray[np.floating], positive: NDArray[np.bool_], bound: float, *, seed: int, level: float = 0.95
) -> Estimate | Undefined:
    """Share of synthetic units with a true AUROC of ``bound`` that the search over the real units would find.

    A planted unit is normal with unit variance, its mean raised by sqrt(2) Phi^-1(bound) on the concept (the binormal
    AUROC); it is found when its AUROC in this design exceeds the 95 % null threshold of max-T over the real units.
    Wilson interval over the planted units. Undefined when the null threshold is.
    """
    n = len(positive)
    existence = max_t_units(activations, positive, np.arange(n), seed=seed)
    if isinstance(existence, Undefined):
        return Undefined(name="share", reason=existence.reason)
    raised = np.sqrt(2) * special.ndtri(bound) * positive[:, None]
    planted = np.random.default_rng(seed).standard_normal((n, PLANTED)) + raised
    hits = int(np.count_nonzero(auroc(planted, positive) > existence.null_threshold_95))
    interval = wilson(hits, PLANTED, level=level)
    if isinstance(interval, Undefined):
        return interval
    return Estimate(
        name="share",
        value=hits / PLANTED,
        unit="share",
        sign="share of planted units that are found",
        n=PLANTED,
        groups=existence.clusters,
        method=f"{PLANTED} units planted at AUROC {bound:g}, found above the max-T null threshold; Wilson interval",
        level=level,
        low=interval.low,
        high=interval.high,
        alternative="greater",
        seed=seed,
    )
