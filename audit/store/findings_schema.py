"""The published JSON Schema of findings.json."""

from __future__ import annotations

from typing import Any

from audit.store.findings_file import FindingsDocument

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def findings_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of findings.json, a description at every field.

    It is made from the records themselves; what differs in the file is set here: an undefined statistic is
    ``{"name", "undefined"}``, an estimate also carries ``clusters``, and the writer leaves no field out.
    """
    made = FindingsDocument.model_json_schema(by_alias=True)
    kinds = made["$defs"]
    undefined = kinds["Undefined"]
    undefined["properties"]["undefined"] = undefined["properties"].pop("reason") | {
        "title": "Undefined",
        "minLength": 1,
    }
    kinds["Estimate"]["properties"]["clusters"] = {
        "description": "Number of independent clusters, all groups together.",
        "title": "Clusters",
        "type": "integer",
        "minimum": 0,
    }
    for kind in kinds.values():
        if kind["type"] == "object":
            kind["required"] = list(kind["properties"])
    return {"$schema": DIALECT, "$id": made["properties"]["schema"]["const"]} | made
