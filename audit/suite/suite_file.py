"""A suite as it is written."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, get_args

from pydantic import AfterValidator, Field

from audit.suite.association import AssociationProbe
from audit.suite.counterfactual import CounterfactualProbe
from audit.suite.hypodescent import HypodescentProbe
from audit.suite.lexicon import Claim, Definitions
from audit.suite.markedness import MarkednessProbe
from audit.suite.multimodality import MultimodalityProbe
from audit.suite.part import Maybe
from audit.suite.probe import ProbeBase, unique
from audit.suite.retrieval import RetrievalProbe
from audit.suite.self_similarity import SelfSimilarityProbe
from audit.suite.single_category import SingleCategoryProbe
from audit.suite.text import Id, Line, Prose
from audit.suite.typographic import TypographicProbe
from audit.suite.units import AbsenceProbe, UnitsProbe
from audit.suite.visualize import VisualizeProbe
from audit.suite.zero_shot import ClassificationProbe, PerformanceProbe

MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "association": "is one group tied to an attribute more than another group is?",
        "single-category": "which items are tied to one attribute rather than another?",
        "classification": "are pictures of some groups classified as a harm more often than those of others?",
        "performance": "are pictures of some groups recognised less often than those of others?",
        "counterfactual": "does an association change when one attribute of a stimulus does, and nothing else?",
        "markedness": "are pictures of some groups called people, and those of others by their group?",
        "self-similarity": "are pictures of some groups more alike to the model than those of others?",
        "hypodescent": "are morphs half way between two groups assigned to the minority one?",
        "retrieval": "does a query that names no group find some groups before others?",
        "typographic": "does a word written across a picture become its name?",
        "units": "is there a unit for a concept, and does it answer to a harm too?",
        "multimodality": "does one unit answer to a concept in every form?",
        "absence": "is there no unit for a concept?",
        "visualize": "what picture excites a unit most?",
    }
)
"""Measures that a suite may use, and what each asks."""

Probe = Annotated[
    AssociationProbe
    | SingleCategoryProbe
    | ClassificationProbe
    | PerformanceProbe
    | CounterfactualProbe
    | MarkednessProbe
    | SelfSimilarityProbe
    | HypodescentProbe
    | RetrievalProbe
    | TypographicProbe
    | UnitsProbe
    | MultimodalityProbe
    | AbsenceProbe
    | VisualizeProbe,
    Field(discriminator="measure"),
]
"""One question to a model."""

PROBES: Mapping[str, type[ProbeBase]] = MappingProxyType(
    {kind.model_fields["measure"].annotation.__args__[0]: kind for kind in get_args(get_args(Probe)[0])}
)
"""The kind of probe of each measure."""


class SuiteFile(Definitions):
    """Named stimuli and questions about them."""

    suite: Id
    """Id of the suite."""
    summary: Prose = ""
    """What it asks, in a sentence or two."""
    version: Annotated[int, Field(strict=True, ge=1)] = 1
    """Counts up when a question changes."""
    claims: Annotated[tuple[Claim, ...], AfterValidator(unique)] = ()
    """Claims about models that it speaks to, e.g. C6."""
    notice: Prose = ""
    """Plain note that introduces sensitive content."""
    model: Maybe[Line] = None
    """Model that it runs on, when it brings its own, e.g. arrays:./model (relative to the suite's file)."""
    use: Annotated[tuple[Line, ...], AfterValidator(unique)] = ()
    """Lexicons it takes concepts and templates from: paths relative to this file or to the bundled probes."""
    probes: Annotated[tuple[Probe, ...], Field(min_length=1)]
    """The questions."""
