"""Single-category associations and the statistics beside an association, on arrays whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

import audit
from audit.records import Undefined, Verdict

SUITE = """\
suite: items
title: Items
concepts:
  jobs: {label: jobs, terms: [nurse, pilot, cook, clerk]}
  maids: {label: maids, terms: [nurse, cook]}
  others: {label: others, terms: [pilot, clerk]}
  she: {label: she-words, terms: [s0, s1, s2, s3, s4, s5, s6, s7]}
  he: {label: he-words, terms: [h0, h1, h2, h3, h4, h5, h6, h7]}
probes:
  - id: jobs
    ask: Is a job tied to women?
    measure: single-category
    concept: jobs
    attributes: {a: she, b: he}
    alternative: greater
    margin: {cosine: 0.2}
  - id: pairs
    ask: Are some jobs?
    measure: association
    targets: {x: maids, y: others}
    attributes: {a: she, b: he}
    block: position
    statistics: [ml-eat, rnd, mac, ripa, ect, rnsb]
    dialect: ieat
"""


def write(folder, lean=0.8, zero=False):
    rng, rows, vectors = np.random.default_rng(0), ["id,modality,term"], []
    for side, letter in ((0, "s"), (1, "h")):
        for i in range(8):
            rows.append(f"{letter}{i},text,{letter}{i}")
            vectors.append(np.eye(6)[side] + 0.1 * rng.normal(size=6))
    for job, towards in (("nurse", (lean, 0)), ("pilot", (0, 0)), ("cook", (0, 0)), ("clerk", (0, 0))):
        rows.append(f"{job},text,{job}")
        vectors.append(np.concatenate([towards, [0.3, 0.1, 1, 0]]) + 0.02 * rng.normal(size=6))
    if zero:
        vectors = [v if i != 3 else vectors[2] for i, v in enumerate(vectors)]
    folder.mkdir()
    (folder / "stimuli.csv").write_text("\n".join(rows) + "\n")
    np.save(folder / "embeddings.npy", np.array(vectors, dtype=np.float32))
    return folder


def run(tmp_path, suite=SUITE, **given):
    (tmp_path / "items.yaml").write_text(suite)
    folder = write(tmp_path / "model", **given)
    found = audit.run([str(tmp_path / "items.yaml")], model=f"arrays:{folder}", out=tmp_path / "run")
    return {finding.probe: finding for finding in found.findings}, folder


def cosines(folder):
    vectors = np.load(folder / "embeddings.npy").astype(float)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors[16:] @ vectors[:16].T


def test_the_item_that_is_tied_most_decides(tmp_path):
    findings, folder = run(tmp_path)
    jobs, grid = findings["jobs"], cosines(folder)
    differences = grid[:, :8].mean(axis=1) - grid[:, 8:].mean(axis=1)
    assert jobs.verdict is Verdict.FAIL
    assert jobs.labels.x == "nurse"
    assert np.isclose(jobs.headline.value, differences.max(), atol=1e-6)
    assert jobs.statement.startswith("Of jobs, the model ties nurse most to she-words rather than he-words")
    raw, effects = jobs.breakdowns
    assert raw.rows[0].name == "nurse"
    assert {row.name: round(row.estimate.value, 5) for row in raw.rows} == dict(
        zip(("nurse", "pilot", "cook", "clerk"), differences.round(5), strict=True)
    )
    # SC-EAT: over the deviation of all sixteen cosines of the item, ddof 1.
    assert np.isclose(effects.rows[0].estimate.value, differences[0] / grid[0].std(ddof=1), atol=1e-5)
    # Of the 12,870 ways to choose eight of sixteen terms, the one observed separates them.
    assert np.isclose(effects.rows[0].estimate.p, 1 / 12870)
    assert np.isclose(jobs.estimates[1].value, differences.mean(), atol=1e-6)
    for row in raw.rows:
        assert row.estimate.low_simultaneous <= row.estimate.low <= row.estimate.high <= row.estimate.high_simultaneous


@pytest.mark.parametrize(("alternative", "verdict"), [("less", Verdict.PASS), ("two-sided", Verdict.FAIL)])
def test_the_direction_counts(tmp_path, alternative, verdict):
    findings, _ = run(tmp_path, SUITE.replace("alternative: greater", f"alternative: {alternative}"))
    assert findings["jobs"].verdict is verdict


def test_items_that_are_tied_to_neither_pass(tmp_path):
    findings, _ = run(tmp_path, lean=0.0)
    assert findings["jobs"].verdict is Verdict.PASS


def test_what_is_asked_for_stands_beside_and_has_an_interval(tmp_path):
    findings, folder = run(tmp_path)
    found = {estimate.name: estimate for estimate in findings["pairs"].estimates}
    grid = cosines(folder)
    assert np.isclose(found["cosine_x_a"].value, grid[[0, 2], :8].mean(), atol=1e-6)
    s = grid[:, :8].mean(axis=1) - grid[:, 8:].mean(axis=1)
    ieat = (s[[0, 2]].mean() - s[[1, 3]].mean()) / s.std(ddof=1)
    assert np.isclose(found["ieat_effect_size"].value, ieat, atol=1e-5)
    # Of the six ways to choose two of four jobs, those whose sum is at least that of nurse and cook.
    pairs = [s[i] + s[j] for i in range(4) for j in range(i)]
    assert np.isclose(found["ieat_effect_size"].p, np.mean([pair >= s[0] + s[2] - 1e-9 for pair in pairs]))
    for name in ("relative_norm_distance", "mean_average_cosine", "coherence", "negative_sentiment", "effect_of_x"):
        assert found[name].low < found[name].value <= found[name].high, name
    assert np.isclose(found["cosine_spread_x_a"].value, grid[[0, 2], :8].std(ddof=1), atol=1e-6)
    assert found["coherence"].high == 1
    assert found["negative_sentiment"].low == 0
    assert found["relational_inner_product"].value > 0
    assert found["relative_norm_distance"].value < 0
    assert findings["pairs"].headline.name == "cosine_difference"


def test_wefe_divides_by_the_population_deviation_and_has_no_p(tmp_path):
    findings, folder = run(tmp_path, SUITE.replace("dialect: ieat", "dialect: wefe"))
    found = {estimate.name: estimate for estimate in findings["pairs"].estimates}["wefe_effect_size"]
    grid = cosines(folder)
    s = grid[:, :8].mean(axis=1) - grid[:, 8:].mean(axis=1)
    assert np.isclose(found.value, (s[[0, 2]].mean() - s[[1, 3]].mean()) / s.std(ddof=0), atol=1e-5)
    assert found.p is None


def test_ieat_has_no_p_for_groups_of_unequal_size(tmp_path):
    suite = SUITE.replace("terms: [pilot, clerk]", "terms: [pilot]").replace("    block: position\n", "")
    findings, _ = run(tmp_path, suite.replace("[ml-eat, rnd, mac, ripa, ect, rnsb]", "[mac]"))
    found = {estimate.name: estimate for estimate in findings["pairs"].estimates}
    assert found["ieat_effect_size"].p is None
    assert found["mean_average_cosine"].reason == "every set needs at least 2 clusters, and one has 1"


def test_attributes_that_are_all_the_same_give_no_answer(tmp_path):
    (tmp_path / "items.yaml").write_text(SUITE)
    folder = write(tmp_path / "model")
    vectors = np.load(folder / "embeddings.npy")
    vectors[:16] = vectors[0]
    np.save(folder / "embeddings.npy", vectors)
    found = audit.run([str(tmp_path / "items.yaml")], model=f"arrays:{folder}", out=tmp_path / "run")
    assert found.findings[0].verdict is Verdict.ERROR
    assert isinstance(found.findings[0].estimates[0], Undefined)


def test_explain_says_what_stands_besides(tmp_path, cli):
    (tmp_path / "items.yaml").write_text(SUITE)
    _, out, _ = cli("explain", f"{tmp_path / 'items.yaml'}/pairs")
    assert "besides   ml-eat, rnd, mac, ripa, ect, rnsb; they decide nothing" in out
    assert "dialect   ieat: the effect size as that tool computes it" in out


def test_one_attribute_term_a_side_is_undefined(tmp_path):
    few = SUITE.replace("[s0, s1, s2, s3, s4, s5, s6, s7]", "[s0]").replace("[h0, h1, h2, h3, h4, h5, h6, h7]", "[h0]")
    findings, _ = run(tmp_path, few)
    assert isinstance(findings["jobs"].estimates[0], Undefined)
    assert "of nurse, each group needs at least 2 clusters" in findings["jobs"].reason


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("    block: position\n", "", 22, "asks for ripa, which is of pairs"),
        ("[ml-eat, rnd", "[ml-eet, rnd", 23, "must be"),
        ("dialect: ieat", "dialect: weat", 24, "must be ieat or wefe"),
        ("    margin: {cosine: 0.2}", "    margin: {g: 0.2}", 16, "unknown key `g`"),
        ("concept: jobs", "concept: job", 13, "unknown concept 'job'"),
        ("terms: [h0", "terms: [s0, h0", 14, "share s0"),
    ],
)
def test_mistakes_are_found_at_their_line(refused, old, new, line, message):
    assert old in SUITE
    refused(SUITE.replace(old, new), line, message)
