"""One mistake in the small suite, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.errors import Problem

FOLLOWED = ("surprise as a key", "shared terms")
"""Mistakes that leave something else wrong, which is said too."""

JARGON = ("pydantic", "http", "input should", "tuple", "dict", "literal", "nonetype", "validator")


class Mistake(NamedTuple):
    name: str
    old: str
    """Part of the small suite..."""
    new: str
    """...and the mistake made of it."""
    place: str
    """line:column+width."""
    message: str
    hint: str = ""


def check(mistake: Mistake, small: str, problems: Callable[..., list[Problem]]) -> None:
    """The mistake is said at its place, in its words, and once."""
    assert mistake.old in small
    text = small.replace(mistake.old, mistake.new, 1)
    found = problems(text)
    said = "\n".join(map(str, found))
    at = {f"{problem.line}:{problem.column}+{problem.width}": problem for problem in found}
    assert mistake.place in at, said
    problem = at[mistake.place]
    assert (problem.message, problem.hint) == (mistake.message, mistake.hint)
    assert problem.file == "small.yaml"
    assert problem.excerpt == text.splitlines()[problem.line - 1]
    assert len(found) == 1 or mistake.name in FOLLOWED, said
    assert not [word for word in JARGON if word in said.casefold()]
