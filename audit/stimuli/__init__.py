"""Suites to stimuli: prompts, rendered words, rows of a table."""

from audit.stimuli.rendered import STYLES, render
from audit.stimuli.stimulus import Stimulus, StimulusSet, Unavailable

__all__ = ["STYLES", "Stimulus", "StimulusSet", "Unavailable", "render"]
