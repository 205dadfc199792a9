"""What every part of the view looks things up in."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from audit.store import read_labelling

if TYPE_CHECKING:
    import pyarrow as pa

    from audit.records import Finding, Labelling, ModelInfo, UntrainedNull
    from audit.store import Run

Row = dict[str, Any]
_COLUMNS = {
    "rows": ("group", "cluster", "association"),
    "examples": ("unit", "label", "group", "value", "rank"),
    "items": ("unit", "label", "group", "picture", "bin", "draw"),
    "bins": ("unit", "bin", "z_low", "z_high", "n", "concept_n", "share", "low", "high", "recall", "recall_from_top"),
    "units": ("unit", "auroc"),
}
"""The columns that the report reads of each table."""
DRAWN = 6
"""Single stimuli of each bin of a unit's range that the report shows; the table has them all."""
CREDIT = ("source", "licence", "attribution")
"""Where a picture comes from."""
_NAME = 16
"""So many characters of a picture's digest are the name of its file."""


class Context:
    """A run, the places of its findings in the page, and the rows that each finding rests on."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._anchors = {finding.id: f"finding-{index}" for index, finding in enumerate(run.findings, start=1)}
        self._tables: dict[str, dict[tuple[str, str, str], list[Row]]] = {}

    def anchor(self, finding: Finding) -> str:
        """The place of a finding: a number, as ids may hold characters that an anchor may not."""
        return self._anchors[finding.id]

    def model(self, finding: Finding) -> ModelInfo:
        """The model that the finding is about."""
        return self.run.model_of(finding.suite)

    def untrained(self, finding: Finding) -> tuple[UntrainedNull, ...]:
        """What image towers that were never trained give for exactly this question, one entry a statistic."""
        return tuple(
            null
            for null in self.model(finding).untrained
            if (null.suite, null.probe, null.form, null.fingerprint)
            == (finding.suite, finding.probe, finding.form, finding.fingerprint)
        )

    def pictured(self, path: str) -> Row:
        """The stimulus that a picture of the run shows, as a row of the table of stimuli; empty when none is known."""
        return self._by_picture.get(PurePosixPath(path).stem, {})

    @cached_property
    def labelling(self) -> Labelling | None:
        """What raters called the examples; None when no sheet was read back."""
        return read_labelling(self.run)

    @cached_property
    def pictures(self) -> list[Row]:
        """Every stimulus of the run that is a picture, once for each part it plays."""
        columns = ["form", "concept", "item", "template", "content", "digest", *CREDIT]
        return [
            row
            for row in self.run.table("stimuli").select(["modality", *columns]).to_pylist()
            if row["modality"] == "image"
        ]

    @cached_property
    def _by_picture(self) -> dict[str, Row]:
        return {row["digest"][:_NAME]: row for row in reversed(self.pictures) if row["digest"]}

    def rows(self, finding: Finding, table: str) -> list[Row]:
        """The rows of ``table`` that the finding rests on, in the order in which they are stored."""
        if table not in self._tables:
            stored = self.run.table(table).select(["suite", "probe", "form", *_COLUMNS[table]])
            if table == "items":
                stored = _drawn(stored)
            indexed: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
            for row in stored.to_pylist():
                indexed[row["suite"], row["probe"], row["form"]].append(row)
            self._tables[table] = indexed
        return self._tables[table].get((finding.suite, finding.probe, ",".join(finding.form)), [])


def _drawn(items: pa.Table) -> pa.Table:
    """The items that a page shows: a run may have hundreds of thousands."""
    import pyarrow.compute as pc

    return items.filter(pc.less_equal(items["draw"], DRAWN))
