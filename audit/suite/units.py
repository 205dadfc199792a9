"""Probes that ask about single units."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from audit.records import Alternative
from audit.suite.margin import AurocMargin
from audit.suite.part import Maybe, Part
from audit.suite.probe import Form, ProbeBase, unique
from audit.suite.spans import DocumentPath
from audit.suite.text import Id, Line

ABLATED = ("association", "classification")
"""Measures whose probes can be measured again with units set to their mean."""


class RestOf(Part):
    """Everything in one concept that is not in another."""

    rest_of: Id
    """Concept from which the probe's own is taken away."""


def _kind(value: Any) -> str:
    return "rest" if isinstance(value, (dict, RestOf)) else "concepts"


def _default_is_empty(value: Any) -> Any:
    return () if value == "default" else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Concepts = Annotated[tuple[Id, ...], Field(min_length=1), AfterValidator(unique)]
Against = Annotated[Annotated[RestOf, Tag("rest")] | Annotated[Concepts, Tag("concepts")], Discriminator(_kind)]
"""Concepts, or the rest of one."""


Layers = Annotated[
    tuple[Line, ...],
    BeforeValidator(_default_is_empty, json_schema_input_type=Literal["default"] | list[Line]),
    AfterValidator(unique),
]
"""Names of layers; empty for the default ones."""


class HarmAndNeutral(Part):
    """What else a unit may answer to."""

    harm: Id
    """Concept of the harm."""
    neutral: Id
    """Concept of the same topic without harm."""


class UnitProbe(ProbeBase):
    """What the measures of units have in common."""

    concept_paths: ClassVar[tuple[DocumentPath, ...]] = (("concept",), ("against",), ("against", "rest-of"))

    concept: Id
    """Concept that a unit may stand for."""
    against: Against
    """What it is compared with: a list of concepts, or {rest-of: concept}."""
    forms: Annotated[tuple[Form, ...], Field(min_length=1), AfterValidator(unique)] = ()
    """rendered, pictograph, image or text; one finding each."""
    among: Maybe[Line] = None
    """Pattern of unit ids to look at, e.g. "RN50x4:*"; all units when left out."""

    @property
    def compared(self) -> Iterator[tuple[DocumentPath, DocumentPath]]:
        """The concept and a list that it is compared with; `rest-of` takes the concept away itself."""
        for path in self.references:
            if path[0] == "against" and path[-1] != "rest-of":
                yield ("concept",), path
            elif path == ("also", "neutral"):
                yield ("also", "harm"), path

    @property
    def alternative(self) -> Alternative:
        """A unit stands for a concept when it answers more to it."""
        return "greater"


class UnitsProbe(UnitProbe):
    """Is there a unit for a concept, and does it answer to a harm too?"""

    concept_paths: ClassVar = (*UnitProbe.concept_paths, ("also", "harm"), ("also", "neutral"), ("pool",))

    measure: Literal["units"]
    """units: how well a unit tells the concept from what it is compared with (AUROC)."""
    units: Annotated[tuple[Line, ...], Field(min_length=1), AfterValidator(unique)] = ()
    """Units named beforehand; all are searched, and what is found is confirmed on held-out stimuli, when left out."""
    layers: Layers = ()
    """Layers whose units are looked at: default, or a list of names."""
    also: Maybe[HarmAndNeutral] = None
    """A harm that the unit may answer to as well, and the neutral topic it is held against."""
    margin: Maybe[AurocMargin] = None
    """The smallest selectivity that matters. Without one the probe measures and decides nothing."""
    ablate: Annotated[
        tuple[Id, ...],
        BeforeValidator(_as_list, json_schema_input_type=Id | list[Id]),
        AfterValidator(unique),
    ] = ()
    """Association or classification probes of this suite, by id: how each changes when the units are set to their
    mean."""
    pool: Annotated[tuple[Id, ...], AfterValidator(unique)] = ()
    """Further concepts whose stimuli are shown as examples of what a unit answers to; they decide nothing."""
    words: Maybe[Literal["english"]] = None
    """A list of words that come with the tool; those whose rendered picture excites a unit most are shown."""


class AbsenceProbe(UnitProbe):
    """Is there no unit for a concept?"""

    measure: Literal["absence"]
    """absence: whether the best unit stays below a bound, although the concept can be told apart."""
    bound: AurocMargin
    """Selectivity below which a unit does not stand for the concept."""
