"""Mistakes in concepts, templates and probes, each in the small suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audit.suite import MEASURES
from tests.unit.suite.mistake import Mistake, check

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.errors import Problem

NORTH = "north: {terms: [Norway, Sweden]}"

MISTAKES = [
    # concepts
    Mistake(
        "two bases",
        NORTH,
        "north: {terms: [Norway], where: {region: north}}",
        "5:28+5",
        "concept north has terms and where; only terms and pictographs stand together",
    ),
    Mistake(
        "no base",
        NORTH,
        "north: {label: North}",
        "5:10+14",
        "concept north needs terms, pictographs, where, union or from",
        "for example terms: [Iraq, Iran, Syria]",
    ),
    Mistake(
        "from without except",
        NORTH,
        "north: {from: south}",
        "5:11+4",
        "concept north has `from` without `except`",
        "except: [concepts to take away]",
    ),
    Mistake(
        "except without from",
        NORTH,
        "north: {terms: [Norway], except: [south]}",
        "5:28+6",
        "concept north has `except` without `from`",
        "from: the concept to take them away from",
    ),
    Mistake("no terms", NORTH, "north: {terms: []}", "5:18+2", "`terms` must not be empty"),
    Mistake("union of one", NORTH, "north: {union: [calm]}", "5:18+6", "`union` needs at least 2 items"),
    Mistake(
        "term twice",
        "Sweden",
        "norway",
        "5:27+6",
        "'norway' stands twice in concept north; it is already at 5:19",
        "delete one of the two",
    ),
    Mistake(
        "unknown part",
        NORTH,
        "north: {union: [south, clam]}",
        "5:26+4",
        "unknown concept 'clam'",
        "did you mean 'calm'?",
    ),
    Mistake(
        "made of itself",
        NORTH,
        "north: {union: [south, north]}",
        "5:3+5",
        "concept north is made of itself: north > north",
        "define one of them by its terms",
    ),
    Mistake(
        "emptied",
        NORTH,
        "north: {from: calm, except: [calm]}",
        "5:11+4",
        "nothing is left of concept north: `except` takes all 2 terms of calm",
    ),
    Mistake(
        "alias of no term",
        NORTH,
        "north: {terms: [Norway], aliases: {Sweden: Sverige}}",
        "5:28+7",
        "concept north has no term 'Sweden', of which it gives other spellings",
        "terms: Norway",
    ),
    Mistake(
        "native spelling of no term",
        NORTH,
        "north: {terms: [Norway], native: {Norwya: Norge}}",
        "5:28+6",
        "concept north has no term 'Norwya', of which it gives the spelling",
        "did you mean 'Norway'?",
    ),
    Mistake(
        "unknown source",
        NORTH,
        "north: {terms: [Norway], source: un-m49}",
        "5:36+6",
        "unknown source 'un-m49'",
        "there are no sources; a citation is written out in full",
    ),
    # templates
    Mistake(
        "no slot",
        '"a photo of {}"',
        '"a photo"',
        "10:11+9",
        "item 1 of `photo` must contain {} exactly once, where the term goes, not 'a photo'",
        'for example "a photo of {}"',
    ),
    Mistake(
        "two slots",
        '"a photo of {}"',
        '"{} and {}"',
        "10:11+11",
        "item 1 of `photo` must contain {} exactly once, where the term goes",
        'for example "a photo of {}"',
    ),
    Mistake(
        "named slot",
        '"a photo of {}"',
        '"{term} of {}"',
        "10:11+14",
        "item 1 of `photo` must contain {} exactly once, where the term goes",
        'for example "a photo of {}"',
    ),
    Mistake(
        "unknown template",
        "templates: photo",
        "templates: foto",
        "17:16+4",
        "unknown template 'foto'",
        "did you mean 'photo'?",
    ),
    # probes
    Mistake("unknown target", "x: north", "x: nroth", "15:18+5", "unknown concept 'nroth'", "did you mean 'north'?"),
    Mistake("unknown attribute", "a: harm", "a: harms", "16:21+5", "unknown concept 'harms'", "did you mean 'harm'?"),
    Mistake("unknown comparison", "[south]", "[suoth]", "23:15+5", "unknown concept 'suoth'", "did you mean 'south'?"),
    Mistake(
        "unknown rest", "[south]", "{rest-of: suoth}", "23:24+5", "unknown concept 'suoth'", "did you mean 'south'?"
    ),
    Mistake(
        "unknown neutral topic",
        "[rendered]",
        "[rendered]\n    also: {harm: harm, neutral: clam}",
        "25:33+4",
        "unknown concept 'clam'",
        "did you mean 'calm'?",
    ),
    Mistake(
        "same targets",
        "y: south",
        "y: north",
        "15:28+5",
        "`x` and `y` are the same concept, north",
        "compare two different concepts",
    ),
    Mistake(
        "shared terms",
        "[Italy, Spain]",
        "[Italy, norway]",
        "15:28+5",
        "`x` and `y` share Norway",
        "a term can stand on one side only; see north at small.yaml:5 and south at small.yaml:6",
    ),
    Mistake(
        "shared attributes",
        "[beach, museum]",
        "[beach, knife]",
        "16:30+4",
        "`a` and `b` share knife",
        "a term can stand on one side only; see harm at small.yaml:7 and calm at small.yaml:8",
    ),
    Mistake(
        "variant shares terms",
        NORTH,
        "north: {terms: [Norway], variants: {wide: [Norway, Italy]}}",
        "15:28+5",
        "`x` and `y` share Italy",
        "a term can stand on one side only; see north (variant wide) at small.yaml:5 and south at small.yaml:6",
    ),
    Mistake(
        "probe id twice",
        "id: unit",
        "id: first",
        "19:9+5",
        "probe 'first' stands twice; it is already at line 12",
        "give each probe its own id",
    ),
    Mistake(
        "control without margin",
        "    margin: {cosine: 0.02}",
        "    control: positive",
        "18:5+7",
        "probe first is a control and needs a margin",
        "margin: the smallest effect that matters",
    ),
    Mistake(
        "describing control",
        "templates: photo",
        "control: negative\n    describes: true",
        "18:5+9",
        "probe first is a description and a control at once; a description decides nothing",
    ),
    Mistake(
        "no lexicon",
        "version: 1",
        "use: [lexicons/place.yaml]",
        "3:7+19",
        "there is no lexicon lexicons/place.yaml",
        "did you mean 'lexicons/places.yaml'?",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_one_problem_at_its_place(
    mistake: Mistake, small: str, problems: Callable[..., list[Problem]]
) -> None:
    check(mistake, small, problems)


def test_the_small_suite_is_in_order(small: str, problems: Callable[..., list[Problem]]) -> None:
    assert problems(small) == []


def test_all_mistakes_are_found_at_once_and_in_order(small: str, problems: Callable[..., list[Problem]]) -> None:
    text = small
    for old, new in (
        ("title: A", "titel: A"),
        ("[Norway, Sweden]", "[Norway, NO]"),
        ("south: {", "south: {source: atlas, "),
        ("{terms: [beach, museum]}", "{}"),
        ('"a photo of {}"', '"a photo"'),
        ("id: first", "id: First"),
        ("measure: association", "measure: asociation"),  # the rest of its probe is read nevertheless
        ("x: north", "x: nroth"),
        ("cosine: 0.02", "cosine: much"),
        ("    ask: Is there a unit for the north?\n", ""),
        ("[rendered]", "rendered"),
        ("auroc: 0.8", "auroc: 80"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    assert [f"{problem.line}: {problem.message}" for problem in problems(text)] == [
        "2: unknown key `titel`",
        "5: item 2 of `terms` needs text, but an unquoted NO is read as false",
        "6: unknown source 'atlas'",
        "8: concept calm needs terms, pictographs, where, union or from",
        "10: item 1 of `photo` must contain {} exactly once, where the term goes, not 'a photo'",
        "12: `id` must be an id of small letters, digits and hyphens, not 'First'",
        f"14: unknown measure 'asociation'; measures: {', '.join(MEASURES)}",
        "15: unknown concept 'nroth'",
        "18: `cosine` needs a number, not 'much'",
        "19: probe unit needs `ask`",
        "23: `forms` needs a list, not 'rendered'",
        "24: `auroc` must be less than 1, not 80",
    ]


@pytest.mark.parametrize("written", ["no", "[a]", "{a: b}", "12:30", "", '""'])
def test_anything_may_stand_where_a_measure_should(
    small: str, problems: Callable[..., list[Problem]], written: str
) -> None:
    (problem,) = problems(small.replace("measure: association", f"measure: {written}", 1))
    assert problem.line == 14
    assert "measure" in problem.message
