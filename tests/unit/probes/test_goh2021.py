"""The arrays of the replication follow from the two published tables, and give the numbers that are known of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

from audit.encoders import load
from audit.suite import load_suite
from tests.unit.probes import goh2021_tables as tables

MODEL = tables.FOLDER / "model"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(MODEL / name, dtype=str, keep_default_na=False)


def auroc(values: np.ndarray, positive: np.ndarray) -> float:
    """Mann-Whitney U over the number of pairs, with mid-ranks."""
    n, ranks = int(positive.sum()), rankdata(values)
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(values) - n)))


def country_auroc(unit: str, terms: tuple[str, ...]) -> float:
    stimuli, units = read("stimuli.csv"), list(read("units.csv")["unit"])
    rows = (stimuli["kind"] == "country").to_numpy()
    values = np.load(MODEL / "activations.npy")[rows, units.index(unit)]
    return auroc(values, stimuli.loc[rows, "term"].isin(terms).to_numpy())


@pytest.mark.parametrize(
    ("name", "rebuilt"),
    [("stimuli.csv", tables.stimuli), ("units.csv", tables.units), ("top_words.csv", tables.top_words)],
)
def test_tables_are_the_published_ones(name, rebuilt):
    expected = rebuilt().astype(str)
    pd.testing.assert_frame_equal(read(name), expected, check_dtype=False)


def test_activations_are_the_published_ones():
    found = np.load(MODEL / "activations.npy")
    assert found.dtype == np.float32
    assert found.shape == (795, 66)
    np.testing.assert_array_equal(found, tables.activations())


def test_every_unit_lists_the_places_in_one_order():
    table = tables.published()
    orders = {tuple(zip(rows["kind"], rows["place"], strict=True)) for _, rows in table.groupby("unit")}
    assert len(orders) == 1


def test_every_place_is_kept_and_no_city_is_taken_for_a_country():
    stimuli, countries = read("stimuli.csv"), set(tables.lexicon_names().values())
    assert stimuli["id"].is_unique
    assert stimuli["kind"].value_counts().to_dict() == {"city": 620, "country": 175}
    cities = stimuli[stimuli["kind"] == "city"]
    assert cities["place"].nunique() == 615
    assert countries.isdisjoint(cities["term"])
    assert {"city/Guatemala", "country/Guatemala", "city/Mexico", "country/Mexico"} <= set(stimuli["id"])


def test_loads_as_a_model():
    model = load("arrays:./model", base=tables.FOLDER)
    assert model.info.name == "Published units of Goh et al. 2021"
    assert model.info.licence == "CC BY 4.0"
    assert "not published" in model.info.note
    assert len(model.top_words) == 66 * 20


@pytest.mark.parametrize(
    ("unit", "concept", "variant", "expected"),
    [
        ("RN101:1895", "middle-east", None, 0.941),
        ("RN101:1895", "middle-east", "m49-western-asia", 0.865),
        ("RN101:395", "latin-america", None, 0.844),
        ("RN101:395", "latin-america", "with-caribbean-and-guianas", 0.816),
        ("RN101:395", "latin-america", "m49-with-all-areas", 0.822),
    ],
)
def test_known_selectivities(unit, concept, variant, expected):
    suite = load_suite(tables.FOLDER / "suite.yaml")
    assert country_auroc(unit, suite.terms(concept, variant)) == pytest.approx(expected, abs=5e-4)


def test_groups_of_the_headlines_have_all_their_countries_in_the_table():
    suite = load_suite(tables.FOLDER / "suite.yaml")
    there = set(read("stimuli.csv").query("kind == 'country'")["term"])
    for concept, size in (("middle-east", 15), ("latin-america", 22)):
        assert len(suite.terms(concept)) == size
        assert there.issuperset(suite.terms(concept))


def test_one_unit_ranks_san_francisco_first_and_none_of_rn50x4():
    stimuli, units = read("stimuli.csv"), list(read("units.csv")["unit"])
    values = np.load(MODEL / "activations.npy")
    cities = values[(stimuli["kind"] == "city").to_numpy()]
    san_francisco = values[list(stimuli["id"]).index("city/San Francisco")]
    above = (cities >= san_francisco).sum(axis=0)  # itself included, so 1 is the first place alone
    assert [unit for unit, rank in zip(units, above, strict=True) if rank == 1] == ["RN101:86"]
    best = min((rank, unit) for unit, rank in zip(units, above, strict=True) if unit.startswith("RN50x4:"))
    assert best == (22, "RN50x4:862")  # ties counted against it


def test_source_and_licence_are_beside_the_tables():
    text = Path(tables.FOLDER / "SOURCE.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in text
    assert "10.23915/distill.00030" in text
