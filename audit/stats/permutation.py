"""Permutation tests of two groups and of paired differences: exact where it can be done, Monte Carlo beyond."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Alternative, PMethod, Undefined
from audit.stats.groups import group_problem
from audit.stats.random_subsets import random_sign_sums, random_subset_sums
from audit.stats.saddlepoint import sign_flip_tail, two_sample_tail
from audit.stats.subset_sums import LARGEST_TABLE, count_signs, count_subsets, table_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_TOLERANCE = 1e-12
"""Sums nearer than this, relative to the largest sum there can be, are ties: rounding never hides one."""
_LARGEST_PAIRED = 44
"""Pairs up to which all sign flips are counted."""


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """A permutation test and how its p was found."""

    statistic: float
    """Difference of means (X minus Y), or mean of the differences, in the unit of the scores."""
    p: float
    """In (0, 1]."""
    method: PMethod
    """``exact`` or ``monte-carlo``."""
    resamples: int
    """Rearrangements behind p: all of them when exact, the drawn ones otherwise."""
    smallest_p: float
    """The smallest p that this design can attain: 1/70 for 4 clusters a side, one-sided; 2/70 two-sided."""


def two_sample(
    scores: NDArray[np.float64],
    in_x: NDArray[np.bool_],
    *,
    alternative: Alternative,
    seed: int,
    resamples: int = 99_999,
) -> PermutationTest | Undefined:
    """Test that clusters could have been in X or Y alike, by the difference of means.

    ``scores`` (n,) holds one number a cluster, ``in_x`` (n,) is True for X. Statistic: mean of X minus mean of Y, in
    the unit of the scores; positive when X scores higher. ``greater`` asks whether X scores higher.

    Exact p = #{partitions with a statistic >= the observed one} / #{partitions}, the observed partition included; ties
    count (Caliskan et al. 2017 and iEAT, Steed & Caliskan 2021, define their one-sided p so, with >= in iEAT). It is
    exact up to 22 clusters a side and for any other sizes that need no larger table (4 against 200). Beyond,
    p = (b + 1) / (R + 1) with b of R random partitions at least as extreme (Phipson & Smyth 2010, equation 2); where
    none is, and p lies further out than R can tell, a saddlepoint approximation (``saddlepoint.two_sample_tail``).
    ``two-sided`` compares absolute differences of means, so it does not change with the sign of the scores.
    """
    scores, in_x = np.asarray(scores, dtype=np.float64), np.asarray(in_x, dtype=np.bool_)
    problem = group_problem(scores, in_x, least=1)
    if problem is not None:
        return Undefined(name="p", reason=problem)
    statistic = float(scores[in_x].mean() - scores[~in_x].mean())
    centred = scores - scores.mean()
    # The smaller group's sum carries the statistic: its mean is off by a factor, its sign is that of X or of Y.
    n, small = len(scores), in_x if 2 * np.count_nonzero(in_x) <= len(scores) else ~in_x
    size = int(np.count_nonzero(small))
    upwards = (alternative != "less") == (small is in_x) if alternative != "two-sided" else centred[small].sum() >= 0
    # Turned so that the small group's sum points up, then sorted: neither the order in which stimuli were given nor the
    # sign of a two-sided test can change a Monte Carlo p.
    turned = centred if upwards else -centred
    values = np.concatenate([np.sort(turned[small]), np.sort(turned[~small])])
    observed = float(values[:size].sum())
    # Centring scores that lie far from zero costs digits of its own.
    slack = _TOLERANCE * float(np.abs(values).sum()) + n * float(np.spacing(np.abs(scores).max()))
    both = alternative == "two-sided"
    if both and observed <= slack:
        both, observed = False, -np.inf
    partitions = comb(n, size)
    mirrored = alternative == "two-sided" and 2 * size == n
    least = (1 + mirrored) / partitions
    if table_size(n, size) <= LARGEST_TABLE:
        if both and mirrored:
            count = 2 * count_subsets(values, size, observed - slack)
        else:
            count = count_subsets(values, size, observed - slack, slack - observed if both else None)
        return PermutationTest(statistic, count / partitions, "exact", partitions, least)
    sums = random_subset_sums(values, size, resamples, np.random.default_rng(seed))
    extreme = int(np.count_nonzero((np.abs(sums) if both else sums) >= observed - slack))
    if extreme == 0:
        tails = [two_sample_tail(each, size, observed) for each in ((values, -values) if both else (values,))]
        if (far := _far_tail(tails, resamples)) is not None:
            return PermutationTest(statistic, max(far, least), "saddlepoint", resamples, least)
    p = (extreme + 1) / (resamples + 1)
    return PermutationTest(statistic, p, "monte-carlo", resamples, max(least, 1 / (resamples + 1)))


def paired_sign_flip(
    differences: NDArray[np.float64], *, alternative: Alternative, seed: int, resamples: int = 99_999
) -> PermutationTest | Undefined:
    """Test that paired differences could have had either sign, by their mean.

    ``differences`` (n,) holds one difference a matched pair (the exchangeable unit), in the unit of the scores; the
    statistic is their mean, positive when the first of the pairs scores higher. Exact p = #{sign patterns with a mean
    >= the observed one} / 2^n up to 44 pairs, ties included; beyond, (b + 1) / (R + 1) over random signs. ``two-sided``
    compares absolute means. Source: Fisher 1935, section 21; Phipson & Smyth 2010, equation 2.
    """
    differences = np.asarray(differences, dtype=np.float64)
    if not np.isfinite(differences).all():
        return Undefined(name="p", reason="a difference is missing or not finite")
    if len(differences) < 2:
        return Undefined(name="p", reason=f"at least 2 pairs are needed, and there are {len(differences)}")
    if not differences.any():
        return Undefined(name="p", reason="all differences are zero")
    statistic = float(differences.mean())
    observed = float(differences.sum()) * (-1 if alternative == "less" else 1)
    both = alternative == "two-sided"
    observed = abs(observed) if both else observed
    values = np.sort(np.abs(differences))
    slack = _TOLERANCE * float(values.sum())
    if both and observed <= slack:
        both, observed = False, -np.inf
    n = len(values)
    patterns = 2**n
    least = (1 + (alternative == "two-sided")) / patterns
    if n <= _LARGEST_PAIRED:
        count = count_signs(values, observed - slack) * (1 + both)
        return PermutationTest(statistic, count / patterns, "exact", patterns, least)
    sums = random_sign_sums(values, resamples, np.random.default_rng(seed))
    extreme = int(np.count_nonzero((np.abs(sums) if both else sums) >= observed - slack))
    if extreme == 0:
        tail = sign_flip_tail(values, observed)
        if (far := _far_tail([tail, tail] if both else [tail], resamples)) is not None:
            return PermutationTest(statistic, max(far, least), "saddlepoint", resamples, least)
    p = (extreme + 1) / (resamples + 1)
    return PermutationTest(statistic, p, "monte-carlo", resamples, max(least, 1 / (resamples + 1)))


def _far_tail(tails: Sequence[float | Undefined], resamples: int) -> float | None:
    """Sum of saddlepoint tails, where random rearrangements found nothing as extreme; None where they say as much."""
    known = [tail for tail in tails if not isinstance(tail, Undefined)]
    total = sum(known)
    return total if len(known) == len(tails) and total < 1 / (resamples + 1) else None
