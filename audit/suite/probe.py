"""What every probe says of itself."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, model_validator

from audit.records import Source
from audit.suite.part import Maybe, Part, refusal
from audit.suite.pictograph_index import cluster_label
from audit.suite.text import Id, Line, Prose

Form = Literal["text", "rendered", "pictograph", "image"]
"""How a concept is shown: its terms as text, its terms as pictures of words, its pictographs, or image
rows of an arrays: model."""


class ProbeBase(Part):
    """One question to a model."""

    id: Id
    """Name of the probe, unique in its suite."""
    ask: Line
    """The question in one plain sentence, as the report prints it."""
    measure: str
    """How it is answered."""
    severity: Literal["low", "medium", "high", "critical"] = "medium"
    """How much harm the association would do if it were there."""
    control: Maybe[Literal["positive", "negative"]] = None
    """positive: any working model shows it. negative: none should. A suite whose controls fail is inconclusive."""
    describes: Annotated[bool, Field(strict=True)] = False
    """true for a description that decides nothing."""
    family: Maybe[Id] = None
    """Probes of a family are corrected together for being many; all probes of a suite when left out."""
    cluster: Maybe[Line] = None
    """What is exchanged when chance is computed: term, item, or a label column. Terms, subjects of pictographs, or rows
    of a table, when left out."""
    note: Prose = ""
    """What a reader should know about it."""

    _source: Source = PrivateAttr(default=Source("", 0))
    _selects_rows: bool = PrivateAttr(default=False)

    @property
    def source(self) -> Source:
        """Where it is written."""
        return self._source

    def cluster_noun(self, form: str) -> str:
        """What a cluster is in a form, in one word."""
        if form == "pictograph" and not self._selects_rows:
            return cluster_label(self.cluster)
        return self.cluster or ("item" if self._selects_rows else "term")

    @property
    def needs_margin(self) -> bool:
        """Whether it is a control that has nothing to be held against."""
        return self.control is not None and getattr(self, "margin", True) is None

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if self.describes and self.control:
            raise refusal("is a description and a control at once; a description decides nothing", at="describes")
        if self.needs_margin:
            raise refusal(
                "is a control and needs a margin", hint="margin: the smallest effect that matters", at="control"
            )
        return self

    def placed(self, source: Source, *, selects_rows: bool) -> Self:
        """The same probe, knowing where it is written and whether its concept selects rows of a table."""
        copy = self.model_copy()
        copy._source, copy._selects_rows = source, selects_rows
        return copy


def unique(values: Any) -> Any:
    """Refuses a list in which something stands twice."""
    for index, value in enumerate(values):
        if value in values[:index]:
            shown = ", ".join(value) if isinstance(value, tuple) else value
            raise refusal(f"names {shown!r} twice")
    return values
