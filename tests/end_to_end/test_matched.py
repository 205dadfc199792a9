"""Matched targets through a whole run, against numbers worked out from the definition by brute force."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import audit

SUITE = """\
suite: roles
title: Women and men of the same roles
version: 1
concepts:
  woman: {label: Women, where: {gender: woman}, variants: {dark: {where: {gender: woman, tone: dark}}}}
  man: {label: Men, where: {gender: man}}
  family: {label: family, where: {set: family}}
  career: {label: career, where: {set: career}}
probes:
  - id: women-family
    ask: Are women tied to family, rather than career, more than men of the same role are?
    measure: association
    targets: {x: woman, y: man}
    attributes: {a: family, b: career}
    cluster: CLUSTER
    block: role
    alternative: greater
    margin: {cosine: 0.02}
    severity: high
  - id: women-career
    ask: The same, not matched?
    measure: association
    targets: {x: woman, y: man}
    attributes: {a: career, b: family}
    alternative: two-sided
    margin: {cosine: 0.02}
"""

ROLES = tuple(f"role-{i}" for i in range(9))


def write_roles(folder, *, effect=0.4, roles=ROLES, seed=1, alone=()):
    """Two pictures, in two tones, of a woman and a man of every role; the role moves both more than the gender does."""
    generator = np.random.default_rng(seed)
    family, career = generator.standard_normal((2, 12))
    rows, vectors = [], []
    for role in roles:
        centre = 3 * generator.standard_normal() * (family - career) / 4 + generator.standard_normal(12)
        for gender, tone in product(("woman", "man"), ("light", "dark")):
            if (role, gender) not in alone:
                towards = effect * (family - career) if gender == "woman" else 0
                rows.append((f"{gender}-{role}-{tone}", "image", "", gender, role, tone))
                vectors.append(centre + towards / 4 + 0.15 * generator.standard_normal(12))
    for name, direction in (("family", family), ("career", career)):
        for i in range(4):
            rows.append((f"{name}-{i}", "text", name, "", "", ""))
            vectors.append(direction + 0.3 * generator.standard_normal(12))
    folder.mkdir()
    np.save(folder / "embeddings.npy", np.array(vectors, dtype=np.float32))
    columns = ["id", "modality", "set", "gender", "role", "tone"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "stimuli.csv", index=False)
    return folder


def measure(tmp_path, folder, suite=SUITE, cluster="item"):
    (tmp_path / "roles.yaml").write_text(suite.replace("CLUSTER", cluster))
    return audit.run([str(tmp_path / "roles.yaml")], model=f"arrays:{folder}", out=tmp_path / "run")


def by_hand(folder):
    """Difference of every role, women minus men, from the cosines."""
    vectors = np.load(folder / "embeddings.npy").astype(float)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    table = pd.read_csv(folder / "stimuli.csv", keep_default_na=False)
    a, b = (vectors[(table["set"] == name).to_numpy()] for name in ("family", "career"))
    table["s"] = (vectors @ a.T).mean(axis=1) - (vectors @ b.T).mean(axis=1)
    means = table[table["role"] != ""].groupby(["role", "gender"])["s"].mean().unstack()
    return means["woman"].to_numpy(), means["man"].to_numpy()


def test_pairs_are_compared_within_their_role(tmp_path):
    folder = write_roles(tmp_path / "model")
    run = measure(tmp_path, folder)
    matched, free = run.findings
    women, men = by_hand(folder)
    differences = women - men
    found = {estimate.name: estimate for estimate in matched.estimates}
    raw, dz, d = (found[name] for name in ("cosine_difference", "effect_size_dz", "effect_size_d"))
    assert matched.headline is raw
    theirs = stats.ttest_rel(women, men)
    assert raw.value == pytest.approx(differences.mean(), abs=1e-7)
    assert (raw.low, raw.high) == pytest.approx(tuple(theirs.confidence_interval(0.95)), abs=1e-6)
    sums = np.array(list(product((-1, 1), repeat=9))) @ differences
    assert raw.p == pytest.approx(np.mean(sums >= differences.sum() - 1e-12), abs=1e-12)
    assert (raw.p_method, raw.smallest_p) == ("exact", 2.0**-9)
    assert dz.value == pytest.approx((1 - 3 / 31) * differences.mean() / differences.std(ddof=1), abs=1e-5)
    assert d.value == pytest.approx(differences.mean() / np.concatenate([women, men]).std(ddof=1), abs=1e-5)
    assert (raw.groups, raw.clusters, raw.n, raw.block) == ((9,), 9, 36, "role")
    assert matched.verdict == "fail"
    assert "paired within role, 9 pairs" in matched.how
    # The same stimuli, not matched: the roles drown the difference.
    assert free.headline.value == pytest.approx(-raw.value, abs=1e-7)
    assert free.headline.high - free.headline.low > 3 * (raw.high - raw.low)
    assert free.verdict == "inconclusive"
    assert all("max-T over a family of 2" in finding.headline.method for finding in run.findings)
    # Another definition of women, each with the men of the same role.
    (variant,) = (v for v in matched.sensitivity if v.kind == "variant")
    assert (variant.name, variant.estimate.groups, variant.estimate.block) == ("Women: dark", (9,), "role")
    assert {v.estimate.block for v in matched.sensitivity} == {"role"}


def test_the_run_says_pairs_everywhere(tmp_path):
    measure(tmp_path, write_roles(tmp_path / "model"))
    written = json.loads((tmp_path / "run" / "findings.json").read_text())["findings"][0]["estimates"][0]
    assert (written["block"], written["groups"], written["clusters"]) == ("role", [9], 9)
    rows = pd.read_parquet(tmp_path / "run" / "tables" / "rows.parquet")
    assert set(rows.loc[rows["probe"] == "women-family", "block"]) == set(ROLES)
    assert set(rows.loc[rows["probe"] == "women-career", "block"]) == {""}
    estimates = pd.read_parquet(tmp_path / "run" / "tables" / "estimates.parquet")
    assert set(estimates.loc[estimates["probe"] == "women-family", "block"]) == {"role"}


def test_roles_without_a_counterpart_are_left_out_and_counted(tmp_path):
    folder = write_roles(tmp_path / "model", alone={("role-2", "man"), ("role-5", "woman")})
    matched = measure(tmp_path, folder).findings[0]
    assert matched.headline.groups == (7,)
    assert matched.headline.n == 28
    left_out = {(e.what, e.count, e.reason, e.names) for e in matched.excluded}
    assert left_out == {
        ("Women", 2, "there is none of the same role among Men", ("woman-role-2-light", "woman-role-2-dark")),
        ("Men", 2, "there is none of the same role among Women", ("man-role-5-light", "man-role-5-dark")),
    }


@pytest.mark.parametrize(
    ("roles", "cluster", "reason"),
    [
        (ROLES[:1], "item", "1 role has both Women and Men, and at least 2 are needed"),
        (ROLES, "tone", "pairs within role are not independent, since some clusters lie in several: light, dark"),
    ],
)
def test_what_cannot_be_paired_is_an_error_and_says_why(tmp_path, roles, cluster, reason):
    matched = measure(tmp_path, write_roles(tmp_path / "model", roles=roles), cluster=cluster).findings[0]
    assert matched.verdict == "error"
    assert matched.estimates[0].reason == reason
    assert reason in matched.statement


def test_a_table_without_the_column_is_not_applicable(tmp_path):
    suite = SUITE.replace("block: role", "block: scene")
    matched = measure(tmp_path, write_roles(tmp_path / "model"), suite).findings[0]
    assert matched.verdict == "not-applicable"
    assert "no column 'scene' to match by" in matched.reason


WORDS = """\
suite: words
title: Words for women and men
version: 1
concepts:
  hers: {label: hers, terms: [she, woman, girl], variants: {kin: [mother, sister]}}
  his: {label: his, terms: [he, man, boy], variants: {kin: [father, brother]}}
  family: {label: family, terms: [home, wedding]}
  career: {label: career, terms: [office, salary]}
probes:
  - id: words
    ask: Are words for women tied to family more?
    measure: association
    targets: {x: hers, y: his}
    attributes: {a: family, b: career}
    block: position
"""


def test_terms_are_paired_by_their_place(tmp_path, cli):
    """The rows of the table stand in another order than the lists do."""
    words = ["boy", "he", "man", "girl", "woman", "she", "father", "brother", "mother", "sister"]
    words += ["home", "wedding", "office", "salary"]
    vectors = np.random.default_rng(3).standard_normal((len(words), 8))
    folder = tmp_path / "model"
    folder.mkdir()
    np.save(folder / "embeddings.npy", vectors.astype(np.float32))
    pd.DataFrame({"id": words, "modality": "text", "term": words}).to_csv(folder / "stimuli.csv", index=False)
    (finding,) = measure(tmp_path, folder, WORDS).findings
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    s = {w: (v @ unit[10:12].T).mean() - (v @ unit[12:].T).mean() for w, v in zip(words, unit, strict=True)}
    pairs = np.array([s["she"] - s["he"], s["woman"] - s["man"], s["girl"] - s["boy"]])
    assert finding.headline.value == pytest.approx(pairs.mean(), abs=1e-6)
    expected = stats.ttest_1samp(pairs, 0).confidence_interval(0.95)
    assert (finding.headline.low, finding.headline.high) == pytest.approx(tuple(expected), abs=1e-5)
    assert "paired by their position in the lists, 3 pairs" in finding.how
    rows = pd.read_parquet(tmp_path / "run" / "tables" / "rows.parquet")
    assert set(rows["block"]) == {"he / she", "man / woman", "boy / girl"}
    # Namesakes among the variants keep step, and are measured once.
    (variant,) = (v for v in finding.sensitivity if v.kind == "variant")
    kin = np.array([s["mother"] - s["father"], s["sister"] - s["brother"]])
    assert variant.name == "hers and his: kin"
    assert variant.estimate.value == pytest.approx(kin.mean(), abs=1e-6)
    code, out, _ = cli("explain", f"{tmp_path / 'roles.yaml'}/words")
    assert code == 0
    assert "block     position: x and y are paired by their position in the lists" in out
    assert "pairs     3" in out
    assert "0.25 (8 ways to sign 3 pairs)" in out
    assert "standard deviations between paired differences" in out
