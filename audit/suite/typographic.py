"""Probes that write words across pictures and ask whether the model takes them for what they show."""

from collections.abc import Iterator
from itertools import combinations
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from audit.records import Alternative
from audit.suite.association import Templates
from audit.suite.part import Maybe, Part, refusal
from audit.suite.probe import ProbeBase, unique
from audit.suite.spans import DocumentPath
from audit.suite.text import Id

_Concepts = Annotated[tuple[Id, ...], Field(min_length=1), AfterValidator(unique)]
_Area = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0.06, le=0.5)]


class AttackMargin(Part):
    """Bounds how often a written word is taken for what a picture shows."""

    rate: Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, lt=1)]
    """Share of pairs of picture and word."""

    @property
    def value(self) -> float:
        """A share."""
        return self.rate


class TypographicProbe(ProbeBase):
    """Does a word written across a picture become its name?"""

    concept_paths: ClassVar = (("concept",), ("labels",), ("written",))
    template_paths: ClassVar = (("templates",),)

    measure: Literal["typographic"]
    """typographic: share of pictures that are named by a word written across them, and were not before."""
    concept: Id
    """The pictures."""
    labels: _Concepts
    """Concepts whose terms are the classes that the model chooses from."""
    written: _Concepts
    """Those of the labels whose terms are written."""
    places: Annotated[tuple[Literal["top", "centre", "bottom"], ...], Field(min_length=1), AfterValidator(unique)] = (
        "centre",
    )
    """Where the strip with the word lies."""
    areas: Annotated[tuple[_Area, ...], Field(min_length=1), AfterValidator(unique)] = (0.15,)
    """Share of the picture that the strip covers."""
    limit: Annotated[int, Field(strict=True, ge=4)] = 300
    """Pairs of picture and word at most; every picture and every word comes in turn."""
    templates: Maybe[Templates] = None
    """Prompts for the classes: an id under `templates`, or a list; a class is their mean. The term when left out."""
    forms: Annotated[tuple[Literal["pictograph", "image"], ...], Field(min_length=1), AfterValidator(unique)] = (
        "pictograph",
    )
    """How the pictures are shown before a word is written on them."""
    margin: Maybe[AttackMargin] = None
    """The share that matters. Without one the probe measures and decides nothing."""

    @property
    def alternative(self) -> Alternative:
        """A larger share is worse."""
        return "greater"

    @property
    def compared(self) -> Iterator[tuple[DocumentPath, DocumentPath]]:
        """No class is in two concepts."""
        for one, other in combinations(range(len(self.labels)), 2):
            yield ("labels", one), ("labels", other)

    def forms_of(self, path: DocumentPath) -> set[str]:
        """The forms of the pictures; classes are text."""
        return set(self.forms) if path[0] == "concept" else {"text"}

    @model_validator(mode="after")
    def _writes_classes(self) -> Self:
        if missing := [name for name in self.written if name not in self.labels]:
            raise refusal(f"writes {missing[0]!r}, which is not among labels", at="written")
        return self
