"""A YAML document as it was read: plain data, and the place of every part of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audit.errors import Problem
from audit.suite.spans import DocumentPath, Span, Spans

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read and not yet understood."""

    path: Path
    """Where it is."""
    file: str
    """What people call it: ``probes/suites/regions.yaml``, or the path as it was given."""
    lines: tuple[str, ...]
    data: Any = None
    """dict, list, str, int, float, bool, None or `Surprise`; what could not be read is left out."""
    spans: Spans = field(default_factory=Spans)
    problems: tuple[Problem, ...] = ()
    """What is wrong with the YAML itself."""
    broken: frozenset[DocumentPath] = frozenset()
    """Places whose values were left out because of a problem; nothing more need be said of them."""

    @property
    def is_mapping(self) -> bool:
        """Whether there is something to understand."""
        return isinstance(self.data, dict)

    def excerpt(self, line: int) -> str:
        """A line of the file, 1-based; empty beyond its end."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""

    def problem_at(self, span: Span, message: str, hint: str = "") -> Problem:
        """A problem at a place."""
        return Problem(self.file, span.line, span.column, message, hint, self.excerpt(span.line), span.width)

    def problem(self, path: DocumentPath, message: str, hint: str = "", *, key: bool = False) -> Problem:
        """A problem with the value at ``path``, or with its key."""
        return self.problem_at(self.spans.key(path) if key else self.spans.value(path), message, hint)

    def written(self, path: DocumentPath) -> str:
        """The scalar at ``path`` as it is written; empty for a list or mapping."""
        return self.spans.values[path].text if path in self.spans.values else ""

    def value(self, path: DocumentPath) -> Any:
        """The value at ``path``; None when there is none."""
        value = self.data
        for part in path:
            if not self.has(path) or not isinstance(value, (dict, list)):
                return None
            value = value.get(part) if isinstance(value, dict) else value[int(part)]
        return value

    def is_broken(self, path: DocumentPath) -> bool:
        """Whether the value at ``path`` was left out, or is part of one that was."""
        return any(path[: len(broken)] == broken for broken in self.broken)

    def has(self, path: DocumentPath) -> bool:
        """Whether there is a value at ``path``."""
        return path in self.spans.values
