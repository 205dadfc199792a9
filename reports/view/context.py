"""What every part of the view looks things up in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit.records import Finding, ModelInfo
    from audit.store import Run

Row = dict[str, Any]
_COLUMNS = {
    "rows": ("group", "cluster", "association"),
    "examples": ("unit", "label", "group", "value", "rank"),
    "units": ("unit", "auroc"),
}
"""The columns that the report reads of each table."""


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

    def rows(self, finding: Finding, table: str) -> list[Row]:
        """The rows of ``table`` that the finding rests on, in the order in which they are stored."""
        if table not in self._tables:
            stored = self.run.table(table).select(["suite", "probe", "form", *_COLUMNS[table]])
            indexed: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
            for row in stored.to_pylist():
                indexed[row["suite"], row["probe"], row["form"]].append(row)
            self._tables[table] = indexed
        return self._tables[table].get((finding.suite, finding.probe, ",".join(finding.form)), [])
