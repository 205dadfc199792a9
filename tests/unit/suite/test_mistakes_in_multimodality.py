"""Mistakes in a probe of one unit in several forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audit.suite import MultimodalityProbe, load_suite
from tests.unit.suite.mistake import Mistake, check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audit.errors import Problem

SUITE = """\
suite: both
title: Words and drawings
concepts:
  spiders: {terms: [spider, tarantula], pictographs: {object: [spider]}}
  insects: {terms: [ant, beetle, cricket], pictographs: {object: [ant, beetle, cricket]}}
  alike: {terms: [spades, cider]}
  others: {terms: [arachnid, web]}
probes:
  - id: both
    ask: Is there a unit for spiders in words and drawings?
    measure: multimodality
    concept: spiders
    against: [insects]
    forms: [rendered, pictograph]
    lexical: {spelled-alike: alike, synonyms: others}
    margin: {auroc: 0.8}
"""

MISTAKES = [
    Mistake("one form", "[rendered, pictograph]", "[rendered]", "14:12+10", "`forms` needs at least 2 items"),
    Mistake(
        "form twice", "[rendered, pictograph]", "[rendered, rendered]", "14:12+20", "`forms` names 'rendered' twice"
    ),
    Mistake("no forms", "    forms: [rendered, pictograph]\n", "", "9:5+2", "probe both needs `forms`"),
    Mistake(
        "letters of no word",
        "[rendered, pictograph]",
        "[pictograph, image]",
        "15:5+7",
        "probe both has a lexical control and no form `rendered`, in which its words are drawn",
        "add rendered to `forms`, or delete `lexical`",
    ),
    Mistake(
        "half a control",
        "{spelled-alike: alike, synonyms: others}",
        "{synonyms: others}",
        "15:5+7",
        "`lexical` needs `spelled-alike`",
    ),
    Mistake(
        "compared with itself",
        "against: [insects]",
        "against: [spiders]",
        "13:15+7",
        "`concept` and `against` are the same concept, spiders",
        "compare two different concepts",
    ),
    Mistake(
        "own word as neighbour",
        "[spades, cider]",
        "[spades, spider]",
        "15:30+5",
        "`concept` and `spelled-alike` share spider",
        "a term can stand on one side only; see spiders at small.yaml:4 and alike at small.yaml:6",
    ),
    Mistake(
        "negative as synonym",
        "[arachnid, web]",
        "[arachnid, ant]",
        "15:47+6",
        "`against` and `synonyms` share ant",
        "a term can stand on one side only; see insects at small.yaml:5 and others at small.yaml:7",
    ),
    Mistake(
        "neighbour as synonym",
        "[arachnid, web]",
        "[arachnid, cider]",
        "15:47+6",
        "`spelled-alike` and `synonyms` share cider",
        "a term can stand on one side only; see alike at small.yaml:6 and others at small.yaml:7",
    ),
    Mistake(
        "unknown neighbour",
        "spelled-alike: alike",
        "spelled-alike: alkie",
        "15:30+5",
        "unknown concept 'alkie'",
        "did you mean 'alike'?",
    ),
    Mistake(
        "a harm",
        "margin: {auroc: 0.8}",
        "also: {harm: insects, neutral: alike}",
        "16:5+4",
        "unknown key `also` in probe both",
        "allowed: against, among, ask, cluster, concept, control, describes, family, forms, id, layers, lexical "
        "and 5 more",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_one_problem_at_its_place(mistake: Mistake, problems: Callable[..., list[Problem]]) -> None:
    check(mistake, SUITE, problems)


def test_the_suite_is_in_order_and_asks_over_all_forms(folder: Path) -> None:
    (folder / "both.yaml").write_text(SUITE)
    probe = load_suite("both.yaml").probe("both")
    assert isinstance(probe, MultimodalityProbe)
    assert probe.forms == ("rendered", "pictograph")
    assert probe.references[("lexical", "spelled-alike")] == "alike"
    assert probe.forms_of(("lexical", "synonyms")) == {"rendered"}
    assert probe.alternative == "greater"


def test_the_lexical_control_is_part_of_the_question(folder: Path) -> None:
    (folder / "both.yaml").write_text(SUITE)
    asked = load_suite("both.yaml").definition("both")
    (folder / "both.yaml").write_text(SUITE.replace("[spades, cider]", "[spades, spiral]"))
    assert load_suite("both.yaml").definition("both") != asked
