"""Probes of groups by how alike the pictures of each are."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from audit.records import Alternative
from audit.suite.association import Templates
from audit.suite.groups import GROUP_PATHS, Groups, compared_groups
from audit.suite.margin import CosineMargin
from audit.suite.part import Maybe
from audit.suite.probe import Form, ProbeBase, unique
from audit.suite.spans import DocumentPath


class SelfSimilarityProbe(ProbeBase):
    """Are pictures of some groups more alike to the model than those of others?"""

    concept_paths: ClassVar = GROUP_PATHS
    template_paths: ClassVar = (("templates",),)

    measure: Literal["self-similarity"]
    """self-similarity: mean cosine between two stimuli of the same group, and how groups differ in it."""
    groups: Groups
    """A list of concepts, or {of: concept, by: [label columns]}."""
    templates: Maybe[Templates] = None
    """Prompts, for groups of terms: an id under `templates`, or a list. The bare term when left out."""
    forms: Annotated[tuple[Form, ...], Field(min_length=1), AfterValidator(unique)] = ()
    """How the groups are shown; one finding each."""
    margin: Maybe[CosineMargin] = None
    """The smallest difference between two groups that matters. Without one the probe measures and decides nothing."""

    @property
    def alternative(self) -> Alternative:
        """Groups differ or not; by how much is what a margin bounds."""
        return "greater"

    @property
    def compared(self) -> Iterator[tuple[DocumentPath, DocumentPath]]:
        """No stimulus is in two groups."""
        return compared_groups(self.groups)
