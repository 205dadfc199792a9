"""Every error that is the user's to mend, with its exit code and its hint.

AuditError                    3   the base; raised itself only for our own mistakes
├── UsageError                2   a command, option or path that cannot be used
│   └── ModelError            2   a model that cannot be found, read or trusted
├── DocumentError             4   a suite, policy or waiver file with problems, all of them at once
├── NothingMeasured           5   a run or gate in which no probe gave a number
├── RunError                  6   a run directory that is damaged, unfinished or of another version
└── Interrupted             130   stopped by the user; the run can be resumed
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

_WINDOW = 110
"""Characters of a document's line that are shown around a mistake."""


class AuditError(Exception):
    """An error with a message for the person who made the mistake, and a hint how to mend it."""

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


class UsageError(AuditError):
    """A command, option or path that cannot be used as given."""

    exit_code = 2


class ModelError(UsageError):
    """A model that cannot be found, read or trusted."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a document, anchored where it stands."""

    file: str
    line: int
    """1-based; 0 when the whole file is meant."""
    column: int
    """1-based; 0 when the whole line is meant."""
    message: str
    """What is wrong and what was expected."""
    hint: str = ""
    """How to mend it; may be empty."""
    excerpt: str = ""
    """The line of the document as it stands, without its newline; may be empty."""
    width: int = 1
    """How many characters of the excerpt the caret underlines."""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        lines = [f"{place}: {self.message}"]
        if self.excerpt:
            lines += _marked(self.excerpt, max(self.column - 1, 0), max(self.width, 1))
        if self.hint:
            lines.append(f"    hint: {self.hint}")
        return "\n".join(lines)


def _marked(excerpt: str, start: int, width: int) -> list[str]:
    """The line with a caret under the place; of a long line only what stands around it, so that it does not wrap."""
    left = max(0, min(start - _WINDOW // 3, len(excerpt) - _WINDOW)) if len(excerpt) > _WINDOW else 0
    shown = excerpt[left : left + _WINDOW]
    before, after = "…" if left else "", "…" if left + _WINDOW < len(excerpt) else ""
    carets = "^" * max(1, min(width, len(shown) - (start - left)))
    return [f"    {before}{shown}{after}", " " * (4 + len(before) + start - left) + carets]


class DocumentError(AuditError):
    """A document with problems; every problem found is listed, in the order of the file."""

    exit_code = 4

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n".join([*(str(problem) for problem in self.problems), count]))


class NothingMeasured(AuditError):  # noqa: N818  (named for what happened, as users read it)
    """A run or gate in which no probe gave a number."""

    exit_code = 5


class RunError(AuditError):
    """A run directory that is damaged, unfinished, or written by another version."""

    exit_code = 6


class Interrupted(AuditError):  # noqa: N818  (named for what happened)
    """Stopped by the user; what was encoded is kept and the run can be resumed."""

    exit_code = 130
