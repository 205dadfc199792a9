"""Reads YAML 1.2 into plain data and spans, and finds everything that is wrong with the YAML itself.

Events of the parser are read rather than constructed objects: constructing drops duplicate keys and places.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from audit.errors import Problem, UsageError
from audit.suite.document import Document
from audit.suite.scalars import read_as, read_plain
from audit.suite.spans import DocumentPath, Span, Spans
from audit.suite.syntax import forbidden_characters, syntax_problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DEEPEST = 20
_TWO_LINES = "an item of a list goes over two lines"
_LEFT_OUT = object()
_Node = ScalarEvent | AliasEvent | MappingStartEvent | SequenceStartEvent


def read_document(path: Path, file: str | None = None) -> Document:
    """Read a file. ``file`` is what people call it; the path itself when left out.

    Raises UsageError when there is no such file or it cannot be read; what is wrong inside is in ``problems``.
    """
    file = file or path.as_posix()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"there is no file {file}") from None
    except IsADirectoryError:
        raise UsageError(f"{file} is a folder, not a YAML file") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}") from None
    return parse_document(content, path, file)


@lru_cache(maxsize=64)
def parse_document(content: bytes, path: Path, file: str) -> Document:
    """Read the bytes of a file. Suites share lexicons, so what was read is kept."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = content[: error.start]
        column = len(start[start.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        line = content.decode("utf-8", "replace").splitlines()[start.count(b"\n")]
        problem = Problem(
            file, start.count(b"\n") + 1, column, "this is not UTF-8", "save the file with the encoding UTF-8", line
        )
        return Document(path, file, (), problems=(problem,))
    lines = tuple(line.removesuffix("\r") for line in text.split("\n"))
    empty = Document(path, file, lines)
    forbidden = tuple(empty.problem_at(*found) for found in forbidden_characters(lines))
    if forbidden:
        return Document(path, file, lines, problems=forbidden)
    return _Reading(empty).document(text)


def read_title(path: Path) -> str:
    """The title of a document, read no further than there; the name of the file when it has none."""
    key: str | None = None
    depth = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(path.read_text(encoding="utf-8")):
            if depth == 1 and isinstance(event, ScalarEvent):
                if key == "title":
                    return str(event.value)
                key = event.value if key is None else None
            elif isinstance(event, CollectionEndEvent):
                depth -= 1
            elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                depth, key = depth + 1, None
    except (YAMLError, UnicodeDecodeError):
        pass  # Whoever loads it is told what is wrong with it.
    return path.stem


@dataclass
class _Reading:
    """The reading of one file."""

    empty: Document
    spans: Spans = field(default_factory=Spans)
    problems: list[Problem] = field(default_factory=list)
    broken: set[DocumentPath] = field(default_factory=set)
    events: Iterator[Event] = field(default_factory=lambda: iter(()))

    def document(self, text: str) -> Document:
        self.events = YAML(typ="safe", pure=True).parse(text)
        data: Any = None
        try:
            data = self._documents()
        except MarkedYAMLError as error:
            # An item runs on to the next line when its list is not closed; that is what is said then.
            self.problems = [problem for problem in self.problems if problem.message != _TWO_LINES]
            self.problems.append(self.empty.problem_at(*syntax_problem(error, self.empty.lines)))
        return Document(
            path=self.empty.path,
            file=self.empty.file,
            lines=self.empty.lines,
            data=data,
            spans=self.spans,
            problems=tuple(self.problems),
            broken=frozenset(self.broken),
        )

    def _documents(self) -> Any:
        data: Any = None
        count = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                count += 1
                if count == 2:
                    self._refuse(_span(event), "a second document starts here", "write one document a file")
                    break
            elif isinstance(event, _Node):
                data = self._value(event, (), None)
        if count == 0 or (data is None and not self.problems):
            self._refuse(Span(0, 0, 1), "the file is empty")
            data = None
        elif not isinstance(data, dict) and not self.problems:
            self._refuse(self.spans.value(()), "the file holds no mapping", "start with `key: value` lines")
        return data

    def _value(self, event: _Node, path: DocumentPath, key: Span | None) -> Any:
        span = _span(event, self.empty.lines)
        anchor = _unsupported(event)
        if anchor:
            self._refuse(span, *anchor)
        if isinstance(event, ScalarEvent):
            # What is empty has no place but its key's.
            is_empty = key is not None and not event.value and not event.style
            self.spans.values[path] = replace(key, text="") if key is not None and is_empty else span
            if anchor:
                return self._leave_out(path)
            return event.value if event.style else self._plain(event, path, span)
        if isinstance(event, AliasEvent):
            self.spans.values[path] = span
            return self._leave_out(path)
        # A block list or mapping begins at its first item; people look for it at its key.
        self.spans.values[path] = key if key is not None and not event.flow_style else span
        if len(path) >= _DEEPEST:
            self._refuse(span, f"lists and mappings are nested more than {_DEEPEST} deep")
            self._skip(event)
            return self._leave_out(path)
        data = self._mapping(path) if isinstance(event, MappingStartEvent) else self._sequence(path)
        return self._leave_out(path) if anchor else data

    def _plain(self, event: ScalarEvent, path: DocumentPath, span: Span) -> Any:
        if path and isinstance(path[-1], int) and event.end_mark.line > event.start_mark.line:
            hint = "put a comma or a dash between the items, or quote the text if it is one"
            self._refuse(span, _TWO_LINES, hint)
            return self._leave_out(path)
        return read_plain(event.value)

    def _mapping(self, path: DocumentPath) -> dict[str, Any]:
        data: dict[str, Any] = {}
        seen: dict[str, Span] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                self._end(event, path)
                break
            assert isinstance(event, _Node)
            span = _span(event, self.empty.lines)
            name = self._key(event, span)
            if (at := self.spans.values[path]).line == span.line and at.column == span.column:
                self.spans.values[path] = span  # a block mapping in a list: it begins with its first key
            following = next(self.events)
            assert isinstance(following, _Node)
            if name is None:
                self._skip(following)
            elif name in seen:
                message = f"`{name}` stands twice; it is already at line {seen[name].line}"
                self._refuse(span, message, "keep one of the two")
                self._skip(following)
            else:
                seen[name] = self.spans.keys[*path, name] = span
                value = self._value(following, (*path, name), span)
                if value is not _LEFT_OUT:
                    data[name] = value
        return data

    def _key(self, event: _Node, span: Span) -> str | None:
        """The key, or None when it is none."""
        if (unsupported := _unsupported(event)) or not isinstance(event, ScalarEvent):
            self._refuse(span, *(unsupported or ("a key must be text", "quote a key that starts with [ or {")))
            self._skip(event)
            return None
        if not event.style:
            value = read_plain(event.value)
            if value is None and not event.value:
                self._refuse(span, "a key is missing before the colon")
                return None
            if not isinstance(value, str):
                self._refuse(
                    span,
                    f"a key must be text, but an unquoted {event.value} is read as {read_as(value)}",
                    f'quote it: "{event.value}"',
                )
        return str(event.value)

    def _sequence(self, path: DocumentPath) -> list[Any]:
        data: list[Any] = []
        for index, event in enumerate(self.events):
            if isinstance(event, SequenceEndEvent):
                self._end(event, path)
                break
            assert isinstance(event, _Node)
            value = self._value(event, (*path, index), None)
            # Items keep their index: the spans are found by it.
            data.append(None if value is _LEFT_OUT else value)
        return data

    def _end(self, event: Event, path: DocumentPath) -> None:
        """A list or mapping in brackets takes all of its line up to the closing one."""
        start = self.spans.values[path]
        if event.end_mark.column > event.start_mark.column and event.end_mark.line == start.line - 1:
            width = event.end_mark.column - start.column + 1
            self.spans.values[path] = Span(start.line, start.column, width)

    def _skip(self, event: Event) -> None:
        """Read past the rest of a value that is left out."""
        depth = int(isinstance(event, (MappingStartEvent, SequenceStartEvent)))
        while depth:
            following = next(self.events)
            depth += isinstance(following, (MappingStartEvent, SequenceStartEvent))
            depth -= isinstance(following, CollectionEndEvent)

    def _leave_out(self, path: DocumentPath) -> object:
        self.broken.add(path)
        return _LEFT_OUT

    def _refuse(self, span: Span, message: str, hint: str = "") -> None:
        self.problems.append(self.empty.problem_at(span, message, hint))


def _unsupported(event: _Node) -> tuple[str, str] | None:
    """Message and hint for parts of YAML that a suite has no use for."""
    if isinstance(event, AliasEvent):
        return f"*{event.anchor} repeats another part of the file", "repeat it, or give it an id and name that"
    if event.anchor is not None:
        return f"&{event.anchor} names a part of the file", "anchors are not used here: delete it"
    if event.tag is not None:
        return f"{event.tag} is a YAML tag", "tags are not used here: delete it, and quote what shall be text"
    return None


def _span(event: Event, lines: tuple[str, ...] = ()) -> Span:
    start, end = event.start_mark, event.end_mark
    line = lines[start.line] if start.line < len(lines) else ""
    stop = end.column if end.line == start.line else len(line.split(" #")[0].rstrip())
    text = line[start.column : stop] if isinstance(event, ScalarEvent) else ""
    return Span(start.line + 1, start.column + 1, max(stop - start.column, 1), text)
