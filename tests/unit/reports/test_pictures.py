"""Pictures as evidence, towers that were never trained, and whose art it is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import reports
from audit.records import Role, Variation, Verdict
from reports.prose.pictures import alternative, flag, named, style
from reports.prose.untrained import claims, compared, is_inside
from tests.unit.reports.page import outline_of, text_of
from tests.unit.reports.pictured import POCKET, null
from tests.unit.reports.small import ONE_SUITE, estimate, finding, run_of

if TYPE_CHECKING:
    from pathlib import Path


def page(path: Path, one: Any, *nulls: Any, **how: Any) -> str:
    model = replace(POCKET, untrained=nulls)
    suite = replace(ONE_SUITE.suites[0], model=model.weights_digest)
    made = run_of(path / "run", one, models=(model,), suites=(suite,), **how)
    return reports.write_html(made).read_text(encoding="utf-8").replace("\u00a0", " ")


def test_a_picture_stands_in_the_page_once(pictured_html: str) -> None:
    assert len(re.findall(r"data:image/webp", pictured_html)) == 24
    assert len(re.findall(r"<symbol ", pictured_html)) == 24
    used = re.findall(r'<use href="#(picture-\d+)"/>', pictured_html)
    assert len(used) == 34
    assert set(used) == set(re.findall(r'<symbol id="(picture-\d+)"', pictured_html))
    assert outline_of(pictured_html).problems == []


def test_every_picture_is_named_and_has_a_text(pictured_html: str) -> None:
    labels = re.findall(r'<svg class="picture" role="img" aria-label="([^"]*)"', pictured_html)
    assert len(labels) == 34
    assert labels.count("flag of Iraq, Noto style") == 2
    assert "flag of the Netherlands, Noto style" in labels
    assert "the word “Iraq” in Noto Sans" in labels
    assert "woman health worker: dark skin tone, Twemoji style" in labels
    text = text_of(pictured_html)
    assert "flag of the United Arab Emirates the Middle East Noto style +0.050" in text
    assert "health worker X Twemoji style" in text


@pytest.mark.parametrize(
    ("stimulus", "expected"),
    [
        ({}, ("storm", "", "storm")),
        ({"form": "pictograph,text", "content": "noto/flag-in-hole.png", "item": "flag in hole", "template": "noto"},
         ("storm", "Noto style", "flag in hole, Noto style")),
        ({"form": "pictograph", "content": "circle-flags/flag-gb.png", "item": "United Kingdom",
          "template": "circle-flags"},
         ("flag of storm", "circle-flags style", "flag of the United Kingdom, circle-flags style")),
        ({"form": "rendered,text", "content": "gale", "item": "gale", "template": "Noto Serif"},
         ("storm", "Noto Serif", "the word “gale” in Noto Serif")),
        ({"form": "native", "content": "عاصفة", "item": "storm", "template": "Noto Serif"},
         ("storm", "Noto Serif", "the word “عاصفة” for storm in Noto Serif")),
    ],
)  # fmt: skip
def test_what_pictures_are_called(stimulus: dict[str, str], expected: tuple[str, str, str]) -> None:
    assert (named("storm", stimulus), style(stimulus), alternative("storm", stimulus)) == expected


def test_countries_that_take_an_article() -> None:
    assert [flag(name) for name in ("Iraq", "Cayman Islands", "Dominican Republic", "Bahamas", "Mali")] == [
        "flag of Iraq",
        "flag of the Cayman Islands",
        "flag of the Dominican Republic",
        "flag of the Bahamas",
        "flag of Mali",
    ]


def test_the_art_is_credited_by_origin(pictured_html: str) -> None:
    text = text_of(pictured_html)
    noto = "Noto Emoji, Google | emoji-datasource-google@16.0.0 | Apache-2.0 https://spdx.org/licenses/Apache-2.0.html"
    assert f"{noto} | 14 | 10" in text
    assert re.search(r"Twemoji, Twitter, Inc. and other contributors .* CC-BY-4.0 .* \| 14 \| 4", text)
    assert text.count("emoji-datasource-google@16.0.0") == 1


def test_without_borrowed_pictures_nobody_is_credited(sample_html: str) -> None:
    assert "Whose pictures" not in text_of(sample_html)


def test_untrained_towers_stand_beside_the_finding(pictured_html: str) -> None:
    text = text_of(pictured_html).replace("\u00a0", " ")
    first = (
        "On the same pictures, 20 image towers that were never trained give −0.011 to +0.011 in cosine (the model: "
        "+0.051) and −0.42 to +0.42 as Hedges g (+0.71). The model’s own estimate lies outside that range."
    )
    assert first in text
    assert (
        "Take care. The model’s own estimate lies inside that range as Hedges g and outside it in cosine: part of "
        "what is found may come of the pictures alone."
    ) in text
    assert "Take care. The model’s own estimate lies inside that range: a tower that has learned nothing can" in text
    assert "Take care. 1 of the 2 fails on pictures lies, in cosine or in effect size, inside what image towers" in text
    assert "Hedges g: −0.42; −0.38; " in text
    assert "ten image towers that were never trained gave effect sizes d from −1.13 to +0.82" in text
    assert "would lie outside in 2 of 21 cases" in text


def test_a_question_that_changed_has_no_stale_towers(pictured_html: str) -> None:
    """The null of “people” belongs to another fingerprint, and the control has none."""
    assert text_of(pictured_html).count("On the same pictures,") == 3
    assert "2 of the 5 findings with pictures are not held against untrained towers" in text_of(pictured_html)


@pytest.mark.parametrize(
    "changed", [{"suite": "other"}, {"probe": "other"}, {"form": ("rendered", "text")}, {"fingerprint": "b"}]
)
def test_the_towers_of_another_question_are_not_shown(tmp_path: Path, changed: dict[str, Any]) -> None:
    asked = finding(form=("pictograph", "text"), fingerprint="a")
    assert "20 image towers" in page(tmp_path / "same", asked, null(asked, "cosine_difference", 0.01))
    other = page(tmp_path / "other", asked, replace(null(asked, "cosine_difference", 0.01), **changed))
    assert "20 image towers" not in other
    assert "No finding here is held against image towers" in other


def test_text_needs_no_towers(tmp_path: Path) -> None:
    assert "never trained" not in page(tmp_path, finding(fingerprint="a"))


def test_ticks_are_drawn_on_the_axis_of_the_finding(tmp_path: Path) -> None:
    asked = finding(form=("pictograph", "text"), fingerprint="a", verdict=Verdict.FAIL)
    html = page(tmp_path, asked, null(asked, "cosine_difference", 0.01, towers=7), verdict=Verdict.FAIL)
    for figure in re.findall(r'<svg class="on-wide".*?</svg>', html)[:2]:  # at a glance, and in the card
        ticks = re.findall(r'<path d="((?:M[\d.]+ [\d.]+V[\d.]+)+)" class="s-dim"/>', figure)
        assert [len(re.findall("M", one)) for one in ticks] == [7]
    assert "Grey ticks below a line" in html


def test_what_claims_nothing_is_no_cause_for_a_warning(tmp_path: Path) -> None:
    calm = finding(form=("pictograph", "text"), fingerprint="a", verdict=Verdict.PASS)
    html = page(tmp_path, calm, null(calm, "cosine_difference", 1.0), verdict=Verdict.PASS)
    assert "lies inside that range." in html
    assert "Take care" not in html
    assert not claims(replace(calm, role=Role.NEGATIVE_CONTROL))
    assert claims(replace(calm, role=Role.POSITIVE_CONTROL))
    assert claims(replace(calm, verdict=Verdict.INCONCLUSIVE))


def test_inside_is_from_the_smallest_to_the_largest() -> None:
    asked = finding(estimates=(estimate(value=0.05), estimate(name="auroc")))
    nulls = (null(asked, "hedges_g", 1.0), null(asked, "cosine_difference", 0.05))
    (pair,) = compared(asked, nulls)
    assert is_inside(pair)
    assert not is_inside((estimate(value=0.0501), pair[1]))
    assert not is_inside((estimate(value=-0.0501), pair[1]))


def test_the_note_of_the_model_stands_above_the_verdict(pictured_html: str) -> None:
    head = text_of(pictured_html).partition("At a glance")[0]
    assert head.index("they were not learned from images") < head.index("Who should act")


def test_variations_are_called_what_they_are(tmp_path: Path) -> None:
    styles = tuple(
        Variation("template", name, estimate(value=value)) for name, value in (("noto", 0.03), ("fluent", 0.06))
    )
    text = text_of(page(tmp_path, finding(form=("pictograph", "text"), sensitivity=styles)))
    assert "Do the art styles matter?" in text
    assert "One art style alone | Noto style | +0.030" in text
    assert "all stimuli, all art styles" in page(
        tmp_path / "svg", finding(form=("pictograph", "text"), sensitivity=styles)
    )
