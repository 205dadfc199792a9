"""How unlike the groups among the first k found are to what they should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shares = NDArray[np.float64]


def top_shares(ranked: NDArray[np.intp], k: int, groups: int) -> Shares:
    """(groups,) share of each group among the first ``k`` of ``ranked`` (indices of groups, best first)."""
    return np.bincount(ranked[:k], minlength=groups) / k


def skews(found: Shares, desired: Shares, k: int) -> Shares:
    """Skew_g@k = ln(p_g / q_g), in ln units; positive when a group is found more often than desired.

    ``found`` p and ``desired`` q are (groups,) and sum to 1. Of a group that is not found at all p_g is set to 1/k, as
    if it were found once, so that its skew is finite (debias-vl; Berg et al. 2022). Source: Geyik, Ambler & Kenthapadi
    2019, definition 2.
    """
    return np.log(np.where(found > 0, found, 1 / k) / desired)


def max_skew(found: Shares, desired: Shares, k: int) -> float:
    """MaxSkew@k, the largest skew of any group; 0 when all are found as desired, and at least 0 by chance."""
    return float(skews(found, desired, k).max())


def min_skew(found: Shares, desired: Shares, k: int) -> float:
    """MinSkew@k, the smallest skew of any group; at most 0 by chance."""
    return float(skews(found, desired, k).min())


def ndkl(ranked: NDArray[np.intp], desired: Shares) -> float:
    """NDKL = (1/Z) sum_i KL(p_i || q)/log2(i + 1), Z = sum_i 1/log2(i + 1), p_i the shares among the first i; nats.

    0 when every prefix is as desired, which a short one cannot be. Source: Geyik, Ambler & Kenthapadi 2019, def. 5.
    """
    places = np.arange(1, len(ranked) + 1)
    counts = np.cumsum(ranked[:, None] == np.arange(len(desired)), axis=0)
    share = counts / places[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(share > 0, share * np.log(share / desired), 0.0)
    weights = 1 / np.log2(places + 1)
    return float((terms.sum(axis=1) * weights).sum() / weights.sum())


def bias_at_k(found: Shares) -> float:
    """Bias@k of two groups = p_1 - p_2, between -1 and 1; positive when the first is found more.

    Source: Wang, Liu & Wang 2021, equation 4 (there men minus women over their sum).
    """
    return float(found[0] - found[1])


def normalised_entropy(found: Shares) -> float:
    """-sum p ln p / ln(groups), in [0, 1]; 1 when all groups are found alike.

    Source: Hamidieh et al. 2024 (SO-B-IT).
    """
    kept = found[found > 0]
    return float(-(kept * np.log(kept)).sum() / np.log(len(found)))
