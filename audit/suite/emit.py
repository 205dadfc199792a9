"""Writes plain data as YAML that every reader reads alike."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from audit.suite.scalars import read_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*")


def to_yaml(data: dict[str, Any]) -> str:
    """A mapping of text, numbers, lists and mappings as block YAML; text is quoted unless nobody can misread it."""
    return "\n".join(_block(data, "")) + "\n"


def _block(value: Any, indent: str) -> Iterator[str]:
    entries = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, item in entries:
        head = f"{indent}-" if key is None else f"{indent}{_scalar(key)}:"
        if isinstance(item, (dict, list)) and item and not _is_flat(item):
            lines = list(_block(item, indent + "  "))
            if key is None:
                # The first key or item follows its dash.
                yield f"{head} {lines[0].lstrip()}"
                lines = lines[1:]
            else:
                yield head
            yield from lines
        else:
            yield f"{head} {_flow(item)}"


def _is_flat(value: Any) -> bool:
    """Whether a value reads well on one line: a short list of scalars."""
    return isinstance(value, list) and not any(isinstance(i, (dict, list)) for i in value) and len(_flow(value)) < 100


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_scalar(key)}: {_flow(item)}' for key, item in value.items())}}}"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _SAFE.fullmatch(value) and isinstance(read_plain(value), str):
        return value
    return json.dumps(value, ensure_ascii=False)
