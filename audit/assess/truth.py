"""Which classes are right for a picture: by a label column, or by its group."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Exclusion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from audit.measures import ZeroShotRows

_NAMES = 20


def right_classes(
    rows: ZeroShotRows, truth: str | Mapping[str, Sequence[str]], aliases: Mapping[str, Sequence[str]]
) -> tuple[NDArray[np.bool_], tuple[Exclusion, ...]]:
    """(n, classes) True for the right classes of each picture, and the pictures that have none, counted.

    A value names the class that it spells, whatever its letter case, hyphens and underscores, or of which it is another
    spelling. A value that names no class is not guessed at: without another one its picture is left out.
    """
    spelled = _spellings(rows.classes, aliases)
    right = np.zeros((len(rows.stimuli), len(rows.classes)), dtype=np.bool_)
    unknown: list[str] = []
    for row, (stimulus, group) in enumerate(zip(rows.stimuli, rows.group, strict=True)):
        given = _values(stimulus.labels[truth]) if isinstance(truth, str) else truth[rows.groups[group].concept]
        classes = [spelled[_folded(value)] for value in given if _folded(value) in spelled]
        right[row, classes] = True
        if not classes:
            unknown.append(" or ".join(given) or "nothing")
    if not unknown:
        return right, ()
    what = f"pictures by their {truth}" if isinstance(truth, str) else "pictures by their group"
    names = tuple(dict.fromkeys(unknown))[:_NAMES]
    return right, (Exclusion(what, len(unknown), "it names none of the classes", names),)


def _spellings(classes: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The class that each spelling names; its own name counts before another spelling of one that stands before it."""
    spelled = {_folded(name): index for index, name in reversed([*enumerate(classes)])}
    for term, others in aliases.items():
        family = [_folded(spelling) for spelling in (term, *others)]
        known = [spelled[each] for each in family if each in spelled]
        for each in family if known else ():
            spelled.setdefault(each, known[0])
    return spelled


def _folded(text: str) -> str:
    return " ".join(text.replace("-", " ").replace("_", " ").casefold().split())


def _values(cell: str) -> list[str]:
    """``a|b`` as two values; a list as Python writes it, which is how Dollar Street's tables come, likewise."""
    if cell.startswith("["):
        try:
            listed = ast.literal_eval(cell)
        except (ValueError, SyntaxError):
            return [cell]
        return [str(value) for value in listed] if isinstance(listed, list) else [cell]
    return [value for value in cell.split("|") if value.strip()]
