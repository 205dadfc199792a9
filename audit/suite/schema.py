"""JSON Schema of documents, for editors."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from audit.suite.suite_file import SuiteFile


def suite_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a suite."""
    return document_schema(SuiteFile, "Suite of clip-audit")


def document_schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of the documents that ``model`` understands."""
    schema = _without_null(model.model_json_schema(by_alias=True))
    schema.pop("title", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}


def _without_null(node: Any) -> Any:
    """The schema without the nulls that stand for a key that is left out: an empty value is refused."""
    if isinstance(node, list):
        return [_without_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _without_null(value) for key, value in node.items() if not (key == "default" and value is None)}
    options = [option for option in kept.get("anyOf", ()) if option != {"type": "null"}]
    if "anyOf" in kept:
        del kept["anyOf"]
        kept = {**kept, "anyOf": options} if len(options) > 1 else {**options[0], **kept}
    return kept
