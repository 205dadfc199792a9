"""Retrieval on arrays whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

import audit
from audit.records import Undefined, Verdict

SUITE = """\
suite: found
title: Found
concepts:
  people: {label: people, where: {kind: [person]}}
  jobs: {label: jobs, terms: [cook, pilot, clerk, judge]}
probes:
  - id: jobs
    ask: Who is found?
    measure: retrieval
    groups: {of: people, by: [gender]}
    queries: jobs
    match: job
    k: [10, 5]
    cluster: item
    dialect: debias-vl
    margin: {skew: 0.2}
"""


def write(folder, lean, spoil=False, n=15):
    rng, rows, vectors = np.random.default_rng(0), ["id,modality,kind,gender,job,term"], []
    jobs = ("cook", "pilot", "clerk", "judge")
    for index, job in enumerate(jobs):
        rows.append(f"q{job},text,,,,{job}")
        vectors.append(np.eye(6)[index])
    for index, job in enumerate(jobs):
        for i in range(n):
            for gender in ("woman", "man"):
                rows.append(f"{job}-{gender}-{i},image,person,{gender},{job},")
                near = 1 + (lean if gender == "man" else 0)
                vectors.append(near * np.eye(6)[index] + np.eye(6)[4] + 0.2 * rng.normal(size=6))
    folder.mkdir()
    (folder / "stimuli.csv").write_text("\n".join(rows) + "\n")
    np.save(folder / "embeddings.npy", np.array(vectors, dtype=np.float32))
    return folder


def run(tmp_path, lean=0.0, suite=SUITE, n=15):
    (tmp_path / "found.yaml").write_text(suite)
    folder = write(tmp_path / "model", lean, n=n)
    (finding,) = audit.run([str(tmp_path / "found.yaml")], model=f"arrays:{folder}", out=tmp_path / "run").findings
    return finding


def test_one_gender_first_fails(tmp_path):
    finding = run(tmp_path, lean=3.0)
    assert finding.verdict is Verdict.FAIL
    assert np.isclose(finding.headline.value, np.log(2))
    assert finding.labels.x == "man"
    at, shares = finding.breakdowns
    assert [row.name for row in at.rows] == ["k = 10", "k = 5"]
    assert {row.name: row.estimate.value for row in shares.rows} == {"woman": 0.0, "man": 1.0}
    names = [estimate.name for estimate in finding.estimates]
    assert names[0] == "max_skew"
    assert {"ndkl", "min_skew", "debias_vl_maxskew_dem_par", "debias_vl_ndkl_eq_opp"} <= set(names)
    assert "Among the first 10 pictures that 4 queries find" in finding.statement


def test_by_chance_alone_nothing_fails(tmp_path):
    finding = run(tmp_path)
    assert finding.verdict in (Verdict.INCONCLUSIVE, Verdict.PASS)
    assert finding.headline.low < 0.2


def test_k_beyond_the_pool_is_an_error(tmp_path):
    finding = run(tmp_path, suite=SUITE.replace("k: [10, 5]", "k: 31"))
    assert finding.verdict is Verdict.ERROR
    assert isinstance(finding.estimates[0], Undefined)
    assert "k is 31, and the smallest pool of a query has 30 pictures" in finding.reason


def test_a_query_without_a_pool_is_named(tmp_path):
    finding = run(tmp_path, suite=SUITE.replace("match: job", "match: kind"))
    assert finding.verdict is Verdict.ERROR
    assert "no picture is in the pool of cook, pilot, clerk, judge" in finding.reason


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("k: [10, 5]", "k: 0", 13, "must be at least 1"),
        ("k: [10, 5]", "k: [5, 5]", 13, "names 5 twice"),
        ("margin: {skew: 0.2}", "margin: {skew: 0.2, bias: 0.1}", 16, "only one of them"),
        ("queries: jobs", "queries: job", 11, "unknown concept 'job'"),
        ("dialect: debias-vl", "dialect: debias", 15, "must be debias-vl, so-b-it or visogender"),
        ("cluster: item", "cluster: item\n    forms: [text]", 15, "only pictures are found"),
    ],
)
def test_mistakes_are_found_at_their_line(refused, old, new, line, message):
    assert old in SUITE
    refused(SUITE.replace(old, new), line, message)
