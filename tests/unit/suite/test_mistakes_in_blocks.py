"""Mistakes in matched targets, each in the small suite with a block."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audit.suite import load_suite
from tests.unit.suite.mistake import Mistake, check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audit.errors import Problem

MARGIN = "    margin: {cosine: 0.02}\n"

MISTAKES = [
    Mistake(
        "lists that are not equally long",
        "south: {terms: [Italy, Spain]}",
        "south: {terms: [Italy, Spain, Malta]}",
        "19:12+8",
        "`block: position` pairs the terms of x and y one by one, but north has 2 and south has 3",
        "make the lists equally long; see north at small.yaml:5 and south at small.yaml:6",
    ),
    Mistake(
        "a variant that is not as long as what it is paired with",
        "north: {terms: [Norway, Sweden]}",
        "north: {terms: [Norway, Sweden], variants: {coast: [Iceland]}}",
        "19:12+8",
        "`block: position` pairs the terms of x and y one by one, but north has 1 and south has 2",
        "make the lists equally long; see north (variant coast) at small.yaml:5 and south at small.yaml:6",
    ),
    Mistake(
        "rows have no position",
        "south: {terms: [Italy, Spain]}",
        "south: {where: {region: south}}",
        "19:12+8",
        "`block: position` pairs terms, but south selects rows of a table",
        "name a label column of the table; see north at small.yaml:5 and south at small.yaml:6",
    ),
    Mistake(
        "Hedges g of matched groups",
        "margin: {cosine: 0.02}",
        "margin: {g: 0.3}",
        "18:5+6",
        "probe first has a `block`, and Hedges g is of groups that are not matched",
        "margin: {cosine: the smallest difference that matters}",
    ),
    Mistake(
        "an empty block",
        "block: position",
        "block:",
        "19:5+5",
        "`block` is empty",
        "give it a value, or delete the key",
    ),
    Mistake("several blocks", "block: position", "block: [role]", "19:12+6", "`block` needs text, not a list"),
]


@pytest.fixture
def blocked(small: str) -> str:
    assert MARGIN in small
    return small.replace(MARGIN, f"{MARGIN}    block: position\n")


def test_equally_long_lists_are_in_order(blocked: str, problems: Callable[..., list[Problem]]) -> None:
    assert problems(blocked) == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_one_problem_at_its_place(
    mistake: Mistake, blocked: str, problems: Callable[..., list[Problem]]
) -> None:
    check(mistake, blocked, problems)


def test_units_are_not_matched(small: str, problems: Callable[..., list[Problem]]) -> None:
    (problem,) = problems(small.replace("forms: [rendered]", "block: role"))
    assert (problem.line, problem.message) == (24, "unknown key `block` in probe unit")


def test_namesakes_among_the_variants_are_paired_with_each_other(
    blocked: str, problems: Callable[..., list[Problem]]
) -> None:
    written = blocked.replace("[Norway, Sweden]}", "[Norway, Sweden], variants: {islands: [Iceland, Faroe, Svalbard]}}")
    assert "has 3 and south has 2" in problems(written)[0].message
    both = written.replace("[Italy, Spain]}", "[Italy, Spain], variants: {islands: [Malta, Cyprus, Sicily]}}")
    assert problems(both) == []


def test_a_label_pairs_lists_of_any_length(blocked: str, problems: Callable[..., list[Problem]]) -> None:
    assert problems(blocked.replace("block: position", "block: role").replace("[Italy, Spain]", "[Italy]")) == []


def test_the_block_is_part_of_the_question(blocked: str, small: str, folder: Path) -> None:
    asked = []
    for text in (small, blocked, blocked.replace("block: position", "block: role")):
        (folder / "small.yaml").write_text(text)
        suite = load_suite(folder / "small.yaml")
        asked.append(suite.definition("first"))
        (folder / "again.yaml").write_text(suite.resolved_yaml())
        assert load_suite(folder / "again.yaml").digest == suite.digest
    assert len(set(asked)) == 3
