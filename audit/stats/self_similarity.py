"""Mean cosine within a group, as one number a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.records import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_CLUSTERS = 3
"""With one left out there must still be a pair."""


def pseudo_values(vectors: NDArray[np.float64]) -> NDArray[np.float64] | Undefined:
    """(clusters, templates) jackknife pseudo-values of the mean cosine between different clusters.

    ``vectors`` (clusters, templates, d) holds the mean of the unit embeddings of a cluster under a template, m_i. Under
    one template, with n clusters, U = sum over i != j of m_i . m_j / (n (n - 1)) is the mean cosine of two stimuli of
    different clusters, a U-statistic of degree 2 (Hoeffding 1948), whose pairs share clusters and are not independent.
    With r_i = sum over j != i of m_i . m_j and R = sum of r_i, U without cluster i is (R - 2 r_i)/((n - 1)(n - 2)), and
    its pseudo-value n U - (n - 1) U_(-i) = R/(n - 1) - (R - 2 r_i)/(n - 2). Their mean is U, and their variance over n
    estimates the variance of U (Arvesen 1969, theorem 9), so that means of clusters stand for U in every
    comparison, also of groups that share clusters. In cosine. Undefined with fewer than three clusters.
    """
    n = len(vectors)
    if n < LEAST_CLUSTERS:
        are = "is 1" if n == 1 else f"are {n or 'none'}"
        reason = f"at least {LEAST_CLUSTERS} clusters are needed, and there {are}"
        return Undefined(name="mean_similarity", reason=reason)
    total = vectors.sum(axis=0)
    rows = np.einsum("ctd,td->ct", vectors, total) - np.einsum("ctd,ctd->ct", vectors, vectors)
    whole = rows.sum(axis=0)
    values: NDArray[np.float64] = whole / (n - 1) - (whole - 2 * rows) / (n - 2)
    return values
