"""Far tails of permutation tests without drawing anything: double saddlepoint approximations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from audit.records import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_A_SIDE = 10
"""Clusters a side below which the approximation is not offered."""


def two_sample_tail(values: NDArray[np.float64], size: int, observed: float) -> float | Undefined:
    """P(sum of ``size`` values drawn without replacement >= ``observed``), approximately; one-sided.

    ``values`` (n,). The sum S of a random subset has the law of sum B_i v_i given sum B_i = size, B_i independent
    Bernoulli. With K(t, u) = sum log(1 + exp(t v_i + u)) (the constant part cancels), (t, u) solves dK/dt = observed,
    dK/du = size, and u0 solves dK/du(0, u0) = size:

        r = sign(t) sqrt(2 ((K0 - u0 size) - (K - t observed - u size))), q = t sqrt(det K''/K''0_uu),
        p = 1 - Phi(r) + phi(r) (1/q - 1/r)   (Skovgaard 1987; Booth & Butler 1990; after Robinson 1982).

    Relative error is of order 1/n where many subsets are as extreme; among the last few it says nothing of atoms, and
    can be off by half. Undefined under 10 on a side and at complete separation, where no finite t solves.
    """
    n = len(values)
    if min(size, n - size) < LEAST_A_SIDE:
        return Undefined(name="p", reason=f"a saddlepoint needs at least {LEAST_A_SIDE} clusters a side")
    scale = float(np.ptp(values))
    ordered = np.sort(values)
    top = float(ordered[-size:].sum())
    if scale <= 0 or observed >= top - 1e-9 * max(1.0, abs(top)):
        return Undefined(name="p", reason="the groups separate completely, and no saddlepoint exists")
    v = (values - values.mean()) / scale
    target = (observed - size * float(values.mean())) / scale

    def equations(point: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        weight = special.expit(point[0] * v + point[1])
        spread = weight * (1 - weight)
        slope = np.array([weight @ v - target, weight.sum() - size])
        mixed = float(spread @ v)
        return slope, np.array([[float(spread @ v**2), mixed], [mixed, float(spread.sum())]])

    start = float(special.logit(size / n))
    found = optimize.root(equations, np.array([0.0, start]), jac=True, method="hybr", tol=1e-12)
    slope, curvature = equations(found.x)
    if float(np.abs(slope).max()) > 1e-6 * n:
        return Undefined(name="p", reason="no saddlepoint was found")
    t, u = found.x
    base = size * (1 - size / n)
    if abs(t) < 1e-4:
        return 0.5
    whole = float(np.logaddexp(0, t * v + u).sum()) - t * target - u * size
    alone = n * float(np.logaddexp(0, start)) - start * size
    return _lugannani_rice(t, alone - whole, float(np.linalg.det(curvature)) / base)


def sign_flip_tail(values: NDArray[np.float64], observed: float) -> float | Undefined:
    """P(sum of +-values >= ``observed``) over fair independent signs, approximately; one-sided.

    K(t) = sum log cosh(t |v_i|), K'(t) = observed; r = sign(t) sqrt(2 (t observed - K)), q = t sqrt(K''), and p as in
    ``two_sample_tail`` (Lugannani & Rice 1980). Undefined under 10 pairs and where every pair points the same way.
    """
    v = np.abs(np.asarray(values, dtype=np.float64))
    if len(v) < LEAST_A_SIDE:
        return Undefined(name="p", reason=f"a saddlepoint needs at least {LEAST_A_SIDE} pairs")
    total = float(v.sum())
    if observed >= total * (1 - 1e-12) or total == 0:
        return Undefined(name="p", reason="every pair points the same way, and no saddlepoint exists")
    if observed < 0:
        # Signs are symmetric: P(sum >= -s) = 1 - P(sum > s), and atoms do not count in an approximation.
        upper = sign_flip_tail(v, -observed)
        return upper if isinstance(upper, Undefined) else 1 - upper
    reach = 1 / float(v.max())
    while _slope(v, reach) < observed:
        reach *= 2
    t = float(optimize.brentq(lambda at: _slope(v, at) - observed, 0.0, reach)) if observed > 0 else 0.0
    if t * float(v.max()) < 1e-4:
        return 0.5
    size = t * v
    whole = float((np.abs(size) + np.log1p(np.exp(-2 * np.abs(size))) - np.log(2)).sum())
    return _lugannani_rice(t, t * observed - whole, float((v**2 / np.cosh(np.minimum(np.abs(size), 300)) ** 2).sum()))


def _slope(v: NDArray[np.float64], t: float) -> float:
    return float((v * np.tanh(t * v)).sum())


def _lugannani_rice(t: float, half_square: float, ratio: float) -> float:
    r = float(np.sign(t)) * float(np.sqrt(2 * max(half_square, 0.0)))
    q = t * float(np.sqrt(ratio))
    density = float(np.exp(-(r**2) / 2) / np.sqrt(2 * np.pi))
    tail = float(special.ndtr(-r)) + density * (1 / q - 1 / r)
    return float(min(max(tail, np.finfo(float).tiny), 1.0))
