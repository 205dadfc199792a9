"""The rows of the calibration as tables in the docs: what is promised, and what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rows import Row

DOCS = Path(__file__).parents[1] / "docs" / "statistics.md"
UNITS = DOCS.with_name("units.md")
OF_POCKET = "units of pocket"
"""What rows are about that stand in the page on units too."""
BEGIN, END = "<!-- calibration: begin -->", "<!-- calibration: end -->"


def table(rows: Sequence[Row]) -> str:
    """A Markdown table: a line for every row that has a target, and the ones beside it for comparison."""
    lines = ["| what was simulated | target | measured | ± | runs | |", "|---|---|---:|---:|---:|---|"]
    for row in rows:
        verdict = {True: "pass", False: "**fail**", None: "for comparison"}[row.passed]
        name = row.what.strip() if row.passed is not None else f"*{row.what.strip()}*"
        target = row.target if row.passed is not None else ""
        cells = (name, target, f"{row.measured:.4f}", f"{row.standard_error:.4f}", f"{row.simulations:,}", verdict)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def of_units(rows: Iterable[Row]) -> list[Row]:
    """Those about planted units."""
    return [row for row in rows if OF_POCKET in row.what]


def update(page: Path, rows: Iterable[Row]) -> None:
    """Put the table between its marks in a page."""
    head, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    page.write_text(f"{head}{BEGIN}\n{table(list(rows))}\n{END}{tail}", encoding="utf-8")
