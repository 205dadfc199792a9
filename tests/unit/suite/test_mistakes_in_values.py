"""Mistakes in keys and values, each in the small suite."""

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
    # unquoted surprises
    Mistake(
        "no",
        "Norway",
        "NO",
        "5:19+2",
        "item 1 of `terms` needs text, but an unquoted NO is read as false",
        'quote it: "NO"',
    ),
    Mistake(
        "yes",
        "Norway",
        "yes",
        "5:19+3",
        "item 1 of `terms` needs text, but an unquoted yes is read as true",
        'quote it: "yes"',
    ),
    Mistake(
        "on",
        "Norway",
        "On",
        "5:19+2",
        "item 1 of `terms` needs text, but an unquoted On is read as true",
        'quote it: "On"',
    ),
    Mistake(
        "true",
        "Norway",
        "true",
        "5:19+4",
        "item 1 of `terms` needs text, but an unquoted true is read as true",
        'quote it: "true"',
    ),
    Mistake(
        "null",
        "Norway",
        "null",
        "5:19+4",
        "item 1 of `terms` needs text, but an unquoted null is read as nothing",
        'quote it: "null"',
    ),
    Mistake(
        "tilde",
        "Norway",
        "~",
        "5:19+1",
        "item 1 of `terms` needs text, but an unquoted ~ is read as nothing",
        'quote it: "~"',
    ),
    Mistake(
        "exponent",
        "Norway",
        "1e3",
        "5:19+3",
        "item 1 of `terms` needs text, but an unquoted 1e3 is read as a number",
        'quote it: "1e3"',
    ),
    Mistake(
        "hex",
        "Norway",
        "0x1F",
        "5:19+4",
        "item 1 of `terms` needs text, but an unquoted 0x1F is read as a number",
        'quote it: "0x1F"',
    ),
    Mistake(
        "octal",
        "Norway",
        "007",
        "5:19+3",
        "item 1 of `terms` needs text, but an unquoted 007 is read as a number",
        'quote it: "007"',
    ),
    Mistake(
        "integer",
        "Norway",
        "1984",
        "5:19+4",
        "item 1 of `terms` needs text, but an unquoted 1984 is read as a number",
        'quote it: "1984"',
    ),
    Mistake(
        "time",
        "Norway",
        "12:30",
        "5:19+5",
        "item 1 of `terms` needs text, but an unquoted 12:30 is read as a time or a number in base 60",
        'quote it: "12:30"',
    ),
    Mistake(
        "date",
        "Norway",
        "2021-03-04",
        "5:19+10",
        "item 1 of `terms` needs text, but an unquoted 2021-03-04 is read as a date",
        'quote it: "2021-03-04"',
    ),
    Mistake(
        "surprise as a key",
        "photo: [",
        "no: [",
        "10:3+2",
        "a key must be text, but an unquoted no is read as false",
        'quote it: "no"',
    ),
    Mistake(
        "surprise elsewhere",
        "id: first",
        "id: 1",
        "12:9+1",
        "`id` needs text, but an unquoted 1 is read as a number",
        'quote it: "1"',
    ),
    Mistake(
        "yes for true",
        "templates: photo",
        "templates: photo\n    describes: yes",
        "18:16+3",
        "`describes` needs true or false, not yes",
        "write true",
    ),
    # keys
    Mistake(
        "unknown key",
        "    margin: {cosine",
        "    margn: {cosine",
        "18:5+5",
        "unknown key `margn` in probe first",
        "did you mean 'margin'?",
    ),
    Mistake("unknown key at the top", "title:", "titel:", "2:1+5", "unknown key `titel`", "did you mean 'title'?"),
    Mistake(
        "unknown key of a concept",
        NORTH,
        "north: {terms: [Norway], lable: N}",
        "5:28+5",
        "unknown key `lable` in concept north",
        "did you mean 'label'?",
    ),
    Mistake(
        "unknown key far from any",
        "{cosine: 0.02}",
        "{zzz: 0.02}",
        "18:14+3",
        "unknown key `zzz` in `margin`",
        "allowed: cosine, g",
    ),
    Mistake(
        "duplicate key",
        "title: A small suite",
        "title: A small suite\nsuite: small",
        "3:1+5",
        "`suite` stands twice; it is already at line 1",
        "keep one of the two",
    ),
    Mistake("missing key", "    ask: Is the north tied to harm?\n", "", "12:5+2", "probe first needs `ask`"),
    Mistake("missing title", "title: A small suite\n", "", "1:1+5", "the suite needs `title`"),
    Mistake("empty value", "{cosine: 0.02}", "", "18:5+6", "`margin` is empty", "give it a value, or delete the key"),
    Mistake("empty text", "title: A small suite", "title:", "2:1+5", "`title` needs text, but nothing stands here"),
    Mistake("quoted nothing", "A small suite", '" "', "2:8+3", "`title` must not be empty"),
    Mistake(
        "spaces around",
        "Norway",
        '" Norway"',
        "5:19+9",
        "item 1 of `terms` must not begin or end with a space",
        '"Norway"',
    ),
    # kinds
    Mistake(
        "text for a list", "[Norway, Sweden]", "Norway", "5:18+6", "`terms` needs a list, not 'Norway'", "[Norway]"
    ),
    Mistake(
        "list for text",
        "x: north",
        "x: [Norway]",
        "15:18+8",
        "`x` needs text, not a list",
        "define a concept and name its id here",
    ),
    Mistake(
        "mapping for text",
        "Norway,",
        "Norway: 1,",
        "5:19+6",
        "item 1 of `terms` needs text, not a mapping",
        'quote it: "Norway: 1"',
    ),
    Mistake(
        "text for a mapping",
        "{cosine: 0.02}",
        "0.02",
        "18:13+4",
        "`margin` needs a mapping of `key: value`, not 0.02",
        "its keys: cosine, g",
    ),
    Mistake(
        "text for a number", "0.02", '"0.02"', "18:22+6", "`cosine` needs a number, not '0.02'", "without quotes: 0.02"
    ),
    Mistake(
        "text for a whole number",
        "version: 1",
        'version: "1"',
        "3:10+3",
        "`version` needs a whole number, not '1'",
        "without quotes: 1",
    ),
    Mistake(
        "fraction for a whole number", "version: 1", "version: 1.5", "3:10+3", "`version` needs a whole number, not 1.5"
    ),
    # values
    Mistake("below a bound", "auroc: 0.8", "auroc: 0.5", "25:21+3", "`auroc` must be greater than 0.5, not 0.5"),
    Mistake("above a bound", "auroc: 0.8", "auroc: 1", "25:21+1", "`auroc` must be less than 1, not 1"),
    Mistake("negative margin", "0.02", "-0.02", "18:22+5", "`cosine` must be greater than 0, not -0.02"),
    Mistake("infinite margin", "0.02", ".inf", "18:22+4", "`cosine` must be a finite number, not .inf"),
    Mistake(
        "two margins",
        "{cosine: 0.02}",
        "{cosine: 0.02, g: 1}",
        "18:13+20",
        "`margin` needs cosine or g, and only one of them",
        "for example margin: {cosine: 0.02}",
    ),
    Mistake(
        "unknown measure",
        "measure: association",
        "measure: asociation",
        "14:14+10",
        f"unknown measure 'asociation'; measures: {', '.join(MEASURES)}",
        "did you mean 'association'?",
    ),
    Mistake(
        "later measure",
        "measure: association",
        "measure: segmentation",
        "14:14+12",
        f"unknown measure 'segmentation'; measures: {', '.join(MEASURES)}",
    ),
    Mistake("no measure", "    measure: association\n", "", "12:5+2", "probe first needs `measure`"),
    Mistake(
        "unknown severity",
        "templates: photo",
        "severity: hihg",
        "17:15+4",
        "`severity` must be low, medium, high or critical, not 'hihg'",
        "did you mean 'high'?",
    ),
    Mistake(
        "unknown form",
        "[rendered]",
        "[renderd]",
        "24:13+7",
        "item 1 of `forms` must be text, rendered, native, pictograph or image, not 'renderd'",
        "did you mean 'rendered'?",
    ),
    Mistake(
        "form without its pair",
        "templates: photo",
        "forms: [text]",
        "17:13+4",
        "item 1 of `forms` needs pairs of target form and attribute form",
        "for example forms: [[text, text]]",
    ),
    Mistake(
        "id with capitals",
        "id: first",
        "id: The First",
        "12:9+9",
        "`id` must be an id of small letters, digits and hyphens, not 'The First'",
        "did you mean 'the-first'?",
    ),
    Mistake(
        "concept id with capitals",
        "photo: [",
        "Photo: [",
        "10:3+5",
        "the key must be an id of small letters, digits and hyphens, not 'Photo'",
        "did you mean 'photo'?",
    ),
    Mistake(
        "claim",
        "version: 1",
        "claims: [7th]",
        "3:10+3",
        "item 1 of `claims` must be a C and a number, not '7th'",
        "for example C6",
    ),
    Mistake("same form twice", "[rendered]", "[rendered, rendered]", "24:12+20", "`forms` names 'rendered' twice"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_one_problem_at_its_place(
    mistake: Mistake, small: str, problems: Callable[..., list[Problem]]
) -> None:
    check(mistake, small, problems)
