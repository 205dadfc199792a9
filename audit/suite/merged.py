"""A suite with its lexicons: one name space, and for every name the place where it is defined."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audit.errors import Problem, UsageError
from audit.suite.association import Inline
from audit.suite.concept import Concept
from audit.suite.lexicon import Lexicon
from audit.suite.loader import read_document
from audit.suite.places import bundled_root, shown
from audit.suite.suite_file import Probe, SuiteFile
from audit.suite.text import Prose
from audit.suite.validated import Validated, validate
from audit.suite.words import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audit.suite.document import Document
    from audit.suite.spans import DocumentPath

_KINDS: dict[str, Any] = {"concepts": Concept, "templates": Inline, "sources": Prose}


@dataclass(frozen=True, slots=True)
class Defined:
    """A concept, a list of templates or a source, and where it is defined."""

    document: Document
    path: DocumentPath
    value: Any
    """None when something is wrong with it."""
    own: bool
    """Whether the suite itself defines it, not a lexicon."""

    @property
    def place(self) -> str:
        """``file:line``."""
        return f"{self.document.file}:{self.document.spans.key(self.path).line}"


@dataclass(slots=True)
class Merged:
    """Everything that a suite may name."""

    suite: Validated[SuiteFile]
    problems: list[Problem] = field(default_factory=list)
    concepts: dict[str, Defined] = field(default_factory=dict)
    templates: dict[str, Defined] = field(default_factory=dict)
    sources: dict[str, Defined] = field(default_factory=dict)
    lacks_a_lexicon: bool = False
    """Whether a lexicon could not be read; what it defines is not known then."""

    def define(self, part: Validated[Any], *, own: bool) -> None:
        """Take over what a suite or lexicon defines; a name that is taken is a problem that names both places."""
        self.problems += part.problems
        for key, kind in _KINDS.items():
            valid = part.parts(key, kind) if part.model is None else getattr(part.model, key)
            defined: dict[str, Defined] = getattr(self, key)
            for name in part.names(key):
                found = Defined(part.document, (key, name), valid.get(name), own)
                first = defined.setdefault(name, found)
                if first is not found:
                    # A suite is easier to change than a lexicon that others use too.
                    here, there = (first, found) if first.own else (found, first)
                    message = f"{key.removesuffix('s')} {name!r} is defined twice; it is also at {there.place}"
                    hint = "rename one of the two, or leave one out"
                    self.problems.append(here.document.problem(here.path, message, hint, key=True))

    def probes(self) -> list[tuple[int, Probe]]:
        """The probes that are in order by themselves, with their index."""
        if self.suite.model is not None:
            return list(enumerate(self.suite.model.probes))
        return [(int(index), probe) for index, probe in self.suite.parts("probes", Probe).items()]


def merge(suite: Validated[SuiteFile]) -> Merged:
    """The suite with the lexicons that it uses."""
    merged = Merged(suite)
    merged.define(suite, own=True)
    for lexicon in _lexicons(merged):
        merged.lacks_a_lexicon |= not lexicon.document.is_mapping
        merged.define(lexicon, own=False)
    return merged


def _lexicons(merged: Merged) -> Iterator[Validated[Lexicon]]:
    document = merged.suite.document
    names = document.value(("use",))
    seen: dict[Path, str] = {}
    for index, name in enumerate(names if isinstance(names, list) else []):
        if not isinstance(name, str):
            continue
        path = next((path for path in _candidates(document, name) if path.is_file()), None)
        if path is None:
            message, hint = f"there is no lexicon {name}", suggest(name, _there_are(document), "there are")
            merged.problems.append(document.problem(("use", index), message, hint))
            merged.lacks_a_lexicon = True
        elif path.resolve() in seen:
            message = f"{name} is the same file as {seen[path.resolve()]}"
            merged.problems.append(document.problem(("use", index), message, "delete one of the two"))
        else:
            seen[path.resolve()] = name
            try:
                yield validate(read_document(path, shown(path)), Lexicon)
            except UsageError as error:
                merged.problems.append(document.problem(("use", index), error.message))
                merged.lacks_a_lexicon = True


def _candidates(document: Document, name: str) -> tuple[Path, Path]:
    """Where a lexicon may be: beside the suite, or among the bundled ones."""
    return document.path.parent / name, bundled_root() / name


def _there_are(document: Document) -> set[str]:
    """Lexicons that could have been meant."""
    found = set()
    for root in (document.path.parent, bundled_root()):
        for path in (*root.glob("*.yaml"), *root.glob("lexicons/*.yaml")):
            found.add(path.relative_to(root).as_posix())
    return found - {document.path.name}
