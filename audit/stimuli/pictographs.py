"""Pictographs as stimuli: each of a concept in each of its art styles, on white."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from audit.errors import AuditError
from audit.records import Modality
from audit.stimuli.rendered import picture_key
from audit.stimuli.stimulus import Credit, Stimulus, Unavailable
from audit.suite import ITEM, LABELS, cluster_label, pictographs, pictographs_folder
from audit.suite.words import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.stimuli.stimulus import StimulusSet
    from audit.suite import Selection

FORM = "pictograph"

_MEND = "install the tool anew"


def pictograph_stimuli(
    selection: Selection, cluster: str | None, block: str | None, labels: Sequence[str] = ()
) -> tuple[Stimulus, ...]:
    """Every pictograph in every style that all of them share.

    ``cluster`` is ``item`` (each pictograph its own, whatever its style), a label of the index, or the subject for None
    and ``term``; ``block`` is a label of the index or None, ``labels`` are labels that every stimulus brings. Raises
    Unavailable when there is no such label.
    """
    column = cluster_label(cluster)
    for purpose, label in (("cluster", column), ("match", block), *(("divide", label) for label in labels)):
        if label not in (None, ITEM, *LABELS):
            raise Unavailable("stimuli", f"pictographs have no {label!r} to {purpose} by, only {listed(LABELS)}")
    found = []
    for each in selection.pictographs:
        group = each.cluster(column)
        matched = "" if block is None else each.cluster(block)
        known = {label: each.label(label) for label in labels if label != ITEM}
        for style in selection.styles:
            drawn = each.drawings[style]
            found.append(
                Stimulus(
                    key=_key(drawn.file),
                    modality=Modality.IMAGE,
                    form=FORM,
                    content=drawn.file,
                    cluster=group,
                    item=each.name,
                    template=style,
                    label=group,
                    block=matched,
                    credit=Credit(drawn.source, drawn.licence, drawn.attribution),
                    labels=known,
                )
            )
    return tuple(found)


def in_shared_styles(*sets: StimulusSet) -> tuple[StimulusSet, ...]:
    """Sets of pictographs without the styles that only some of them have; sets in any other form as they are.

    What is compared must be drawn in the same styles, or the difference would be one of style.
    """
    if any(each.form != FORM for each in sets):
        return sets
    shared = set.intersection(*(set(each.templates) for each in sets))
    return tuple(
        replace(each, stimuli=tuple(stimulus for stimulus in each.stimuli if stimulus.template in shared))
        for each in sets
    )


def pictograph_picture(file: str) -> Image.Image:
    """The picture of a file of the index, RGB, on white. Raises AuditError when its bytes are not those of the index.

    The size is that of the file; every model's own preprocessing resizes it.
    """
    path = pictographs_folder() / file
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AuditError(f"The pictograph {path} cannot be read: {error.strerror}.", hint=_MEND) from error
    if hashlib.sha256(content).hexdigest() != _digests()[file]:
        raise AuditError(f"The pictograph {path} is not the one that the index names.", hint=_MEND)
    with Image.open(BytesIO(content)) as image:
        drawn = image.convert("RGBA")
    picture = Image.new("RGBA", drawn.size, "white")
    picture.alpha_composite(drawn)
    return picture.convert("RGB")


@cache
def _key(file: str) -> str:
    return picture_key(pictograph_picture(file))


@cache
def _digests() -> Mapping[str, str]:
    return {drawn.file: drawn.sha256 for each in pictographs() for drawn in each.drawings.values()}
