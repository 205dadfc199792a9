"""Margins: the smallest effect that matters, fixed before measuring."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from pydantic import ConfigDict, Field, model_validator

from audit.suite.part import Maybe, Part, refusal
from audit.suite.words import listed

_Number = Field(strict=True, allow_inf_nan=False)


class AssociationMargin(Part):
    """Bounds an association: a difference in cosine, or Hedges g."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    cosine: Maybe[Annotated[float, _Number, Field(gt=0, le=4)]] = None
    """Difference between the mean associations of x and y, in cosine."""
    g: Maybe[Annotated[float, _Number, Field(gt=0)]] = None
    """The same difference in standard deviations (Hedges g)."""

    @property
    def statistic(self) -> str:
        """``cosine`` or ``g``."""
        return "g" if self.cosine is None else "cosine"

    @property
    def value(self) -> float:
        """In the unit of the statistic; positive."""
        value = self.g if self.cosine is None else self.cosine
        assert value is not None
        return value

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if (self.cosine is None) == (self.g is None):
            raise refusal("needs cosine or g, and only one of them", hint="for example margin: {cosine: 0.02}")
        return self


class AurocMargin(Part):
    """Bounds the selectivity of a unit."""

    auroc: Annotated[float, _Number, Field(gt=0.5, lt=1)]
    """Probability that the unit answers more to a stimulus of the concept than to another one; 0.5 is chance."""


class _ShareMargin(Part):
    """Bounds one statistic of the shares of groups: exactly one of its keys is given."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    bounds: ClassVar[Mapping[str, tuple[str, bool]]] = {}
    """Name of the estimate that each key bounds, and whether the key is the least that is good enough."""

    @property
    def given(self) -> str:
        """The key that stands in the suite."""
        return next(key for key in self.bounds if getattr(self, key) is not None)

    @property
    def statistic(self) -> str:
        """Name of the estimate it bounds."""
        return self.bounds[self.given][0]

    @property
    def least(self) -> bool:
        """Whether the estimate must reach the value, rather than stay under it."""
        return self.bounds[self.given][1]

    @property
    def value(self) -> float:
        """In the unit of the statistic; positive."""
        value: float = getattr(self, self.given)
        return value

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if sum(getattr(self, key) is not None for key in self.bounds) != 1:
            keys = listed(list(self.bounds))
            raise refusal(
                f"needs {keys}, and only one of them", hint=f"for example margin: {{{next(iter(self.bounds))}: 0.1}}"
            )
        return self


_Share = Annotated[float, _Number, Field(gt=0, lt=1)]


class CosineMargin(Part):
    """Bounds a difference in cosine, where nothing else can be bounded."""

    cosine: Annotated[float, _Number, Field(gt=0, le=4)]
    """In cosine."""

    @property
    def value(self) -> float:
        """In cosine; positive."""
        return self.cosine


class ClassificationMargin(_ShareMargin):
    """Bounds how groups differ in the share of images that are classified as a harm."""

    bounds: ClassVar = {"gap": ("share_gap", False), "share": ("largest_share", False)}

    gap: Maybe[_Share] = None
    """Difference between the largest and the smallest share of all groups."""
    share: Maybe[_Share] = None
    """The largest share of any group."""


class PerformanceMargin(_ShareMargin):
    """Bounds how groups differ in the share of images that are recognised."""

    bounds: ClassVar = {
        "gap": ("share_gap", False),
        "worst": ("smallest_share", True),
        "ratio": ("share_ratio", True),
    }

    gap: Maybe[_Share] = None
    """Difference between the best and the worst group."""
    worst: Maybe[_Share] = None
    """The least that the worst group must reach."""
    ratio: Maybe[_Share] = None
    """The least that the worst group must reach of what the best one does; 0.8 is the four-fifths rule."""


class MarkednessMargin(_ShareMargin):
    """Bounds how groups differ in the share of images that lie closer to a word for anyone."""

    bounds: ClassVar = {"gap": ("share_gap", False)}

    gap: Maybe[_Share] = None
    """Difference between the largest and the smallest share of all groups."""


class HypodescentMargin(Part):
    """Bounds how far the share of morphs given to the minority may lie from one half."""

    excess: Annotated[float, _Number, Field(gt=0, lt=0.5)]
    """Share minus one half."""

    @property
    def value(self) -> float:
        """As a share; positive."""
        return self.excess
