"""What every probe says of itself."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, PrivateAttr, model_validator

from audit.records import Source
from audit.suite.part import Maybe, Part, refusal
from audit.suite.pictograph_index import cluster_label
from audit.suite.spans import DocumentPath
from audit.suite.text import Id, Line, Prose

Form = Literal["text", "rendered", "native", "pictograph", "image"]
"""How a concept is shown: its terms as text, its terms as pictures of words, the same in their own script, its
pictographs, or image rows of an arrays: model."""


class ProbeBase(Part):
    """One question to a model."""

    concept_paths: ClassVar[tuple[DocumentPath, ...]] = ()
    """Where it names concepts, one or a list of them; ``*`` stands for every key of a mapping. Targets first."""
    template_paths: ClassVar[tuple[DocumentPath, ...]] = ()
    """Where it names templates, or writes them out."""
    measures_variants: ClassVar[bool] = False
    """Whether it measures other definitions of its concepts beside the headline."""

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
    def references(self) -> Mapping[DocumentPath, str]:
        """The concepts it names, by the place in the probe where it does."""
        return {place: name for path in self.concept_paths for place, name in _named(self, path)}

    @property
    def template_ids(self) -> tuple[str, ...]:
        """The templates it names by their id."""
        values = (_field(self, path[0]) for path in self.template_paths)
        return tuple(value for value in values if isinstance(value, str))

    @property
    def compared(self) -> Iterable[tuple[DocumentPath, DocumentPath]]:
        """Places of concepts that must not share stimuli."""
        return ()

    def forms_of(self, path: DocumentPath) -> set[str]:
        """The forms in which the concept at a place is shown; empty when that is left to the model."""
        del path
        return set(getattr(self, "forms", ()))

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


def expanded(value: Any, path: DocumentPath) -> Iterator[DocumentPath]:
    """The places that a path stands for in a mapping as it is written: itself, or one for every key at its ``*``."""
    if "*" not in path:
        yield path
        return
    star = path.index("*")
    for part in path[:star]:
        value = value.get(part) if isinstance(value, dict) else None
    for key in value if isinstance(value, dict) else ():
        yield (*path[:star], key, *path[star + 1 :])


def _named(probe: ProbeBase, path: DocumentPath) -> Iterator[tuple[DocumentPath, str]]:
    """The concepts at a path of a probe, each with its place."""
    waiting: list[tuple[DocumentPath, Any, DocumentPath]] = [((), probe, path)]
    while waiting:
        done, value, rest = waiting.pop(0)
        if rest:
            keys = list(value) if rest[0] == "*" and isinstance(value, Mapping) else [rest[0]]
            waiting[:0] = [((*done, key), found, rest[1:]) for key in keys if (found := _field(value, key)) is not None]
        elif isinstance(value, str):
            yield done, value
        elif isinstance(value, tuple):
            yield from (((*done, i), name) for i, name in enumerate(value) if isinstance(name, str))


def _field(value: Any, key: str | int) -> Any:
    """What stands under a key as it is written; None when there is no such key."""
    if isinstance(value, Mapping):
        return value.get(key)
    name = str(key).replace("-", "_")
    return getattr(value, name, None) if isinstance(value, Part) else None


def unique(values: Any) -> Any:
    """Refuses a list in which something stands twice."""
    for index, value in enumerate(values):
        if value in values[:index]:
            shown = ", ".join(value) if isinstance(value, tuple) else value
            raise refusal(f"names {shown!r} twice")
    return values
