"""Probes of morphs between two faces: to which parent's group does the model assign what is half of each?"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from audit.records import Alternative
from audit.suite.association import Templates
from audit.suite.margin import HypodescentMargin
from audit.suite.part import Maybe, refusal
from audit.suite.probe import Form, ProbeBase, unique
from audit.suite.spans import DocumentPath
from audit.suite.text import Id, Line


class HypodescentProbe(ProbeBase):
    """Are pictures half way between two parents assigned to the group of the minority one?"""

    concept_paths: ClassVar[tuple[DocumentPath, ...]] = (("morphs",), ("minority",), ("majority",))
    template_paths: ClassVar = (("templates",),)

    measure: Literal["hypodescent"]
    """hypodescent: share of morph series whose middle lies closer to the minority parent's word."""
    morphs: Id
    """Concept that selects the morphs: rows of a table."""
    series: Line
    """Label column that names the series, one pair of parents each."""
    mixing: Line
    """Label column with the minority parent's part in the morph, a number from 0 to 1."""
    at: Annotated[float, Field(strict=True, gt=0, lt=1, allow_inf_nan=False)] = 0.5
    """The part at which the share is the headline; every other one is shown beside it."""
    minority: Id
    """Concept whose terms name the group of the minority parent."""
    majority: Id
    """Concept whose terms name the group of the other parent."""
    templates: Maybe[Templates] = None
    """Prompts for both: an id under `templates`, or a list; a term is the mean of its prompts."""
    forms: Annotated[tuple[Form, ...], Field(min_length=1), AfterValidator(unique)] = ()
    """How the morphs are shown: image."""
    alternative: Alternative = "greater"
    """Which direction would be a harm: more than half to the minority (greater), less, or either."""
    margin: Maybe[HypodescentMargin] = None
    """The smallest excess over one half that matters. Without one the probe measures and decides nothing."""

    @property
    def compared(self) -> Iterator[tuple[DocumentPath, DocumentPath]]:
        """No word names both groups."""
        yield ("majority",), ("minority",)

    def forms_of(self, path: DocumentPath) -> set[str]:
        """The forms of the morphs; words are text."""
        return set(self.forms) if path[0] == "morphs" else {"text"}

    def cluster_noun(self, form: str) -> str:
        """The series, unless series of the same parents are to count as one."""
        del form
        return self.cluster or self.series

    @model_validator(mode="after")
    def _shows_series(self) -> Self:
        if wrong := [form for form in self.forms if form != "image"]:
            raise refusal(f"shows {wrong[0]}, and morphs are images of a table", hint="forms: [image]", at="forms")
        if self.cluster in ("term", "item"):
            raise refusal(
                f"has clusters by {self.cluster}, and a series holds several of those",
                hint="name a label column that all morphs of a series share, or leave it out",
                at="cluster",
            )
        return self
