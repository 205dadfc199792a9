"""The suites and lexicons that ship with the tool."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audit.errors import UsageError
from audit.suite.lexicon import Lexicon
from audit.suite.loader import read_title
from audit.suite.places import bundled_root
from audit.suite.validated import load_document
from audit.suite.words import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class SuiteEntry:
    """A bundled suite, not loaded yet."""

    name: str
    """What `run` is given."""
    title: str
    path: Path


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """A bundled lexicon."""

    file: str
    """What `use` is given, e.g. ``lexicons/places.yaml``."""
    title: str
    concepts: tuple[str, ...]
    templates: tuple[str, ...]


def suite_paths() -> dict[str, Path]:
    """Files of the bundled suites by name: suites are called like their file, replications like their folder."""
    root = bundled_root()
    found = {path.stem: path for path in sorted((root / "suites").glob("*.yaml"))}
    return found | {path.parent.name: path for path in sorted((root / "replications").glob("*/suite.yaml"))}


def find_suites() -> list[SuiteEntry]:
    """The bundled suites, in the order of their names. A suite with mistakes is listed too, by its name."""
    return [SuiteEntry(name, read_title(path), path) for name, path in sorted(suite_paths().items())]


def find_lexicons() -> list[LexiconEntry]:
    """The bundled lexicons. Raises DocumentError when one has mistakes."""
    return list(_lexicons())


def _lexicons() -> Iterator[LexiconEntry]:
    root = bundled_root()
    for path in sorted((root / "lexicons").glob("*.yaml")):
        lexicon, _ = load_document(path, Lexicon)
        file = path.relative_to(root).as_posix()
        yield LexiconEntry(file, lexicon.title, tuple(lexicon.concepts), tuple(lexicon.templates))


def suite_path(name_or_path: str | Path) -> Path:
    """The file of a bundled name or a path. Raises UsageError with a suggestion when there is none.

    What has a slash or a suffix is a path; anything else is a name, unless only a file is called so.
    """
    text = str(name_or_path)
    paths = suite_paths()
    if isinstance(name_or_path, str) and text in paths:
        return paths[text]
    path = Path(name_or_path)
    if path.exists() or path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        return path
    raise UsageError(f"there is no suite {text!r}", hint=suggest(text, paths, "bundled suites"))
