"""The pictographs that ship with the tool: what each shows, and in which art styles it is drawn."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from audit.errors import AuditError
from audit.suite.places import bundled_root

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ART_STYLES = ("noto", "twemoji", "fluent", "flag-icons", "circle-flags")
"""Art styles, in the order they are shown."""

LABELS = ("kind", "name", "subject", "tone", "gender", "hair", "age")
"""What is known of every pictograph; what a cluster or a block may be."""

ITEM = "item"
"""Clusters and blocks of single pictographs, whatever their style."""

_CREDIT = ("source", "licence", "attribution", "sha256")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A pictograph in one art style."""

    file: str
    """Path inside the folder of pictographs."""
    source: str
    """``package@version:`` and the name or path in it."""
    licence: str
    """SPDX id."""
    attribution: str
    """Who made it."""
    sha256: str
    """Of the file."""


@dataclass(frozen=True, slots=True)
class Pictograph:
    """What is drawn, whatever the style. Two are the same when kind and name are."""

    kind: str
    """flag, person, face, religion, place or object."""
    name: str
    """Name that Unicode CLDR gives it, skin tone and gender included; of a flag the country's."""
    subject: str = field(compare=False)
    """ISO 3166 code of a flag, role of a person, name of anything else as an id."""
    tone: str = field(compare=False)
    """Skin tone of a person, ``none`` for yellow; empty otherwise."""
    gender: str = field(compare=False)
    """person, woman or man; empty where there is one picture only."""
    hair: str = field(compare=False)
    age: str = field(compare=False)
    drawings: Mapping[str, Drawing] = field(compare=False, repr=False)
    """By style, in the order of `ART_STYLES`."""

    def label(self, column: str) -> str:
        """Its value of one of `LABELS`, as people read it."""
        value: str = getattr(self, column)
        if column != "subject":
            return value
        return self.name if self.kind == "flag" else value.replace("-", " ")

    def cluster(self, by: str = "subject") -> str:
        """Its cluster: one of `LABELS`, or itself for `ITEM` and where it has no such label."""
        return self.name if by == ITEM else self.label(by) or self.name


def cluster_label(asked: str | None) -> str:
    """What pictographs are clustered by when a probe asks for this: by subject unless it names something else."""
    return "subject" if asked in (None, "term") else asked


def pictographs_folder() -> Path:
    """Where the pictures are."""
    return bundled_root() / "pictographs"


@cache
def pictographs() -> tuple[Pictograph, ...]:
    """All pictographs, in the order of the index. Raises AuditError when the index cannot be read."""
    path = pictographs_folder() / "index.csv"
    drawings: dict[tuple[str, str], dict[str, Drawing]] = {}
    labels: dict[tuple[str, str], dict[str, str]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle, strict=True):
                key = row["kind"], row["name"]
                labels.setdefault(key, {label: row[label] for label in LABELS})
                drawn = Drawing(row["file"], *(row[column] for column in _CREDIT))
                drawings.setdefault(key, {})[row["style"]] = drawn
        ordered = {key: {s: drawn[s] for s in ART_STYLES if s in drawn} for key, drawn in drawings.items()}
        return tuple(Pictograph(**values, drawings=MappingProxyType(ordered[key])) for key, values in labels.items())
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise AuditError(
            f"The index of pictographs {path} cannot be read: {error!r}", hint="install the tool anew"
        ) from error


def subjects(kind: str) -> tuple[str, ...]:
    """The subjects of a kind, in the order of the index."""
    return tuple(dict.fromkeys(each.subject for each in pictographs() if each.kind == kind))
