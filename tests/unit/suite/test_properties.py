"""What holds for every text and every typo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from audit.errors import DocumentError
from audit.suite import load_suite
from audit.suite.emit import to_yaml
from audit.suite.loader import parse_document
from audit.suite.scalars import Surprise, read_plain
from audit.suite.syntax import is_printable
from audit.suite.text import folded

# The folder and the small suite are the same for every example.
SAME = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=50)

TERMS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1).filter(
    lambda text: text == text.strip() and all(map(is_printable, text))
)


@SAME
@given(terms=st.lists(TERMS, min_size=1, max_size=5, unique_by=folded))
def test_any_quoted_term_comes_back(small: str, folder: Path, terms: list[str]) -> None:
    written = ", ".join(json.dumps(term, ensure_ascii=False) for term in terms)
    taken = {folded(term) for term in ("Italy", "Spain")}
    assume(not taken & set(map(folded, terms)))
    Path("small.yaml").write_text(small.replace("[Norway, Sweden]", f"[{written}]"), encoding="utf-8")
    suite = load_suite("small.yaml")
    assert suite.terms("north") == tuple(terms)
    Path("again.yaml").write_text(suite.resolved_yaml(), encoding="utf-8")
    assert load_suite("again.yaml").digest == suite.digest


TREES = st.recursive(
    TERMS | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(TERMS, children, max_size=4),
    max_leaves=12,
)


@SAME
@given(data=st.dictionaries(TERMS, TREES, min_size=1, max_size=4))
def test_what_is_written_is_read_again(data: dict[str, object]) -> None:
    document = parse_document(to_yaml(data).encode(), Path("a.yaml"), "a.yaml")
    assert document.problems == ()
    assert document.data == data


@SAME
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    document = parse_document(content, Path("a.yaml"), "a.yaml")
    assert isinstance(document.data, dict) or document.problems
    for problem in document.problems:
        assert problem.message
        assert str(problem).startswith("a.yaml")


@SAME
@given(
    key=st.sampled_from(["severity", "templates", "margin", "targets", "attributes"]),
    at=st.integers(0, 5),
    how=st.integers(0, 2),
)
def test_a_misspelt_key_gets_its_suggestion(small: str, folder: Path, key: str, at: int, how: int) -> None:
    typo = (key[:at] + key[at + 1 :], key[:at] + "z" + key[at:], key[:at] + key[at] * 2 + key[at + 1 :])[how]
    text = small.replace("templates: photo", "severity: low\n    templates: photo")
    Path("small.yaml").write_text(text.replace(f"    {key}:", f"    {typo}:", 1))
    with pytest.raises(DocumentError) as raised:
        load_suite("small.yaml")
    (problem,) = raised.value.problems
    assert (problem.message, problem.hint) == (f"unknown key `{typo}` in probe first", f"did you mean {key!r}?")


@given(number=st.integers() | st.floats())
def test_an_unquoted_number_is_never_text(number: float) -> None:
    assert not isinstance(read_plain(str(number)), str) or str(number) in ("inf", "-inf", "nan")


@given(hours=st.integers(0, 23), minutes=st.integers(0, 59), date=st.dates())
def test_unquoted_times_and_dates_are_never_text(hours: int, minutes: int, date: object) -> None:
    assert isinstance(read_plain(f"{hours}:{minutes:02}"), Surprise)
    assert isinstance(read_plain(str(date)), Surprise)


@pytest.mark.parametrize(
    "word", ["Norway", "New Zealand", "Côte d'Ivoire", "y", "n", "x", "NOT", "1st", "3D", "C#", "+", "..."]
)
def test_plain_words_are_text(word: str) -> None:
    assert read_plain(word) == word
