"""A document and the model it was understood as; what can be used of it when parts are wrong."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from audit.errors import DocumentError
from audit.suite.loader import read_document
from audit.suite.messages import schema_problems, tags_of
from audit.suite.places import shown
from audit.suite.words import nearest

if TYPE_CHECKING:
    from audit.errors import Problem
    from audit.suite.document import Document
    from audit.suite.spans import DocumentPath, Spans

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Validated(Generic[Model]):
    """A document with everything that is wrong with it by itself."""

    document: Document
    model: Model | None
    """None when something is wrong."""
    problems: tuple[Problem, ...]

    def parts(self, key: str, kind: Any) -> dict[str | int, Any]:
        """The entries under a top-level key that are in order, by id or index, when the document as a whole is not."""
        entries = self.document.value((key,))
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        found: dict[str | int, Any] = {}
        for index, entry in entries.items() if isinstance(entries, dict) else enumerate(_list(entries)):
            path: DocumentPath = (key, index)
            if any(broken[:2] == path for broken in self.document.broken):
                continue
            try:
                found[index] = adapter.validate_python(entry)
            except ValidationError:
                continue
        return found

    def names(self, key: str) -> tuple[str, ...]:
        """All ids under a top-level key, of entries in order or not."""
        entries = self.document.value((key,))
        return tuple(entries) if isinstance(entries, dict) else ()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _as_meant(document: Document, error: ValidationError) -> Document | None:
    """The document with misspelt measures as they were meant, so that the rest of their probes is read too."""
    data = copy.deepcopy(document.data)
    mended = False
    for details in error.errors(include_url=False):
        if details["type"] == "union_tag_invalid":
            key = details["ctx"]["discriminator"].strip("'")
            near = nearest(str(details["ctx"]["tag"]), tags_of(details))
            if near:
                part = data
                for step in details["loc"]:
                    part = part[step]
                part[key] = near
                mended = True
    return replace(document, data=data) if mended else None


def document_kind(path: Path) -> str:
    """``suite``, ``lexicon`` or ``policy``, by the first key that says so; ``suite`` when none does."""
    keys = read_document(path).data
    return next((kind for kind in ("policy", "lexicon") if isinstance(keys, dict) and kind in keys), "suite")


def load_document(path: str | Path, model: type[Model]) -> tuple[Model, Spans]:
    """Read a YAML file of another kind, such as a policy; the model and the places of its parts.

    Raises UsageError when there is no such file, and DocumentError with every problem it has.
    """
    checked = validate(read_document(Path(path), shown(Path(path))), model)
    if checked.model is None:
        raise DocumentError(list(checked.problems))
    return checked.model, checked.document.spans


def validate(document: Document, model: type[Model]) -> Validated[Model]:
    """Understand a document as ``model``."""
    if not document.is_mapping:
        return Validated(document, None, document.problems)
    try:
        understood = model.model_validate(document.data)
    except ValidationError as error:
        problems = [*document.problems, *schema_problems(document, model, error)]
        meant = _as_meant(document, error)
        if meant is not None:
            try:
                model.model_validate(meant.data)
            except ValidationError as further:
                problems += schema_problems(meant, model, further)
        return Validated(document, None, tuple(dict.fromkeys(problems)))
    return Validated(document, None if document.problems else understood, document.problems)
