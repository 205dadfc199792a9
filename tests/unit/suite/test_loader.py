"""What is wrong with the YAML itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audit.errors import AuditError, DocumentError, Problem, UsageError
from audit.suite import load_document, load_suite
from audit.suite.loader import parse_document, read_title
from audit.suite.part import Part

if TYPE_CHECKING:
    from collections.abc import Callable


def only(text: str | bytes) -> tuple[str, str, str]:
    """Place, message and hint of the one problem of a document."""
    content = text if isinstance(text, bytes) else text.encode()
    (problem,) = parse_document(content, Path("a.yaml"), "a.yaml").problems
    return f"{problem.line}:{problem.column}+{problem.width}", problem.message, problem.hint


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("a: b: c\n", "1:5+1", "a second colon in an unquoted text", 'quote the text: "b: c"'),
        ("a: x\n  b: 1\n", "2:4+1", "this key does not fit where it stands",
         "it may stand too far right, or the line above may lack the space after its colon"),
        ('a: "x\nb: 1\n', "1:4+1", "this quote is never closed", "close it with the same quote"),
        ("a: [x, y\nb: 1\n", "1:4+1", "this [ is never closed, or a comma is missing after it", "close it with ]"),
        ("a: {x: y\n", "1:4+1", "this { is never closed, or a comma is missing after it", "close it with }"),
        ("a: [x 'y']]\n", "1:11+1", "this does not fit where it stands",
         "line it up with the lines that belong to the same list or mapping"),
        ("a: ['x' 'y']\n", "1:9+1", "a comma or a closing bracket is missing here",
         "separate items by commas; quote a text that holds : or ,"),
        ("a: [x, , y]\n", "1:8+1", "an item is missing here", "delete the comma before it, or write the item"),
        ("a: [\n", "2:1+1", "the file ends inside a list or mapping", "close every [ with ] and every { with }"),
        ("a: @x\n", "1:4+1", "an unquoted text cannot start with @", 'quote it: "@x"'),
        ('a: "\\q"\n', "1:6+1", "\\q means nothing inside double quotes", "use single quotes, or write \\\\"),
        ("a: 1\nb\nc: 2\n", "2:1+1", "this line is no `key: value`", "put a colon and a space after the key"),
        ("a: 'it's'\n", "1:8+1", "text goes on after the value has ended",
         "quote the whole text once, or double the ' inside it"),
        ("a:\n  b: 1\n c: 2\n", "3:2+1", "this does not fit where it stands",
         "line it up with the lines that belong to the same list or mapping"),
        ("a: 1\nb: 2\na: 3\n", "3:1+1", "`a` stands twice; it is already at line 1", "keep one of the two"),
        ("a: 1\n---\nb: 2\n", "2:1+3", "a second document starts here", "write one document a file"),
        ("a:\n\tb: 1\n", "2:1+1", "a tab indents this line", "indent with spaces"),
        ("a: x\u200b\x0by\n", "1:6+1", "the invisible character U+000B (control character) is not allowed",
         "delete it"),
        ("a: x\u2028y\n", "1:5+1", "the invisible character U+2028 (line separator) is not allowed", "delete it"),
        ("", "0:0+1", "the file is empty", ""),
        ("# only a comment\n", "0:0+1", "the file is empty", ""),
        ("- a\n", "1:1+1", "the file holds no mapping", "start with `key: value` lines"),
        ("just text\n", "1:1+9", "the file holds no mapping", "start with `key: value` lines"),
        ("? [a]\n: 1\n", "1:3+1", "a key must be text", "quote a key that starts with [ or {"),
        ("1: a\n", "1:1+1", "a key must be text, but an unquoted 1 is read as a number", 'quote it: "1"'),
        (": a\n", "1:1+1", "a key is missing before the colon", ""),
        ("a: &b 1\n", "1:4+4", "&b names a part of the file", "anchors are not used here: delete it"),
        ("a: *b\n", "1:4+2", "*b repeats another part of the file", "repeat it, or give it an id and name that"),
        ("a: !!str 1\n", "1:4+7", "tag:yaml.org,2002:str is a YAML tag",
         "tags are not used here: delete it, and quote what shall be text"),
        ("a: [b\n  c]\n", "1:5+1", "an item of a list goes over two lines",
         "put a comma or a dash between the items, or quote the text if it is one"),
        ("a: " + "[" * 30 + "]" * 30 + "\n", "1:23+1", "lists and mappings are nested more than 20 deep", ""),
        ("a: Köln\nb: Malmö".encode("latin-1"), "1:5+1", "this is not UTF-8", "save the file with the encoding UTF-8"),
    ],
)  # fmt: skip
def test_each_fault_has_its_place_and_a_way_out(text: str | bytes, place: str, message: str, hint: str) -> None:
    assert only(text) == (place, message, hint)


def test_all_faults_are_found_at_once() -> None:
    text = "a: 1\na: 2\nb: &x [1]\nno: 3\nc: *x\n"
    document = parse_document(text.encode(), Path("a.yaml"), "a.yaml")
    assert [(problem.line, problem.column) for problem in document.problems] == [(2, 1), (3, 4), (4, 1), (5, 4)]


def test_every_tab_is_found() -> None:
    document = parse_document(b"a:\n\tb: 1\n  \tc: 2\n", Path("a.yaml"), "a.yaml")
    assert [(problem.line, problem.column) for problem in document.problems] == [(2, 1), (3, 3)]


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault() -> None:
    document = parse_document(b"\xef\xbb\xbfa: x\r\nb: NO\r\n", Path("a.yaml"), "a.yaml")
    assert document.problems == ()
    assert document.data["a"] == "x"
    assert document.spans.at(("b",)) == (2, 4)
    assert document.excerpt(2) == "b: NO"


def test_keys_and_values_have_places() -> None:
    text = 'a:\n  - id: x\n    terms: [one, "two"]\n  - {id: y}\n'
    spans = parse_document(text.encode(), Path("a.yaml"), "a.yaml").spans
    assert spans.at(("a",)) == (1, 1)  # a list on lines of its own stands where its key does
    assert spans.at(("a", 0)) == (2, 5)
    assert spans.at(("a", 0, "terms", 1)) == (3, 18)
    assert spans.value(("a", 0, "terms", 1)).width == 5
    assert spans.at(("a", 1)) == (4, 5)
    assert spans.key(("a", 0, "terms")).column == 5
    assert spans.at(("a", 0, "terms", 7)) == (3, 12)  # what is not there stands where it would belong


@pytest.mark.parametrize("name", ["nothing.yaml", "folder/nothing.yaml"])
def test_a_missing_file_is_a_mistake_in_the_command(folder: Path, name: str) -> None:
    with pytest.raises(UsageError, match=f"there is no file {name}"):
        load_suite(name)


def test_a_folder_is_no_file(folder: Path) -> None:
    Path("suites.yaml").mkdir()
    with pytest.raises(UsageError, match=r"suites\.yaml is a folder, not a YAML file"):
        load_suite("suites.yaml")


def test_a_file_that_cannot_be_read_says_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    Path("small.yaml").touch()
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UsageError, match=r"small\.yaml cannot be read: Permission denied"):
        load_suite("small.yaml")


def test_any_damage_to_a_suite_is_a_mistake_of_the_user(small: str, problems: Callable[..., list[Problem]]) -> None:
    for cut in range(0, len(small), 23):
        for text in (
            small[:cut],
            small[:cut] + small[cut + 1 :],
            small[:cut] + ":" + small[cut:],
            small[:cut] + "[" + small[cut:],
        ):
            for problem in problems(text):
                assert problem.message
                assert problem.line <= len(text.splitlines()) + 1


def test_other_documents_are_read_the_same_way(folder: Path) -> None:
    class Recipe(Part):
        """Something else."""

        recipe: str
        """Its name."""
        spoons: int = 1
        """How many."""

    Path("a.yaml").write_text("recipe: soup\nspoons: 2\n")
    recipe, spans = load_document("a.yaml", Recipe)
    assert (recipe.recipe, recipe.spoons) == ("soup", 2)
    assert spans.at(("spoons",)) == (2, 9)
    Path("a.yaml").write_text("spons: 2\n")
    with pytest.raises(DocumentError) as raised:
        load_document(Path("a.yaml"), Recipe)
    assert str(raised.value) == (
        "a.yaml:1:1: the recipe needs `recipe`\n    spons: 2\n    ^^^^^\n"
        "a.yaml:1:1: unknown key `spons`\n    spons: 2\n    ^^^^^\n    hint: did you mean 'spoons'?\n2 problems"
    )
    assert issubclass(DocumentError, AuditError)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("suite: a\ntitle: The title\nprobes: [\n", "The title"),
        ("sources: {title: no}\nx: [title, no]\ntitle: 'Yes'\n", "Yes"),
        ("suite: a\n", "a"),
        ("suite: [\n", "a"),
    ],
)
def test_the_title_is_read_alone(folder: Path, text: str, title: str) -> None:
    Path("a.yaml").write_text(text)
    assert read_title(Path("a.yaml")) == title
