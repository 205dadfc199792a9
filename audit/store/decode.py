"""JSON text as records, strictly: what does not fit is refused with its file and place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from audit.errors import RunError

if TYPE_CHECKING:
    from pathlib import Path

DAMAGED = "the run directory is damaged or was edited; run the audit again, or restore the directory from a copy"


class Document(BaseModel):
    """A JSON file of a run; its field docs become the descriptions of the published schema."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


Model = TypeVar("Model", bound=Document)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file of the run, or a `RunError` that says why there are none."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise RunError(f"{path} is missing.", hint=DAMAGED) from error
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror or error}.") from error


def parse(path: Path, data: bytes, version: str) -> dict[str, object]:
    """The JSON object in ``data``, whose ``schema`` must be ``version``; duplicate keys and NaN are refused."""
    try:
        document = json.loads(data.decode(), object_pairs_hook=_unique, parse_constant=_not_a_number)
    except (ValueError, RecursionError) as error:
        raise RunError(f"{path} is not valid JSON: {error}.", hint=DAMAGED) from error
    if not isinstance(document, dict):
        raise RunError(f"{path} holds no JSON object.", hint=DAMAGED)
    if (found := document.get("schema")) != version:
        raise RunError(
            f"{path} says schema {found!r}; this version of clip-audit reads {version!r}.",
            hint="read it with the version that wrote it, or run the audit again",
        )
    return document


def build(path: Path, document: dict[str, object], model: type[Model]) -> Model:
    """The document as ``model``; the first thing that does not fit is named by its place in the file."""
    try:
        return model.model_validate_json(json.dumps(document))
    except (ValidationError, ValueError) as error:
        raise RunError(f"{path} does not follow its schema: {_first(error)}.", hint=DAMAGED) from error


def _first(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_context=False)[0]
    place = ""
    for part in first["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}"
    return f"{place.lstrip('.') or 'the document'}: {first['msg']}"


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key is given twice")
    return made


def _not_a_number(text: str) -> object:
    raise ValueError(f"{text} is not a JSON number")
