"""A folder of model files that ships with the tool: what it must hold, checked byte for byte before use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.encoders.digest import file_digest
from audit.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "manifest.json"
"""``{"files": {NAME: sha256}}`` of the files that the model is made of."""

_HINT = "install clip-audit again; a checkout gets the files back with git"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A checked folder."""

    folder: Path
    digests: dict[str, str]
    """sha256 by file name, as the manifest states and the files have it."""


def read_shipped(spec: str, folder: Path) -> Shipped:
    """The folder of the model ``spec``; ModelError when a file is missing, or is not what was shipped."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise ModelError(f"{spec}: there is no {manifest}", hint=_HINT)
    try:
        stated = json.loads(manifest.read_text(encoding="utf-8"))["files"]
        digests = {str(name): str(digest) for name, digest in stated.items()}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError(f"{spec}: {manifest} cannot be read: it lists no files", hint=_HINT) from error
    for name, digest in digests.items():
        path = folder / name
        if not path.is_file():
            raise ModelError(f"{spec}: there is no {path}", hint=_HINT)
        if (found := file_digest(path)) != digest:
            raise ModelError(
                f"{spec}: {path} is not the file that was shipped: its sha256 is {found}, and {MANIFEST} says {digest}",
                hint=_HINT,
            )
    return Shipped(folder, digests)


def manifest_text(folder: Path, names: list[str]) -> str:
    """What ``manifest.json`` must say of these files."""
    files = {name: file_digest(folder / name) for name in sorted(names)}
    return json.dumps({"files": files}, indent=2) + "\n"
