"""Records as JSON text, always the same bytes for the same records."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from audit.errors import AuditError
from audit.records import Estimate, Undefined


def dump(document: Mapping[str, object]) -> bytes:
    """JSON with a fixed layout: two spaces, keys in the order given, UTF-8, one newline at the end."""
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode()


def plain(value: object, where: str = "") -> object:
    """A record as JSON's own types; ``where`` is its path, for the message.

    Records keep the order of their fields, mappings and sets are sorted, an `Undefined` becomes
    ``{"name": ..., "undefined": why}``, and an `Estimate` also says its number of clusters.
    """
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case float():
            if not math.isfinite(value):
                raise AuditError(f"{where} is {value}; what cannot be computed must be Undefined.")
            return float(value)
        case Undefined():
            return {"name": value.name, "undefined": value.reason}
        case Mapping():
            return {str(key): plain(value[key], f"{where}.{key}") for key in sorted(value)}
        case tuple() | list():
            return [plain(item, f"{where}[{index}]") for index, item in enumerate(value)]
        case frozenset() | set():
            return sorted(str(item) for item in value)
    return record(value, where)


def record(value: object, where: str = "") -> dict[str, object]:
    """A frozen record as a JSON object; see `plain`."""
    if not is_dataclass(value):
        raise AuditError(f"{where} is a {type(value).__name__}, which is not one of the records' types.")
    made = {
        field.name: plain(getattr(value, field.name), f"{where}.{field.name}" if where else field.name)
        for field in fields(value)
    }
    if isinstance(value, Estimate):
        made["clusters"] = value.clusters
    return made
