"""The picture of a stimulus: one that the tool draws or brings itself, or an image of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.stimuli.native import FORM as NATIVE
from audit.stimuli.pictographs import FORM
from audit.stimuli.written import FORM as WRITTEN
from audit.stimuli.written import base_picture, written_picture

if TYPE_CHECKING:
    from PIL import Image

    from audit.stimuli.stimulus import Stimulus


def has_picture(stimulus: Stimulus) -> bool:
    """Whether it is a picture of ours; rows of a table have none, and the images of users are not copied into runs."""
    return stimulus.form in ("rendered", NATIVE, FORM, WRITTEN) and bool(stimulus.template)


def picture(stimulus: Stimulus) -> Image.Image:
    """What the model is shown, RGB, before its own preprocessing."""
    if stimulus.form == WRITTEN:
        return written_picture(stimulus.content)
    return base_picture(stimulus.form, stimulus.content, stimulus.template)
