"""JSON Schema of documents, for editors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from audit.suite.suite_file import SuiteFile

if TYPE_CHECKING:
    from pydantic import BaseModel


_EMPTY: tuple[Any, ...] = (None, "", [], {})


def suite_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a suite."""
    return document_schema(SuiteFile, "Suite of clip-audit")


def document_schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of the documents that ``model`` understands."""
    schema = _without_empty(model.model_json_schema(by_alias=True))
    schema.pop("title", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}


def _without_empty(node: Any) -> Any:
    """The schema without the nulls and empty values that stand for a key that is left out: they are refused."""
    if isinstance(node, list):
        return [_without_empty(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _without_empty(value) for key, value in node.items() if not (key == "default" and value in _EMPTY)}
    options = [option for option in kept.get("anyOf", ()) if option != {"type": "null"}]
    if "anyOf" in kept:
        del kept["anyOf"]
        kept = {**kept, "anyOf": options} if len(options) > 1 else {**options[0], **kept}
    return kept


def schema_text() -> str:
    """The schema of a suite as it stands in ``probes/schema/suite.json``."""
    return json.dumps(suite_schema(), indent=2, ensure_ascii=False) + "\n"
