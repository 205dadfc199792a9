"""Texts of a suite: ids, lines, prose, templates."""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from audit.suite.part import refusal
from audit.suite.syntax import is_printable

KEBAB = r"^[a-z0-9]+(-[a-z0-9]+)*$"
"""Pattern of an id."""


def _line(text: str) -> str:
    if not text.strip():
        raise refusal("must not be empty")
    if text != text.strip():
        raise refusal("must not begin or end with a space", hint=f'"{text.strip()}"')
    if not all(is_printable(char) for char in text):
        raise refusal("must be one line without control characters")
    return text


def _prose(text: str) -> str:
    text = text.strip()
    if not text:
        raise refusal("must not be empty")
    if not all(char == "\n" or is_printable(char) for char in text):
        raise refusal("must not contain control characters")
    return text


def _template(text: str) -> str:
    if text.count("{}") != 1 or text.count("{") != 1 or text.count("}") != 1:
        raise refusal("must contain {} exactly once, where the term goes", hint='for example "a photo of {}"')
    return text


Id = Annotated[str, Field(pattern=KEBAB)]
"""Kebab-case name."""
Line = Annotated[str, Field(min_length=1), AfterValidator(_line)]
"""Text on one line."""
Prose = Annotated[str, Field(min_length=1), AfterValidator(_prose)]
"""Text that may go over several lines; spaces around it do not count."""
Template = Annotated[str, Field(pattern=r"\{\}"), AfterValidator(_line), AfterValidator(_template)]
"""A prompt with one ``{}``."""


def as_list(value: Any) -> Any:
    """One value as a list of one."""
    return value if isinstance(value, (list, dict)) else [value]


Values = Annotated[
    tuple[Line, ...], Field(min_length=1), BeforeValidator(as_list, json_schema_input_type=Line | list[Line])
]
"""One value of a column, or several of which a row must have one."""


def folded(text: str) -> str:
    """What makes two terms the same: letter case and the way accents are encoded do not count."""
    return unicodedata.normalize("NFC", text.strip()).casefold()


def is_id(text: str) -> bool:
    """Whether a text has the form of an id."""
    return re.fullmatch(KEBAB, text) is not None
