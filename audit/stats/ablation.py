"""What setting units to their reference mean changes, against setting units that have nothing to do with the matter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from audit.records import Estimate, Measured, Undefined
from audit.stats.crossed import crossed_differences
from audit.stats.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

CONTROLS = 199
"""Control sets: the smallest p is then 1/200."""
_NEAREST = 50
"""Of several units, each control is drawn from so many neighbours; of one unit, its nearest 199 are the controls."""
_FURTHEST = 16.0
"""A share removed further from 0 than this has no end that says anything."""


@dataclass(frozen=True, slots=True)
class Controls:
    """Units that are set in the place of those that are asked about."""

    sets: NDArray[np.intp]
    """(R, s) columns, each set as large as the one that is asked about; all different."""
    imbalance: tuple[float, ...]
    """Mean over the controls of the difference from the unit whose place they take, in standard deviations of each
    feature over its layer."""


def matched_controls(
    features: NDArray[np.float64],
    layers: NDArray[np.intp],
    units: Sequence[int],
    candidates: NDArray[np.bool_],
    *,
    seed: int,
    sets: int = CONTROLS,
) -> Controls | Undefined:
    """Control sets matched on layer and on ``features`` (u, f): log spread and log length of the output weights.

    A control lies in the layer (``layers`` (u,)) of the unit whose place it takes, is one of the ``candidates`` (u,),
    and is near to it: by Euclidean distance of the features, each in standard deviations over its layer. Of a single
    unit the nearest ``sets`` are taken; of several, sets are drawn at random without repetition, each unit from its
    nearest 50 (or what the layer has). Fewer sets than asked for where there are no more; Undefined below 19, with
    which no p of .05 could be reached.
    """
    nearest, gaps = [], {}
    for unit in units:
        inside = layers == layers[unit]
        spread = features[inside].std(axis=0)
        # A feature that does not vary over a layer tells nothing apart in it.
        scaled = (features - features[unit]) / np.where(spread > 0, spread, np.inf)
        own = np.flatnonzero(inside & candidates)
        order = own[np.argsort((scaled[own] ** 2).sum(axis=1), kind="stable")]
        nearest.append(order[: sets if len(units) == 1 else _NEAREST])
        gaps[unit] = scaled
    drawn: list[tuple[int, ...]]
    if len(units) == 1:
        drawn = [(int(each),) for each in nearest[0]]
    else:
        drawn = _drawn(nearest, sets, np.random.default_rng(seed))
    if len(drawn) < 19:
        reason = f"there are {len(drawn)} sets of matched control units, and 19 are needed for a p of .05"
        return Undefined(name="p", reason=reason)
    found = np.array(drawn, dtype=np.intp)
    imbalance = np.mean([gaps[unit][found[:, place]].mean(axis=0) for place, unit in enumerate(units)], axis=0)
    return Controls(found, tuple(imbalance.tolist()))


def _drawn(nearest: Sequence[NDArray[np.intp]], sets: int, generator: np.random.Generator) -> list[tuple[int, ...]]:
    """Different sets without a unit twice in one; tries are bounded, for a small layer may have no more."""
    found: dict[frozenset[int], tuple[int, ...]] = {}
    if not all(map(len, nearest)):
        return []
    for _ in range(20 * sets):
        each = tuple(int(generator.choice(near)) for near in nearest)
        if len(set(each)) == len(each):
            found.setdefault(frozenset(each), each)
        if len(found) == sets:
            break
    return list(found.values())


def against_controls(change: Measured, controls: NDArray[np.float64]) -> Measured:
    """The change with its rank p: (1 + #{|control| >= |change|}) / (1 + R), ``controls`` (R,) in the change's unit.

    Two-sided: units that raise the association when they are set matter as much as those that lower it.
    """
    if isinstance(change, Undefined):
        return change
    finite = controls[np.isfinite(controls)]
    # Of two numbers that are equal but for rounding, neither is beaten by the other.
    beaten = int(np.count_nonzero(np.abs(finite) >= abs(change.value) * (1 - 1e-9)))
    return replace(
        change,
        p=(1 + beaten) / (1 + len(finite)),
        p_method="exact",
        smallest_p=1 / (1 + len(finite)),
        alternative="two-sided",
        method=f"{change.method}; p by rank among {len(finite)} sets of matched control units",
    )


def control_range(controls: NDArray[np.float64], like: Estimate) -> Measured:
    """Median of the control sets' changes (R,), with the range of 95 % of them; named and counted ``like`` the change.

    The range is that of the order statistics, no interval of the median: a set outside of it is one of the 5 % furthest
    out on its side.
    """
    finite = np.sort(controls[np.isfinite(controls)])
    if not len(finite):
        return Undefined(name=like.name, reason="no control set gave a number")
    low, high = np.quantile(finite, [0.025, 0.975])
    return Estimate(
        name=like.name,
        value=float(np.median(finite)),
        unit=like.unit,
        sign=like.sign,
        n=like.n,
        groups=like.groups,
        method=f"median over {len(finite)} sets of matched control units, and the range of 95 % of them",
        low=float(low),
        high=float(high),
        alternative="two-sided",
    )


def removed_share(
    before: Measured, change: Measured, together: Callable[[float], Measured], *, level: float = 0.95
) -> Measured:
    """Share of the association that goes away, -change / before; 1 when all of it does, negative when it grows.

    Interval after Fieller 1954: all r for which the interval of change + r before, ``together(r)``, holds 0. Undefined
    when the association's own interval holds 0: there is then nothing of which a share could go away.
    """
    name = "removed_part"
    for each in (before, change):
        if isinstance(each, Undefined):
            return Undefined(name=name, reason=each.reason)
    assert isinstance(before, Estimate)
    assert isinstance(change, Estimate)
    if before.low is None or before.high is None or before.low <= 0 <= before.high:
        return Undefined(name=name, reason="the interval of the association holds 0 before anything is set")
    value = -change.value / before.value

    def beyond(share: float) -> float:
        found = together(share)
        if isinstance(found, Undefined) or found.low is None or found.high is None:
            return 0.0  # nothing varies: the set is the point itself
        # Distance of 0 from the interval; negative inside of it.
        return max(found.low, -found.high)

    ends: list[float | None] = []
    for direction in (-1.0, 1.0):
        far = direction * _FURTHEST
        if beyond(value + far) <= 0:
            ends.append(None)
        else:
            ends.append(float(optimize.brentq(lambda step: beyond(value + step), 0.0, far, xtol=1e-6)))
    low, high = (None if end is None else value + end for end in ends)
    whole = low is not None and high is not None
    return Estimate(
        name=name,
        value=value,
        unit="part",
        sign="1 when all of the association goes away, negative when it grows",
        n=before.n,
        groups=before.groups,
        method="minus the change over the association before; "
        + ("Fieller interval on the same clusters" if whole else "no interval, for it would reach too far"),
        level=level,
        low=low if whole else None,
        high=high if whole else None,
        alternative="two-sided",
    )


def share_differences(
    values: NDArray[np.float64], in_x: NDArray[np.bool_], clusters: NDArray[np.intp], *, level: float = 0.95
) -> tuple[Measured, ...]:
    """Share of X minus share of Y for each of k readings of the same n stimuli; Welch's t interval over clusters.

    ``values`` (k, n) are 0 or 1, or changes of them; ``in_x`` (n,) is True for X, and a cluster that has stimuli in
    both groups counts as one of each. Clusters weigh alike. Where neither group varies, t has no width: the ends are
    then those of Wilson's intervals for a share of 0 of each group's clusters, around the difference.
    """
    key = clusters * 2 + in_x
    _, first, index = np.unique(key, return_index=True, return_inverse=True)
    sizes = np.bincount(index)
    means = np.stack([np.bincount(index, weights=row) / sizes for row in values])
    side = in_x[first]
    counts = int(np.count_nonzero(side)), int(np.count_nonzero(~side))
    found: list[Measured] = []
    for row, each in zip(means, crossed_differences(means[:, :, None], side), strict=True):
        if isinstance(each, Undefined):
            bounds = [wilson(0, count, level=level) for count in counts]
            if min(counts) < 2 or not np.isfinite(row).all() or any(isinstance(bound, Undefined) for bound in bounds):
                found.append(Undefined(name="share_difference", reason=each.reason))
                continue
            value = float(row[side].mean() - row[~side].mean())
            reach = [bound.high for bound in bounds if not isinstance(bound, Undefined)]
            low, high, how = value - reach[1], value + reach[0], "nothing varies; Wilson's ends for 0 clusters"
        else:
            value, (low, high), how = each.value, each.interval(level), "Welch's t over cluster means"
        found.append(
            Estimate(
                name="share_difference",
                value=value,
                unit="share",
                sign="positive when the share is larger in the first group",
                n=values.shape[1],
                groups=counts,
                method=f"difference of two shares, clusters weighing alike; {how}",
                level=level,
                low=low,
                high=high,
                alternative="two-sided",
            )
        )
    return tuple(found)


def mean_change(
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    clusters: NDArray[np.intp],
    *,
    name: str,
    level: float = 0.95,
) -> Measured:
    """Mean over clusters of the change of an outcome, 0 or 1 for each of n stimuli; positive when there are more ones.

    A cluster's change is the mean over its stimuli; t interval over clusters. Where no outcome changes, the t interval
    would have no width: then the ends are minus and plus Wilson's upper end for a share of 0 of the clusters.
    """
    _, index = np.unique(clusters, return_inverse=True)
    count = len(np.unique(index))
    if count < 2:
        return Undefined(name=name, reason="there is one cluster")
    moved = np.bincount(index, weights=after - before) / np.bincount(index)
    value = float(moved.mean())
    error = float(moved.std(ddof=1)) / np.sqrt(count)
    reach = float(special.stdtrit(count - 1, (1 + level) / 2)) * error
    how = f"mean over clusters, t interval on {count - 1} degrees of freedom"
    if not np.any(after != before):
        bound = wilson(0, count, level=level)
        assert not isinstance(bound, Undefined)
        reach, how = bound.high, "no outcome changed; the ends are those of a Wilson interval for 0 clusters"
    return Estimate(
        name=name,
        value=value,
        unit="share",
        sign="positive when there are more of them afterwards",
        n=len(before),
        groups=(count,),
        method=how,
        level=level,
        low=value - reach,
        high=value + reach,
        alternative="two-sided",
    )


def largest_means(
    values: NDArray[np.float64], most: int, *, name: str, n: int, level: float = 0.95
) -> list[tuple[int, Measured]]:
    """The columns of ``values`` (clusters, w), in cosine, with the largest means, each with its interval over clusters.

    t intervals; the wider one holds for all w columns at once (Bonferroni), for those shown are the largest of many.
    """
    count, columns = values.shape
    if count < 2:
        return [(0, Undefined(name=name, reason="there is one cluster"))]
    means, errors = values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(count)
    reach, wide = special.stdtrit(count - 1, 1 - (1 - level) / 2 / np.array([1, columns]))
    return [
        (
            int(index),
            Estimate(
                name=name,
                value=float(means[index]),
                unit="cosine",
                sign="positive when the cosine grows",
                n=n,
                groups=(count,),
                method=f"mean over clusters, t interval; the wider one for all {columns:,} at once by Bonferroni",
                level=level,
                low=float(means[index] - reach * errors[index]),
                high=float(means[index] + reach * errors[index]),
                low_simultaneous=float(means[index] - wide * errors[index]),
                high_simultaneous=float(means[index] + wide * errors[index]),
                alternative="greater",
            ),
        )
        for index in np.argsort(-means, kind="stable")[:most]
    ]
