"""The suites and lexicons that ship with the tool, and how files are called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audit.errors import DocumentError, UsageError
from audit.suite import bundled_root, find_lexicons, find_suites, load_suite
from audit.suite.places import published, shown


def test_every_bundled_suite_is_found_and_in_order() -> None:
    entries = find_suites()
    assert {"regions", "demographics", "religion", "goh2021"} <= {entry.name for entry in entries}
    for entry in entries:
        suite = load_suite(entry.name)
        assert suite.suite == entry.name
        assert suite.title == entry.title
        assert all(probe.source.file.startswith("probes/") for probe in suite.probes)
        # A replication asks what its source asked; its images, or its model, are not ours.
        replicates = entry.path.parent.parent.name == "replications"
        assert {probe.control for probe in suite.probes} >= {"positive", "negative"} or replicates


def test_every_bundled_lexicon_is_in_order() -> None:
    lexicons = find_lexicons()
    assert "lexicons/harms.yaml" in {lexicon.file for lexicon in lexicons}
    assert all(lexicon.concepts or lexicon.templates for lexicon in lexicons)


@pytest.mark.parametrize("entry", find_suites(), ids=lambda entry: entry.name)
def test_every_bundled_suite_can_be_written_and_read_again(folder: Path, entry: object) -> None:
    suite = load_suite(entry.name)  # type: ignore[attr-defined]
    Path("again.yaml").write_text(suite.resolved_yaml(), encoding="utf-8")
    assert load_suite("again.yaml").digest == suite.digest


def test_a_name_that_is_nearly_right_gets_a_suggestion() -> None:
    with pytest.raises(UsageError) as raised:
        load_suite("region")
    assert (raised.value.message, raised.value.hint) == ("there is no suite 'region'", "did you mean 'regions'?")
    assert raised.value.exit_code == 2
    with pytest.raises(UsageError) as raised:
        load_suite("zzz")
    assert raised.value.hint.startswith("bundled suites: counterfactual, demographics, ")


def test_wrong_content_is_no_usage_error(folder: Path) -> None:
    Path("mine.yaml").write_text("suite: mine\n")
    with pytest.raises(DocumentError) as raised:
        load_suite("mine.yaml")
    assert raised.value.exit_code == 4


def test_a_file_may_have_any_name(small: str, folder: Path) -> None:
    Path("my-suite").write_text(small)
    assert load_suite("my-suite").suite == "small"
    assert load_suite(Path("my-suite")).suite == "small"
    # A bundled name is the bundled suite, whatever lies in the working folder.
    Path("regions").write_text(small)
    assert load_suite("regions").suite == "regions"
    assert load_suite("./regions").suite == "small"


def test_files_are_called_as_they_were_given(small: str, folder: Path) -> None:
    Path("sub").mkdir()
    Path("sub/mine.yaml").write_text(small)
    assert load_suite("sub/mine.yaml").probes[0].source.file == "sub/mine.yaml"
    assert shown(bundled_root() / "suites" / "regions.yaml") == "probes/suites/regions.yaml"
    assert shown(Path("sub/mine.yaml")) == "sub/mine.yaml"
    assert shown(Path(os.path.relpath(bundled_root() / "suites" / "regions.yaml"))) == "probes/suites/regions.yaml"


def test_results_never_name_an_absolute_path(
    small: str, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    inside = folder / "sub" / "mine.yaml"
    inside.parent.mkdir()
    inside.write_text(small)
    assert load_suite(str(inside)).probes[0].source.file == "sub/mine.yaml"
    outside = tmp_path_factory.mktemp("elsewhere") / "mine.yaml"
    assert published(outside) == "mine.yaml"
