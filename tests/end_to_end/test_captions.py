"""Captions that differ from picture to picture: pronouns of professionals, on arrays whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

import audit
from audit.records import Verdict

SUITE = """\
suite: pronouns
title: Pronouns
concepts:
  people: {label: people, where: {kind: [person]}}
  pronouns: {label: pronouns, terms: [his, her, their], aliases: {his: [masculine], her: [feminine]}}
probes:
  - id: resolved
    ask: Are pronouns resolved alike?
    measure: performance
    groups: {of: people, by: [gender]}
    labels: [pronouns]
    truth: gender
    captions: ["the [job] and {} [thing]"]
    margin: {gap: 0.2}
"""
JOBS = (("doctor", "coat"), ("pilot", "plane"))


def write(folder, wrong=0.0, their=0.0, n=40):
    rng, rows, vectors = np.random.default_rng(0), ["id,modality,kind,gender,job,thing,term"], []
    place = {}
    for job, thing in JOBS:
        for pronoun in ("his", "her", "their"):
            place[job, pronoun] = len(vectors)
            rows.append(f"{job}-{pronoun},text,,,,,the {job} and {pronoun} {thing}")
            vectors.append(np.eye(8)[len(vectors)])
    for gender, own in (("masculine", "his"), ("feminine", "her")):
        for i in range(n):
            job, thing = JOBS[i % 2]
            seen = own
            if gender == "feminine" and i < wrong * n:
                seen = "his"
            elif gender == "feminine" and i < (wrong + their) * n:
                seen = "their"
            rows.append(f"{gender}-{i},image,person,{gender},{job},{thing if i else ''},")
            vectors.append(vectors[place[job, seen]] + 0.1 * rng.normal(size=8))
    folder.mkdir()
    (folder / "stimuli.csv").write_text("\n".join(rows) + "\n")
    np.save(folder / "embeddings.npy", np.array(vectors, dtype=np.float32))
    return folder


def run(tmp_path, suite=SUITE, **given):
    (tmp_path / "pronouns.yaml").write_text(suite)
    folder = write(tmp_path / "model", **given)
    (finding,) = audit.run([str(tmp_path / "pronouns.yaml")], model=f"arrays:{folder}", out=tmp_path / "run").findings
    return finding


def test_each_picture_has_its_own_captions(tmp_path):
    finding = run(tmp_path, wrong=0.6)
    assert finding.verdict is Verdict.FAIL, finding.statement
    # Of 39 women with a thing, those of the first 24 but one are taken for men.
    assert np.isclose(finding.headline.value, 23 / 39)
    lacking = [e for e in finding.excluded if "which their captions name" in e.reason]
    assert sorted(e.count for e in lacking) == [1, 1]


def test_a_neutral_answer_is_wrong_unless_it_is_said_to_say_nothing(tmp_path):
    assert np.isclose(run(tmp_path, their=0.5).headline.value, 19 / 39)
    other = tmp_path / "neutral"
    other.mkdir()
    finding = run(other, SUITE.replace("margin:", "neutral: [their]\n    margin:"), their=0.5)
    assert finding.headline.value == 0
    assert any(e.count == 19 and "which says nothing" in e.reason for e in finding.excluded)


def test_captions_that_the_arrays_lack_are_said(tmp_path):
    finding = run(tmp_path, SUITE.replace("and {} [thing]", "with {} [thing]"))
    assert finding.missing == "stimuli"
    assert "has no text 'the doctor with his" in finding.statement or "has no text 'the pilot" in finding.statement


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("and {} [thing]", "and [thing]", 13, "must contain {} exactly once"),
        ('[thing]"]', '[thing"]', 13, "has a bracket that is not closed"),
        ("    margin", '    templates: ["a {}"]\n    margin', 13, "has `captions` and `templates`"),
    ],
)
def test_mistakes_are_found_at_their_line(refused, old, new, line, message):
    assert old in SUITE
    refused(SUITE.replace(old, new), line, message)
