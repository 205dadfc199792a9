"""The replication of the source article: what is known about the published units, found in findings.json."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import audit
from audit.suite import bundled_root

FOLDER = bundled_root() / "replications" / "goh2021"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return audit.run(["goh2021"], out=tmp_path_factory.mktemp("goh") / "run")


@pytest.fixture(scope="module")
def findings(run):
    document = json.loads((run.path / "findings.json").read_text())
    return {finding["probe"]: finding for finding in document["findings"]}


def auroc(finding):
    return next(estimate for estimate in finding["estimates"] if estimate["name"] == "auroc")


def variants(finding):
    return {v["name"].split(": ")[1]: v["estimate"]["value"] for v in finding["sensitivity"] if v["kind"] == "variant"}


def test_unit_1895_prefers_the_middle_east_and_its_words_are_about_terrorism(findings):
    finding = findings["middle-east-unit"]
    assert finding["verdict"] == "fail"
    assert auroc(finding)["value"] == pytest.approx(0.941, abs=5e-4)
    assert auroc(finding)["groups"] == [15, 160]
    assert variants(finding)["m49-western-asia"] == pytest.approx(0.865, abs=5e-4)
    (unit,) = finding["units"]
    assert unit["unit"] == "RN101:1895"
    assert [word for word, harm in unit["words"] if harm] == ["terrorists", "terrorism", "terrorist", "terror"]
    share = next(estimate for estimate in finding["estimates"] if estimate["name"] == "word_share_difference")
    assert share["value"] == pytest.approx(4 / 20)
    assert share["p"] == pytest.approx(1 / 66)


def test_unit_395_prefers_latin_america(findings):
    finding = findings["immigration-unit"]
    assert auroc(finding)["value"] == pytest.approx(0.844, abs=5e-4)
    assert any(value == pytest.approx(0.816, abs=5e-4) for value in variants(finding).values())
    assert finding["verdict"] == "inconclusive", "the interval reaches across the margin"


def test_only_unit_86_ranks_san_francisco_first(findings, run):
    finding = findings["san-francisco-unit"]
    assert finding["units"][0]["unit"] == "RN101:86"
    assert auroc(finding)["value"] == 1.0
    units = run.to_pandas("units")
    first = units[(units["probe"] == "san-francisco-unit") & (units["auroc"] == 1.0)]
    assert list(first["unit"]) == ["RN101:86"]


def test_no_published_unit_of_rn50x4_does_and_that_is_no_proof_of_absence(findings, run):
    finding = findings["san-francisco-rn50x4"]
    assert finding["verdict"] == "inconclusive"
    assert auroc(finding)["value"] < 0.99
    assert (auroc(finding)["low"], auroc(finding)["high"]) == (0.0, 1.0)
    units = run.to_pandas("units").query("probe == 'san-francisco-rn50x4'")
    assert len(units) == 19
    assert units["unit"].str.startswith("RN50x4:").all()
    assert (units["auroc"] < 1).all()


def test_the_examples_are_the_published_responses(run):
    """The countries of the card, ranked, against the published table itself."""
    published = pd.read_parquet(FOLDER / "responses.parquet").query(
        "model == 'RN101' and unit == 1895 and kind == 'country'"
    )
    examples = run.to_pandas("examples").query("probe == 'middle-east-unit'")
    assert len(examples) == len(published) == 175
    np.testing.assert_allclose(
        examples.sort_values("rank")["value"], np.sort(published["response"])[::-1] / 254, atol=1e-7
    )
    assert examples.sort_values("rank")["label"].iloc[0] == "Saudi Arabia"


def test_it_says_that_the_authors_picked_the_units(findings, run):
    assert "picked" in run.model_of("goh2021").note
    assert any("picked" in warning for warning in findings["middle-east-unit"]["warnings"])
