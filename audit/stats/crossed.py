"""The difference between two groups of clusters that were all measured under the same templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import special

from audit.records import Undefined
from audit.stats.groups import group_problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

CALIBRATED_TEMPLATES = 5
"""With fewer templates that vary more than the clusters do, the crossed t is not held to its level: Satterthwaite's df
come out too large (3 templates: .07 of true nulls at .05, .014 at .005; benchmarks/calibration.json)."""

CrossedMethod = Literal["welch-t", "paired-t", "crossed-t"]


@dataclass(frozen=True, slots=True)
class CrossedDifference:
    """Mean of X minus mean of Y with a standard error that generalises to new clusters and new templates."""

    value: float
    """In the unit of the scores; positive when X scores higher."""
    se: float
    """Standard error, same unit; positive."""
    df: float
    """Satterthwaite degrees of freedom of ``se``."""
    v_cluster: float
    """Variance of ``value`` from the choice of clusters (Welch's variance of the row means) or of matched pairs."""
    v_template: float
    """Variance of ``value`` from the choice of templates; 0 with one template, which is then taken as given."""
    v_residual: float
    """The part that both of them count, from cluster by template; 0 with one template."""
    method: CrossedMethod
    """With one template ``welch-t``, or ``paired-t`` of matched pairs; ``crossed-t`` with more."""

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Two-sided interval value -+ t(1 - (1 - level)/2, df) se."""
        reach = float(special.stdtrit(self.df, (1 + level) / 2)) * self.se
        return self.value - reach, self.value + reach


@dataclass(frozen=True, slots=True)
class CrossedMoments:
    """Difference, variance and df of several grids of scores under many groupings; arrays (grids, groupings)."""

    value: NDArray[np.float64]
    variance: NDArray[np.float64]
    df: NDArray[np.float64]


def crossed_difference(scores: NDArray[np.float64], in_x: NDArray[np.bool_]) -> CrossedDifference | Undefined:
    """Difference of two groups with clusters and templates both random and fully crossed.

    ``scores`` S is (clusters, templates) or (clusters,), ``in_x`` (clusters,) is True for X. Model: S[i, t] = mean of
    the group + cluster i + template t + template t within the group + residual, so that with D_t = mean over X of S[:,
    t] - mean over Y of S[:, t] and r_i = mean over t of S[i, t]:

    - value = mean over t of D_t (= mean over X of r - mean over Y of r), in the unit of the scores;
    - V_cluster = var_X(r)/n_x + var_Y(r)/n_y, with expectation (cluster + residual/T)(1/n_x + 1/n_y);
    - V_template = var_t(D_t)/T, with expectation (template-by-group + residual (1/n_x + 1/n_y))/T;
    - V_resid = M_X/(n_x T) + M_Y/(n_y T), M the cluster-by-template mean square of a group on (n - 1)(T - 1) degrees,
      with expectation residual (1/n_x + 1/n_y)/T: the part that the first two count twice.

    V = V_cluster + V_template - V_resid, floored at the larger of the first two, and Satterthwaite's df = V^2 / sum of
    (each of its five terms)^2 / (its own degrees). With one template it is Welch's t. Sign: positive when X scores
    higher. Source: Westfall, Kenny & Judd 2014, stimuli-within-condition design with fully crossed raters (here
    templates); Satterthwaite 1946; Welch 1947.
    """
    grid = np.asarray(scores, dtype=np.float64)
    return crossed_differences(grid.reshape(1, len(grid), -1), in_x)[0]


def crossed_differences(
    grids: NDArray[np.float64], in_x: NDArray[np.bool_]
) -> tuple[CrossedDifference | Undefined, ...]:
    """``crossed_difference`` of many grids of scores, (grids, clusters, templates), for the same two groups."""
    inside = np.asarray(in_x, dtype=np.bool_)
    outside = np.logical_not(inside)
    templates, counts = grids.shape[2], (int(np.count_nonzero(inside)), int(np.count_nonzero(outside)))
    if min(counts) < 2:
        return tuple(_undefined(grid, inside) for grid in grids)
    finite: NDArray[np.bool_] = np.asarray(np.isfinite(grids).all(axis=(1, 2)), dtype=np.bool_)
    safe = np.where(finite[:, None, None], grids, 0.0)
    cluster = residual = template = squares = np.zeros(len(grids))
    means = []
    for n, group in zip(counts, (safe[:, inside], safe[:, outside]), strict=True):
        rows, columns = group.mean(axis=2), group.mean(axis=1)
        own = rows.var(axis=1, ddof=1) / n
        cluster = cluster + own
        squares = squares + own**2 / (n - 1)
        means.append(columns)
        if templates > 1:
            degrees = (n - 1) * (templates - 1)
            inner = group - rows[:, :, None] - columns[:, None] + columns.mean(axis=1)[:, None, None]
            shared = (inner**2).sum(axis=(1, 2)) / degrees / (n * templates)
            residual = residual + shared
            squares = squares + shared**2 / degrees
    by_template = means[0] - means[1]
    if templates > 1:
        template = by_template.var(axis=1, ddof=1) / templates
        squares = squares + template**2 / (templates - 1)
    variance = np.maximum(np.maximum(cluster + template - residual, cluster), template)
    usable = finite & (variance > (1e-12 * np.abs(safe).max(axis=(1, 2))) ** 2)
    found: list[CrossedDifference | Undefined] = []
    for i, grid in enumerate(grids):
        if not usable[i]:
            found.append(_undefined(grid, in_x))
            continue
        found.append(
            CrossedDifference(
                value=float(by_template[i].mean()),
                se=float(np.sqrt(variance[i])),
                df=float(variance[i] ** 2 / squares[i]),
                v_cluster=float(cluster[i]),
                v_template=float(template[i]),
                v_residual=float(residual[i]),
                method="crossed-t" if templates > 1 else "welch-t",
            )
        )
    return tuple(found)


def _undefined(grid: NDArray[np.float64], in_x: NDArray[np.bool_]) -> Undefined:
    reason = group_problem(grid, in_x) or "scores do not vary within the groups"
    return Undefined(name="cosine_difference", reason=reason)


def crossed_moments(grids: NDArray[np.float64], masks: NDArray[np.bool_]) -> CrossedMoments:
    """The same difference, variance and df of every grid for many groupings at once, by one matrix product.

    ``grids`` is (grids, clusters, templates) scores, ``masks`` (groupings, clusters) is True for X; every grouping has
    the same number of clusters in X, at least 2, and at least 2 outside. Formulas as in ``crossed_difference``. What is
    the same for all clusters under a template drops out of all of them, so every column is centred first: then the sums
    over X say those over Y as well, and sums of squares come from sums and squared sums.
    """
    columns = _columns(grids)
    inside = (columns.reshape(-1, masks.shape[1]) @ masks.T.astype(np.float64)).reshape(*columns.shape[:2], -1)
    n_x = int(np.count_nonzero(masks[0]))
    return _moments(inside, columns.sum(axis=2), n_x, masks.shape[1] - n_x)


def _columns(grids: NDArray[np.float64]) -> NDArray[np.float64]:
    """(grids, 2 or templates + 3, clusters) what is summed over X.

    Cluster means r and r^2; with several templates the squares within a cluster, and what each template adds to r.
    """
    centred = grids - grids.mean(axis=1, keepdims=True)
    rows = centred.mean(axis=2)
    if grids.shape[2] == 1:
        return np.stack([rows, rows**2], axis=1)
    inner = (centred - rows[:, :, None]).transpose(0, 2, 1)
    return np.concatenate([np.stack([rows, rows**2, (inner**2).sum(axis=1)], axis=1), inner], axis=1)


def _moments(inside: NDArray[np.float64], total: NDArray[np.float64], n_x: int, n_y: int) -> CrossedMoments:
    """From the sums of ``_columns`` over X, (grids, columns, groupings), and over all clusters, (grids, columns)."""
    both, templates = 1 / n_x + 1 / n_y, max(inside.shape[1] - 3, 1)
    means, spread = inside[:, 0], inside[:, 1]
    squared = means**2
    cluster, squares = np.zeros_like(means), np.zeros_like(means)
    for n, sums in ((n_x, spread), (n_y, total[:, 1, None] - spread)):
        own = np.maximum(sums - squared / n, 0)
        own /= n * (n - 1)
        cluster += own
        own *= own
        squares += own / (n - 1)
    variance = cluster
    if templates > 1:
        between, within = np.einsum("ktg,ktg->kg", inside[:, 3:], inside[:, 3:]), inside[:, 2]
        template = between * (both**2 / ((templates - 1) * templates))
        squares += template**2 / (templates - 1)
        residual = np.zeros_like(means)
        for n, sums in ((n_x, within), (n_y, total[:, 2, None] - within)):
            degrees = (n - 1) * (templates - 1)
            shared = np.maximum(sums - between / n, 0) / (degrees * n * templates)
            residual += shared
            squares += shared**2 / degrees
        variance = np.maximum(np.maximum(cluster, template), cluster + template - residual)
    with np.errstate(divide="ignore", invalid="ignore"):
        df = np.where(squares > 0, variance**2 / squares, 1.0)
    return CrossedMoments(means * both, variance, df)
