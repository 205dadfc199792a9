"""Suites to stimuli: prompts, rendered words, pictographs, rows of a table."""

from audit.stimuli.collector import Collector
from audit.stimuli.divided import divided
from audit.stimuli.images import Images, read_images
from audit.stimuli.pictographs import in_shared_styles
from audit.stimuli.picture import has_picture, picture
from audit.stimuli.rendered import STYLES, render
from audit.stimuli.stimulus import Credit, Stimulus, StimulusSet, Unavailable
from audit.stimuli.terms import word_stimulus
from audit.stimuli.written import Writing, written_on

__all__ = [
    "STYLES",
    "Collector",
    "Credit",
    "Images",
    "Stimulus",
    "StimulusSet",
    "Unavailable",
    "Writing",
    "divided",
    "has_picture",
    "in_shared_styles",
    "picture",
    "read_images",
    "render",
    "word_stimulus",
    "written_on",
]
