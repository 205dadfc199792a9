"""Whether a unit, or a layer, ties one region to a harm more than it ties the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Estimate, Measured, Undefined
from audit.stats.adjustment import holm
from audit.stats.jackknife import jackknife
from audit.stats.unit_estimates import estimate_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def against_each(
    responses: NDArray[np.floating], region: NDArray[np.intp], first: int, *, seed: int, resamples: int = 9_999
) -> dict[int, Measured]:
    """AUROC of a unit for region ``first`` against every other region alone, by the index of that region.

    ``responses`` (n,) and ``region`` (n,), one a cluster. p permutes the region labels of the two; adjusted by Holm
    over the other regions. That a unit prefers a region to *every* other one is claimed at the largest of these p,
    which needs no correction (intersection-union test, Berger 1982).
    """
    others = [int(index) for index in np.unique(region) if index != first]
    found: dict[int, Measured] = {}
    for other in others:
        inside = (region == first) | (region == other)
        found[other] = estimate_unit(
            responses[inside],
            region[inside] == first,
            np.arange(np.count_nonzero(inside)),
            seed=seed,
            n_items=int(np.count_nonzero(inside)),
            resamples=resamples,
        ).auroc
    tested = {other: each for other, each in found.items() if isinstance(each, Estimate) and each.p is not None}
    adjusted = holm(np.array([each.p for each in tested.values()]))
    return found | {
        other: replace(each, p_adjusted=float(p), mde=None, method=f"{each.method}; Holm over {len(tested)} regions")
        for (other, each), p in zip(tested.items(), adjusted, strict=True)
    }


def layer_alignment(
    activations: NDArray[np.floating],
    region: NDArray[np.intp],
    harm: NDArray[np.floating],
    neutral: NDArray[np.floating],
    *,
    seed: int,
    resamples: int = 1_999,
) -> tuple[Measured, ...]:
    """For every region, the cosine of its mean with harm rather than neutral, in a layer's standardised unit space.

    ``activations`` (n, u), ``harm`` (h, u) and ``neutral`` (m, u) hold one mean activation a cluster; ``region`` (n,)
    is 0, 1, ... With every unit centred and scaled over the n clusters of all regions, z, T_r = cos(mean of z over r,
    mean of z over harm - mean of z over neutral). Without centring all of these cosines lie near 1. p permutes the
    region labels, one-sided; adjusted by single-step max-T over the regions (Westfall & Young 1993). Interval:
    jackknife over the clusters of the region, of the harm and of the neutral words, with the scaling held. Units that
    do not vary are left out. Positive when the region lies nearer to the harm than the average of all regions does.
    """
    names = [int(index) for index in np.unique(region)]
    missing = [part for part in (activations, harm, neutral) if not np.isfinite(part).all()]
    counts = np.bincount(region)
    if missing or min(len(harm), len(neutral), int(counts.min())) < 2 or len(names) < 2:
        reason = "an activation is missing" if missing else "every region and topic needs two clusters"
        return tuple(Undefined(name="centred_cosine", reason=reason) for _ in names)
    centre, spread = activations.mean(axis=0, dtype=np.float64), activations.std(axis=0, dtype=np.float64)
    kept = spread > 1e-12 * np.abs(centre)
    if not kept.any():
        return tuple(Undefined(name="centred_cosine", reason="no unit varies over the regions") for _ in names)
    z, towards, away = ((part[:, kept] - centre[kept]) / spread[kept] for part in (activations, harm, neutral))
    # All that the statistic needs are inner products of clusters, so that no label costs a pass over the units.
    every = np.concatenate([z, towards, away])
    gram = every @ every.T
    ends = np.cumsum([0, len(z), len(towards), len(away)])
    topic = np.concatenate([np.full(len(towards), 1 / len(towards)), np.full(len(away), -1 / len(away))])
    generator = np.random.default_rng(seed)
    orders = np.concatenate([[np.arange(len(z))], [generator.permutation(len(z)) for _ in range(resamples)]])
    along = gram[: ends[1], ends[1] :] @ topic
    length = float(np.sqrt(topic @ gram[ends[1] :, ends[1] :] @ topic))
    if length <= 0:
        return tuple(Undefined(name="centred_cosine", reason="harm and neutral words do not differ") for _ in names)
    cosines = np.empty((len(orders), len(names)))
    for column, name in enumerate(names):
        inside = (region == name)[orders] / counts[name]
        norms = np.sqrt(np.einsum("bi,ij,bj->b", inside, gram[: ends[1], : ends[1]], inside, optimize=True))
        with np.errstate(invalid="ignore", divide="ignore"):
            cosines[:, column] = inside @ along / norms / length
    largest = cosines[1:].max(axis=1)
    return tuple(
        _aligned(
            float(cosines[0, column]),
            (1 + int(np.count_nonzero(cosines[1:, column] >= cosines[0, column] - 1e-12))) / (1 + resamples),
            (1 + int(np.count_nonzero(largest >= cosines[0, column] - 1e-12))) / (1 + resamples),
            (np.flatnonzero(region == name), np.arange(ends[1], ends[2]), np.arange(ends[2], ends[3])),
            gram,
            len(names),
            seed,
        )
        for column, name in enumerate(names)
    )


def _aligned(
    value: float,
    p: float,
    p_adjusted: float,
    parts: Sequence[NDArray[np.intp]],
    gram: NDArray[np.float64],
    regions: int,
    seed: int,
) -> Measured:
    if not np.isfinite(value):
        return Undefined(name="centred_cosine", reason="the region's mean is that of all regions")

    def statistic(left: Sequence[NDArray[np.intp]]) -> float:
        own, towards, away = (part[kept] for part, kept in zip(parts, left, strict=True))
        weights = np.zeros((2, len(gram)))
        weights[0, own] = 1 / len(own)
        weights[1, towards], weights[1, away] = 1 / len(towards), -1 / len(away)
        products = weights @ gram @ weights.T
        return float(products[0, 1] / np.sqrt(products[0, 0] * products[1, 1]))

    interval = jackknife(statistic, [len(part) for part in parts], within=(-1.0, 1.0))
    low, high = (None, None) if isinstance(interval, Undefined) else (interval.low, interval.high)
    return Estimate(
        name="centred_cosine",
        value=value,
        unit="cosine",
        sign="positive when the region lies nearer to the harm than the average of all regions does",
        n=sum(map(len, parts)),
        groups=tuple(map(len, parts)),
        method="cosine in standardised unit space, centred on all regions; "
        + (f"no interval, as {interval.reason}" if isinstance(interval, Undefined) else interval.method)
        + f"; p by permuting region labels, adjusted by max-T over {regions} regions",
        low=low,
        high=high,
        p=p,
        p_adjusted=p_adjusted,
        p_method="monte-carlo",
        alternative="greater",
        seed=seed,
    )
