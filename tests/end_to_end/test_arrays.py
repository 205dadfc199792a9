"""The arrays interface against numbers that were worked out from the definition, by brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

import audit
from tests.conftest import SUITE, write_arrays


def by_hand(folder, n):
    """EAT d, the difference and the exact one-sided p as Caliskan et al. and Steed & Caliskan define them."""
    vectors = np.load(folder / "embeddings.npy").astype(float)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    x, y, a, b = (vectors[i * n : (i + 1) * n] for i in range(4))
    s = np.array([np.mean(w @ a.T) - np.mean(w @ b.T) for w in (*x, *y)])
    d = (s[:n].mean() - s[n:].mean()) / s.std(ddof=1)
    observed = s[:n].sum()
    sums = np.array([s[list(chosen)].sum() for chosen in combinations(range(2 * n), n)])
    return d, s[:n].mean() - s[n:].mean(), np.mean(sums >= observed - 1e-12)


@pytest.mark.parametrize("modality", ["image", "text"])
@pytest.mark.parametrize(("n", "shift", "seed"), [(4, 0.5, 1), (6, 0.3, 2), (8, 0.4, 3), (9, 0.0, 4)])
def test_effect_size_and_exact_p(tmp_path, n, shift, seed, modality):
    folder = write_arrays(tmp_path / "model", n=n, shift=shift, seed=seed, modality=modality)
    (tmp_path / "own.yaml").write_text(SUITE.replace("MARGIN", "0.05"))
    run = audit.run([str(tmp_path / "own.yaml")], model=f"arrays:{folder}", out=tmp_path / "run")
    (finding,) = run.findings
    assert finding.form == (modality, modality)
    found = {estimate.name: estimate for estimate in finding.estimates}
    d, difference, p = by_hand(folder, n)
    assert found["effect_size_d"].value == pytest.approx(d, abs=1e-9)
    assert found["cosine_difference"].value == pytest.approx(difference, abs=1e-9)
    assert found["effect_size_d"].p == pytest.approx(p, abs=1e-12)
    assert found["effect_size_d"].p_method == "exact"


def test_a_label_column_can_be_the_cluster(tmp_path):
    """Two pictures a person: the person is what is exchanged, and the smallest p is that of the persons."""
    folder = write_arrays(tmp_path / "model", n=8, seed=5)
    lines = (folder / "stimuli.csv").read_text().splitlines()
    rows = [f"{line},{line.split(',')[0].rsplit('-', 1)[0]}-{i // 2}" for i, line in enumerate(lines[1:])]
    (folder / "stimuli.csv").write_text("\n".join([f"{lines[0]},person", *rows]) + "\n")
    (tmp_path / "own.yaml").write_text(SUITE.replace("MARGIN", "0.05").replace("cluster: item", "cluster: person"))
    (finding,) = audit.run([str(tmp_path / "own.yaml")], model=f"arrays:{folder}", out=tmp_path / "run").findings
    assert finding.headline.groups == (4, 4)
    assert finding.headline.n == 16
    assert finding.headline.smallest_p == pytest.approx(1 / 70)


def test_without_a_margin_it_measures_and_decides_nothing(tmp_path):
    folder = write_arrays(tmp_path / "model", n=6, shift=3.0)
    (tmp_path / "own.yaml").write_text(SUITE.replace("    margin: {cosine: MARGIN}\n", ""))
    run = audit.run([str(tmp_path / "own.yaml")], model=f"arrays:{folder}", out=tmp_path / "run")
    assert run.findings[0].verdict == "inconclusive"
    assert "no margin was declared" in run.findings[0].reason
    assert run.findings[0].headline.value > 0
