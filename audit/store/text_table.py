"""Tables of text that users bring, as CSV, TSV or Parquet, with the place of every row kept for messages."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose cells are all text."""

    file: str
    """Path as messages show it."""
    frame: pd.DataFrame
    """Every cell a string; a missing cell is the empty string."""
    places: tuple[str, ...]
    """Where each row stands: ``line 4`` of a CSV (the header is line 1), ``row 3`` of a Parquet file."""
    error: type[UsageError] = UsageError
    """What is raised when it does not fit."""

    def refuse(self, message: str, *, row: int | None = None, column: str = "", hint: str = "") -> UsageError:
        """An error that names file, row and column."""
        place = ", ".join(
            part for part in (self.places[row] if row is not None else "", column and f"column {column}") if part
        )
        return self.error(f"{self.file}{place and f', {place}'}: {message}", hint=hint)

    def require(self, *columns: str) -> None:
        """Raise unless these columns are there."""
        for column in columns:
            if column not in self.frame.columns:
                raise self.refuse(
                    f"has no column {column!r}", hint="its columns: " + ", ".join(map(str, self.frame.columns))
                )

    def require_unique(self, column: str) -> None:
        """Raise at the first empty or repeated cell of a column that identifies rows."""
        seen: dict[str, int] = {}
        for row, cell in enumerate(self.frame[column]):
            if not cell.strip():
                raise self.refuse("is empty; every row needs one", row=row, column=column)
            if cell in seen:
                raise self.refuse(f"{cell!r} stands already in {self.places[seen[cell]]}", row=row, column=column)
            seen[cell] = row


def find_table(folder: Path, stem: str, *, error: type[UsageError] = UsageError) -> Path | None:
    """``stem.csv`` or ``stem.parquet`` in a folder; None when neither is there, an error when both are."""
    found = [path for path in (folder / f"{stem}.csv", folder / f"{stem}.parquet") if path.is_file()]
    if len(found) > 1:
        raise error(f"{folder}: both {stem}.csv and {stem}.parquet are there", hint="keep the one that is meant")
    return found[0] if found else None


def read_table(path: Path, *, error: type[UsageError] = UsageError) -> Table:
    """Read a table; an ``error`` when it cannot be read, names a column twice or has no row.

    ``.parquet`` is read as Parquet, ``.tsv`` with tabs, anything else as CSV.
    """
    table = _read_parquet(path, error) if path.suffix == ".parquet" else _read_csv(path, error)
    if table.frame.empty:
        raise table.refuse("has no rows")
    return table


def _read_csv(path: Path, error: type[UsageError]) -> Table:
    # The csv module keeps every cell as it stands: `NA` is the code of Namibia and `007` a name, not a gap and a seven.
    import pandas as pd

    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True, delimiter="\t" if path.suffix == ".tsv" else ",")
            header = next(reader, None)
            if not header:
                raise error(f"{path}: is empty", hint="the first line names the columns")
            rows, places = [], []
            for cells in reader:
                if not cells:
                    continue
                if len(cells) != len(header):
                    raise error(
                        f"{path}, line {reader.line_num}: has {len(cells)} cells where the header names {len(header)}",
                        hint='a cell with a comma in it stands in double quotes: "Korea, South"',
                    )
                rows.append(cells)
                places.append(f"line {reader.line_num}")
    except FileNotFoundError as cause:
        raise error(f"{path}: there is no such file") from cause
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise error(f"{path}: cannot be read as CSV in UTF-8 ({cause})") from cause
    _refuse_repeated(path, header, error)
    return Table(str(path), pd.DataFrame(rows, columns=header, dtype=str), tuple(places), error)


def _read_parquet(path: Path, error: type[UsageError]) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        columns = pq.read_table(path)
    except (OSError, pa.ArrowException) as cause:
        raise error(f"{path}: cannot be read as Parquet ({str(cause).splitlines()[0]})") from cause
    _refuse_repeated(path, columns.column_names, error)
    import pandas as pd

    text = {
        name: ["" if value is None else str(value) for value in columns.column(name).to_pylist()]
        for name in columns.column_names
    }
    return Table(
        str(path),
        pd.DataFrame(text, dtype=str),
        tuple(f"row {number + 1}" for number in range(columns.num_rows)),
        error,
    )


def _refuse_repeated(path: Path, names: list[str], error: type[UsageError]) -> None:
    for number, name in enumerate(names):
        if not name.strip():
            raise error(f"{path}: column {number + 1} has no name")
        if name in names[:number]:
            raise error(f"{path}: column {name!r} is there twice")
