"""Probes that ask for pictures of single units."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from audit.records import Alternative
from audit.suite.part import Maybe, Part, refusal
from audit.suite.probe import ProbeBase, unique
from audit.suite.spans import DocumentPath
from audit.suite.text import Id, Line

NAMES_UNITS = ("units", "multimodality")
"""Measures whose probes name units that can be visualized."""
PictureForm = Literal["rendered", "native", "pictograph", "image"]
_Concepts = Annotated[tuple[Id, ...], Field(min_length=1), AfterValidator(unique)]
_Count = Annotated[int, Field(strict=True, ge=1)]


class FacetOf(Part):
    """A theme that pictures are drawn towards."""

    concept: Id
    """Concept whose pictures a probe in the model tells from the other natural stimuli."""
    form: Maybe[PictureForm] = None
    """How it is shown: rendered, native, pictograph or image; as the natural stimuli are when left out."""


class VisualizeProbe(ProbeBase):
    """What picture excites a unit most?"""

    concept_paths: ClassVar = (("among",), ("facet", "concept"))

    measure: Literal["visualize"]
    """visualize: pictures made by climbing the activation of a unit. They illustrate and decide nothing."""
    of: Maybe[Id] = None
    """Id of a units or multimodality probe of this suite; the units that it confirms, or its best, are visualized."""
    units: Annotated[tuple[Line, ...], Field(min_length=1), AfterValidator(unique)] = ()
    """Units named by their id, layer/channel/pooling, when there is no such probe."""
    among: _Concepts = ()
    """Natural stimuli that the pictures are held against; with `of` they are those of that probe."""
    forms: Annotated[tuple[PictureForm, ...], Field(min_length=1), AfterValidator(unique)] = ()
    """How the natural stimuli are shown; with `of` as in that probe."""
    most: _Count = 3
    """Units at most, of those that `of` gives."""
    seeds: Annotated[int, Field(strict=True, ge=1, le=16)] = 4
    """Pictures of each unit, each from a beginning of its own; all of them are shown."""
    steps: _Count = 256
    """Steps of the climb."""
    facet: Maybe[FacetOf] = None
    """A theme that the pictures are drawn towards."""
    describes: Literal[True] = True
    """It always describes."""

    @property
    def alternative(self) -> Alternative:
        """A picture should excite the unit more than natural stimuli do."""
        return "greater"

    def forms_of(self, path: DocumentPath) -> set[str]:
        """The forms of the natural stimuli, or the facet's own."""
        if path[0] == "facet" and self.facet and self.facet.form:
            return {self.facet.form}
        return set(self.forms)

    @model_validator(mode="after")
    def _names_units(self) -> Self:
        if self.of is None and not self.units:
            raise refusal("needs `of` or `units`", hint="of: the id of a units probe of this suite", at="measure")
        if self.of is not None:
            for key in ("units", "among", "forms"):
                if getattr(self, key):
                    raise refusal(f"has `of` and `{key}`; with `of`, they are those of that probe", at=key)
        elif not self.among:
            raise refusal(
                "names units and needs `among`", hint="among: concepts whose stimuli are held against", at="units"
            )
        return self
