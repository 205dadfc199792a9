"""How a mistake in a document is shown."""

from __future__ import annotations

import pytest

from audit.errors import DocumentError, Problem


def shown(column, width, excerpt):
    return str(Problem("a.yaml", 3, column, "wrong", "mend it", excerpt, width)).splitlines()


def test_the_caret_stands_under_the_place():
    head, line, caret, hint = shown(8, 3, "terms: [NO, yes]")
    assert head == "a.yaml:3:8: wrong"
    assert line[caret.index("^") : len(caret)] == "[NO"
    assert caret.count("^") == 3
    assert hint == "    hint: mend it"


@pytest.mark.parametrize("column", [1, 60, 200, 395])
def test_a_long_line_is_cut_around_the_place(column):
    excerpt = "".join(chr(ord("a") + i % 26) for i in range(400))
    _, line, caret, _ = shown(column, 5, excerpt)
    assert len(line) <= 120
    assert line[caret.index("^") : len(caret)] == excerpt[column - 1 : column + 4]


def test_all_problems_are_said_in_the_order_of_the_file():
    error = DocumentError([Problem("b.yaml", 9, 1, "late"), Problem("b.yaml", 2, 5, "early")])
    assert error.message == "b.yaml:2:5: early\nb.yaml:9:1: late\n2 problems"
    assert error.exit_code == 4
