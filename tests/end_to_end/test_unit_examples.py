"""Dataset examples over the whole range of units, from a suite to the tables, and labels of them out and in."""

from __future__ import annotations

import csv
import json

import numpy as np
import pandas as pd
import pytest

import audit
from audit.encoders import load
from audit.engine import Cache, LiveEncodings
from audit.stimuli import word_stimulus
from audit.suite import word_list

SUITE = """\
suite: north-units
title: Units for the North
version: 1
concepts:
  north: {label: the North, terms: [Norway, Sweden, Finland, Denmark, Iceland, Estonia]}
  south: {label: the South, terms: [Brazil, Kenya, Peru, Chile, Ghana, Angola]}
  sea: {label: the sea, terms: [wave, reef, tide, Peru]}
  frost: {label: frost, terms: [snow, ice, hail]}
  sun: {label: sun, terms: [beach, sand, palm]}
probes:
  - id: north-unit
    ask: Does a unit prefer the North?
    measure: units
    describes: true
    concept: north
    against: [south]
    forms: [rendered]
    pool: [sea]
    words: english
    also: {harm: frost, neutral: sun}
  - id: no-north-unit
    ask: Is there no unit for the North?
    measure: absence
    concept: north
    against: [south]
    forms: [rendered]
    bound: {auroc: 0.99}
"""
WORDS = ("snow", "moon", "stone", "ice", "river", "\u9999", "field")


@pytest.fixture(scope="module")
def made(small_clip, tmp_path_factory):
    """A run with a short list of words, and its folder."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "suite.yaml").write_text(SUITE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("audit.assess.examples.word_list", lambda _name: WORDS)
        run = audit.run([str(folder / "suite.yaml")], model=small_clip, out=folder / "run", cache=folder / "cache")
        again = audit.run([str(folder / "suite.yaml")], model=small_clip, out=folder / "again", cache=folder / "cache")
    return run, again, folder


@pytest.fixture(scope="module")
def run(made):
    return made[0]


@pytest.fixture(scope="module")
def activations(made, small_clip):
    """Activations of the unit of the first finding for any words, read past the run."""
    encoder = load(small_clip)
    encodings = LiveEncodings(encoder, Cache(made[2] / "other", encoder.fingerprint))
    unit = made[0].findings[0].units[0].unit

    def read(words):
        stimuli = [word_stimulus(word, style) for word, style in words]
        found = encodings.units(stimuli)
        return found.values[:, found.units.index(unit)].astype(float)

    return read


def rows_of(run, table, probe="north-unit"):
    return run.to_pandas(table).query("probe == @probe").reset_index(drop=True)


def test_bins_count_every_single_stimulus_of_the_probe_and_of_the_pool(run, activations):
    items, bins = rows_of(run, "items"), rows_of(run, "bins")
    styles = sorted(items["template"].unique())
    assert styles == ["Noto Sans", "Noto Sans Bold", "Noto Sans Mono", "Noto Serif"]
    terms = {
        "concept": ["Norway", "Sweden", "Finland", "Denmark", "Iceland", "Estonia"],
        "against": ["Brazil", "Kenya", "Peru", "Chile", "Ghana", "Angola"],
        "pool": ["wave", "reef", "tide"],
    }
    everything = [(term, style, group) for group, some in terms.items() for term in some for style in styles]
    values = activations([(term, style) for term, style, _ in everything])
    z = values / values.std()
    edges = np.append(bins["z_low"], bins["z_high"].iloc[-1])
    np.testing.assert_array_equal(bins["n"], np.histogram(z, edges)[0])
    member = np.array([group == "concept" for *_, group in everything])
    np.testing.assert_array_equal(bins["concept_n"], np.histogram(z[member], edges)[0])
    assert bins["n"].sum() == 60
    np.testing.assert_allclose(bins["recall"], bins["concept_n"] / 24)
    assert bins["recall_from_top"].iloc[0] == pytest.approx(1)
    # Every item's place among all of them, whether it was drawn or not.
    by_item = {(item, style): value for (item, style, _), value in zip(everything, z, strict=True)}
    for row in items.itertuples():
        own = by_item[row.item, row.template]
        assert row.z == pytest.approx(own, abs=1e-5)
        assert row.rank == 1 + (z > own + 1e-9).sum()
        assert row.percentile == pytest.approx(
            100 * ((z < own - 1e-9).mean() + (np.abs(z - own) < 1e-9).mean() / 2), abs=1e-6
        )
        ends = bins.set_index("bin").loc[row.bin]
        assert ends["z_low"] - 1e-9 <= row.z <= ends["z_high"] + 1e-9


def test_a_stimulus_of_the_probe_is_not_pooled_again(run):
    items = rows_of(run, "items")
    assert set(items.query("item == 'Peru'")["group"]) == {"against"}
    assert set(items.query("group == 'pool'")["item"]) <= {"wave", "reef", "tide"}
    pooled = rows_of(run, "stimuli").query("role == 'pool'")
    drawn = items.query("group == 'pool' and sampled")
    assert set(pooled["item"]) == set(drawn["item"])
    assert set(pooled["concept"]) == {"sea"}


def test_a_sample_of_each_bin_is_drawn_and_its_first_pictures_are_there(run):
    for probe in ("north-unit", "no-north-unit"):
        items, bins = rows_of(run, "items", probe), rows_of(run, "bins", probe).set_index("bin")
        for number, some in items[items["sampled"]].groupby("bin"):
            assert len(some) == min(20, bins.loc[number, "n"])
            assert sorted(some["draw"]) == list(range(1, len(some) + 1))
        pictured = items["picture"].notna()
        assert (pictured == (items["draw"] <= 6)).all()
        assert all((run.path / path).is_file() for path in items.loc[pictured, "picture"])


def test_words_are_ranked_by_what_their_picture_gives_the_unit(run, activations):
    (unit,) = run.findings[0].units
    drawable = [word for word in WORDS if word != "\u9999"]
    values = activations([(word, "Noto Sans") for word in drawable])
    assert [word for word, _ in unit.words] == [drawable[i] for i in np.argsort(-values)]
    assert {word for word, harm in unit.words if harm} == {"snow", "ice"}
    assert "6 English words, each drawn once in Noto Sans" in run.findings[0].how
    assert "1 cannot be drawn" in run.findings[0].how
    assert run.findings[1].units[0].words == ()


def test_the_second_run_encodes_nothing_and_says_the_same(made):
    run, again, _ = made
    assert again.stored.manifest.counts["encoded"] == 0
    for table in ("items", "bins"):
        pd.testing.assert_frame_equal(run.to_pandas(table), again.to_pandas(table))
    assert run.findings == again.findings


def test_examples_of_clusters_are_as_they_were(run):
    examples = rows_of(run, "examples")
    assert len(examples) == 12
    assert sorted(examples["rank"]) == list(range(1, 13))


def test_pool_and_words_are_no_part_of_the_question(made, small_clip):
    folder = made[2]
    text = SUITE.replace("    pool: [sea]\n    words: english\n", "")
    (folder / "plain.yaml").write_text(text)
    plain = audit.run([str(folder / "plain.yaml")], model=small_clip, out=folder / "plain", cache=folder / "cache")
    assert [f.fingerprint for f in plain.findings] == [f.fingerprint for f in made[0].findings]
    assert plain.findings[0].estimates == made[0].findings[0].estimates
    assert rows_of(plain, "bins")["n"].sum() == 48


def test_a_concept_of_a_pool_that_is_not_there_is_refused(refused):
    refused(SUITE.replace("[sea]", "[see]"), 18, "see")


def test_other_words_are_refused(refused):
    refused(SUITE.replace("words: english", "words: klingon"), 19, "english")


def test_words_that_ship_are_many_and_each_once():
    words = word_list("english")
    assert len(set(words)) == len(words) > 5_000
    assert all(word == word.strip() and " " not in word for word in words)


def test_the_report_shows_range_samples_and_words(run, cli):
    code, _, err = cli("report", run.path, "--format", "html")
    assert code == 0, err
    page = (run.path / "report.html").read_text()
    assert page.count("Over the whole range of its activation") == 2
    bins = rows_of(run, "bins")
    top = bins[bins["n"] > 0].iloc[-1]
    assert f"In the highest bin with stimuli {100 * top['share']:.0f} % of {top['n']} stimul" in page
    assert "Stimuli drawn at random from each bin" in page
    assert "<mark>snow</mark>" in page


@pytest.fixture
def sheet(run, cli, tmp_path):
    """An exported sheet with pictures, and its rows."""
    path = tmp_path / "ada.csv"
    code, _, err = cli("label", "export", run.path, "--out", path, "--pictures", tmp_path / "pictures")
    assert (code, err) == (0, "")
    with path.open(newline="") as stream:
        return path, list(csv.DictReader(stream))


def fill(path, rows, label):
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["id", "stimulus", "label"])
        writer.writeheader()
        writer.writerows({**row, "label": label(row)} for row in rows)
    return path


def test_a_sheet_tells_nothing_but_the_stimulus(sheet, run, cli, tmp_path):
    path, rows = sheet
    items = run.to_pandas("items")
    sampled = items[items["sampled"]].drop_duplicates(["form", "stimulus", "template"])
    assert len(rows) == len(sampled)
    assert list(rows[0]) == ["id", "stimulus", "label"]
    assert {row["label"] for row in rows} == {""}
    assert all((path.parent / row["stimulus"]).is_file() for row in rows)
    text = path.read_text()
    assert not any(told in text for told in ("north", "concept", "against", "pool", "visual", "Noto", "Norway"))
    order = [row["id"] for row in rows]
    other = tmp_path / "bo.csv"
    assert cli("label", "export", run.path, "--out", other, "--seed", 5)[0] == 0
    with other.open(newline="") as stream:
        named = list(csv.DictReader(stream))
    assert not {row["id"] for row in named} & set(order)
    assert sorted(row["stimulus"] for row in named) == sorted(sampled["label"])
    key = json.loads((run.path / "labelling" / "key.json").read_text())["ids"]
    assert [key[row["id"]]["stimulus"] for row in named] != sorted(row["stimulus"] for row in named)
    code, _, err = cli("label", "export", run.path, "--out", other)
    assert code == 2
    assert "is there already" in err


def test_labels_come_back_by_bin_with_kappa(sheet, run, cli, tmp_path):
    path, rows = sheet
    key = json.loads((run.path / "labelling" / "key.json").read_text())["ids"]
    north = {"Norway", "Sweden", "Finland", "Denmark", "Iceland", "Estonia"}
    fill(path, rows, lambda row: "north" if key[row["id"]]["stimulus"] in north else "elsewhere")
    second = fill(
        tmp_path / "bo.csv", rows, lambda row: "north" if key[row["id"]]["stimulus"] == "Norway" else "elsewhere"
    )
    code, out, err = cli("label", "read", run.path, path, second)
    assert (code, err) == (0, "")
    assert f"ada: {len(rows)} of " in out
    labels = json.loads((run.path / "labelling" / "labels.json").read_text())["labelling"]
    items, bins = rows_of(run, "items"), rows_of(run, "bins").set_index("bin")
    sampled = items[items["sampled"]]
    for share in labels["shares"]:
        if (share["probe"], share["rater"], share["label"]) == ("north-unit", "ada", "north"):
            own = sampled[sampled["bin"] == share["bin"]]
            assert share["n"] == len(own)
            assert share["count"] == (own["group"] == "concept").sum()
    # All of a bin was drawn where it holds 20 or fewer; the recall of the label is then that of the concept.
    if (bins["n"] <= 20).all():
        told = {
            s["bin"]: s["recall"]
            for s in labels["shares"]
            if (s["probe"], s["rater"], s["label"]) == ("north-unit", "ada", "north")
        }
        for number, recall in told.items():
            assert recall == pytest.approx(bins.loc[number, "recall"])
    n = len(rows)
    a = sum(key[row["id"]]["stimulus"] in north for row in rows) / n
    b = sum(key[row["id"]]["stimulus"] == "Norway" for row in rows) / n
    observed, chance = 1 - (a - b), a * b + (1 - a) * (1 - b)
    assert labels["agreements"] == [
        {
            "first": "ada",
            "second": "bo",
            "n": n,
            "kappa": pytest.approx((observed - chance) / (1 - chance)),
            "reason": "",
        }
    ]
    assert f"{n} stimuli labelled by both: {(observed - chance) / (1 - chance):.2f}" in out
    assert cli("report", run.path, "--format", "html")[0] == 0
    page = (run.path / "report.html").read_text()
    assert "What ada called them, without knowing the bin" in page
    assert "Cohen’s kappa of ada and bo" in page


def test_mistakes_in_a_sheet_are_all_told_with_their_line(sheet, run, cli):
    path, rows = sheet
    wrong = rows[0]["id"][:-1] + ("0" if rows[0]["id"][-1] != "0" else "1")
    broken = [{**rows[0], "id": wrong}, rows[1], rows[2], rows[1]]
    fill(path, broken, lambda row: "north")
    code, _, err = cli("label", "read", run.path, path)
    assert code == 4
    assert f"{path}:2: unknown id {wrong!r}" in err
    assert f"did you mean {rows[0]['id']!r}?" in err
    assert f"{path}:5: id {rows[1]['id']!r} stands already in line 3" in err
    assert "2 problems" in err


def test_empty_labels_are_counted_and_near_ones_asked_about(sheet, run, cli):
    path, rows = sheet
    names = iter(["North Sea", "north  sea", "North See", ""])
    fill(path, rows, lambda row: next(names, "North Sea"))
    code, out, err = cli("label", "read", run.path, path)
    assert code == 0
    assert "1 left empty" in out
    count = len(rows) - 3
    assert f"{path}:3: label 'north  sea'; did you mean 'North Sea', which {count} rows have?" in err
    assert f"{path}:4: label 'North See'; did you mean 'North Sea'" in err


def test_two_raters_of_one_name_are_refused(sheet, run, cli, tmp_path):
    path, _ = sheet
    (tmp_path / "two").mkdir()
    twin = tmp_path / "two" / "ada.csv"
    twin.write_text(path.read_text())
    code, _, err = cli("label", "read", run.path, path, twin)
    assert code == 2
    assert "two sheets are called 'ada'" in err


def test_a_sheet_that_is_not_there(sheet, run, cli, tmp_path):
    code, _, err = cli("label", "read", run.path, tmp_path / "bo.csv")
    assert code == 2
    assert f"{tmp_path / 'bo.csv'}: there is no such file" in err


def test_a_run_without_units_has_nothing_to_label(arrays, suite, cli, tmp_path):
    audit.run([str(suite())], model=f"arrays:{arrays()}", out=tmp_path / "run")
    code, _, err = cli("label", "export", tmp_path / "run", "--out", tmp_path / "sheet.csv")
    assert code == 2
    assert "no dataset examples to label" in err
    code, _, err = cli("label", "read", tmp_path / "run", tmp_path / "sheet.csv")
    assert code == 2
    assert "no labelling sheet was made" in err


def test_labels_of_other_examples_are_refused(made, cli, tmp_path):
    _, again, _ = made
    assert cli("label", "export", again.path, "--out", tmp_path / "sheet.csv")[0] == 0
    key = again.path / "labelling" / "key.json"
    document = json.loads(key.read_text())
    key.write_text(json.dumps({**document, "items": "0" * 64}))
    code, _, err = cli("label", "export", again.path, "--out", tmp_path / "other.csv")
    assert code == 6
    assert "measured anew since" in err
