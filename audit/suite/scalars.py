"""What an unquoted YAML scalar is read as.

YAML 1.2 (core schema) decides. What readers of YAML 1.1 would take for something else than text (``NO`` for false,
``12:30`` for 750) is text in YAML 1.2 and yet refused wherever text is expected: a word list must mean the same to
every reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NULL = re.compile(r"|~|null|Null|NULL")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NAN = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

_ELSEWHERE = (
    (re.compile(r"yes|Yes|YES|on|On|ON"), "true"),
    (re.compile(r"no|No|NO|off|Off|OFF"), "false"),
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?"), "a date"),
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"), "a time or a number in base 60"),
    (re.compile(r"[-+]?0b[01_]+|[-+]?0o[0-7_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?[0-9][0-9_]*"), "a number"),
    (re.compile(r"[-+]?([0-9][0-9_]*)?\.[0-9_]*([eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"), "a number"),
    (re.compile(r"=|<<"), "an instruction to YAML"),
)


@dataclass(frozen=True, slots=True)
class Surprise:
    """An unquoted scalar that readers of YAML do not agree on; it is neither text nor anything else here."""

    reading: str
    """What some readers take it for: ``false``, ``a date``..."""


Scalar = str | int | float | bool | Surprise | None


def read_plain(text: str) -> Scalar:
    """The value of an unquoted scalar."""
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return text.casefold() == "true"
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NAN.fullmatch(text):
        return float(text.replace(".", "").casefold())
    # Without a letter or digit (a dot, a sign) it is text to every reader, but for the two instructions.
    if any(char.isalnum() for char in text) or text in ("=", "<<"):
        for pattern, reading in _ELSEWHERE:
            if pattern.fullmatch(text):
                return Surprise(reading)
    return text


def read_as(value: Scalar) -> str:
    """What a reader takes an unquoted scalar for, in words."""
    if isinstance(value, Surprise):
        return value.reading
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else "a number"
