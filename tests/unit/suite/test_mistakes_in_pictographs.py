"""Mistakes in pictographs, each in the small suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.suite.mistake import Mistake, check

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.errors import Problem

NORTH = "north: {terms: [Norway, Sweden]}"
LIST = "`clip-audit list pictographs` names what there is"


def north(pictographs: str) -> str:
    return f"north: {{pictographs: {pictographs}}}"


MISTAKES = [
    Mistake(
        "no country", NORTH, north("{flags: [IQ, XX]}"), "5:37+2", "there is no pictograph of the country 'XX'", LIST
    ),
    Mistake(
        "a code in small letters",
        NORTH,
        north("{flags: ch}"),
        "5:32+2",
        "there is no pictograph of the country 'ch'",
        "did you mean 'CH'?",
    ),
    Mistake(
        "a country by its name",
        NORTH,
        north("{flags: [Chad]}"),
        "5:33+4",
        "there is no pictograph of the country 'Chad'",
        "did you mean 'TD'?",
    ),
    Mistake(
        "an unquoted Norway",
        NORTH,
        north("{flags: [SE, NO]}"),
        "5:37+2",
        "item 2 of `flags` needs text, but an unquoted NO is read as false",
        'quote it: "NO"',
    ),
    Mistake(
        "no role",
        NORTH,
        north("{role: jugde}"),
        "5:31+5",
        "there is no pictograph of the role 'jugde'",
        "did you mean 'judge'?",
    ),
    Mistake(
        "no role of that kind",
        NORTH,
        north("{role: doctor}"),
        "5:31+6",
        "there is no pictograph of the role 'doctor'",
        LIST,
    ),
    Mistake(
        "no thing",
        NORTH,
        north("{object: [rose, bombs]}"),
        "5:40+5",
        "there is no pictograph of the object 'bombs'",
        "did you mean 'bomb'?",
    ),
    Mistake(
        "no tone",
        NORTH,
        north("{role: judge, tone: drak}"),
        "5:44+4",
        "`tone` must be all, none, light, medium-light, medium, medium-dark or dark, not 'drak'",
        "did you mean 'dark'?",
    ),
    Mistake(
        "no gender",
        NORTH,
        north("{role: judge, gender: [woman, female]}"),
        "5:54+6",
        "item 2 of `gender` must be all, person, woman or man, not 'female'",
    ),
    Mistake(
        "no style",
        NORTH,
        north("{role: judge, styles: notto}"),
        "5:46+5",
        "`styles` must be noto, twemoji, fluent, flag-icons or circle-flags, not 'notto'",
        "did you mean 'noto'?",
    ),
    Mistake(
        "no kind",
        NORTH,
        north("{flag: [IQ]}"),
        "5:25+4",
        "unknown key `flag` in `pictographs`",
        "did you mean 'flags'?",
    ),
    Mistake(
        "an empty selector",
        NORTH,
        north("{}"),
        "5:24+2",
        "`pictographs` needs flags, role, religion, face, place or object",
        "for example flags: [IQ, IR]",
    ),
    Mistake(
        "an empty key", NORTH, north(""), "5:11+11", "`pictographs` is empty", "give it a value, or delete the key"
    ),
    Mistake(
        "a list without a kind",
        NORTH,
        north("[IQ, IR]"),
        "5:24+8",
        "`pictographs` needs a mapping of `key: value`, not a list",
    ),
    Mistake(
        "a tone of what has none",
        NORTH,
        north("{flags: [IQ], tone: dark}"),
        "5:38+4",
        "`pictographs` has `tone` without `role`, and only people have one",
        "role: all",
    ),
    Mistake(
        "all and one",
        NORTH,
        north("{role: [all, judge]}"),
        "5:31+12",
        "`role` has `all` and others",
        "all includes them",
    ),
    Mistake("twice", NORTH, north("{role: [judge, judge]}"), "5:31+14", "`role` names 'judge' twice"),
    Mistake(
        "a role without that gender",
        NORTH,
        north("{role: [judge, ninja], gender: woman}"),
        "5:31+14",
        "`tone` and `gender` leave no pictograph of the role 'ninja'",
        "leave them out, or the role; `clip-audit list pictographs` says what there is",
    ),
    Mistake(
        "a style of another kind",
        NORTH,
        north("{flags: [IQ], object: bomb, styles: circle-flags}"),
        "5:11+11",
        "no art style that concept north allows has all its pictographs",
        "flag: noto, twemoji, flag-icons, circle-flags; object: noto, twemoji, fluent",
    ),
    Mistake(
        "rows and pictographs",
        NORTH,
        "north: {pictographs: {flags: [SE]}, where: {region: north}}",
        "5:39+5",
        "concept north has pictographs and where; only terms and pictographs stand together",
    ),
    Mistake(
        "in a variant",
        NORTH,
        "north: {terms: [Norway], variants: {drawn: {pictographs: {face: angry-fase}}}}",
        "5:67+10",
        "there is no pictograph of the face 'angry-fase'",
        "did you mean 'angry-face'?",
    ),
    Mistake(
        "nothing left",
        NORTH,
        "north: {pictographs: {flags: [IQ, IR]}}\n  rest: {from: north, except: [north]}",
        "6:10+4",
        "nothing is left of concept rest: `except` takes all 2 pictographs of north",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_one_problem_at_its_place(
    mistake: Mistake, small: str, problems: Callable[..., list[Problem]]
) -> None:
    check(mistake, small, problems)


def drawn(small: str, x: str, y: str) -> str:
    """The small suite with pictographs for north and south, shown in that form."""
    south = "south: {terms: [Italy, Spain]}"
    forms = ("    templates: photo\n", "    forms: [[pictograph, text]]\n")
    for old, new in ((NORTH, north(x)), (south, f"south: {{pictographs: {y}}}"), forms, ("[rendered]", "[pictograph]")):
        assert old in small
        small = small.replace(old, new, 1)
    return small


def test_pictographs_on_both_sides_are_refused_in_every_probe(
    small: str, problems: Callable[..., list[Problem]]
) -> None:
    found = problems(drawn(small, "{flags: [IQ, IR]}", "{flags: [IR, IE]}"))
    assert [(problem.line, problem.message) for problem in found] == [
        (15, "`x` and `y` share Iran"),
        (23, "`concept` and `against` share Iran"),
    ]
    sides = "a pictograph can stand on one side only; see north at small.yaml:5 and south at small.yaml:6"
    assert {problem.hint for problem in found} == {sides}


def test_the_same_role_of_another_gender_is_another_pictograph(
    small: str, problems: Callable[..., list[Problem]]
) -> None:
    assert problems(drawn(small, "{role: all, gender: woman}", "{role: all, gender: man}")) == []


def test_what_is_compared_must_have_a_style_in_common(small: str, problems: Callable[..., list[Problem]]) -> None:
    x, y = "{flags: [IQ], styles: [noto, flag-icons]}", "{object: bomb, styles: [twemoji, fluent]}"
    found = problems(drawn(small, x, y))
    assert [(problem.line, problem.message, problem.hint) for problem in found] == [
        (15, "`x` and `y` are drawn in no common art style", "north in noto, flag-icons; south in twemoji, fluent"),
        (
            23,
            "`concept` and `against` are drawn in no common art style",
            "north in noto, flag-icons; south in twemoji, fluent",
        ),
    ]
    in_words = drawn(small, x, y).replace("[[pictograph, text]]", "[[text, text]]").replace("[pictograph]", "[text]")
    assert problems(in_words) == []


def test_pictographs_have_no_position_to_be_paired_by(small: str, problems: Callable[..., list[Problem]]) -> None:
    text = drawn(small, "{flags: [IQ]}", "{flags: [IE]}").replace(
        "{cosine: 0.02}", "{cosine: 0.02}\n    block: position"
    )
    (problem,) = problems(text)
    assert problem.message == "`block: position` pairs terms, but north has none"
    assert problem.hint.startswith("name a label of pictographs, such as subject")
