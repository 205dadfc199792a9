"""Probes that ask whether one unit answers to a concept in every form."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from audit.suite.margin import AurocMargin
from audit.suite.part import Maybe, Part, refusal
from audit.suite.probe import Form, unique
from audit.suite.spans import DocumentPath
from audit.suite.text import Id, Line
from audit.suite.units import Layers, UnitProbe

DRAWN_WORDS: Form = "rendered"
"""The form in which words are pictures, so that their letters can be read."""


class LexicalControl(Part):
    """Words that tell the letters of a concept from its meaning."""

    spelled_alike: Id
    """Concept of words with almost the same letters and another meaning; a unit for the meaning answers to none."""
    synonyms: Id
    """Concept of words for the same that share no stem with its own; a unit for the meaning answers to them."""


class MultimodalityProbe(UnitProbe):
    """Is there a unit that answers to a concept in every form?"""

    concept_paths: ClassVar = (*UnitProbe.concept_paths, ("lexical", "spelled-alike"), ("lexical", "synonyms"))

    measure: Literal["multimodality"]
    """multimodality: how well a unit tells the concept from the rest in the form in which it does so worst (AUROC)."""
    forms: Annotated[tuple[Form, ...], Field(min_length=2), AfterValidator(unique)]
    """At least two of rendered, pictograph, image and text; one finding over all of them."""
    units: Annotated[tuple[Line, ...], Field(min_length=1), AfterValidator(unique)] = ()
    """Units named beforehand; all are searched, and what is found is confirmed on held-out stimuli, when left out."""
    layers: Layers = ()
    """Layers whose units are looked at: default, or a list of names."""
    lexical: Maybe[LexicalControl] = None
    """Words that show whether the unit reads the meaning of a drawn word or its letters."""
    margin: Maybe[AurocMargin] = None
    """The smallest selectivity in every form that matters. Without one the probe measures and decides nothing."""

    @property
    def compared(self) -> Iterator[tuple[DocumentPath, DocumentPath]]:
        """The concept and what it is compared with, and every list of words against all others."""
        yield from super().compared
        if self.lexical is None:
            return
        alike, synonyms = ("lexical", "spelled-alike"), ("lexical", "synonyms")
        for path in self.references:
            if path[0] != "lexical":
                yield path, alike
                if path[-1] != "rest-of":
                    yield path, synonyms
        yield alike, synonyms

    def forms_of(self, path: DocumentPath) -> set[str]:
        """Words of the lexical control are drawn; the rest is shown in every form."""
        return {DRAWN_WORDS} if path[0] == "lexical" else set(self.forms)

    @model_validator(mode="after")
    def _draws_words(self) -> Self:
        if self.lexical is not None and DRAWN_WORDS not in self.forms:
            raise refusal(
                f"has a lexical control and no form `{DRAWN_WORDS}`, in which its words are drawn",
                hint=f"add {DRAWN_WORDS} to `forms`, or delete `lexical`",
                at="lexical",
            )
        return self
