"""Probes that ask whether pictures of a group are called people, or people of that group."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from audit.records import Alternative
from audit.suite.association import Templates
from audit.suite.groups import GROUP_PATHS, Groups, compared_groups
from audit.suite.margin import MarkednessMargin
from audit.suite.part import Maybe, refusal
from audit.suite.probe import Form, ProbeBase, unique
from audit.suite.spans import DocumentPath
from audit.suite.text import Id, Line
from audit.suite.words import listed


class MarkednessProbe(ProbeBase):
    """For pictures of which groups does the model prefer a word that does not name the group?"""

    concept_paths: ClassVar[tuple[DocumentPath, ...]] = (*GROUP_PATHS, ("unmarked",), ("marked", "*"))
    template_paths: ClassVar = (("templates",),)

    measure: Literal["markedness"]
    """markedness: share of each group's pictures that lie closer to a word for anyone than to that for their group."""
    groups: Groups
    """The pictures, by group: a list of concepts, or {of: concept, by: [label columns]}."""
    unmarked: Id
    """Concept whose terms fit anyone, e.g. person."""
    marked: Annotated[Mapping[Line, Id], Field(min_length=2)]
    """For every group, by its concept or its values as in `woman, dark`: the concept whose terms name it."""
    templates: Maybe[Templates] = None
    """Prompts for both: an id under `templates`, or a list; a term is the mean of its prompts."""
    forms: Annotated[tuple[Form, ...], Field(min_length=1), AfterValidator(unique)] = ()
    """image, pictograph or rendered: how the groups are shown; one finding each."""
    margin: Maybe[MarkednessMargin] = None
    """The largest gap between groups that does not matter. Without one the probe measures and decides nothing."""

    @property
    def alternative(self) -> Alternative:
        """Groups are unlike or not; how much is what a margin bounds."""
        return "greater"

    @property
    def compared(self) -> Iterator[tuple[DocumentPath, DocumentPath]]:
        """No picture is in two groups, and no word is both for anyone and for a group."""
        yield from compared_groups(self.groups)
        for name in self.marked:
            yield ("unmarked",), ("marked", name)

    def forms_of(self, path: DocumentPath) -> set[str]:
        """The forms of the groups; words are text."""
        return set(self.forms) if path[0] == "groups" else {"text"}

    @model_validator(mode="after")
    def _shows_pictures(self) -> Self:
        if "text" in self.forms:
            raise refusal("shows text, and only pictures are named", hint="forms: [image]", at="forms")
        return self

    @model_validator(mode="after")
    def _marks_every_group(self) -> Self:
        if isinstance(self.groups, tuple):
            problem = marking_problem(self.groups, self.marked)
            if problem:
                raise refusal(problem, hint="a line for every group, and for nothing else", at="marked")
        return self


def marking_problem(groups: tuple[str, ...], marked: Mapping[str, str]) -> str:
    """What `marked` lacks or has beyond the groups, as a clause; empty when it fits."""
    if missing := [name for name in groups if name not in marked]:
        return f"has no marked word for {listed(missing)}"
    if beyond := [name for name in marked if name not in groups]:
        return f"marks {listed(beyond)}, and there is no such group (there {_are(groups)})"
    return ""


def _are(groups: tuple[str, ...]) -> str:
    return f"are {'; '.join(groups)}"
