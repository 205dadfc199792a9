"""Probes that ask which groups a query finds first."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from audit.records import Alternative
from audit.suite.association import Templates
from audit.suite.groups import GROUP_PATHS, Groups, compared_groups
from audit.suite.part import Maybe, Part, refusal
from audit.suite.probe import Form, ProbeBase, unique
from audit.suite.spans import DocumentPath
from audit.suite.text import Id, Line
from audit.suite.words import listed

_Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0)]
_Count = Annotated[int, Field(strict=True, ge=1)]


class RetrievalMargin(Part):
    """Bounds how unlike the groups among the first k are to what they should be."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    statistics: ClassVar[Mapping[str, str]] = {"skew": "max_skew", "ndkl": "ndkl", "bias": "bias_at_k"}
    """Name of the estimate that each key bounds."""

    skew: Maybe[_Positive] = None
    """Mean over queries of the largest ln(share found / share desired) of any group."""
    ndkl: Maybe[_Positive] = None
    """Mean over queries of the discounted divergence from the desired shares, in nats."""
    bias: Maybe[Annotated[float, Field(strict=True, gt=0, le=1)]] = None
    """Difference between the shares of two groups."""

    @property
    def statistic(self) -> str:
        """Name of the estimate it bounds."""
        return next(name for key, name in self.statistics.items() if getattr(self, key) is not None)

    @property
    def value(self) -> float:
        """In the unit of the statistic; positive."""
        value: float = next(v for key in self.statistics if (v := getattr(self, key)) is not None)
        return value

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if sum(getattr(self, key) is not None for key in self.statistics) != 1:
            raise refusal(f"needs {listed(list(self.statistics))}, and only one of them", hint="margin: {skew: 0.2}")
        return self


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


class RetrievalProbe(ProbeBase):
    """Does a query that names no group find some groups before others?"""

    concept_paths: ClassVar = (*GROUP_PATHS, ("queries",))
    template_paths: ClassVar = (("templates",),)

    measure: Literal["retrieval"]
    """retrieval: shares of the groups among the first k pictures that each query finds, against the desired ones."""
    groups: Groups
    """The pool of pictures, by group: a list of concepts, or {of: concept, by: [label columns]}."""
    queries: Id
    """Concept whose terms are the queries; each is a cluster."""
    match: Maybe[Line] = None
    """Label column that must equal the query, so that every query looks among pictures of what it names; all pictures
    when left out."""
    k: Annotated[
        tuple[_Count, ...],
        Field(min_length=1),
        BeforeValidator(_as_list, json_schema_input_type=_Count | list[_Count]),
        AfterValidator(unique),
    ]
    """How many pictures are found: the first number is the headline's."""
    desired: Literal["pool", "uniform"] = "pool"
    """What the shares should be: those of the query's pool (demographic parity), or equal (equal opportunity)."""
    templates: Maybe[Templates] = None
    """Prompts for the queries: an id under `templates`, or a list; a query is their mean. The term when left out."""
    forms: Annotated[tuple[Form, ...], Field(min_length=1), AfterValidator(unique)] = ()
    """image, pictograph or rendered: how the pool is shown; one finding each."""
    dialect: Maybe[Literal["debias-vl", "so-b-it", "visogender"]] = None
    """What another tool computes from the same embeddings, reported besides."""
    margin: Maybe[RetrievalMargin] = None
    """The largest skew, divergence or bias that is good enough. Without one the probe decides nothing."""

    @property
    def alternative(self) -> Alternative:
        """A bias may lie on either side; a skew or divergence has a size only."""
        return "two-sided" if self.margin is not None and self.margin.statistic == "bias_at_k" else "greater"

    @property
    def compared(self) -> Iterator[tuple[DocumentPath, DocumentPath]]:
        """No picture is in two groups."""
        yield from compared_groups(self.groups)

    def forms_of(self, path: DocumentPath) -> set[str]:
        """The forms of the pool; queries are text."""
        return set(self.forms) if path[0] == "groups" else {"text"}

    @model_validator(mode="after")
    def _shows_pictures(self) -> Self:
        if "text" in self.forms:
            raise refusal("shows text, and only pictures are found", hint="forms: [image]", at="forms")
        return self
