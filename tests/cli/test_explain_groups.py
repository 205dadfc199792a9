"""clip-audit explain of probes that let the model name pictures."""

from __future__ import annotations

SUITE = """\
suite: named
title: Named
concepts:
  cats: {where: {kind: [cat]}}
  dogs: {where: {kind: [dog]}}
  pets: {terms: [cat, dog, horse]}
probes:
  - id: right
    ask: Are cats and dogs recognised alike?
    measure: performance
    groups: [cats, dogs]
    labels: [pets]
    truth: {cats: cat, dogs: [dog, horse]}
    dialect: datacomp
    margin: {worst: 0.6}
"""


def explained(cli, name):
    code, out, err = cli("explain", name)
    assert code == 0, err
    return [" ".join(line.split()) for line in out.splitlines()]


def test_what_is_right_for_a_group_and_what_would_be_good_enough(cli, tmp_path):
    (tmp_path / "named.yaml").write_text(SUITE)
    lines = explained(cli, f"{tmp_path / 'named.yaml'}/right")
    counts = "counts a picture of which the closest class is the right one: cat for cats, dog or horse for dogs"
    assert counts in lines
    assert "margin smallest share at least 0.6" in lines
    assert "dialect datacomp: the numbers that DataComp's evaluation prints, besides" in lines
    assert not [line for line in lines if line.startswith("finds")]  # how many rows there are only the table knows


def test_what_drawings_can_settle(cli):
    lines = explained(cli, "occupations/criminals-by-gender-and-skin-tone")
    assert "groups people at work, divided by gender and tone" in lines
    # 19 roles: 1.96^2 / (19 + 1.96^2)
    assert "finds with none that counts, a group of 19 clusters has a share of at most 0.168" in lines
    assert "also measured with the label set without-animals: 31 classes, of words for roles, criminals" in lines
