"""clip-audit explain --model: the layers whose units can be read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from audit.encoders import layers_of

UNITS = Path(__file__).parents[2] / "docs" / "units.md"
ROW = re.compile(r"^\| [^|]+ \| `([^`]+)` \| ([^|]+) \| (signed|as it is) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
TABLE = ROW.findall(UNITS.read_text())


def test_an_architecture_without_its_weights(cli):
    code, out, err = cli("explain", "--model", "RN50x4")
    assert code == 0, err
    (row,) = (line.split() for line in out.splitlines() if line.startswith("visual."))
    assert row == [
        "visual.layer4.5.act3", "2,560", "mean,", "max", "before", "the", "nonlinearity,", "with", "its", "sign",
    ]  # fmt: skip
    assert "5,120 units." in out
    assert "e.g. visual.layer4.5.act3/0/mean." in out


def test_for_scripts(cli):
    code, out, _ = cli("explain", "--model", "EVA02-B-16", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["model"] == "EVA02-B-16"
    assert found["layers"][0] == {
        "layer": "visual.trunk.blocks.8.mlp.fc2",
        "channels": 2048,
        "poolings": ["cls", "mean", "max"],
        "signed": False,
    }
    assert found["units"] == sum(each["channels"] * len(each["poolings"]) for each in found["layers"])


def test_the_model_that_ships_and_a_model_without_units(cli, tmp_path):
    _, out, _ = cli("explain", "--model", "pocket")
    assert "visual.layer4.1.act3" in out
    (tmp_path / "stimuli.csv").write_text("id,modality\na,image\n")
    import numpy as np

    np.save(tmp_path / "embeddings.npy", np.ones((1, 2), dtype=np.float32))
    code, out, err = cli("explain", "--model", f"arrays:{tmp_path}")
    assert code == 0, err
    assert "it has no units that can be read" in out


def test_an_architecture_that_there_is_not(cli):
    code, _, err = cli("explain", "--model", "ViT-L-41")
    assert code == 2
    assert "open_clip has no architecture 'ViT-L-41'" in err
    assert "did you mean ViT-L-16 or ViT-L-14" in err


@pytest.mark.parametrize("words", [(), ("regions", "--model", "pocket"), ("regions", "--json")])
def test_one_thing_at_a_time(cli, words):
    code, _, err = cli("explain", *words)
    assert code == 2
    assert "explain takes a suite or --model MODEL, one of the two" in err


@pytest.mark.parametrize(("name", "where", "read", "poolings", "in_last"), TABLE, ids=[row[0] for row in TABLE])
def test_the_table_of_the_docs(name, where, read, poolings, in_last):
    layers = layers_of(name)
    first, last = layers[0], layers[-1]
    assert first.signed is (read == "signed")
    assert (where == "residual sum of the last block") is first.name.endswith("act3")
    assert ", ".join(each.pooling for each in layers if each.name == first.name) == poolings
    assert ", ".join(each.pooling for each in layers if each.name == last.name) == in_last


def test_the_table_of_the_docs_has_every_family():
    assert len(TABLE) == 12
