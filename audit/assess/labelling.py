"""Labels of dataset examples by people who are not told which unit, bin or group an example comes from."""

from __future__ import annotations

import csv
import difflib
import hashlib
import os
from collections import Counter, defaultdict
from dataclasses import dataclass
from io import StringIO
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.errors import DocumentError, Problem, UsageError
from audit.records import (
    Agreement,
    GivenLabel,
    Labelling,
    LabelShare,
    Modality,
    ShownStimulus,
    Undefined,
)
from audit.stats import base_rate_recall, cohens_kappa, wilson
from audit.stimuli import Stimulus, has_picture, picture
from audit.store import Run, read_key, read_table, write_key, write_labelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

COLUMNS = ("id", "stimulus", "label")
"""Of a sheet."""
NEAR = 0.85
"""Two labels at least so alike (difflib's ratio) are asked about; `male` and `female` are less."""

_Unit = tuple[str, str, str, str]
"""Suite, probe, form and unit."""


def export_sheet(run: Run, sheet: Path, *, seed: int = 0, pictures: Path | None = None) -> int:
    """Write a sheet with every sampled example of the run, each stimulus once, in random order; how many there are.

    A row has an id that says nothing, the stimulus (a path relative to the sheet when ``pictures`` names a folder for
    them, else the word or name), and an empty label. What the ids stand for is kept in the run. Raises UsageError when
    the sheet is there already, or the run has no examples.
    """
    if sheet.exists():
        raise UsageError(f"{sheet} is there already, and may hold labels", hint="choose another file with --out")
    named = {_shown(row): row["label"] for row in _sampled(run)}
    if not named:
        raise UsageError(
            f"the run {run.path} has no dataset examples to label", hint="they come with probes of units and absence"
        )
    ids = {_opaque(run, seed, stimulus): stimulus for stimulus in named}
    lines = StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    # The ids are digests, so that their order is random, and another one for another seed.
    for name in sorted(ids):
        drawn = None if pictures is None else _draw(ids[name], pictures / f"{name}.png")
        writer.writerow([name, named[ids[name]] if drawn is None else _relative(drawn, sheet), ""])
    write_key(run, ids)
    try:
        sheet.parent.mkdir(parents=True, exist_ok=True)
        sheet.write_text(lines.getvalue(), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{sheet} cannot be written: {error.strerror or error}") from error
    return len(ids)


@dataclass(frozen=True, slots=True)
class ReadSheets:
    """What sheets gave, and what a reader of them should know."""

    labelling: Labelling
    empty: dict[str, int]
    """Rows without a label, by rater."""
    notes: tuple[str, ...]
    """Labels that may be one label, each with its place."""


def read_sheets(run: Run, sheets: Sequence[Path]) -> ReadSheets:
    """Read filled sheets, a rater each (called by the file's name), and keep the labels in the run.

    Raises DocumentError with every row whose id is not of this run or stands twice, and UsageError when the run has no
    sheets, or two raters have one name.
    """
    key = read_key(run)
    if not key:
        raise UsageError(f"no labelling sheet was made of {run.path}", hint="clip-audit label export RUN --out FILE")
    raters = [sheet.stem for sheet in sheets]
    if twice := [name for name, count in Counter(raters).items() if count > 1]:
        raise UsageError(f"two sheets are called {twice[0]!r}", hint="a sheet is called like its rater: rename one")
    given: list[GivenLabel] = []
    empty: dict[str, int] = {}
    problems: list[Problem] = []
    places: dict[str, tuple[str, int]] = {}
    for rater, sheet in zip(raters, sheets, strict=True):
        empty[rater] = 0
        for name, label, line in _rows(sheet, key, problems):
            if not label:
                empty[rater] += 1
                continue
            given.append(GivenLabel(rater, key[name], label))
            places.setdefault(label, (str(sheet), line))
    if problems:
        raise DocumentError(problems)
    labelling = Labelling(
        asked=len(key),
        labels=tuple(given),
        shares=tuple(_shares(run, given)),
        agreements=tuple(_agreements(raters, given)),
    )
    write_labelling(run, labelling)
    return ReadSheets(labelling, empty, tuple(_near(Counter(each.label for each in given), places)))


def _rows(sheet: Path, key: dict[str, ShownStimulus], problems: list[Problem]) -> Iterator[tuple[str, str, int]]:
    """Id, label and line of every row that is in order; what is not is added to the problems."""
    table = read_table(sheet)
    table.require("id", "label")
    seen: dict[str, int] = {}
    for name, label, place in zip(table.frame["id"], table.frame["label"], table.places, strict=True):
        name, line = name.strip(), int(place.rpartition(" ")[2])
        if name not in key:
            near = difflib.get_close_matches(name, key, n=1, cutoff=0.7)
            hint = f"did you mean {near[0]!r}?" if near else "it is on no sheet of this run"
            problems.append(Problem(str(sheet), line, 0, f"unknown id {name!r}", hint))
        elif name in seen:
            problems.append(Problem(str(sheet), line, 0, f"id {name!r} stands already in line {seen[name]}"))
        else:
            yield name, label.strip(), line
        seen.setdefault(name, line)


def _near(counts: Counter[str], places: dict[str, tuple[str, int]]) -> Iterator[str]:
    """Labels that look like a more frequent one, with the place where each first stands."""
    ranked = sorted(counts, key=lambda label: (-counts[label], label))
    for i, label in enumerate(ranked):
        for other in ranked[:i]:
            alike = difflib.SequenceMatcher(None, _folded(label), _folded(other)).ratio()
            if alike >= NEAR:
                file, line = places[label]
                rows = "1 row" if counts[other] == 1 else f"{counts[other]} rows"
                yield f"{file}:{line}: label {label!r}; did you mean {other!r}, which {rows} have?"
                break


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())


def _shares(run: Run, given: Iterable[GivenLabel]) -> Iterator[LabelShare]:
    """Share of each label in each bin of each unit, by rater; only bins of which something was labelled."""
    drawn: dict[ShownStimulus, list[tuple[_Unit, int]]] = defaultdict(list)
    for row in _sampled(run):
        drawn[_shown(row)].append((_unit(row), row["bin"]))
    counted: dict[tuple[str, _Unit], dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for each in given:
        for unit, number in drawn[each.shown]:
            counted[each.rater, unit][number][each.label] += 1
    sizes = {(_unit(row), row["bin"]): row["n"] for row in run.table("bins").to_pylist()}
    for (rater, unit), by_bin in counted.items():
        numbers = sorted(by_bin)
        totals = np.array([sizes[unit, number] for number in numbers])
        for label in sorted({label for counts in by_bin.values() for label in counts}):
            hits = [(by_bin[number][label], by_bin[number].total()) for number in numbers]
            recall = base_rate_recall(np.array([count / n for count, n in hits]), totals)
            for i, (count, n) in enumerate(hits):
                ends = wilson(count, n)
                assert not isinstance(ends, Undefined)
                suite, probe, form, name = unit
                yield LabelShare(
                    suite=suite,
                    probe=probe,
                    form=form,
                    unit=name,
                    rater=rater,
                    bin=numbers[i],
                    label=label,
                    count=count,
                    n=n,
                    share=count / n,
                    low=ends.low,
                    high=ends.high,
                    recall=float(recall[i]),
                )


def _agreements(raters: Sequence[str], given: Iterable[GivenLabel]) -> Iterator[Agreement]:
    by_rater: dict[str, dict[ShownStimulus, str]] = {rater: {} for rater in raters}
    for each in given:
        by_rater[each.rater][each.shown] = each.label
    for first, second in combinations(raters, 2):
        both = [stimulus for stimulus in by_rater[first] if stimulus in by_rater[second]]
        kappa = cohens_kappa([by_rater[first][each] for each in both], [by_rater[second][each] for each in both])
        if isinstance(kappa, Undefined):
            yield Agreement(first, second, len(both), None, kappa.reason)
        else:
            yield Agreement(first, second, len(both), kappa)


def _sampled(run: Run) -> list[dict[str, Any]]:
    """The sampled examples; a stimulus comes once for each unit and bin that drew it."""
    return [row for row in run.table("items").to_pylist() if row["sampled"]]


def _shown(row: dict[str, Any]) -> ShownStimulus:
    return ShownStimulus(row["form"], row["stimulus"], row["template"] or "")


def _unit(row: dict[str, Any]) -> _Unit:
    return row["suite"], row["probe"], row["form"], row["unit"]


def _opaque(run: Run, seed: int, shown: ShownStimulus) -> str:
    """Ten hexadecimal digits that tell nothing of the stimulus, and are others in another run or under another seed."""
    items = run.manifest.files["tables/items.parquet"]
    text = "\n".join([items, str(seed), shown.form, shown.stimulus, shown.template])
    return hashlib.blake2b(text.encode(), digest_size=5).hexdigest()


def _draw(shown: ShownStimulus, path: Path) -> Path | None:
    """Draw the picture of a stimulus to a file; None for what is no picture of ours, such as a row of a table."""
    stimulus = Stimulus("", Modality.IMAGE, shown.form, shown.stimulus, "", "", shown.template, "")
    if not has_picture(stimulus):
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture(stimulus).save(path, format="PNG")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
    return path


def _relative(path: Path, sheet: Path) -> str:
    return os.path.relpath(path, sheet.parent).replace(os.sep, "/")
