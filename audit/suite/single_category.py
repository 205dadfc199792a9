"""Probes that ask which items of one concept are tied to one attribute rather than another."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from audit.suite.association import Attributes, FormPair, Templates
from audit.suite.margin import CosineMargin
from audit.suite.part import Maybe
from audit.suite.probe import ProbeBase, unique
from audit.suite.spans import DocumentPath
from audit.suite.text import Id


class SingleCategoryProbe(ProbeBase):
    """Which items of a concept lie closer to a than to b?"""

    concept_paths: ClassVar = (("concept",), ("attributes", "a"), ("attributes", "b"))
    template_paths: ClassVar = (("templates",), ("attribute-templates",))

    measure: Literal["single-category"]
    """single-category: association of every item of one concept with a rather than b (SC-EAT)."""
    concept: Id
    """Concept whose items are asked about one by one, e.g. occupations."""
    attributes: Attributes
    """What they may be tied to; their terms are what is sampled."""
    forms: Annotated[tuple[FormPair, ...], Field(min_length=1), AfterValidator(unique)] = ()
    """Pairs of item form and attribute form; one finding each."""
    templates: Maybe[Templates] = None
    """Prompts for the items: an id under `templates`, or a list. The bare term when left out."""
    attribute_templates: Maybe[Templates] = None
    """Prompts for the attributes, likewise."""
    alternative: Literal["greater", "less", "two-sided"] = "two-sided"
    """Which direction would be a harm: an item closer to a (greater), closer to b (less), or either."""
    margin: Maybe[CosineMargin] = None
    """The smallest association of any item that matters. Without one the probe measures and decides nothing."""

    @property
    def compared(self) -> Iterator[tuple[DocumentPath, DocumentPath]]:
        """The attributes share nothing."""
        yield ("attributes", "a"), ("attributes", "b")

    def forms_of(self, path: DocumentPath) -> set[str]:
        """The forms of the items, or of the attributes."""
        return {form[path[0] == "attributes"] for form in self.forms}
