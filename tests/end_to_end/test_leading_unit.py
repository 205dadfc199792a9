"""Of several units that are confirmed, the one whose number is the headline is the one that is named."""

from __future__ import annotations

import numpy as np

import audit

SUITE = """\
suite: several
title: Several units
concepts:
  flowers: {label: flowers, where: {set: flower}}
  insects: {label: insects, where: {set: insect}}
probes:
  - id: search
    ask: Is there a unit for flowers?
    measure: units
    concept: flowers
    against: [insects]
    margin: {auroc: 0.75}
"""
N, UNITS = 40, 12


def test_the_unit_of_the_headline_leads(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (tmp_path / "several.yaml").write_text(SUITE)
    rows = [f"{name}-{i},image,{name}" for name in ("flower", "insect") for i in range(N)]
    (folder / "stimuli.csv").write_text("id,modality,set\n" + "\n".join(rows) + "\n")
    (folder / "units.csv").write_text("unit,layer\n" + "\n".join(f"layer/{i},layer" for i in range(UNITS)) + "\n")
    for seed in range(6):
        values = np.random.default_rng(seed).standard_normal((2 * N, UNITS)).astype(np.float32)
        values[:N, :5] += 1.5  # five units that are alike, of which one half prefers another than the other half
        np.save(folder / "activations.npy", values)
        run = audit.run([str(tmp_path / "several.yaml")], model=f"arrays:{folder}", out=tmp_path / f"run{seed}")
        (finding,) = run.findings
        first, *others = finding.units
        assert others
        assert first.estimates[0].value == finding.headline.value
        assert f"Unit {first.unit} " in finding.statement
        areas = [unit.estimates[0].value for unit in finding.units]
        assert areas[0] == max(areas)
