"""Suites to stimuli: prompts, rendered words, rows of a table."""

from audit.stimuli.collector import Collector
from audit.stimuli.rendered import STYLES, render
from audit.stimuli.stimulus import Stimulus, StimulusSet, Unavailable

__all__ = ["STYLES", "Collector", "Stimulus", "StimulusSet", "Unavailable", "render"]
