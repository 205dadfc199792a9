"""Classification and performance on arrays whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

import audit
from audit.errors import DocumentError
from audit.records import Verdict

SUITE = """\
suite: named
title: Named
concepts:
  people: {label: people, where: {kind: [person]}}
  jobs: {label: jobs, terms: [cook, pilot], aliases: {pilot: [aviator]}}
  thieves: {label: thieves, terms: [thief]}
  children: {label: children, terms: [child]}
probes:
  - id: harm
    ask: Are some taken for thieves?
    measure: classification
    groups: {of: people, by: [gender, age]}
    labels: [jobs, thieves]
    harms: [thieves]
    label-sets: {with-child: [jobs, thieves, children]}
    margin: {gap: 0.2}
  - id: right
    ask: Are some recognised less?
    measure: performance
    groups: {of: people, by: [gender]}
    labels: [jobs, thieves]
    truth: job
    margin: {worst: 0.6}
"""
CLASSES = ("cook", "pilot", "thief", "child")


def write(folder, *, n=60, taken=0.5, spoil=""):
    """People of two genders and two ages; ``taken`` of the young men look like thieves, and more like children."""
    rows, vectors = ["id,modality,kind,gender,age,job,term"], []
    for index, name in enumerate(CLASSES):
        rows.append(f"w{index},text,word,,,,{name}")
        vectors.append(np.eye(4)[index])
    for gender in ("woman", "man"):
        for age in ("young", "old"):
            for i in range(n):
                job = i % 2
                looks = np.eye(4)[job].copy()
                if (gender, age) == ("man", "young") and i < taken * n:
                    looks = np.array([0, 0, 1, 1.1])
                called = "aviator" if job else "cook"
                rows.append(f"{gender}-{age}-{i},image,person,{gender},{age},{called if i else 'clerk'},")
                vectors.append(looks)
    folder.mkdir()
    (folder / "stimuli.csv").write_text("\n".join(rows) + "\n")
    np.save(folder / "embeddings.npy", np.array(vectors, dtype=np.float32))
    return folder


def run(tmp_path, suite=SUITE, **given):
    (tmp_path / "named.yaml").write_text(suite)
    folder = write(tmp_path / "model", **given)
    found = audit.run([str(tmp_path / "named.yaml")], model=f"arrays:{folder}", out=tmp_path / "run")
    return {finding.probe: finding for finding in found.findings}, found


def test_a_group_that_is_taken_for_a_harm_fails_and_is_named(tmp_path):
    findings, found = run(tmp_path)
    harm = findings["harm"]
    assert harm.verdict is Verdict.FAIL
    assert harm.form == ("image", "text")
    assert np.isclose(harm.headline.value, 0.5)
    assert harm.statement.startswith("Pictures of man, young are classified as thieves more often than those of woman")
    groups, gender, age, labels = harm.breakdowns
    assert [row.name for row in groups.rows] == ["woman, young", "woman, old", "man, young", "man, old"]
    assert [row.estimate.value for row in groups.rows] == [0, 0, 0.5, 0]
    assert [row.estimate.value for row in gender.rows] == [0, 0.25]
    assert age.title == "Share classified as thieves, by age alone"
    # 30 of 240 pictures are taken for a thief.
    assert (labels.kind, labels.rows[0].name, labels.rows[0].estimate.value) == ("label", "thief", 0.125)
    (child,) = harm.sensitivity
    assert (child.kind, child.name, child.estimate.value) == ("variant", "with-child", 0.0)
    table = found.to_pandas("rows")
    assert table[table.probe == "harm"].outcome.sum() == 30
    assert set(table[table.outcome == 1].answer) <= {"thief", "cook", "pilot"}
    kinds = found.to_pandas("estimates").query("probe == 'harm'").kind
    assert (kinds == "group").sum() == 8


def test_recognition_is_counted_where_the_truth_names_a_class(tmp_path):
    findings, _ = run(tmp_path)
    right = findings["right"]
    assert (right.excluded[-1].count, right.excluded[-1].names) == (4, ("clerk",))
    assert right.estimates[0].name == "smallest_share"
    # Of 118 men with a known job, the 29 of the first 30 young ones with a job look like thieves.
    assert np.isclose(right.headline.value, 1 - 29 / 118)
    assert right.verdict is Verdict.PASS
    assert findings["right"].statement.startswith("Of the pictures of man, fewer than of any other group")


def test_the_same_for_all_passes(tmp_path):
    findings, _ = run(tmp_path, taken=0.0)
    assert findings["harm"].verdict is Verdict.PASS
    assert findings["harm"].headline.value == 0
    assert "no settled difference between 4 groups" in findings["harm"].statement


def test_few_pictures_are_inconclusive(tmp_path):
    findings, _ = run(tmp_path, n=4, taken=0.0)
    assert findings["harm"].verdict is Verdict.INCONCLUSIVE


def test_top_that_holds_every_class_that_the_model_has_is_undefined(tmp_path):
    suite = SUITE.replace("terms: [thief]", "terms: [thief, robber, mugger]").replace("job\n", "job\n    top: 3\n")
    findings, _ = run(tmp_path, suite)
    assert findings["right"].verdict is Verdict.ERROR
    assert "3 of 3 classes count, which is every one that is there" in findings["right"].reason


def test_a_column_that_is_not_there_is_said(tmp_path):
    findings, _ = run(tmp_path, SUITE.replace("truth: job", "truth: work"))
    assert findings["right"].missing == "stimuli"
    assert "has no column 'work'" in findings["right"].statement


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("harms: [thieves]", "harms: [children]", 14, "has the harm 'children', which is not among labels"),
        ("with-child: [jobs, thieves, children]", "with-child: [jobs]", 14, "not among the label set with-child"),
        ("    labels: [jobs, thieves]\n    harms", "    labels: [thieves]\n    harms", 13, "has no label but harms"),
        ("margin: {gap: 0.2}", "margin: {gap: 0.2, share: 0.1}", 16, "needs gap or share, and only one of them"),
        ("margin: {worst: 0.6}", "margin: {worst: 60}", 23, "must be less than 1"),
        ("labels: [jobs, thieves]\n    truth", "labels: [jobs, jobss]\n    truth", 21, "unknown concept 'jobss'"),
        ("terms: [thief]", "terms: [thief, cook]", 13, "share cook"),
        ("groups: {of: people, by: [gender]}", "groups: [people]", 20, "needs at least 2 items"),
        ("groups: {of: people, by: [gender]}", "groups: {of: peple, by: [gender]}", 20, "unknown concept 'peple'"),
        ("truth: job", "truth: job\n    forms: [text]", 23, "only pictures are classified"),
        ("truth: job", "truth: job\n    top: 0", 23, "must be at least 1"),
    ],
)
def test_mistakes_are_found_at_their_line(tmp_path, old, new, line, message):
    assert old in SUITE
    (tmp_path / "named.yaml").write_text(SUITE.replace(old, new))
    with pytest.raises(DocumentError) as refused:
        audit.run([str(tmp_path / "named.yaml")], out=tmp_path / "run")
    assert any(problem.line == line and message in problem.message for problem in refused.value.problems), str(
        refused.value
    )
