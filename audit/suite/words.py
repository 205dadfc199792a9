"""How mistakes are worded: lists of what is allowed, and the nearest known name."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MANY = 12


def listed(names: Iterable[str], last: str = "or") -> str:
    """``a, b or c``."""
    *most, final = names
    return f"{', '.join(most)} {last} {final}" if most else final


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that ``name`` was most likely meant to be, if one is near."""
    by_folded = {other.casefold(): other for other in known}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def suggest(name: str, known: Iterable[str], what: str = "known") -> str:
    """``did you mean 'x'?``, or the names there are when none is near and they are few enough to read."""
    names = sorted(set(known))
    if near := nearest(name, names):
        return f"did you mean {near!r}?"
    if not names:
        return f"there are no {what}"
    shown = ", ".join(names[:_MANY])
    return f"{what}: {shown}" + (f" and {len(names) - _MANY} more" if len(names) > _MANY else "")
