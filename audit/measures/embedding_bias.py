"""Other statistics of an association, as their sources define them, on one unit vector a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special, stats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float64]

# Every function takes (clusters, d) arrays of unit length; NaN where the statistic does not exist.


def relative_norm_distance(x: Vectors, y: Vectors, a: Vectors) -> float:
    """RND = mean over A of (|mean X - a| - |mean Y - a|), Euclidean; negative when X lies closer to A than Y does.

    Source: Garg et al. 2018 (who sum over A), as a mean in WEFE's ``RND``.
    """
    distances = [np.linalg.norm(targets.mean(axis=0) - a, axis=1) for targets in (x, y)]
    return float((distances[0] - distances[1]).mean())


def mean_average_cosine(x: Vectors, y: Vectors, a: Vectors, b: Vectors) -> float:
    """MAC = mean over targets t of X and Y and over the sets A, B of mean over the set of (1 - cos(t, .)).

    A cosine distance in [0, 2]; 1 when targets and attributes have nothing to do with each other. It has no direction.
    Source: Manzini et al. 2019, equation 3; WEFE's ``MAC``.
    """
    targets = np.concatenate([x, y])
    return float(np.mean([(1 - targets @ attributes.T).mean(axis=1) for attributes in (a, b)]))


def relational_inner_product(x: Vectors, y: Vectors, a: Vectors) -> float:
    """RIPA = mean over A and over pairs i of <a, (x_i - y_i)/|x_i - y_i|>; positive when A leans to X.

    ``x`` and ``y`` are matched row by row. Source: Ethayarajh, Duvenaud & Hirst 2019, definition 1; WEFE's ``RIPA``.
    """
    relation = x - y
    length = np.linalg.norm(relation, axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return float((a @ (relation / length).T).mean())


def coherence(x: Vectors, y: Vectors, a: Vectors) -> float:
    """ECT: Spearman's rank correlation over A of cos(mean X, a) and cos(mean Y, a); 1 when both rank A alike.

    In [-1, 1]; without direction. Source: Dev & Phillips 2019, section 3.2; WEFE's ``ECT``.
    """
    if len(a) < 3:
        return float("nan")
    ranks = [stats.rankdata(a @ targets.mean(axis=0)) for targets in (x, y)]
    if min(np.ptp(each) for each in ranks) == 0:
        return float("nan")
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def negative_sentiment(x: Vectors, y: Vectors, a: Vectors, b: Vectors) -> float:
    """RNSB = KL(P || uniform), in nats, of P(t) = n(t)/sum n over all targets; n(t) = probability that t is like B.

    n is a logistic regression of A (0) against B (1) with an L2 penalty of 1/2 |w|^2 on the weights and on the
    intercept, which is scikit-learn's liblinear solver at C = 1. At least 0, and 0 when all targets are equally
    negative. Source: Sweeney & Najafian 2019, equation 4; WEFE's ``RNSB`` without its random hold-out.
    """
    points = np.concatenate([a, b])
    points = np.column_stack([points, np.ones(len(points))])
    sign = np.where(np.arange(len(points)) < len(a), -1.0, 1.0)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = sign * (points @ weights)
        slope = -sign * special.expit(-margins)
        return float(np.logaddexp(0, -margins).sum() + weights @ weights / 2), points.T @ slope + weights

    found = optimize.minimize(loss, np.zeros(points.shape[1]), jac=True, method="L-BFGS-B", options={"gtol": 1e-9})
    targets = np.concatenate([x, y])
    negative = special.expit(np.column_stack([targets, np.ones(len(targets))]) @ found.x)
    share = negative / negative.sum()
    return float((share * np.log(share * len(share))).sum())


def target_effect(x: Vectors, a: Vectors, b: Vectors) -> float:
    """ML-EAT level 2: (mean cos(X, A) - mean cos(X, B))/sd of all cosines of X with A and B, ddof 1; no unit.

    Positive when X lies closer to A. Source: Wolfe, Hiniker & Howe 2024, level 2.
    """
    towards_a, towards_b = x @ a.T, x @ b.T
    spread = np.concatenate([towards_a.ravel(), towards_b.ravel()]).std(ddof=1)
    return float((towards_a.mean() - towards_b.mean()) / spread) if spread > 0 else float("nan")


def mean_cosine(x: Vectors, a: Vectors) -> float:
    """ML-EAT level 3: mean cosine of one target with one attribute. Source: Wolfe, Hiniker & Howe 2024, level 3."""
    return float((x @ a.T).mean())


def cosine_spread(x: Vectors, a: Vectors) -> float:
    """ML-EAT level 3: sample deviation (ddof 1) of the cosines of one target with one attribute."""
    return float((x @ a.T).std(ddof=1))
