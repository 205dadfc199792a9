"""Units that give one number for everything are said and counted."""

from __future__ import annotations

import numpy as np
import pytest

import audit

SUITE = """\
suite: odd
title: Odd units
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
  - id: others
    ask: Is there one among the first five?
    measure: units
    concept: flowers
    against: [insects]
    among: "layer/[0-4]"
    margin: {auroc: 0.75}
"""
N, UNITS = 20, 12


@pytest.fixture
def findings(tmp_path):
    """findings(change) -> by probe, of activations (2 N, UNITS) that were changed in place."""

    def run(change):
        folder = tmp_path / "model"
        folder.mkdir()
        values = np.random.default_rng(3).standard_normal((2 * N, UNITS)).astype(np.float32)
        change(values)
        np.save(folder / "activations.npy", values)
        rows = [f"{name}-{i},image,{name}" for name in ("flower", "insect") for i in range(N)]
        (folder / "stimuli.csv").write_text("id,modality,set\n" + "\n".join(rows) + "\n")
        names = "\n".join(f"layer/{i},layer" for i in range(UNITS))
        (folder / "units.csv").write_text(f"unit,layer\n{names}\n")
        (tmp_path / "odd.yaml").write_text(SUITE)
        made = audit.run([str(tmp_path / "odd.yaml")], model=f"arrays:{folder}", out=tmp_path / "run")
        return {finding.probe: finding for finding in made.findings}

    return run


def test_units_that_give_one_number_are_counted(findings):
    found = findings(lambda values: values.__setitem__((slice(None), [2, 5]), 0.25))
    assert "2 of 12 units give one number for all stimuli: layer/2, layer/5" in found["search"].warnings
    assert "1 of 5 units give one number for all stimuli: layer/2" in found["others"].warnings
    assert found["search"].headline is not None
