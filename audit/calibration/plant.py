"""An association of chosen size planted in the image projection of a model, exact over a whole population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize

from audit.calibration.erasure import fit_eraser
from audit.encoders.edits import ProjectionEdit
from audit.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

RIDGE = 1.0
"""Penalty of the direction that tells the group, in mean variances of a feature: heavy, so that the edit rests on what
the group's pictures share, and some show more of the planted association than others, as with a learned one."""
_TOLERANCE = 1e-9
"""How near, in cosine, the planted association comes to what was asked for."""
_FARTHEST = 2.0**12
"""Strengths up to here are tried, in lengths of a median embedding."""


@dataclass(frozen=True, slots=True)
class Census:
    """All images that a plant is fitted on, of which two groups are the population whose association is planted."""

    features: NDArray[np.float64]
    """(n, c) what the image projection reads."""
    embeddings: NDArray[np.float64]
    """(n, d) what it gives, not normalised."""
    in_x: NDArray[np.bool_]
    """(n,) True for the images of the group that is tied to the harm."""
    in_y: NDArray[np.bool_]
    """(n,) True for the images that it is compared with; the rest belong to neither and are to stay as they are."""

    def truth(self, embeddings: NDArray[np.float64], direction: NDArray[np.float64]) -> float:
        """The association itself: mean of s over every image of X minus its mean over every image of Y, in cosine.

        s(w) is the cosine of w with the words of the harm, averaged, minus that with the neutral words; ``direction``
        (d,) is the difference of the two means of unit vectors, so that s(w) = w . direction / |w|.
        """
        return float(
            _scores(embeddings[self.in_x], direction).mean() - _scores(embeddings[self.in_y], direction).mean()
        )


def _scores(embeddings: NDArray[np.float64], direction: NDArray[np.float64]) -> NDArray[np.float64]:
    scores: NDArray[np.float64] = embeddings @ direction / np.linalg.norm(embeddings, axis=1)
    return scores


@dataclass(frozen=True, slots=True)
class _Rank:
    """One more rank of an edit: strength times ``direction`` (d,) times ``row`` . features + ``offset``."""

    direction: NDArray[np.float64]
    row: NDArray[np.float64]
    offset: float


def erase(census: Census, weight: NDArray[np.float64], bias: NDArray[np.float64]) -> ProjectionEdit:
    """The edit of a projection (``weight`` (d, c), ``bias`` (d,)) that erases which group an image belongs to.

    LEACE on the embeddings of all images, with three labels: X, Y, and neither. The three then have the same mean
    embedding, so the difference between X and Y along any direction is zero. What the tool measures lies on embeddings
    of unit length, where a trace may be left; `plant` at zero takes it away.
    """
    labels = np.column_stack([census.in_x, census.in_y]).astype(np.float64)
    eraser = fit_eraser(census.embeddings, labels)
    return ProjectionEdit(
        left=-eraser.left, right=eraser.right @ weight, shift=eraser.left @ (eraser.right @ (eraser.mean - bias))
    )


def plant(census: Census, erased: ProjectionEdit, direction: NDArray[np.float64], truth: float) -> ProjectionEdit:
    """``erased`` and one rank more, by which the association along ``direction`` is ``truth`` (in cosine, to 1e-9).

    The rank adds ``direction`` to an embedding in proportion to how much the image looks like X: ridge regression, on
    the features, of 1 for X and 0 for all other images. The strength is the root of the association itself, computed
    on all images of the population as the tool does, so nothing is linearised. Raises ModelError when no strength
    reaches it: cosines are bounded.
    """
    rank = _looks_like_x(census, direction)
    start = erased.embeddings(census.features, census.embeddings)
    step = (census.features @ rank.row + rank.offset)[:, None] * rank.direction

    def missing(strength: float) -> float:
        return census.truth(start + strength * step, direction) - truth

    length = float(np.median(np.linalg.norm(start, axis=1)))
    found = missing(0.0)
    towards, reach = (-1.0 if found > 0 else 1.0), length / 64
    while abs(found) > _TOLERANCE and missing(towards * reach) * towards < 0:
        reach *= 2
        if reach > _FARTHEST * length:
            raise ModelError(
                f"no strength of the edit gives an association of {truth:g}",
                hint="cosines are bounded; plant less, or along words that differ more",
            )
    strength = 0.0
    if abs(found) > _TOLERANCE:
        strength = optimize.brentq(missing, 0.0, towards * reach, xtol=1e-12 * reach, rtol=1e-12)
    return ProjectionEdit(
        left=np.column_stack([erased.left, strength * rank.direction]),
        right=np.vstack([erased.right, rank.row]),
        shift=erased.shift + strength * rank.offset * rank.direction,
    )


def _looks_like_x(census: Census, direction: NDArray[np.float64]) -> _Rank:
    row, offset = ridge(census.features, census.in_x.astype(np.float64))
    # Turned to 0 and 1 on average, so that a strength is what the mean picture of X gains.
    answers = census.features @ row + offset
    low, high = answers[~census.in_x].mean(), answers[census.in_x].mean()
    return _Rank(direction / np.linalg.norm(direction), row / (high - low), float((offset - low) / (high - low)))


def ridge(
    features: NDArray[np.float64], target: NDArray[np.float64], penalty: float = RIDGE
) -> tuple[NDArray[np.float64], float]:
    """Row (c,) and offset of the ridge regression of ``target`` (n,) on ``features`` (n, c).

    The penalty is in mean variances of a feature. Solved among the n images when there are more features than those.
    """
    mean = features.mean(axis=0)
    centred, aim = features - mean, target - target.mean()
    n, c = centred.shape
    weight = penalty * float((centred**2).sum()) / c
    if n < c:
        row = centred.T @ np.linalg.solve(centred @ centred.T + weight * np.eye(n), aim)
    else:
        row = np.linalg.solve(centred.T @ centred + weight * np.eye(c), centred.T @ aim)
    return row, float(target.mean() - mean @ row)
