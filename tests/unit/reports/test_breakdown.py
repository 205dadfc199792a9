"""What a headline sums up: sentence, figure and table, with the same numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

import reports
from audit.findings import judge
from audit.records import Breakdown, BreakdownRow, Finding, Undefined
from audit.store import read_run
from reports.numbers import common_decimals, shown
from reports.prose import words
from reports.prose.breakdown import extremes, undefined
from reports.view.breakdown import build_breakdown
from tests.unit.reports.certified import certified
from tests.unit.reports.grouped import breakdown, grouped_run, measurements, share, signed
from tests.unit.reports.page import outline_of, text_of
from tests.unit.reports.small import finding, run_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def grouped_html(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("grouped")
    with certified(path):
        return reports.write_html(grouped_run(path / "run")).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def by_probe() -> dict[str, Finding]:
    return {found.probe: found for found in judge(measurements())}


def card(html: str, probe: str) -> str:
    """The markup of one card."""
    (found,) = re.findall(rf"<article(?:(?!</article>).)*groups/{probe}\[.*?</article>", html, re.DOTALL)
    return str(found)


def test_the_markup_is_sound(grouped_html: str) -> None:
    outline = outline_of(grouped_html)
    assert outline.problems == []
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(outline.ids) == len(set(outline.ids))
    assert not re.search(r"<th(?![^>]*scope=)[ >]", grouped_html)


@pytest.mark.parametrize(
    ("probe", "rows"), [("harm", 18), ("recall", 14), ("attack", 30), ("found", 70), ("items", 40), ("alike", 2)]
)
def test_the_table_has_every_row(grouped_html: str, by_probe: dict[str, Finding], probe: str, rows: int) -> None:
    (made,) = by_probe[probe].breakdowns
    assert len(made.rows) == rows
    text = text_of(card(grouped_html, probe)).splitlines()
    view = build_breakdown(by_probe[probe], made)
    for name, row in view.rows:
        assert any(line.startswith(f"{name} | {row.value}") or line == f"{name} | undefined: {row.undefined}"
                   for line in (line.replace("\u00a0", " ") for line in text)), name  # fmt: skip


def test_a_figure_shows_all_of_few_rows_and_both_ends_of_many(by_probe: dict[str, Finding]) -> None:
    few = build_breakdown(by_probe["recall"], by_probe["recall"].breakdowns[0])
    assert few.forest is not None
    assert [row.label for row in few.forest.groups[0].rows] == [name for name, _ in few.rows]
    assert few.whole
    many = build_breakdown(by_probe["found"], by_probe["found"].breakdowns[0])
    assert many.forest is not None
    values = sorted((row.value for group in many.forest.groups for row in group.rows), reverse=True)
    drawn = [row.value for group in many.forest.groups for row in group.rows]
    assert [group.title for group in many.forest.groups] == ["The 10 highest", "The 10 lowest"]
    assert drawn == values
    assert "Drawn: 20 of 70; the table has all." in many.caption
    assert not many.whole


def test_the_alternative_states_the_result(by_probe: dict[str, Finding], grouped_html: str) -> None:
    view = build_breakdown(by_probe["recall"], by_probe["recall"].breakdowns[0])
    assert view.forest is not None
    assert view.forest.alternative == (
        "Recall of “person”, by race and gender, 14 groups. Highest: 0.97 (0.92 to 1.00) for Black man. "
        "Lowest: 0.62 (0.47 to 0.77) for White woman."
    )
    assert view.forest.alternative in grouped_html


def test_what_is_undefined_has_a_reason_and_no_place_in_the_figure(by_probe: dict[str, Finding]) -> None:
    view = build_breakdown(by_probe["harm"], by_probe["harm"].breakdowns[0])
    assert view.forest is not None
    assert len(view.forest.groups[0].rows) == 17
    assert view.sentence.endswith("Undefined for 1 group: person, no tone skin, as no picture of this group was given.")
    nothing = breakdown("Nothing", "pair", ("a", "b", "c", "d"), [Undefined(name="x", reason="no pair")] * 4)
    empty = build_breakdown(by_probe["harm"], nothing)
    assert empty.forest is None
    assert empty.columns == (("value", "Estimate"),)
    assert undefined(nothing) == "Undefined for 4 pairs: a, b and 2 others, as no pair."


def test_the_margin_is_drawn_where_it_bounds_every_row(by_probe: dict[str, Finding]) -> None:
    def bounds(probe: str) -> Any:
        view = build_breakdown(by_probe[probe], by_probe[probe].breakdowns[0])
        assert view.forest is not None
        return view.forest.groups[0].allowed, "Shaded" in view.caption

    assert bounds("recall") == ((0.8, float("inf")), True)
    assert bounds("harm") == (None, False)  # a gap says nothing about one share
    assert bounds("found") == (None, False)
    assert bounds("animals") == ((0.5, float("inf")), True)


def test_shares_have_no_value_that_means_nothing(by_probe: dict[str, Finding]) -> None:
    nulls = {}
    for probe, found in by_probe.items():
        view = build_breakdown(found, found.breakdowns[0])
        assert view.forest is not None
        nulls[probe] = view.forest.null
    assert nulls == {
        "harm": None, "recall": None, "attack": None, "found": 0.0, "items": 0.0, "alike": None, "animals": None,
    }  # fmt: skip
    assert [words.null(name) for name in ("auroc", "share_ratio", "share_gap", "max_skew")] == [0.5, 1.0, 0.0, 0.0]
    assert words.null("smallest_auroc") == 0.5
    assert shown(signed(0.87, "self_similarity", "cosine", 0.01)).value == "0.870"
    assert shown(signed(0.3, "max_skew", "log ratio", 0.2)).value == "+0.30"


def test_extremes_in_words() -> None:
    rows = [("women, dark", share(0.4, 50)), ("men, light", share(0.1, 50)), ("men, dark", share(0.101, 50))]
    assert extremes(rows, 2) == (
        "Highest: 0.40 (0.26 to 0.54) for women, dark. Lowest: 0.10 (0.02 to 0.18) for men, light; men, dark."
    )
    assert extremes(rows[:1], 2) == "women, dark: 0.40."
    assert extremes([("a", share(0, 9)), ("b", share(0, 9)), ("c", share(0, 9))], 1) == "All 3 are 0.0."
    assert extremes([], 2) == ""


def test_a_column_has_as_many_decimals_as_half_of_its_intervals_support() -> None:
    wide, narrow = share(0.5, 20), share(0.5, 20_000)  # half-widths of 0.22 and 0.0069
    assert common_decimals([wide, wide, narrow]) == 2
    assert common_decimals([wide, narrow, narrow]) == 4
    near = signed(0.304, "skew", "log ratio", 0.3)  # its end is 0.004, not zero
    assert common_decimals([signed(1, "skew", "log ratio", 0.3), near]) == 3
    assert common_decimals([]) == 0


def test_many_groups_are_told_as_a_sum() -> None:
    assert shown(share(0.3, 74, groups=(74,) * 18)).clusters == "1,332 in 18"
    assert shown(share(0.3, 74, groups=(7, 8))).clusters == "7 + 8"


def test_examples_are_one_list(grouped_html: str) -> None:
    told = text_of(card(grouped_html, "attack"))
    assert "Taken for what is written on them" in told
    assert "apple: criminal 1 food 0.900" in told
    assert "Pulls hardest" not in grouped_html
    assert "Every cluster" not in grouped_html
    seen = card(grouped_html, "harm")
    assert "how much closer, in cosine" in seen
    assert seen.count('class="picture"') == 4
    assert "One picture of each cluster" not in seen


def test_statistics_do_not_share_an_axis(grouped_html: str) -> None:
    glance = grouped_html.partition('id="glance"')[2].partition('id="findings"')[0]
    for axis in ("gap between the largest and the smallest share, from 0 to 1", "worst recall, from 0 to 1",
                 "largest skew of a group, natural log of a ratio", "gap in self-similarity, in cosine"):  # fmt: skip
        assert axis in glance
    assert glance.count("Thick line: 95") == 1
    assert "a positive one is expected in it too" in glance
    assert "≥ 0.8" in text_of(glance)


def test_the_least_is_called_so_on_its_card(grouped_html: str) -> None:
    assert "Margin, declared beforehand: Worst recall ≥ 0.8." in text_of(card(grouped_html, "recall"))
    assert "Expected, declared beforehand: Smallest share of a group ≥ 0.5." in text_of(card(grouped_html, "animals"))
    assert "within the margin of at least 0.5." in text_of(card(grouped_html, "animals"))


def test_terms_are_those_of_the_run(grouped_html: str, sample_html: str) -> None:
    for term in ("Attack rate", "Gap", "Corrected gap", "Skew", "NDKL", "Markedness", "Intersection"):
        assert f"<dt>{term}</dt>" in grouped_html
        assert f"<dt>{term}</dt>" not in sample_html
    assert "A word is written on a picture." in grouped_html
    assert "Counterfactual set" not in grouped_html


def test_print_draws_what_failed_and_tells_the_rest(tmp_path: Path) -> None:
    from reports.html import render_html
    from reports.view import build_view

    run = read_run(grouped_run(tmp_path / "run"))
    html = render_html(build_view(run, None), "pdf", lambda _: b"")
    assert "17 groups" in html
    assert "14 groups" not in html
    assert "Lowest: 0.62 (0.47 to 0.77) for White woman." in text_of(html).replace("\u00a0", " ")
    assert "as a table" not in card(html, "harm")


def test_names_are_text_and_no_markup(tmp_path: Path) -> None:
    hostile = '<script>alert("x")</script>'
    made = Breakdown(title=hostile, kind="item", rows=(BreakdownRow(hostile, share(0.4, 9)),))
    html = reports.write_html(run_of(tmp_path / "run", finding(breakdowns=(made,)))).read_text(encoding="utf-8")
    assert "<script" not in html
    assert f"{hostile}: 0.40." in text_of(html)
