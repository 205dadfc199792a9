"""What the command line says of pictographs."""

from __future__ import annotations

import pytest

SUITE = """\
suite: drawn
title: Drawn people
concepts:
  women: {label: drawn women, pictographs: {role: [judge, cook, pilot], gender: woman}}
  men: {label: drawn men, pictographs: {role: [judge, cook, farmer], gender: man}}
  nordic: {label: Nordic countries, terms: [Norway], pictographs: {flags: ["NO", SE, FI], styles: noto}}
  andes: {label: the Andes, terms: [Peru, Chile], pictographs: {flags: [PE, CL]}}
  all: {label: all, union: [nordic, andes]}
  home: {label: home, terms: [home, family]}
  office: {label: office, terms: [office, salary], variants: {drawn: {pictographs: {object: briefcase}}}}
probes:
  - id: pairs
    ask: Are drawn women tied to home more than drawn men are?
    measure: association
    targets: {x: women, y: men}
    attributes: {a: home, b: office}
    forms: [[pictograph, text]]
    block: subject
  - id: both
    ask: Are Nordic countries tied to home?
    measure: association
    targets: {x: nordic, y: andes}
    attributes: {a: home, b: office}
    forms: [[text, text], [pictograph, pictograph]]
  - id: unit
    ask: Is there a unit for Nordic countries?
    measure: units
    concept: nordic
    against: {rest-of: all}
    forms: [pictograph]
    also: {harm: home, neutral: office}
"""


@pytest.fixture
def explained(cli, tmp_path):
    path = tmp_path / "drawn.yaml"
    path.write_text(SUITE)

    def explain(probe):
        code, out, err = cli("explain", f"{path}/{probe}")
        assert code == 0, err
        return out.splitlines()

    return explain


def test_list_says_what_a_suite_can_name(cli):
    code, out, _ = cli("list", "pictographs")
    assert code == 0
    words = out.split()
    for name in ("flags", "SY,", "judge,", "mosque,", "angry-face,", "hospital,", "bomb,", "medium-dark,", "woman,"):
        assert name in words, name
    (flags,) = (line for line in out.splitlines() if line.startswith("flags") and "circle-flags" in line)
    assert flags.split()[1:4] == ["236", "236", "944"]


def test_pairs_of_pictographs_are_counted(explained):
    lines = explained("pairs")
    assert "          pictographs: role: judge, cook, pilot; gender: woman" in lines
    assert "          18 pictographs of 3 subjects in 3 art styles (noto, twemoji, fluent): 54 pictures" in lines
    assert "cluster   subject" in lines
    assert "pairs     2" in lines, "judge and cook"
    assert not any(line.startswith("templates") for line in lines)


def test_words_and_pictographs_have_designs_of_their_own(explained):
    lines = explained("both")
    assert "          3 pictographs of 3 subjects in 1 art style (noto): 3 pictures" in lines
    assert "          no pictographs, so it is not applicable in them" in lines, "home"
    assert "          also measured as drawn (1 pictograph)" in lines
    assert "cluster   term, subject" in lines
    assert [line.partition("(")[2] for line in lines if line.startswith("smallest p")] == [
        "3 ways to divide 1 + 2 clusters)",
        "10 ways to divide 3 + 2 clusters)",
    ]


def test_the_topics_of_a_unit_are_said_in_the_words_they_are_shown_in(explained):
    lines = explained("unit")
    assert "harm      home: 2 terms: home, family" in lines
    assert any(line.startswith("MDE") and line.endswith(", in pictographs") for line in lines)
