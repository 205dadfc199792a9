"""Margins: the smallest effect that matters, fixed before measuring."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from audit.suite.part import Maybe, Part, refusal

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
