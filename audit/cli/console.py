"""What goes to the terminal: results to stdout, everything else to stderr."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_COLOURS = {"pass": "green", "fail": "red", "inconclusive": "yellow", "error": "magenta", "not-applicable": "dim"}
"""Colour of a cell that ends in a verdict; the mark before the word says the same."""


def say(text: str = "") -> None:
    """A line of the result, to stdout."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """A line about the work, to stderr."""
    sys.stderr.write(text + "\n")


def complain(message: str, *, hint: str = "") -> None:
    """An error for the user, to stderr."""
    note(f"error: {message}" + (f"\n  hint: {hint}" if hint else ""))


def say_json(value: Any) -> None:
    """A result for scripts, to stdout."""
    say(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def say_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """A table to stdout, as wide as the terminal allows."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell, style=_style(cell)) for cell in row))
    console.print(table)


def _style(cell: str) -> str:
    return _COLOURS.get(cell.rpartition(" ")[2], "") if cell.count(" ") == 1 else ""


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress callback that draws on stderr when that is a terminal, and says one line a stage when it is not."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_progress()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done, total=total)

        yield show


def _plain_progress() -> Callable[[str, int, int], None]:
    said: set[str] = set()

    def show(what: str, done: int, total: int) -> None:
        if done >= total and what not in said:
            said.add(what)
            note(f"  {what}: {total}")

    return show
