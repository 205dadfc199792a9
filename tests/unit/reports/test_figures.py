from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from audit.records import Verdict
from reports.figures import (
    NARROW,
    PRINT,
    WIDE,
    ActivationRange,
    Forest,
    ForestGroup,
    ForestRow,
    Lane,
    Paper,
    RangeBar,
    Ranked,
    RankedRow,
    Shares,
    SharesGroup,
    SharesRow,
    Strips,
    draw_activation_range,
    draw_forest,
    draw_lane,
    draw_mark,
    draw_ranked,
    draw_ruler,
    draw_shares,
    draw_strips,
)
from reports.figures.scale import covering
from reports.figures.text import clip, width, wrap
from reports.marks import LEGEND, MARKS, PAINTS

ROW = ForestRow(
    label="text", mark=MARKS[Verdict.FAIL], value=0.05, low=0.03, high=0.07, low_family=0.02, high_family=0.08,
    number="+0.050", interval="0.030 to 0.070", p="0.010",
)  # fmt: skip
FOREST = Forest(
    groups=(ForestGroup(title="Is <this> tied & bound?", rows=(ROW, ROW), allowed=(float("-inf"), 0.02)),),
    axis="difference",
    null=0,
    alternative='One "fail"',
)


SHARES = Shares(
    groups=(
        SharesGroup(
            title="<flags>, 8 clusters a side",
            rows=(
                SharesRow(label="none", parts=(0.9, 0.1, 0.0), wrong="fail 0.0 %", covered="95.0 %"),
                SharesRow(label="the margin", parts=(0.02, 0.95, 0.03), wrong="pass 2.0 %, fail 3.0 %", covered="95 %"),
            ),
        ),
    ),
    marks=(MARKS[Verdict.PASS], MARKS[Verdict.INCONCLUSIVE], MARKS[Verdict.FAIL]),
    alternative="audits",
    label="truth",
    wrong="wrong",
    covered="truth in interval",
)


@pytest.mark.parametrize("paper", [WIDE, NARROW, PRINT])
def test_figures_are_well_formed_and_stay_on_their_paper(paper: Paper) -> None:
    values = tuple((f"<b>{index}</b>", 0.1 - 0.01 * index) for index in range(20))
    rows = tuple(RankedRow(f"place {index}", 1 - index / 40, index < 5, "0.5") for index in range(40))
    drawn = (
        draw_forest(FOREST, paper),
        draw_strips(Strips(x="X", y="Y", x_values=values, y_values=values, axis="a", alternative="two"), paper),
        draw_shares(SHARES, paper),
        draw_ranked(Ranked(rows=rows, concept="C", against="R", axis="a", alternative="forty"), paper),
    )
    for svg in drawn:
        root = ElementTree.fromstring(svg)
        _, _, across, down = map(float, root.attrib["viewBox"].split())
        assert root.attrib["aria-label"]
        for shape in root.iter():
            places = [(shape.attrib.get("x", "0"), shape.attrib.get("y", "0"))]
            places += re.findall(r"M([-\d.]+) ([-\d.]+)", shape.attrib.get("d", ""))
            assert all(-1 <= float(x) <= across + 1 and -1 <= float(y) <= down + 1 for x, y in places)
            ends = re.findall(r"H([-\d.]+)", shape.attrib.get("d", ""))
            assert all(-1 <= float(x) <= across + 1 for x in ends)


def test_a_screen_s_figure_leaves_its_look_to_the_style_sheet() -> None:
    assert not re.search(r' (fill|stroke|font-size|font-family)="', draw_forest(FOREST, WIDE))
    printed = draw_forest(FOREST, PRINT)
    assert 'fill="' in printed
    assert 'class="f-' not in printed


def test_lanes_of_a_plot_share_its_ruler() -> None:
    lane = ElementTree.fromstring(draw_lane(Lane(FOREST, FOREST.groups[0], ROW)))
    ruler = ElementTree.fromstring(draw_ruler(FOREST))
    ticks = [re.findall(r"M([\d.]+) 0V", shape.attrib.get("d", "")) for shape in lane]
    shown = {text.attrib["x"] for text in ruler if text.tag.endswith("text")}
    assert any(shown == set(found) for found in ticks)
    assert "+0.050" in lane.attrib["aria-label"]


def test_whiskers_that_would_squeeze_the_plot_end_in_an_arrow() -> None:
    far = ForestRow(
        label="", mark=MARKS[Verdict.INCONCLUSIVE], value=0.05, low=0.03, high=0.07, low_family=-9.0, high_family=9.0,
        number="+0.050", interval="0.030 to 0.070",
    )  # fmt: skip
    group = ForestGroup(title="?", rows=(far,))
    svg = draw_forest(Forest(groups=(group,), axis="a", null=0, alternative="x"), WIDE)
    assert len(re.findall(r"M[\d. ]+l-?5 -3.5v7z", svg)) == 2


def test_ticks_are_round() -> None:
    assert [label for _, label in covering([-0.04, 0.12], 0, 1).ticks(6)] == ["−0.04", "0.00", "0.04", "0.08", "0.12"]
    assert [label for _, label in covering([0, 1], 0, 1, pad=0).ticks(6)] == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    assert covering([], 0, 1).high > covering([], 0, 1).low
    same = covering([3, 3], 0, 1)
    assert same.high > same.low


def test_text_is_broken_and_cut() -> None:
    assert wrap("one two three", 60, 10) == ("one two", "three")
    assert all(width(line, 10) <= 60 for line in wrap("unbreakableunbreakable and more of it", 60, 10))
    assert len(wrap("word " * 100, 60, 10)) == 4
    assert clip("short", 100, 10) == "short"
    assert clip("far too long for this", 40, 10).endswith("…")


def test_marks_differ_in_shape_and_not_in_colour_alone() -> None:
    assert len({mark.shape for mark in MARKS.values()}) == len(MARKS)
    assert all(mark.paint in PAINTS for mark in LEGEND)
    assert all('aria-hidden="true"' in draw_mark(mark) for mark in LEGEND)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("paint", ["ink", "dim", "fail", "open", "pass", "error", "none", "concept"])
def test_colours_of_text_have_enough_contrast(paint: str) -> None:
    for ground in ("paper", "band"):
        light, dark = _luminance(PAINTS[ground]), _luminance(PAINTS[paint])
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_shapes_of_one_look_are_one_path() -> None:
    """A report has thousands of shapes; what they share is written once."""
    many = ForestGroup(title="?", rows=(ROW,) * 6)
    svg = draw_forest(Forest(groups=(many,), axis="a", null=0, alternative="x"), WIDE)
    assert len(re.findall(r'class="s-fail" stroke-width="3"', svg)) == 1
    assert len(re.findall(r"<path [^>]*f-fail", svg)) == 1
    assert "></text>" not in svg


def test_untrained_towers_are_ticks_inside_the_scale() -> None:
    row = replace(ROW, untrained=(-0.4, 0.0, 0.3))
    group = ForestGroup(title="?", rows=(row,))
    svg = draw_forest(Forest(groups=(group,), axis="a", null=0, alternative="x"), PRINT)
    ticks = re.search(r'<path d="((?:M[\d.]+ [\d.]+V[\d.]+){3})" stroke="' + PAINTS["dim"], svg)
    assert ticks is not None
    places = [float(x) for x in re.findall(r"M([\d.]+) ", ticks[1])]
    assert places == sorted(places)
    assert len(set(places)) == 3  # none is cut off at the edge
    assert places[1] - places[0] == pytest.approx(4 / 3 * (places[2] - places[1]), rel=0.01)


def test_parts_of_a_bar_fill_it() -> None:
    root = ElementTree.fromstring(draw_shares(SHARES, PRINT))
    bars = [shape for shape in root if shape.tag.endswith("rect")]
    assert len(bars) == 5
    first, second = bars[:2], bars[2:]
    for parts in (first, second):
        assert sum(float(part.attrib["width"]) for part in parts) == pytest.approx(
            float(first[0].attrib["width"]) / 0.9, abs=0.5
        )


RANGE = ActivationRange(
    bars=(
        RangeBar(share=0.25, low=0.1, high=0.5, cells=("40", "50", "100")),
        RangeBar(share=None, low=0.0, high=0.0, cells=("0", "0", "50")),
        RangeBar(share=1.0, low=0.8, high=1.0, cells=("10", "50", "50")),
    ),
    ends=("−1", "0", "1", "2"),
    zero=1,
    concept="<the North> (20)",
    rest="the South & a pool (30)",
    rows=("stimuli in the bin", "of the concept, in %", "this bin and higher, in %"),
    axis="activation",
    alternative="Unit 3: rising",
)


@pytest.mark.parametrize("paper", [WIDE, NARROW, PRINT])
def test_bars_of_a_range_are_filled_as_far_as_the_concept_goes(paper: Paper) -> None:
    root = ElementTree.fromstring(draw_activation_range(RANGE, paper))
    name = "fill" if paper.printed else "class"
    look = {
        "concept": PAINTS["concept"] if paper.printed else "f-concept",
        "rest": PAINTS["band"] if paper.printed else "f-band",
    }
    bars = {
        which: [rect.attrib for rect in root.iter() if rect.tag.endswith("rect") and rect.get(name) == paint][1:]
        for which, paint in look.items()
    }  # the first of each is in the legend
    heights = {which: [float(bar["height"]) for bar in some] for which, some in bars.items()}
    whole = heights["concept"][1]
    assert len(heights["concept"]) == len(heights["rest"]) == 2, "an empty bin has no bar"
    assert heights["concept"][0] == pytest.approx(whole / 4, abs=0.1)
    assert [sum(pair) for pair in zip(heights["concept"], heights["rest"], strict=True)] == pytest.approx(
        [whole] * 2, abs=0.2
    )
    texts = [text.text for text in root.iter() if text.tag.endswith("text")]
    assert [text for text in texts if text in ("40", "10")] == ["40", "10"]
    assert {"−1", "0", "1", "2", "0 %", "100 %", "stimuli in the bin"} <= set(texts)
    width = paper.width
    assert all(0 <= float(text.get("x", "0")) <= width for text in root.iter() if text.tag.endswith("text"))
