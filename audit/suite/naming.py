"""How the parts of a document are called in messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from audit.suite.scalars import Surprise

if TYPE_CHECKING:
    from audit.suite.document import Document
    from audit.suite.spans import DocumentPath

_LONGEST = 50


def subject(document: Document, path: DocumentPath, root: str) -> str:
    """A part as a noun: ``probe gulf-oil``, ``concept flower``, ``item 3 of `terms```, `` `severity` ``."""
    if not path:
        return f"the {root}"
    *above, last = path
    if above == ["probes"] and isinstance(last, int):
        name = document.value((*path, "id"))
        return f"probe {name}" if isinstance(name, str) else f"probe {last + 1}"
    if above == ["concepts"]:
        return f"concept {last}"
    if isinstance(last, int):
        return f"item {last + 1} of `{next((part for part in reversed(above) if isinstance(part, str)), root)}`"
    return f"`{last}`"


def came(document: Document, path: DocumentPath, value: Any) -> str:
    """What stands in the document, in a few words."""
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST else value[: _LONGEST - 3] + "...")
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    return document.written(path) or "nothing"


def is_unquoted(value: Any) -> bool:
    """Whether a value is a scalar that is no text, so that quoting would make it one."""
    return value is None or isinstance(value, (bool, int, float, Surprise))


def as_id(text: str) -> str:
    """The kebab-case id that a text was meant to be; empty when nothing is left of it."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
