"""Zero-shot classification: which of some classes is each picture closest to?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.stimuli import Stimulus, StimulusSet

_CANCELLED = 1e-9
"""A sum of unit vectors shorter than this has no direction."""


@dataclass(frozen=True)
class ZeroShotRows:
    """The classes of every picture, closest first."""

    groups: tuple[StimulusSet, ...]
    labels: tuple[StimulusSet, ...]
    cosines: NDArray[np.float64]
    """(n, classes) cosine of each picture with each class; a row is NaN where the model gave no embedding."""

    @cached_property
    def stimuli(self) -> tuple[Stimulus, ...]:
        """The n pictures, group by group."""
        return tuple(stimulus for group in self.groups for stimulus in group.stimuli)

    @cached_property
    def group(self) -> NDArray[np.intp]:
        """(n,) index of the group of each picture."""
        return np.repeat(np.arange(len(self.groups)), [len(group.stimuli) for group in self.groups])

    @cached_property
    def cluster(self) -> NDArray[np.intp]:
        """(n,) index of the cluster of each picture; one that has pictures in several groups is the same cluster."""
        return np.unique([stimulus.cluster for stimulus in self.stimuli], return_inverse=True)[1]

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, concept by concept."""
        return tuple(name for concept in self.labels for name in concept.cluster_labels)

    @cached_property
    def concept(self) -> NDArray[np.intp]:
        """(classes,) index of the concept that each class belongs to."""
        return np.repeat(np.arange(len(self.labels)), [len(concept.clusters) for concept in self.labels])

    @cached_property
    def unknown_classes(self) -> tuple[str, ...]:
        """Classes without an embedding, when some pictures have one."""
        known = np.flatnonzero(np.isfinite(self.cosines).any(axis=0))
        lacking = np.setdiff1d(np.arange(len(self.classes)), known)
        return tuple(self.classes[index] for index in lacking) if known.size else ()

    def closest(self, top: int) -> NDArray[np.intp]:
        """(n, top) indices of the closest classes, closest first; of equals the one that is named first."""
        order: NDArray[np.intp] = np.argsort(-self.cosines, axis=1, kind="stable")[:, :top]
        return order

    def hits(self, counted: NDArray[np.bool_], top: int) -> NDArray[np.float64]:
        """(n,) 1 where one of the ``top`` closest classes counts, 0 where none does, NaN without an embedding.

        ``counted`` is (classes,), the same for every picture, or (n, classes).
        """
        closest = self.closest(top)
        found = counted[closest] if counted.ndim == 1 else np.take_along_axis(counted, closest, axis=1)
        return np.where(np.isfinite(self.cosines).all(axis=1), found.any(axis=1).astype(np.float64), np.nan)

    def kept(self, wanted: NDArray[np.bool_]) -> ZeroShotRows:
        """The rows of some pictures, (n,) True for those that stay; their groups keep their places, empty or not."""
        ends = np.cumsum([0, *(len(group.stimuli) for group in self.groups)])
        groups = tuple(
            replace(group, stimuli=tuple(s for s, keep in zip(group.stimuli, wanted[start:end], strict=True) if keep))
            for group, start, end in zip(self.groups, ends[:-1], ends[1:], strict=True)
        )
        return ZeroShotRows(groups, self.labels, self.cosines[wanted])


def captioned(
    groups: Sequence[StimulusSet],
    labels: Sequence[StimulusSet],
    captions: Sequence[Stimulus],
    encodings: Encodings,
    *,
    caption: str | None = None,
) -> ZeroShotRows:
    """Cosine of every picture with every class, as ``zero_shot``, where each picture has prompts of its own.

    ``captions`` are the prompts: ``block`` is the picture's key, ``cluster`` the class and ``template`` the caption
    that was filled in; ``caption`` takes one of those alone.
    """
    rows = ZeroShotRows(tuple(groups), tuple(labels), np.empty((0, 0)))
    place = {stimulus.key: i for i, stimulus in enumerate(rows.stimuli)}
    column = {name: j for j, name in enumerate(rows.classes)}
    pictures = encodings.embeddings(rows.stimuli)
    own = [each for each in captions if caption is None or each.template == caption]
    total = np.zeros((len(place), len(column), pictures.shape[1]))
    where = [place[each.block] for each in own], [column[each.cluster] for each in own]
    np.add.at(total, where, encodings.embeddings(own))
    with np.errstate(invalid="ignore", divide="ignore"):
        classes = total / np.linalg.norm(total, axis=2, keepdims=True)
    return ZeroShotRows(rows.groups, rows.labels, np.einsum("nd,ncd->nc", pictures, classes))


def zero_shot(
    groups: Sequence[StimulusSet], labels: Sequence[StimulusSet], encodings: Encodings, *, template: str | None = None
) -> ZeroShotRows:
    """Cosine of every picture with every class.

    A class is the mean of the unit embeddings of its prompts, made unit length again (the ensemble of Radford et al.
    2021, section 3.1.4), or the one prompt of ``template``. Cosines lie between -1 and 1; the largest is the model's
    choice, whatever its temperature. A class whose prompts have no embedding, or cancel out, is NaN for every picture.
    """
    pictures = encodings.embeddings([stimulus for group in groups for stimulus in group.stimuli])
    classes = class_vectors(labels, encodings, template=template)
    return ZeroShotRows(tuple(groups), tuple(labels), pictures @ classes.T)


def class_vectors(
    labels: Sequence[StimulusSet], encodings: Encodings, *, template: str | None = None
) -> NDArray[np.float64]:
    """(classes, d) of unit length, concept by concept; NaN for a class without an embedding. See ``zero_shot``."""
    prompts = [s for concept in labels for s in concept.stimuli if template is None or s.template == template]
    place = {(index, name): None for index, concept in enumerate(labels) for name in concept.clusters}
    column = {key: j for j, key in enumerate(place)}
    owner = [
        column[index, s.cluster]
        for index, concept in enumerate(labels)
        for s in concept.stimuli
        if template is None or s.template == template
    ]
    vectors = encodings.embeddings(prompts)
    total = np.zeros((len(column), vectors.shape[1]))
    np.add.at(total, owner, vectors)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    classes: NDArray[np.float64] = total / np.where(length > _CANCELLED, length, np.nan)
    return classes
