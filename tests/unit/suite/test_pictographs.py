"""Which pictographs a selector picks, and how concepts put them together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.errors import AuditError
from audit.suite import KINDS, Pictographs, load_suite, pictographs
from audit.suite import pictograph_index as index

if TYPE_CHECKING:
    from audit.suite import Suite

SUITE = """\
suite: drawn
title: Concepts with pictographs
concepts:
  near: {terms: [Iraq, Iran], pictographs: {flags: [IQ, IR]}}
  far: {pictographs: {flags: [PE, CL]}, variants: {one: {pictographs: {flags: PE, styles: noto}}, words: [Peru]}}
  both: {union: [near, far]}
  again: {union: [near, near-too]}
  near-too: {pictographs: {flags: [IR, SY], styles: [twemoji, noto]}}
  rest: {from: both, except: [near]}
  words: {terms: [peace]}
  half: {union: [near, words]}
  armed: {pictographs: {flags: IQ, object: bomb}}
probes:
  - {id: p, ask: Why?, measure: association, targets: {x: near, y: far}, attributes: {a: words, b: both}}
"""


@pytest.fixture
def suite(folder: Path) -> Suite:
    Path("drawn.yaml").write_text(SUITE)
    return load_suite("drawn.yaml")


def subjects(suite: Suite, name: str, variant: str | None = None) -> list[str]:
    return [each.subject for each in suite.pictographs(name, variant).pictographs]


def test_they_come_in_the_order_they_are_named(suite: Suite) -> None:
    assert subjects(suite, "near") == ["IQ", "IR"]
    assert suite.pictographs("near").clusters() == ("Iraq", "Iran")
    assert suite.pictographs("near").styles == ("noto", "twemoji", "flag-icons", "circle-flags")


def test_union_and_except_compose_them_as_they_compose_terms(suite: Suite) -> None:
    assert subjects(suite, "both") == ["IQ", "IR", "PE", "CL"]
    assert subjects(suite, "again") == ["IQ", "IR", "SY"]
    assert suite.pictographs("again").styles == ("noto", "twemoji")
    assert subjects(suite, "rest") == ["PE", "CL"]
    assert suite.pictographs("rest").lacking == ()


def test_variants_carry_their_own(suite: Suite) -> None:
    assert subjects(suite, "far", "one") == ["PE"]
    assert suite.pictographs("far", "one").styles == ("noto",)
    assert suite.pictographs("far", "words").lacking == ("far",)


def test_what_lacks_words_or_pictographs_is_named(suite: Suite) -> None:
    assert suite.pictographs("half").lacking == ("words",)
    assert suite.pictographs("words").lacking == ("words",)
    assert suite.wordless("both") == ("far",)
    assert suite.wordless("far", "words") == ()
    assert suite.wordless("half") == ()


def test_kinds_that_are_mixed_use_the_styles_they_share(suite: Suite) -> None:
    assert suite.pictographs("armed").styles == ("noto", "twemoji")


def test_a_suite_written_out_has_the_same_pictographs(suite: Suite) -> None:
    Path("again.yaml").write_text(suite.resolved_yaml())
    again = load_suite("again.yaml")
    assert again.digest == suite.digest
    assert subjects(again, "both") == subjects(suite, "both")


def test_the_fingerprint_of_a_probe_counts_its_pictographs(suite: Suite) -> None:
    before = suite.definition("p")
    Path("drawn.yaml").write_text(SUITE.replace("{flags: [IQ, IR]}", "{flags: [IQ, IR], styles: noto}"))
    assert load_suite("drawn.yaml").definition("p") != before
    Path("drawn.yaml").write_text(SUITE.replace("{flags: [IQ, IR]}", "{flags: [IQ, SA]}"))
    assert load_suite("drawn.yaml").definition("p") != before


ROLES = index.subjects("person")
SOME = st.lists(st.sampled_from(ROLES), min_size=1, max_size=4, unique=True)
TONES = st.sampled_from([None, "all", "none", "light", ["dark", "medium"]])
GENDERS = st.sampled_from([None, "all", "woman", "man", ["person", "man"]])


@settings(max_examples=60)
@given(roles=SOME, tone=TONES, gender=GENDERS)
def test_a_selector_picks_what_it_says_and_all_of_it(roles: list[str], tone: object, gender: object) -> None:
    written = {"role": roles, "tone": tone, "gender": gender}
    selector = Pictographs.model_validate({key: value for key, value in written.items() if value is not None})

    def wanted(value: str, asked: object) -> bool:
        return asked in (None, "all") or value == asked or (isinstance(asked, list) and value in asked)

    expected = [
        each
        for role in roles
        for each in pictographs()
        if each.subject == role and each.kind == "person" and wanted(each.tone, tone) and wanted(each.gender, gender)
    ]
    assert list(selector.selected) == expected
    assert set(selector.barren) == set(roles) - {each.subject for each in expected}


@pytest.mark.parametrize("key", KINDS)
def test_all_is_everything_of_a_kind(key: str) -> None:
    selected = Pictographs.model_validate({key: "all"}).selected
    assert list(selected) == [each for each in pictographs() if each.kind == KINDS[key]]
    assert len({each.name for each in selected}) == len(selected) > 0


def test_a_cluster_is_a_label_the_pictograph_itself_or_what_it_has_instead() -> None:
    (judge,) = Pictographs.model_validate({"role": "judge", "tone": "dark", "gender": "woman"}).selected
    assert [judge.cluster(by) for by in ("subject", "tone", "item", "hair")] == [
        "judge",
        "dark",
        "woman judge: dark skin tone",
        "woman judge: dark skin tone",
    ]
    (worker,) = Pictographs.model_validate({"role": "health-worker", "tone": "none", "gender": "man"}).selected
    assert worker.cluster() == "health worker"


def test_a_damaged_index_is_said_to_be_damaged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "index.csv").write_text("file,kind\na.png,flag\n")
    monkeypatch.setattr(index, "pictographs_folder", lambda: folder)
    with pytest.raises(AuditError, match="cannot be read: KeyError"):
        index.pictographs.__wrapped__()
    (folder / "index.csv").unlink()
    with pytest.raises(AuditError, match="No such file"):
        index.pictographs.__wrapped__()
