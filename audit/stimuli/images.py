"""Images that users bring for a model that is run here: a table with one row an image, and the files it names."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from audit.errors import AuditError
from audit.records import Exclusion, Modality
from audit.stimuli.table import SHOWN_NAMES
from audit.store import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from audit.stimuli.stimulus import Stimulus

FORM = "image"
PATH_COLUMNS = ("path", "file", "filename", "image")
"""What the column of paths may be called; a table has one of them."""


@dataclass(frozen=True, slots=True)
class Images:
    """A table of images, read and checked; the files are read when a probe asks for them."""

    frame: pd.DataFrame
    """Columns ``id``, ``modality`` (always image), ``path`` (from where the tool is run) and any labels, all text."""
    name: str
    """The table's path as the user gave it."""
    digest: str
    """sha256 of the table's file."""


def read_images(manifest: Path) -> Images:
    """Read a CSV, TSV or Parquet table of images: a column ``path`` (or ``file``, ``filename``, ``image``) and labels.

    Paths are relative to the table's folder. An ``id`` column may name the rows; else the path does. Raises UsageError
    with the line for a table that cannot be read, has no or two columns of paths, or names an image twice. Files are
    not looked at: one that is missing or cannot be read is counted where a probe would show it.
    """
    table = read_table(manifest)
    named = [column for column in PATH_COLUMNS if column in table.frame]
    if len(named) != 1:
        has = f"has the columns {' and '.join(named)}" if named else "has no column of paths"
        raise table.refuse(has, hint=f"exactly one of {', '.join(PATH_COLUMNS)} says where the images are")
    (column,) = named
    identity = "id" if "id" in table.frame else column
    table.require_unique(column)
    table.require_unique(identity)
    paths = [str(manifest.parent / cell) for cell in table.frame[column]]
    labels = [name for name in table.frame.columns if name not in ("id", "modality", column)]
    frame = table.frame[labels].assign(path=paths)
    frame.insert(0, "id", table.frame[identity])
    frame.insert(1, "modality", Modality.IMAGE.value)
    return Images(frame, str(manifest), hashlib.sha256(manifest.read_bytes()).hexdigest())


@lru_cache(maxsize=262_144)
def image_key(path: str) -> tuple[str, str]:
    """The key of an image file, sha256 of its bytes, and an empty string; or an empty key and why it cannot be read.

    The file is decoded once, so that one that is cut short is found before the model is run.
    """
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        return "", "the file is missing"
    except OSError as error:
        return "", f"the file cannot be read ({error.strerror})"
    try:
        with Image.open(BytesIO(content)) as image:
            image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return "", "the file is no image that can be decoded"
    return hashlib.sha256(b"image:" + content).hexdigest(), ""


def from_files(stimuli: Sequence[Stimulus], frame: pd.DataFrame) -> tuple[tuple[Stimulus, ...], tuple[Exclusion, ...]]:
    """Rows of a table of images as stimuli that can be shown, and those whose files cannot be read, by reason."""
    paths = dict(zip(frame["id"], frame["path"], strict=True))
    found, left_out = [], defaultdict(list)
    for stimulus in stimuli:
        key, problem = image_key(paths[stimulus.item])
        if problem:
            left_out[problem].append(stimulus.item)
        else:
            found.append(replace(stimulus, key=key, content=paths[stimulus.item]))
    excluded = (Exclusion("images", len(ids), why, tuple(ids[:SHOWN_NAMES])) for why, ids in left_out.items())
    return tuple(found), tuple(excluded)


def photograph(path: str) -> Image.Image:
    """The image as a camera meant it: turned as its EXIF says, RGB, on white where it is transparent.

    Raises AuditError when the file has changed so that it can no longer be read.
    """
    try:
        with Image.open(path) as image:
            upright = ImageOps.exif_transpose(image)
            if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
                drawn = upright.convert("RGBA")
                white = Image.new("RGBA", drawn.size, "white")
                white.alpha_composite(drawn)
                return white.convert("RGB")
            return upright.convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise AuditError(f"The image {path} could be read before and cannot be now: {error}.") from error
