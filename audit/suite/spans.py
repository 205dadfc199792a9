"""Where the parts of a document stand."""

from __future__ import annotations

from dataclasses import dataclass, field

DocumentPath = tuple[str | int, ...]
"""Keys and list indices from the top of a document to one of its values."""


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a document."""

    line: int
    """1-based."""
    column: int
    """1-based."""
    width: int
    """How many characters it takes on its line; at least 1."""
    text: str = ""
    """A scalar as it is written, on one line; empty for lists and mappings."""


@dataclass(frozen=True, slots=True)
class Spans:
    """The place of every key and value; a list or mapping on lines of its own stands where its key does."""

    keys: dict[DocumentPath, Span] = field(default_factory=dict)
    values: dict[DocumentPath, Span] = field(default_factory=dict)

    def value(self, path: DocumentPath) -> Span:
        """Place of the value at ``path``, or of the nearest value around it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Span(1, 1, 1))

    def key(self, path: DocumentPath) -> Span:
        """Place of the last key of ``path``; of its value when it is an item of a list."""
        return self.keys.get(path) or self.value(path)

    def at(self, path: DocumentPath) -> tuple[int, int]:
        """Line and column of the value at ``path``, 1-based."""
        span = self.value(path)
        return span.line, span.column
