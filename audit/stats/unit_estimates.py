"""All estimates of one unit for one concept, ready for a finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Estimate, Measured, Undefined
from audit.stats.clustered_auroc import auroc_interval, auroc_mde, permutation_auroc
from audit.stats.selectivity import auroc, average_precision, pearson, tpr_at_fpr

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class UnitEstimates:
    """The four statistics of a unit; AUROC leads."""

    auroc: Measured
    auprc: Measured
    pearson_r: Measured
    tpr_at_1_fpr: Measured

    @property
    def all(self) -> tuple[Measured, ...]:
        """The four, headline first."""
        return self.auroc, self.auprc, self.pearson_r, self.tpr_at_1_fpr


def estimate_unit(
    responses: NDArray[np.floating],
    positive: NDArray[np.bool_],
    clusters: NDArray[np.intp],
    *,
    seed: int,
    n_items: int,
    family: int = 1,
    level: float = 0.95,
    resamples: int = 99_999,
) -> UnitEstimates:
    """AUROC with interval and p, and beside it AUPRC, Pearson r and TPR at 1 % FPR (Oikarinen et al. 2025 show why).

    ``responses``, ``positive`` and ``clusters`` (index of the cluster) are (n,); ``n_items`` counts the stimuli behind
    them. ``family`` is the number of units that are judged at once: the simultaneous interval is the one at level
    1 - (1 - ``level``)/``family``, and the adjusted p is min(1, family p) (Bonferroni). p is one-sided, against 0.5,
    and whole clusters are permuted. AUROC's minimum detectable effect is an AUROC. The three others carry no interval.
    """
    values = np.asarray(responses, dtype=np.float64)
    names = "auroc", "auprc", "pearson_r", "tpr_at_1_fpr"
    narrow = auroc_interval(values, positive, clusters, level=level)
    wide = auroc_interval(values, positive, clusters, level=1 - (1 - level) / family)
    reason = narrow.reason if isinstance(narrow, Undefined) else "the unit responds alike to everything"
    test = permutation_auroc(values, positive, clusters, seed=seed, resamples=resamples)
    if isinstance(narrow, Undefined) or isinstance(wide, Undefined) or isinstance(test, Undefined):
        return UnitEstimates(*(Undefined(name=name, reason=reason) for name in names))
    sides = len(np.unique(clusters[positive])), len(np.unique(clusters[~positive]))
    column = values[:, None]
    headline = Estimate(
        name="auroc",
        value=float(auroc(column, positive)[0]),
        unit="probability",
        sign="above 0.5 when the unit prefers the concept",
        n=n_items,
        groups=sides,
        method=f"AUROC with mid-ranks; {narrow.method}; p by permuting clusters",
        level=level,
        low=narrow.low,
        high=narrow.high,
        low_simultaneous=wide.low,
        high_simultaneous=wide.high,
        p=test.p,
        p_adjusted=min(1.0, family * test.p),
        p_method=test.method,
        smallest_p=test.smallest_p,
        alternative="greater",
        mde=auroc_mde(*sides, level=level),
        seed=None if test.method == "exact" else seed,
    )
    prevalence = float(positive.mean())

    def beside(name: str, value: float, unit: str, sign: str, method: str) -> Estimate:
        return Estimate(
            name=name,
            value=value,
            unit=unit,
            sign=sign,
            n=n_items,
            groups=sides,
            method=f"{method}; no interval",
            level=level,
            alternative="greater",
        )

    return UnitEstimates(
        headline,
        beside(
            "auprc",
            float(average_precision(column, positive)[0]),
            "share",
            f"above the prevalence of {prevalence:.3f} when the unit prefers the concept",
            f"average precision at a prevalence of {prevalence:.3f}",
        ),
        beside(
            "pearson_r",
            float(pearson(column, positive)[0]),
            "correlation",
            "positive when the unit prefers the concept",
            "Pearson correlation of response and label",
        ),
        beside(
            "tpr_at_1_fpr",
            float(tpr_at_fpr(column, positive, 0.01)[0]),
            "share",
            "share of the concept above all but 1 % of the rest",
            "true positive rate at a false positive rate of at most 1 %, no interpolation",
        ),
    )
