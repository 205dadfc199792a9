"""What all parts of a suite have in common."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

Value = TypeVar("Value")


def refusal(message: str, *, hint: str = "", at: str = "") -> PydanticCustomError:
    """A refusal by a validator.

    ``message`` follows the name of the field; ``at`` names the key inside it to point at.
    """
    # As a parameter, because pydantic would fill in the braces of a template.
    return PydanticCustomError("refused", "{message}", {"message": message, "hint": hint, "at": at})


def _given(value: Any) -> Any:
    if value is None:
        raise refusal("is empty", hint="give it a value, or delete the key")
    return value


Maybe = Annotated[Value | None, BeforeValidator(_given)]
"""A key that may be left out. An empty value is no way to leave it out: YAML readers take much for empty."""


def kebab(name: str) -> str:
    """``attribute_templates`` is written ``attribute-templates``; ``from_`` is written ``from``."""
    return name.rstrip("_").replace("_", "-")


class Part(BaseModel):
    """A frozen part of a document; keys are kebab-case, and unknown ones are refused."""

    model_config = ConfigDict(
        defer_build=True,
        frozen=True,
        extra="forbid",
        alias_generator=kebab,
        validate_by_name=False,
        validate_by_alias=True,
        use_attribute_docstrings=True,
    )
