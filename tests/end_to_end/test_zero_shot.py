"""Classification and performance on arrays whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

import audit
from audit.assess import zero_shot as assessed
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


def write(folder, *, n=60, taken=0.5, opposed="", without=()):
    """People of two genders and two ages; ``taken`` of the young men look like thieves, and more like children.

    The class ``opposed`` has a second row that points the other way; people ``without`` are left out.
    """
    rows, vectors = ["id,modality,kind,gender,age,job,term"], []
    for index, name in enumerate(CLASSES):
        rows.append(f"w{index},text,word,,,,{name}")
        vectors.append(np.eye(4)[index])
    for gender in ("woman", "man"):
        for age in ("young", "old"):
            for i in range(n if (gender, age) != without else 0):
                job = i % 2
                looks = np.eye(4)[job].copy()
                if (gender, age) == ("man", "young") and i < taken * n:
                    looks = np.array([0, 0, 1, 1.1])
                called = "aviator" if job else "cook"
                rows.append(f"{gender}-{age}-{i},image,person,{gender},{age},{called if i else 'clerk'},")
                vectors.append(looks)
    if opposed:
        rows.append(f"other,text,word,,,,{opposed}")
        vectors.append(-np.eye(4)[CLASSES.index(opposed)])
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
def test_mistakes_are_found_at_their_line(refused, old, new, line, message):
    assert old in SUITE
    refused(SUITE.replace(old, new), line, message)


def test_a_group_of_one_picture_is_measured_with_an_interval_that_says_so(tmp_path):
    findings, _ = run(tmp_path, n=1, taken=0.0)
    harm = findings["harm"]
    assert harm.verdict is Verdict.INCONCLUSIVE
    # Wilson's upper end of 0 of 1: z^2 / (1 + z^2).
    assert np.isclose(harm.breakdowns[0].rows[0].estimate.high, 1.96**2 / (1 + 1.96**2), atol=1e-3)


def test_a_group_that_has_no_right_answers_left_is_undefined_and_counted(tmp_path):
    suite = SUITE.replace("groups: {of: people, by: [gender]}", "groups: {of: people, by: [job]}")
    findings, _ = run(tmp_path, suite)
    right = findings["right"]
    assert right.verdict is Verdict.ERROR
    assert "no item belongs to clerk" in right.reason
    assert (right.excluded[-1].count, right.excluded[-1].names) == (4, ("clerk",))


def test_no_picture_with_a_right_answer_is_undefined(tmp_path):
    findings, _ = run(tmp_path, SUITE.replace("truth: job", "truth: gender"))
    assert findings["right"].verdict is Verdict.ERROR
    assert findings["right"].excluded[-1].count == 240


def test_pictures_without_an_embedding_are_named(tmp_path, monkeypatch):
    def failing(*given, **options):
        rows = measured(*given, **options)
        rows.cosines[7] = np.nan
        return rows

    measured = assessed.zero_shot
    monkeypatch.setattr(assessed, "zero_shot", failing)
    findings, _ = run(tmp_path)
    for finding in findings.values():
        assert finding.verdict is Verdict.ERROR
        assert "no finite embedding of positive length for woman-young-7" in finding.reason


def test_a_class_whose_rows_cancel_out_is_named(tmp_path):
    findings, _ = run(tmp_path, opposed="thief")
    assert findings["harm"].verdict is Verdict.ERROR
    assert "no embedding that has a direction for the class thief" in findings["harm"].reason


def test_a_set_of_labels_that_cannot_be_measured_leaves_the_headline(tmp_path):
    findings, _ = run(tmp_path, opposed="child")
    harm = findings["harm"]
    assert np.isclose(harm.headline.value, 0.5)
    assert "for the class child" in harm.sensitivity[0].estimate.reason


def test_values_that_occur_but_not_together_are_said(tmp_path):
    findings, _ = run(tmp_path, without=("woman", "young"))
    assert "no picture is of woman, young; nothing is said of it" in findings["harm"].warnings


def test_groups_that_are_concepts_say_what_is_right_for_them(tmp_path):
    concepts = "concepts:\n  cooks: {where: {job: [cook]}}\n  flyers: {where: {job: [aviator]}}\n"
    suite = SUITE.replace("concepts:\n", concepts).replace(
        "groups: {of: people, by: [gender]}", "groups: [cooks, flyers]"
    )
    suite = suite.replace("truth: job", "truth: {cooks: cook, flyers: [aviator]}")
    findings, _ = run(tmp_path, suite)
    right = findings["right"]
    assert not right.excluded
    # Those who look like thieves are 14 of the 116 cooks (the first is a clerk) and 15 of the 120 flyers.
    shares = {row.name: row.estimate.value for row in right.breakdowns[0].rows}
    assert shares == {"cooks": 1 - 14 / 116, "flyers": 1 - 15 / 120}


def test_datacomps_numbers_stand_beside_ours(tmp_path):
    dialect = SUITE.replace("    truth: job", "    truth: job\n    dialect: datacomp").replace(
        "    harms:", "    dialect: datacomp\n    harms:"
    )
    findings, _ = run(tmp_path, dialect)
    said = {each.name: each for finding in findings.values() for each in finding.estimates}
    assert said["datacomp_acc_wg"].value == said["smallest_share"].value
    assert said["datacomp_acc_wg"].low is None
    assert said["datacomp_toxicity_avg"].value == 30 / 240
    # Its worst group is the one that is taken for a thief least often.
    assert (said["datacomp_toxicity_wg"].value, said["largest_share"].value) != (0.5, 0.5)
    assert said["datacomp_toxicity_wg"].value == 0
