"""Probes that let the model name pictures of groups: as what harms, and how often rightly."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from audit.records import Alternative
from audit.suite.association import Templates
from audit.suite.groups import GROUP_PATHS, Groups, compared_groups
from audit.suite.margin import ClassificationMargin, PerformanceMargin
from audit.suite.part import Maybe, refusal
from audit.suite.probe import Form, ProbeBase, unique
from audit.suite.spans import DocumentPath
from audit.suite.text import Id, Line, Values

COLUMN = re.compile(r"\[([^\]]+)\]")
"""A label of the picture in a caption."""
_Concepts = Annotated[tuple[Id, ...], Field(min_length=1), AfterValidator(unique)]


def _kind(value: Any) -> str:
    return "by-group" if isinstance(value, Mapping) else "column"


Truth = Annotated[
    Annotated[Line, Tag("column")] | Annotated[Mapping[Id, Values], Field(min_length=1), Tag("by-group")],
    Discriminator(_kind),
]
"""A label column, or for every group the class or classes that are right for all its pictures."""
DATACOMP_TOPS = (1, 5)
"""How many of the closest classes DataComp's evaluation counts: one, or five in Dollar Street."""


def _captions(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if value.count("{}") != 1 or value.count("{") != 1 or value.count("}") != 1:
            raise refusal(
                "must contain {} exactly once, where the class goes", hint='"the [occupation] and {} [object]"'
            )
        if value.count("[") != value.count("]"):
            raise refusal("has a bracket that is not closed", hint="[column] names a label of the picture")
    return unique(values)  # type: ignore[no-any-return]


class ZeroShotProbe(ProbeBase):
    """What the measures of zero-shot classification have in common."""

    concept_paths: ClassVar[tuple[DocumentPath, ...]] = (*GROUP_PATHS, ("labels",))
    template_paths: ClassVar = (("templates",),)

    groups: Groups
    """The pictures, by group: a list of concepts, or {of: concept, by: [label columns]}."""
    labels: _Concepts
    """Concepts whose terms are the classes that the model chooses from."""
    top: Annotated[int, Field(strict=True, ge=1)] = 1
    """How many of the closest classes count."""
    templates: Maybe[Templates] = None
    """Prompts for the classes: an id under `templates`, or a list; a class is their mean. The term when left out."""
    forms: Annotated[tuple[Form, ...], Field(min_length=1), AfterValidator(unique)] = ()
    """image, pictograph or rendered: how the groups are shown; one finding each."""
    dialect: Maybe[Literal["datacomp"]] = None
    """The numbers of DataComp's fairness evaluation, reported besides."""

    @property
    def alternative(self) -> Alternative:
        """Groups are unlike or not; how much is what a margin bounds."""
        return "greater"

    @property
    def compared(self) -> Iterator[tuple[DocumentPath, DocumentPath]]:
        """No picture is in two groups, and no class in two concepts."""
        yield from compared_groups(self.groups)
        for one, other in combinations(range(len(self.labels)), 2):
            yield ("labels", one), ("labels", other)

    def forms_of(self, path: DocumentPath) -> set[str]:
        """The forms of the groups; classes are text."""
        return set(self.forms) if path[0] == "groups" else {"text"}

    @property
    def label_lists(self) -> Mapping[DocumentPath, tuple[str, ...]]:
        """Every choice of classes that is measured, by its place."""
        return {("labels",): self.labels}

    @model_validator(mode="after")
    def _counts_what_its_dialect_does(self) -> Self:
        if self.dialect and self.top not in DATACOMP_TOPS:
            raise refusal("has the dialect datacomp, which counts the closest class or the closest five", at="dialect")
        return self

    @model_validator(mode="after")
    def _shows_pictures(self) -> Self:
        if "text" in self.forms:
            raise refusal("shows text, and only pictures are classified", hint="forms: [image]", at="forms")
        return self


class ClassificationProbe(ZeroShotProbe):
    """Are pictures of some groups classified as a harm more often than those of others?"""

    concept_paths: ClassVar = (*ZeroShotProbe.concept_paths, ("harms",), ("label-sets", "*"))

    measure: Literal["classification"]
    """classification: share of the pictures of each group whose closest classes hold a harm."""
    harms: _Concepts
    """Those of the labels that would be a harm."""
    label_sets: Mapping[Id, _Concepts] = Field(default_factory=dict)
    """Other choices of labels, by name; measured beside the headline, which they never replace."""
    margin: Maybe[ClassificationMargin] = None
    """The smallest difference, or share, that matters. Without one the probe measures and decides nothing."""

    @model_validator(mode="after")
    def _harms_are_classes(self) -> Self:
        for name, labels in (("labels", self.labels), *self.label_sets.items()):
            if missing := [harm for harm in self.harms if harm not in labels]:
                where = "labels" if name == "labels" else f"the label set {name}"
                raise refusal(f"has the harm {missing[0]!r}, which is not among {where}", at="harms")
        if set(self.harms) == set(self.labels):
            raise refusal("has no label but harms, so every picture is one", hint="add harmless classes", at="labels")
        return self

    @property
    def compared(self) -> Iterator[tuple[DocumentPath, DocumentPath]]:
        """As for the labels, in every set of them."""
        yield from super().compared
        for name, labels in self.label_sets.items():
            for one, other in combinations(range(len(labels)), 2):
                yield ("label-sets", name, one), ("label-sets", name, other)

    @property
    def label_lists(self) -> Mapping[DocumentPath, tuple[str, ...]]:
        """The labels and every other choice of them, by its place."""
        found: dict[DocumentPath, tuple[str, ...]] = {("labels",): self.labels}
        return found | {("label-sets", name): labels for name, labels in self.label_sets.items()}


class PerformanceProbe(ZeroShotProbe):
    """Are pictures of some groups recognised less often than those of others?"""

    measure: Literal["performance"]
    """performance: share of the pictures of each group whose closest classes hold the right one."""
    truth: Truth
    """Label column that names the right class of a picture; several are written a|b, of which one suffices. Of groups
    that are concepts, {concept: class} or {concept: [classes]} instead."""
    captions: Annotated[tuple[Line, ...], AfterValidator(_captions)] = ()
    """Prompts that differ from picture to picture, in the place of `templates`: {} is the class, [column] a label of
    the picture, e.g. "the [occupation] and {} [object]"."""
    neutral: Annotated[tuple[Line, ...], AfterValidator(unique)] = ()
    """Classes that say nothing: a picture for which the model chooses one is left out and counted. Wrong otherwise."""
    margin: Maybe[PerformanceMargin] = None
    """The largest gap, or the least worst share or ratio, that is good enough. Without one it decides nothing."""

    @property
    def caption_columns(self) -> tuple[str, ...]:
        """The label columns that captions name."""
        return tuple(dict.fromkeys(name for caption in self.captions for name in COLUMN.findall(caption)))

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.captions and self.templates is not None:
            raise refusal("has `captions` and `templates`; both are prompts of the classes", at="captions")
        return self

    @model_validator(mode="after")
    def _knows_every_group(self) -> Self:
        if isinstance(self.truth, str):
            return self
        if not isinstance(self.groups, tuple):
            raise refusal(
                "has a `truth` for each group, and its groups are divided by columns",
                hint="truth: a label column",
                at="truth",
            )
        for group in self.groups:
            if group not in self.truth:
                raise refusal(
                    f"does not say in `truth` what is right for {group}", hint=f"{group}: a class", at="truth"
                )
        for group in self.truth:
            if group not in self.groups:
                raise refusal(f"has in `truth` {group}, which is none of its groups", at="truth")
        return self
