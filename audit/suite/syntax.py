"""What is wrong with a file that is no YAML, in words for the person who wrote it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from audit.suite.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ruamel.yaml.error import MarkedYAMLError

_OPENED = {"sequence": "[", "mapping": "{"}


def forbidden_characters(lines: Sequence[str]) -> Iterator[tuple[Span, str, str]]:
    """Place, message and hint of every tab in an indentation and of every character that YAML cannot hold."""
    for number, line in enumerate(lines, 1):
        indentation = line[: len(line) - len(line.lstrip(" \t"))]
        if "\t" in indentation and line.strip():
            yield Span(number, indentation.index("\t") + 1, 1), "a tab indents this line", "indent with spaces"
        for column, char in enumerate(line, 1):
            if char != "\t" and not is_printable(char):
                name = unicodedata.name(char, "control character")
                message = f"the invisible character U+{ord(char):04X} ({name.lower()}) is not allowed"
                yield Span(number, column, 1), message, "delete it"


def is_printable(char: str) -> bool:
    """Whether a character may stand in a document and in a text: no control, no line separator, no half of a pair."""
    return unicodedata.category(char) not in ("Cc", "Zl", "Zp", "Cs") and char not in "\ufeff\ufffe\uffff"


def syntax_problem(error: MarkedYAMLError, lines: Sequence[str]) -> tuple[Span, str, str]:
    """Place, message and hint of a syntax error."""
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    here = Span(line + 1, column + 1, 1)
    text = lines[line] if line < len(lines) else ""
    if "mapping values are not allowed" in problem:
        if re.search(r":\s", text[:column]):
            return (
                here,
                "a second colon in an unquoted text",
                f"quote the text: {_quoted(text[:column], text[column:])}",
            )
        hint = "it may stand too far right, or the line above may lack the space after its colon"
        return here, "this key does not fit where it stands", hint
    if "quoted scalar" in context and "end of stream" in problem and error.context_mark is not None:
        opened = error.context_mark
        return Span(opened.line + 1, opened.column + 1, 1), "this quote is never closed", "close it with the same quote"
    if flow := re.search(r"flow (sequence|mapping)", context):
        if error.context_mark is not None:
            opened = error.context_mark
            bracket = _OPENED[flow[1]]
            if "stream end" in problem or line > opened.line:
                message = f"this {bracket} is never closed, or a comma is missing after it"
                return (
                    Span(opened.line + 1, opened.column + 1, 1),
                    message,
                    f"close it with {']' if bracket == '[' else '}'}",
                )
        return (
            here,
            "a comma or a closing bracket is missing here",
            "separate items by commas; quote a text that holds : or ,",
        )
    if "expected the node content" in problem:
        if "stream end" in problem:
            return here, "the file ends inside a list or mapping", "close every [ with ] and every { with }"
        return here, "an item is missing here", "delete the comma before it, or write the item"
    if "cannot start any token" in problem:
        char = text[column : column + 1]
        return here, f"an unquoted text cannot start with {char}", f'quote it: "{text[column:].strip()}"'
    if "unknown escape character" in problem:
        return (
            here,
            f"{text[column - 1 : column + 1]} means nothing inside double quotes",
            "use single quotes, or write \\\\",
        )
    if "could not find expected ':'" in problem:
        start = error.context_mark or mark
        span = Span(start.line + 1, start.column + 1, 1) if start is not None else here
        return span, "this line is no `key: value`", "put a colon and a space after the key"
    if "expected <block end>" in problem:
        if "<scalar>" in problem:
            return (
                here,
                "text goes on after the value has ended",
                "quote the whole text once, or double the ' inside it",
            )
        return (
            here,
            "this does not fit where it stands",
            "line it up with the lines that belong to the same list or mapping",
        )
    return here, f"this is no valid YAML: {problem}" + (f" ({context})" if context else ""), ""


def _quoted(before: str, after: str) -> str:
    """The value on a line with a second colon, in quotes."""
    value = re.split(r":\s+", before, maxsplit=1)[-1].lstrip("- ") + after.rstrip()
    return '"' + value.replace('"', "'") + '"'
