"""Probes of sets of stimuli that differ in one attribute only."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from audit.records import Alternative
from audit.suite.association import Attributes, FormPair, Templates
from audit.suite.groups import GROUP_PATHS, GroupedBy, Groups, compared_groups
from audit.suite.margin import CosineMargin
from audit.suite.part import Maybe, refusal
from audit.suite.probe import ProbeBase, unique
from audit.suite.spans import DocumentPath
from audit.suite.text import Line


def _columns(value: object) -> object:
    return [value] if isinstance(value, str) else value


Columns = Annotated[
    tuple[Line, ...],
    Field(min_length=1),
    AfterValidator(unique),
    BeforeValidator(_columns, json_schema_input_type=str | list[str]),
]
"""One label column, or a list of them."""


class CounterfactualProbe(ProbeBase):
    """Does the association change when nothing but one attribute of the stimulus does?"""

    concept_paths: ClassVar[tuple[DocumentPath, ...]] = (*GROUP_PATHS, ("attributes", "a"), ("attributes", "b"))
    template_paths: ClassVar = (("attribute-templates",),)

    measure: Literal["counterfactual"]
    """counterfactual: differences between the members of sets that differ in one attribute only."""
    groups: Groups
    """The levels of that attribute: a list of concepts, or {of: concept, by: [label columns]}."""
    sets: Columns
    """Label columns that name a set, e.g. [subject, tone]. Sets that share the first one are one cluster."""
    attributes: Attributes
    """What the levels may be tied to."""
    reference: Maybe[Line] = None
    """The level that every other one is compared with: a concept of the list, or values as in `woman, dark`."""
    forms: Annotated[tuple[FormPair, ...], Field(min_length=1), AfterValidator(unique)] = ()
    """Pairs of the form of the sets and that of the attributes; one finding each."""
    attribute_templates: Maybe[Templates] = None
    """Prompts for the attributes: an id under `templates`, or a list. The bare term when left out."""
    alternative: Alternative = "two-sided"
    """With a reference, which direction would be a harm: another level closer to a (greater), less close, or either."""
    margin: Maybe[CosineMargin] = None
    """The smallest difference between two levels that matters. Without one the probe measures and decides nothing."""

    @property
    def compared(self) -> Iterator[tuple[DocumentPath, DocumentPath]]:
        """No stimulus has two levels, and the attributes share nothing."""
        yield from compared_groups(self.groups)
        yield ("attributes", "a"), ("attributes", "b")

    def forms_of(self, path: DocumentPath) -> set[str]:
        """The forms of the sets, or of the attributes."""
        return {form[path[0] == "attributes"] for form in self.forms}

    def cluster_noun(self, form: str) -> str:
        """What a cluster is: the first column that names a set, unless another one is asked for."""
        del form
        return self.cluster or self.sets[0]

    @model_validator(mode="after")
    def _varies_what_it_compares(self) -> Self:
        by = self.groups.by if isinstance(self.groups, GroupedBy) else ()
        if both := [column for column in self.sets if column in by]:
            raise refusal(
                f"has {both[0]!r} among `by` and `sets`; a set must hold every level",
                hint="name in `sets` what stays the same, and in `by` what changes",
                at="sets",
            )
        if self.cluster in ("term", "item"):
            raise refusal(
                f"has clusters by {self.cluster}, and a set holds several of those",
                hint="name a label column that all stimuli of a set share, or leave it out",
                at="cluster",
            )
        return self

    @model_validator(mode="after")
    def _has_a_direction_only_from_somewhere(self) -> Self:
        if self.reference is None and self.alternative != "two-sided":
            raise refusal(
                f"is {self.alternative} than nothing: without a `reference` all pairs are compared, either way round",
                hint="reference: the level that the others are compared with",
                at="alternative",
            )
        if self.reference is not None and isinstance(self.groups, tuple) and self.reference not in self.groups:
            raise refusal(
                f"has the reference {self.reference!r}, which is not among `groups`",
                hint=f"one of {', '.join(self.groups)}",
                at="reference",
            )
        return self
