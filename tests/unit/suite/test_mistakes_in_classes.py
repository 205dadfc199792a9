"""Mistakes in probes that let the model name pictures, each in a small suite that is in order without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audit.suite import load_suite
from tests.unit.suite.mistake import Mistake, check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audit.errors import Problem

NAMED = """\
suite: small
title: Named pictures
concepts:
  people: {where: {kind: [person]}}
  cats: {where: {kind: [cat]}}
  dogs: {where: {kind: [dog]}}
  jobs: {terms: [cook, pilot], aliases: {pilot: [aviator]}}
  thieves: {terms: [thief]}
  pets: {terms: [cat, dog]}
  maids: {terms: [maid]}
  lovers: {terms: [lover]}
  dealers: {terms: [dealer]}
  drawn: {pictographs: {object: [dog, cat]}}
probes:
  - id: harm
    ask: Are some taken for thieves?
    measure: classification
    groups: {of: people, by: [gender]}
    labels: [jobs, thieves]
    harms: [thieves]
    label-sets: {other: [pets, thieves, lovers, dealers]}
    margin: {gap: 0.2}
  - id: right
    ask: Are cats and dogs recognised alike?
    measure: performance
    groups: [cats, dogs]
    labels: [pets, jobs]
    truth: {cats: cat, dogs: [dog, aviator]}
    margin: {worst: 0.6}
"""

MISTAKES = [
    Mistake(
        "one class only",
        "labels: [pets, jobs]",
        "labels: [thieves]",
        "27:13+9",
        "`labels` has one class only, 'thief': every picture is put into it",
        "give it the classes that a picture could be instead",
    ),
    Mistake(
        "as many classes as count",
        "harms: [thieves]",
        "harms: [thieves]\n    top: 3",
        "21:10+1",
        "`top` is 3, and `labels` has 3 classes: every one of them counts",
        "at most 2",
    ),
    Mistake(
        "as many classes as count in another set of labels",
        "label-sets: {other: [pets, thieves, lovers, dealers]}",
        "top: 2\n    label-sets: {other: [maids, thieves]}",
        "22:25+16",
        "`top` is 2, and `other` has 2 classes: every one of them counts",
        "at most 1",
    ),
    Mistake(
        "classes that stand in two concepts",
        "thieves: {terms: [thief]}",
        "thieves: {terms: [thief, Cook]}",
        "19:20+7",
        "jobs and thieves, both in `labels`, share cook",
        "a term can stand on one side only; see jobs at small.yaml:7 and thieves at small.yaml:8",
    ),
    Mistake(
        "a right answer that is no class",
        "cats: cat, dogs",
        "cats: cart, dogs",
        "28:19+4",
        "'cart' is none of the 4 classes",
        "did you mean 'cat'?",
    ),
    Mistake(
        "one of several right answers that is no class",
        "[dog, aviator]",
        "[dog, thief]",
        "28:36+5",
        "'thief' is none of the 4 classes",
        "it must be a term of one of the labels",
    ),
    Mistake(
        "a group without a right answer",
        "truth: {cats: cat, dogs: [dog, aviator]}",
        "truth: {cats: cat}",
        "28:5+5",
        "probe right does not say in `truth` what is right for dogs",
        "dogs: a class",
    ),
    Mistake(
        "a right answer of no group",
        "truth: {cats: cat, dogs",
        "truth: {cats: cat, cows: cat, dogs",
        "28:5+5",
        "probe right has in `truth` cows, which is none of its groups",
    ),
    Mistake(
        "right answers by group where columns divide",
        "groups: [cats, dogs]",
        "groups: {of: people, by: [gender]}",
        "28:5+5",
        "probe right has a `truth` for each group, and its groups are divided by columns",
        "truth: a label column",
    ),
    Mistake(
        "a dialect of other numbers of classes",
        "margin: {worst: 0.6}",
        "margin: {worst: 0.6}\n    dialect: datacomp\n    top: 2",
        "30:5+7",
        "probe right has the dialect datacomp, which counts the closest class or the closest five",
    ),
    Mistake(
        "a ratio of harms",
        "margin: {gap: 0.2}",
        "margin: {ratio: 0.8}",
        "22:14+5",
        "unknown key `ratio` in `margin`",
        "allowed: gap, share",
    ),
]


def test_the_suite_without_a_mistake_is_in_order(problems: Callable[..., list[Problem]]) -> None:
    assert problems(NAMED) == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_every_mistake_is_said_at_its_place(mistake: Mistake, problems: Callable[..., list[Problem]]) -> None:
    check(mistake, NAMED, problems)


def test_classes_that_rows_decide_are_not_counted_beforehand(folder: Path) -> None:
    (folder / "small.yaml").write_text(NAMED.replace("labels: [pets, jobs]", "labels: [pets, jobs, people]"))
    assert load_suite("small.yaml").probe("right").references[("labels", 2)] == "people"


def test_the_same_question_has_the_same_definition_whatever_its_dialect_says_is_asked(folder: Path) -> None:
    (folder / "small.yaml").write_text(NAMED)
    plain = load_suite("small.yaml").definition("right")
    (folder / "small.yaml").write_text(NAMED.replace("cats: cat, dogs", "cats: dog, dogs"))
    assert load_suite("small.yaml").definition("right") != plain
