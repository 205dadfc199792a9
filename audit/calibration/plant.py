"""An association of chosen size planted in the image projection of a model, exact over whole populations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize

from audit.calibration.erasure import fit_eraser
from audit.encoders.edits import ProjectionEdit
from audit.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

RIDGE = 0.01
"""Penalty of the direction that tells a group, in mean variances of a feature. Light: which flags are a continent's is
no matter of how they look, so a model that ties them to something knows them one by one. It is not so light that every
picture of the group would gain the same."""
_TOLERANCE = 1e-9
"""How near, in cosine, the planted association comes to what was asked for, before the edit is rounded to float32."""
_SWEEPS = 100
_FARTHEST = 2.0**12
"""Strengths up to here are tried, in lengths of a median embedding."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Two groups of images in one form, flags for instance: a population whose association is known and planted."""

    images: NDArray[np.bool_]
    """(n,) True for every image in the form; those of neither group are to stay as they are."""
    in_x: NDArray[np.bool_]
    """(n,) True for the group that is tied to the harm."""
    in_y: NDArray[np.bool_]
    """(n,) True for the group that it is compared with."""

    def association(self, embeddings: NDArray[np.float64], direction: NDArray[np.float64]) -> float:
        """The truth: mean of s over every image of X minus its mean over every image of Y, in cosine.

        ``embeddings`` (n, d) need no unit length. s(w) is the cosine of w with the words of the harm, averaged, minus
        that with the neutral words; ``direction`` (d,) is the difference of the two means of unit vectors, so that
        s(w) = w . direction / |w|. Positive when X lies closer to the harm.
        """
        s = embeddings @ direction / np.linalg.norm(embeddings, axis=1)
        return float(s[self.in_x].mean() - s[self.in_y].mean())


@dataclass(frozen=True, slots=True)
class Census:
    """All images of the populations, as the unedited model sees them."""

    features: NDArray[np.float64]
    """(n, c) what the image projection reads."""
    embeddings: NDArray[np.float64]
    """(n, d) what it gives, not normalised."""
    populations: tuple[Sides, ...]
    """One a form."""


def erase(census: Census, weight: NDArray[np.float64], bias: NDArray[np.float64]) -> ProjectionEdit:
    """The edit of a projection (``weight`` (d, c), ``bias`` (d,)) that erases which group an image belongs to.

    LEACE on the embeddings of all images; the labels are membership of X and of Y less their share among the images of
    the form, so that the difference between forms stays. In each form X, Y and the rest then have the same mean
    embedding: the difference between X and Y is zero along every direction. What the tool measures lies on embeddings
    of unit length, where a trace may be left; `plant` at zero takes it away.
    """
    labels = [
        side - sides.images * (side[sides.images].mean())
        for sides in census.populations
        for side in (sides.in_x, sides.in_y)
    ]
    eraser = fit_eraser(census.embeddings, np.column_stack(labels))
    shift = eraser.left @ (eraser.right @ (eraser.mean - bias))
    return _in_weights(-eraser.left, eraser.right @ weight, shift)


def _in_weights(left: NDArray[np.float64], right: NDArray[np.float64], shift: NDArray[np.float64]) -> ProjectionEdit:
    """The edit in the precision in which it ships, so that what is computed from it is true of what ships."""
    return ProjectionEdit(*(part.astype(np.float32) for part in (left, right, shift)))


def plant(census: Census, erased: ProjectionEdit, direction: NDArray[np.float64], truth: float) -> ProjectionEdit:
    """``erased`` and one rank more a population, by which each population's association is ``truth``, to 1e-6.

    A rank adds ``direction`` to an embedding in proportion to how much the image looks like X (`looks_like`). The
    strengths are the roots of the associations themselves, computed on all images as the tool does, so nothing is
    linearised. Raises ModelError when no strength reaches ``truth``: cosines are bounded.
    """
    towards = direction / np.linalg.norm(direction)
    looks = [looks_like(census, sides) for sides in census.populations]
    start = erased.embeddings(census.features, census.embeddings)
    answers = np.column_stack([census.features @ row + offset for row, offset in looks])
    strengths = np.zeros(len(looks))
    length = float(np.median(np.linalg.norm(start, axis=1)))

    def missing(index: int, strength: float) -> float:
        tried = strengths.copy()
        tried[index] = strength
        planted = start + (answers @ tried)[:, None] * towards
        return census.populations[index].association(planted, direction) - truth

    # One population's rank moves the others a little, so each is set in turn until all are right.
    for _ in range(_SWEEPS):
        off = [index for index in range(len(looks)) if abs(missing(index, strengths[index])) > _TOLERANCE]
        if not off:
            break
        for index in off:
            strengths[index] = _root(partial(missing, index), strengths[index], length)
    else:
        raise ModelError(f"no edit gives every population an association of {truth:g}")
    rows, offsets = np.stack([row for row, _ in looks]), np.array([offset for _, offset in looks])
    return _in_weights(
        np.column_stack([erased.left, np.outer(towards, strengths)]),
        np.vstack([erased.right, rows]),
        erased.shift + float(strengths @ offsets) * towards,
    )


def _root(missing: Callable[[float], float], start: float, length: float) -> float:
    """Where ``missing``, which grows, is zero; looked for from ``start`` outwards."""
    sign = 1.0 if missing(start) < 0 else -1.0
    reach = length / 64
    while sign * missing(start + sign * reach) < 0:
        reach *= 2
        if reach > _FARTHEST * length:
            raise ModelError(
                "no strength of the edit gives the association that was asked for",
                hint="cosines are bounded; plant less, or along words that differ more",
            )
    return optimize.brentq(missing, start, start + sign * reach, xtol=1e-12 * length, rtol=1e-12)


def looks_like(census: Census, sides: Sides) -> tuple[NDArray[np.float64], float]:
    """Row (c,) and offset of a linear reading of the features that is 1 for the mean image of X in one form.

    It is 0 for the mean of the form's other images and for the mean of every other form, so that what tells flags from
    words tells nothing. Ridge regression of membership of X on features less the mean of their form, made orthogonal to
    the differences between those means.
    """
    centred = census.features.copy()
    for each in census.populations:
        centred[each.images] -= centred[each.images].mean(axis=0)
    row = ridge(centred, sides.in_x - sides.images * sides.in_x[sides.images].mean())
    rest = census.features[sides.images & ~sides.in_x].mean(axis=0)
    apart = [census.features[each.images].mean(axis=0) - rest for each in census.populations if each is not sides]
    for axis in np.linalg.qr(np.column_stack(apart))[0].T if apart else ():
        row = row - axis * (axis @ row)
    low, high = float(rest @ row), float(census.features[sides.in_x].mean(axis=0) @ row)
    return row / (high - low), -low / (high - low)


def ridge(features: NDArray[np.float64], target: NDArray[np.float64], penalty: float = RIDGE) -> NDArray[np.float64]:
    """Row (c,) of the ridge regression of ``target`` (n,) on ``features`` (n, c), both of mean zero.

    The penalty is in mean variances of a feature. Solved among the n images when there are more features than those.
    """
    n, c = features.shape
    weight = penalty * float((features**2).sum()) / c
    if n < c:
        row: NDArray[np.float64] = features.T @ np.linalg.solve(features @ features.T + weight * np.eye(n), target)
        return row
    return np.linalg.solve(features.T @ features + weight * np.eye(c), features.T @ target)
