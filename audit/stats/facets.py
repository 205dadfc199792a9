"""Which groups of stimuli drive a unit: clusters of its strongest stimuli, or one group where they form one cloud."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from audit.records import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST = 6
"""Strong stimuli below which nothing is said about groups of them."""
BEYOND = 2.0
"""A strong stimulus excites the unit by more than so many standard deviations of the comparison above its mean."""
_MOST_STIMULI = 60
"""Of more than so many strong stimuli, the strongest are grouped."""
_MOST_FACETS = 6
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Group:
    """Strong stimuli that lie close to each other in the embedding."""

    members: tuple[int, ...]
    """Rows, the strongest first."""
    medoid: int
    """The member whose mean distance from the others is smallest."""
    share: float
    """What its members contribute to the sum of the strong responses, each above the comparison's mean; in (0, 1]."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups of one unit, the largest share first."""

    groups: tuple[Group, ...]
    """One when the strong stimuli are no more grouped than one cloud would be."""
    silhouette: float
    """Largest mean silhouette of any number of groups, in [-1, 1]."""
    p: float
    """How often one cloud of the same shape reaches it."""
    strong: int
    """Stimuli that were grouped."""


def facets(
    responses: NDArray[np.floating],
    vectors: NDArray[np.floating],
    compared: NDArray[np.bool_],
    forms: NDArray[np.intp],
    *,
    seed: int,
    level: float = 0.95,
    resamples: int = 99,
) -> Grouping | Undefined:
    """Groups of the stimuli that excite a unit most, by average linkage on cosine distance in the embedding.

    ``responses`` (n,), ``vectors`` (n, d) embeddings of the same stimuli, ``compared`` (n,) True for those that the
    concept is compared with, ``forms`` (n,) the number of the form they are shown in. Strong stimuli excite the unit
    by more than `BEYOND` standard deviations of the compared of their form above their mean, whichever side they are
    of; at least `LEAST` are needed, at most the 60 strongest are grouped. Vectors are centred on the mean of the
    compared of their form, without which all cosines lie near 1 and every form is a group of its own.

    Of 2 to 6 groups the number with the largest mean silhouette is taken (Rousseeuw 1987), a group of one counting 0.
    Any cloud can be cut in two, so at most 1 - ``level`` of the rotations of these stimuli, cut in the same way, may
    reach it; else there is one group. Given its mean and covariance, a Gaussian cloud is any of them with the same
    probability (rotation test, Langsrud 2005), so that the test is exact for one, however long and narrow and in any
    dimension. Rotations are drawn until p is sure to exceed 1 - ``level`` (Besag & Clifford 1991), ``resamples`` at
    most. Undefined when too few stimuli are strong, or a response or an embedding is missing.
    """
    values, points = np.array(responses, dtype=np.float64), np.array(vectors, dtype=np.float64)
    if not (np.isfinite(values).all() and np.isfinite(points).all()):
        return Undefined(name="facets", reason="a response or an embedding is missing")
    height = np.empty(len(values))
    for form in np.unique(forms):
        own = forms == form
        rest = values[own & compared]
        spread = float(rest.std(ddof=1)) if len(rest) > 1 else 0.0
        if spread == 0:
            return Undefined(name="facets", reason="it responds alike to all that the concept is compared with")
        height[own] = (values[own] - rest.mean()) / spread
        points[own] -= points[own & compared].mean(axis=0)
    order = np.argsort(-height, kind="stable")
    strong = order[height[order] > BEYOND][:_MOST_STIMULI]
    if len(strong) < LEAST:
        few = f"only {len(strong)} stimuli excite" if len(strong) > 1 else f"{len(strong) or 'no'} stimulus excites"
        return Undefined(
            name="facets",
            reason=f"{few} it by more than {BEYOND:g} standard deviations above the comparison, and {LEAST} are needed",
        )
    # Axes times lengths have the same inner products as the vectors, in as few dimensions as there are stimuli.
    axes, size, _ = np.linalg.svd(points[strong], full_matrices=False)
    cloud = axes * size
    distance = _distances(cloud)
    best, labels = _cut(distance)
    mean, generator = cloud.mean(axis=0), np.random.default_rng(seed)
    _, lengths, directions = np.linalg.svd(cloud - mean, full_matrices=False)
    shape = (lengths[:, None] * directions)[: len(strong) - 1]
    most, beaten, drawn = floor((1 - level) * (1 + resamples) + _ROUNDING), 0, 0
    while drawn < resamples and beaten < most:
        turned = mean + _frame(generator, len(strong), len(shape)) @ shape
        beaten += _cut(_distances(turned))[0] >= best - _ROUNDING
        drawn += 1
    p = beaten / drawn if beaten == most else (1 + beaten) / (1 + resamples)
    if beaten == most:
        labels = np.zeros(len(strong), dtype=np.intp)
    return Grouping(_groups(strong, labels, distance, height), best, p, len(strong))


def _frame(generator: np.random.Generator, n: int, k: int) -> NDArray[np.float64]:
    """(n, k) orthonormal columns that sum to zero, all such frames equally likely."""
    drawn = generator.standard_normal((n, k))
    frame, upper = np.linalg.qr(drawn - drawn.mean(axis=0))
    found: NDArray[np.float64] = frame * np.sign(np.diag(upper))
    return found


def _distances(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, n) 1 - cosine."""
    length = np.linalg.norm(points, axis=1, keepdims=True)
    directions = points / np.where(length > 0, length, 1)
    distance = np.clip(1 - directions @ directions.T, 0, None)
    np.fill_diagonal(distance, 0)
    return distance


def _cut(distance: NDArray[np.float64]) -> tuple[float, NDArray[np.intp]]:
    """Largest mean silhouette over 2 to 6 groups, and the groups (n,) that have it."""
    n = len(distance)
    merges = hierarchy.linkage(squareform(distance, checks=False), method="average")[:, :2].astype(np.intp)
    member = np.zeros((2 * n - 1, n), dtype=np.bool_)
    member[:n] = np.eye(n, dtype=np.bool_)
    for node, pair in enumerate(merges.tolist(), start=n):
        member[node] = member[pair].any(axis=0)
    nodes, best, labels = [2 * n - 2], -np.inf, np.zeros(n, dtype=np.intp)
    while len(nodes) < min(_MOST_FACETS, n - 1):
        # The merge that was made last is the one to undo for one group more.
        last = max(nodes)
        nodes = [*(node for node in nodes if node != last), *merges[last - n].tolist()]
        groups = member[nodes].argmax(axis=0)
        value = float(silhouettes(distance, groups).mean())
        if value > best:
            best, labels = value, groups
    return best, labels


def silhouettes(distance: NDArray[np.float64], groups: NDArray[np.intp]) -> NDArray[np.float64]:
    """(n,) silhouette of every point from (n, n) distances: (b - a) / max(a, b), and 0 for a group of one.

    ``groups`` (n,) are numbers from 0, at least two of them. a is the mean distance from the others of the point's
    group, b the smallest mean distance from another group. Source: Rousseeuw 1987.
    """
    rows, counts = np.arange(len(groups)), np.bincount(groups)
    sums = distance @ (groups[:, None] == np.arange(len(counts))).astype(np.float64)
    own = sums[rows, groups] / np.maximum(counts[groups] - 1, 1)
    means = sums / counts
    means[rows, groups] = np.inf
    other = means.min(axis=1)
    larger = np.maximum(own, other)
    found: NDArray[np.float64] = (other - own) / np.where(larger > 0, larger, 1)
    found[counts[groups] == 1] = 0
    return found


def _groups(
    strong: NDArray[np.intp], labels: NDArray[np.intp], distance: NDArray[np.float64], height: NDArray[np.float64]
) -> tuple[Group, ...]:
    total, found = float(height[strong].sum()), []
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        middle = own[int(distance[np.ix_(own, own)].sum(axis=1).argmin())]
        share = float(height[strong[own]].sum()) / total
        found.append(Group(tuple(strong[own].tolist()), int(strong[middle]), share))
    return tuple(sorted(found, key=lambda group: -group.share))
