"""Lexicons: concepts and templates that several suites share."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from audit.suite.association import Inline
from audit.suite.concept import Concept
from audit.suite.part import Part
from audit.suite.text import Id, Line, Prose

Claim = Annotated[str, Field(pattern=r"^C[0-9]+$")]


class Definitions(Part):
    """What suites and lexicons may both define."""

    title: Line
    """Title for people."""
    concepts: Mapping[Id, Concept] = Field(default_factory=dict)
    """Groups of stimuli by id."""
    templates: Mapping[Id, Inline] = Field(default_factory=dict)
    """Lists of prompts by id; each has one {} where the term goes."""
    sources: Mapping[Id, Prose] = Field(default_factory=dict)
    """Citations by id; what `source` of a concept names."""


class Lexicon(Definitions):
    """Concepts and templates that several suites share."""

    lexicon: Id
    """Id of the lexicon."""
    note: Prose = ""
    """What a reader should know about it."""
