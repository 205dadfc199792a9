"""labelling/: the key of a run's labelling sheets, and the labels that came back. Written after the run is complete.

Both name the run's table of items by its digest, for they mean nothing beside other items.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from audit.errors import RunError
from audit.records import Labelling, ShownStimulus
from audit.store.atomic import write_atomic
from audit.store.decode import Document, build, parse, read_bytes
from audit.store.encode import dump, plain
from audit.store.layout import table_file
from audit.store.reader import Run

KEY_VERSION = "clip-audit/labelling-key/1"
LABELS_VERSION = "clip-audit/labels/1"


class _KeyDocument(Document):
    version: Literal["clip-audit/labelling-key/1"] = Field(alias="schema")
    items: str
    ids: Mapping[str, ShownStimulus]


class _LabelsDocument(Document):
    version: Literal["clip-audit/labels/1"] = Field(alias="schema")
    items: str
    labelling: Labelling


def read_key(run: Run) -> dict[str, ShownStimulus]:
    """What each id stands for that any sheet of the run has; empty when none was made. RunError when it is damaged."""
    path = run.layout.labelling_key
    if not path.exists():
        return {}
    document = build(path, parse(path, read_bytes(path), KEY_VERSION), _KeyDocument)
    _require_same(run, document.items, str(path))
    return dict(document.ids)


def write_key(run: Run, ids: Mapping[str, ShownStimulus]) -> None:
    """Add the ids of a sheet to those of earlier ones."""
    made = {"schema": KEY_VERSION, "items": _items(run), "ids": plain(read_key(run) | dict(ids))}
    write_atomic(run.layout.labelling_key, dump(made))


def read_labelling(run: Run) -> Labelling | None:
    """The labels that were read back; None when none were. RunError when they are damaged."""
    path = run.layout.labels
    if not path.exists():
        return None
    document = build(path, parse(path, read_bytes(path), LABELS_VERSION), _LabelsDocument)
    _require_same(run, document.items, str(path))
    return document.labelling


def write_labelling(run: Run, labelling: Labelling) -> None:
    """Write them, in place of those that were read before."""
    made = {"schema": LABELS_VERSION, "items": _items(run), "labelling": plain(labelling)}
    write_atomic(run.layout.labels, dump(made))


def _items(run: Run) -> str:
    return run.manifest.files[table_file("items")]


def _require_same(run: Run, items: str, path: str) -> None:
    if items != _items(run):
        raise RunError(
            f"{path} belongs to other examples than this run has: it was measured anew since.",
            hint=f"delete {run.layout.labelling_key.parent}, and export the sheet again",
        )
