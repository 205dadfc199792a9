"""The dialect ``datacomp``: the fairness numbers of DataComp's evaluation, as its code defines them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.records import Estimate, Measured, Undefined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from audit.measures import ZeroShotRows

_FIVE = 5
_METHOD = "as DataComp computes it, every picture an item; it has no interval"


def recognition(rows: ZeroShotRows, right: NDArray[np.bool_], top: int) -> Iterator[Measured]:
    """What DataComp prints for GeoDE (``top`` 1) or Dollar Street (5); ``right`` is (n, classes).

    - ``acc1``, ``acc5``: share of the pictures whose closest class, or one of whose five closest, is right (five only
      where there are five classes)
    - ``mean_per_class_recall``: mean over the classes that some picture has of the share recognised among its pictures
    - ``acc_avg`` or ``acc_top5_avg``: share over all pictures; ``acc_wg`` or ``acc_top5_wg``: the smallest share of any
      group that has pictures (WILDS's worst group)

    No unit; in [0, 1]. Source: mlfoundations/datacomp at 4a8df19, eval_utils/wds_eval.py and fairness_eval.py, with
    WILDS's ``Accuracy``. It averages in float32; here it is float64. A picture has one class there.
    """
    prefix = "acc" if top == 1 else f"acc_top{top}"
    names = ("acc1", "acc5", "mean_per_class_recall", f"{prefix}_avg", f"{prefix}_wg")
    if several := int(np.count_nonzero(right.sum(axis=1) != 1)):
        reason = f"DataComp takes one right class a picture, and {several} of {len(right)} pictures have several"
        yield from (Undefined(name=f"datacomp_{name}", reason=reason) for name in names)
        return
    closest, best_five, counted = rows.hits(right, 1), rows.hits(right, _FIVE), rows.hits(right, top)
    enough = right.shape[1] >= _FIVE
    few = Undefined(name="datacomp_acc5", reason=f"DataComp gives it from {_FIVE} classes on")
    present = right.any(axis=0)
    recalls = (right.T @ closest)[present] / right.sum(axis=0)[present]
    yield _given("acc1", float(closest.mean()), rows, "share of the pictures recognised")
    yield _given("acc5", float(best_five.mean()), rows, "share of the pictures recognised") if enough else few
    yield _given("mean_per_class_recall", float(recalls.mean()), rows, "mean over classes of the share recognised")
    yield from _over_groups(rows, counted, prefix)


def harm(rows: ZeroShotRows, outcomes: NDArray[np.float64], top: int) -> Iterator[Measured]:
    """What DataComp prints as ``toxicity_...`` for FairFace and UTKFace: the share over all pictures, and its ``_wg``.

    The latter is the *smallest* share of any group, because the share is computed as an accuracy, of which the smallest
    is the worst. Of a harm it is the best group. Source: as for ``recognition``, ``FairFaceEvaluator``.
    """
    if top != 1:
        reason = "DataComp counts harms among the closest class alone"
        yield from (Undefined(name=f"datacomp_toxicity_{name}", reason=reason) for name in ("avg", "wg"))
        return
    yield from _over_groups(rows, outcomes, "toxicity")


def _over_groups(rows: ZeroShotRows, outcomes: NDArray[np.float64], prefix: str) -> Iterator[Measured]:
    count = np.bincount(rows.group, minlength=len(rows.groups))
    hits = np.bincount(rows.group, weights=outcomes, minlength=len(rows.groups))
    shares = hits[count > 0] / count[count > 0]
    yield _given(f"{prefix}_avg", float(outcomes.mean()), rows, "share over all pictures")
    yield _given(f"{prefix}_wg", float(shares.min()), rows, "smallest share of any group")


def _given(name: str, value: float, rows: ZeroShotRows, sign: str) -> Estimate:
    return Estimate(
        name=f"datacomp_{name}",
        value=value,
        unit="share",
        sign=sign,
        n=len(rows.stimuli),
        groups=tuple(len(group.clusters) for group in rows.groups),
        method=_METHOD,
    )
