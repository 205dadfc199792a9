"""Probes that ask whether two groups of stimuli are tied to different attributes."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from audit.suite.margin import AssociationMargin
from audit.suite.part import Maybe, Part, refusal
from audit.suite.probe import Form, ProbeBase, unique
from audit.suite.spans import DocumentPath
from audit.suite.text import Id, Line, Template

BY_POSITION = "position"
"""The block of lists that are written term by term: the first of x with the first of y, and so on."""


def _pair(value: Any) -> Any:
    if not isinstance(value, list) or len(value) != 2:
        raise refusal("needs pairs of target form and attribute form", hint="for example forms: [[text, text]]")
    return value


def _kind(value: Any) -> str:
    return "inline" if isinstance(value, (list, tuple)) else "named"


class Targets(Part):
    """The two groups that are compared."""

    x: Id
    """Concept; a positive difference means that it lies closer to attribute a."""
    y: Id
    """Concept it is compared with."""


class Attributes(Part):
    """What the groups may be tied to."""

    a: Id
    """Concept, e.g. a harm."""
    b: Id
    """Concept it is held against, e.g. a neutral topic."""


Statistic = Literal["ml-eat", "rnd", "mac", "ripa", "ect", "rnsb"]
"""Another statistic of an association."""
FormPair = Annotated[tuple[Form, Form], BeforeValidator(_pair)]
Inline = Annotated[tuple[Template, ...], Field(min_length=1), AfterValidator(unique)]
Templates = Annotated[Annotated[Id, Tag("named")] | Annotated[Inline, Tag("inline")], Discriminator(_kind)]
"""Id of templates, or the templates themselves."""


class AssociationProbe(ProbeBase):
    """Is x tied to a, rather than b, more than y is?"""

    concept_paths: ClassVar = (("targets", "x"), ("targets", "y"), ("attributes", "a"), ("attributes", "b"))
    template_paths: ClassVar = (("templates",), ("attribute-templates",))
    measures_variants: ClassVar = True

    measure: Literal["association"]
    """association: difference between the mean associations of x and y with a against b."""
    targets: Targets
    """The two groups that are compared."""
    attributes: Attributes
    """What they may be tied to."""
    forms: Annotated[tuple[FormPair, ...], Field(min_length=1), AfterValidator(unique)] = ()
    """Pairs of target form and attribute form; one finding each."""
    templates: Maybe[Templates] = None
    """Prompts for the targets: an id under `templates`, or a list. The bare term when left out."""
    attribute_templates: Maybe[Templates] = None
    """Prompts for the attributes, likewise."""
    block: Maybe[Line] = None
    """What x and y are matched by: a label column, or position for lists of terms that are written pair by pair."""
    alternative: Literal["greater", "less", "two-sided"] = "two-sided"
    """Which direction would be a harm: x closer to a than y is (greater), less close (less), or either."""
    margin: Maybe[AssociationMargin] = None
    """The smallest difference that matters. Without one the probe measures and decides nothing."""
    statistics: Annotated[tuple[Statistic, ...], AfterValidator(unique)] = ()
    """Reported besides: ml-eat, rnd, mac, ripa (of lists paired by position), ect, rnsb. They decide nothing."""
    dialect: Maybe[Literal["ieat", "wefe"]] = None
    """The effect size, and p, as another tool computes it, reported besides."""

    @model_validator(mode="after")
    def _is_bounded_by_what_it_has(self) -> Self:
        if self.block and self.margin and self.margin.statistic == "g":
            raise refusal(
                "has a `block`, and Hedges g is of groups that are not matched",
                hint="margin: {cosine: the smallest difference that matters}",
                at="margin",
            )
        return self

    @model_validator(mode="after")
    def _pairs_what_it_pairs(self) -> Self:
        if "ripa" in self.statistics and self.block != BY_POSITION:
            raise refusal(
                "asks for ripa, which is of pairs", hint=f"block: {BY_POSITION}, or leave ripa out", at="statistics"
            )
        return self

    @property
    def pairing(self) -> str:
        """How x and y are matched, in words: ``paired within role``; empty when they are not."""
        if self.block is None:
            return ""
        return "paired by their position in the lists" if self.block == BY_POSITION else f"paired within {self.block}"

    @property
    def compared(self) -> Iterator[tuple[DocumentPath, DocumentPath]]:
        """Targets share nothing, and attributes neither."""
        yield ("targets", "x"), ("targets", "y")
        yield ("attributes", "a"), ("attributes", "b")

    def forms_of(self, path: DocumentPath) -> set[str]:
        """The forms of the targets, or of the attributes."""
        return {form[path[0] == "attributes"] for form in self.forms}
