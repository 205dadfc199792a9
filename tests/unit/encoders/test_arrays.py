"""Arrays computed elsewhere: read as given, checked to the last row, refused with file, row and column."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from audit.encoders import Precomputed, load
from audit.errors import ModelError
from audit.records import LayerInfo, Modality

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STIMULI = 'id,modality,code,note\n1,text,NA,\n002,text,007,true\nc,image,1e3,"Korea, South"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three stimuli, embeddings, activations of two layers, top words, and a card."""
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "stimuli.csv").write_text(STIMULI, encoding="utf-8")
    np.save(folder / "embeddings.npy", np.array([[3.0, 4.0], [1.0, 0.0], [-2.0, 5.0]]))
    np.save(folder / "activations.npy", np.array([[0.0, 1.0, -1.0], [0.0, 0.0, 2.0], [0.0, 2.0, 3.0]], dtype="f4"))
    (folder / "units.csv").write_text("unit,layer\nu1,early\nu2,early\nu3,late\n")
    (folder / "top_words.csv").write_text("unit,rank,word\nu3,2,war\nu3,1,NA\n")
    (folder / "model.yaml").write_text("name: RN50x4\nsource: Goh et al. 2021\nlicence: CC BY 4.0\nnote: 'no'\n")
    return folder


def _load(folder: Path) -> Precomputed:
    found = load(f"arrays:{folder}")
    assert isinstance(found, Precomputed)
    return found


def test_everything_is_kept_as_given(folder: Path) -> None:
    arrays = _load(folder)
    assert list(arrays.stimuli.columns) == ["id", "modality", "code", "note"]
    assert arrays.stimuli.to_numpy().tolist() == [
        ["1", "text", "NA", ""],
        ["002", "text", "007", "true"],
        ["c", "image", "1e3", "Korea, South"],
    ]
    assert arrays.embeddings is not None
    assert arrays.embeddings.dtype == np.float64
    assert np.array_equal(arrays.embeddings, [[3, 4], [1, 0], [-2, 5]])
    assert arrays.activations is not None
    assert arrays.activations.dtype == np.float32
    assert arrays.units is not None
    assert arrays.units.to_numpy().tolist() == [["u1", "early"], ["u2", "early"], ["u3", "late"]]
    assert arrays.top_words is not None
    assert arrays.top_words.to_dict("list") == {"unit": ["u3", "u3"], "rank": [2, 1], "word": ["war", "NA"]}
    info = arrays.info
    assert (info.name, info.source, info.licence, info.note) == ("RN50x4", "Goh et al. 2021", "CC BY 4.0", "no")
    assert (info.kind, info.dimension, info.dtype) == ("arrays", 2, "float64")
    assert info.modalities == {Modality.TEXT, Modality.IMAGE}
    # A negative number cannot come out of a ReLU, so that layer was read before its own.
    assert info.layers == (LayerInfo("early", "none", 2, False), LayerInfo("late", "none", 1, True))


def test_embeddings_alone_and_activations_alone(folder: Path) -> None:
    (folder / "activations.npy").rename(folder / "kept")
    for name in ("units.csv", "top_words.csv", "model.yaml"):
        (folder / name).unlink()
    arrays = _load(folder)
    assert arrays.activations is arrays.units is arrays.top_words is None
    assert arrays.info.layers == ()
    assert arrays.info.name == "published"
    (folder / "embeddings.npy").unlink()
    (folder / "kept").rename(folder / "activations.npy")
    (folder / "units.csv").write_text("unit\n1895\n395\n86\n")
    arrays = _load(folder)
    assert arrays.embeddings is None
    assert arrays.info.dimension is None
    assert arrays.units is not None
    assert arrays.units.to_numpy().tolist() == [["1895", "published"], ["395", "published"], ["86", "published"]]


def test_parquet_reads_like_csv(folder: Path) -> None:
    from_csv = _load(folder)
    (folder / "stimuli.csv").unlink()
    table = {"id": [1, 2, 3], "modality": ["text", "text", "image"], "code": ["NA", None, "x"]}
    pd.DataFrame(table).to_parquet(folder / "stimuli.parquet")
    pd.DataFrame({"unit": [7, 8, 9]}).to_parquet(folder / "units.parquet")
    (folder / "units.csv").unlink()
    (folder / "top_words.csv").unlink()
    arrays = _load(folder)
    assert arrays.stimuli.to_numpy().tolist() == [["1", "text", "NA"], ["2", "text", ""], ["3", "image", "x"]]
    assert arrays.units is not None
    assert list(arrays.units["unit"]) == ["7", "8", "9"]
    assert arrays.info.weights_digest != from_csv.info.weights_digest


def test_the_digest_is_over_the_bytes_of_all_files(folder: Path) -> None:
    before = _load(folder).info.weights_digest
    names = ["activations.npy", "embeddings.npy", "model.yaml", "stimuli.csv", "top_words.csv", "units.csv"]
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    assert before == hashlib.sha256("".join(lines).encode()).hexdigest()
    (folder / "SOURCE.md").write_text("not part of the model")
    assert _load(folder).info.weights_digest == before
    with (folder / "stimuli.csv").open("a") as stream:
        stream.write("\n")
    assert _load(folder).info.weights_digest != before


def test_paths_are_relative_to_the_suite(folder: Path) -> None:
    found = load("arrays:./published", base=folder.parent)
    assert found.info.spec == "arrays:./published"


def test_a_byte_order_mark_is_no_part_of_a_name(folder: Path) -> None:
    (folder / "stimuli.csv").write_text(STIMULI, encoding="utf-8-sig")
    assert list(_load(folder).stimuli["id"]) == ["1", "002", "c"]


def _write(name: str, text: str) -> Callable[[Path], Any]:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


def _save(name: str, array: Any) -> Callable[[Path], Any]:
    return lambda folder: np.save(folder / name, array, allow_pickle=True)


def _remove(*names: str) -> Callable[[Path], Any]:
    return lambda folder: [(folder / name).unlink() for name in names]


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_remove("stimuli.csv"), "there is no stimuli.csv or stimuli.parquet"),
        (_write("stimuli.parquet", ""), "both stimuli.csv and stimuli.parquet are there"),
        (_remove("embeddings.npy", "activations.npy"), "there is neither embeddings.npy nor activations.npy"),
        (_write("stimuli.csv", ""), "stimuli.csv: is empty"),
        (_write("stimuli.csv", "id,modality\n"), "stimuli.csv: has no rows"),
        (_write("stimuli.csv", "name,modality\na,text\n"), "stimuli.csv: has no column 'id'"),
        (_write("stimuli.csv", "id,modality,id\na,text,b\n"), "stimuli.csv: column 'id' is there twice"),
        (_write("stimuli.csv", "id,,modality\na,x,text\n"), "stimuli.csv: column 2 has no name"),
        (_write("stimuli.csv", "id,modality\na,text\nb,text,c\n"), "stimuli.csv, line 3: has 3 cells where the header"),
        (_write("stimuli.csv", 'id,modality\na,"text\n'), "stimuli.csv: cannot be read as CSV in UTF-8"),
        (lambda folder: (folder / "stimuli.csv").write_bytes(b"id,modality\n\xe9,text\n"), "cannot be read as CSV"),
        (_write("stimuli.csv", "id,modality\na,text\n,text\nc,text\n"), "stimuli.csv, line 3, column id: is empty"),
        (
            _write("stimuli.csv", "id,modality\na,text\nb,text\na,text\n"),
            "stimuli.csv, line 4, column id: 'a' stands already in line 2",
        ),
        (
            _write("stimuli.csv", "id,modality\na,text\nb,photo\nc,text\n"),
            "stimuli.csv, line 3, column modality: 'photo' is none of text, image",
        ),
        (_write("stimuli.csv", "id,modality\na,text\nb,text\n"), "embeddings.npy: has 3 rows where stimuli has 2"),
        (_write("embeddings.npy", "hello"), "embeddings.npy: cannot be read as a NumPy array"),
        (_save("embeddings.npy", np.array([[{}]] * 3)), "embeddings.npy: cannot be read as a NumPy array"),
        (_save("embeddings.npy", np.ones((3, 2), dtype=int)), "embeddings.npy: holds int64; floating-point"),
        (_save("embeddings.npy", np.ones(3)), r"embeddings.npy: has shape \(3,\); two dimensions are expected"),
        (_save("embeddings.npy", np.ones((3, 0))), r"embeddings.npy: has shape \(3, 0\)"),
        (
            _save("embeddings.npy", np.array([[1, NAN], [1, 2], [INF, 0]])),
            r"embeddings.npy: 2 rows are not finite \(NaN or infinite\): 1 \(row 1\), c \(row 3\)$",
        ),
        (_save("embeddings.npy", np.array([[1.0], [0], [1]])), r"embeddings.npy: 1 row is zero .*: 002 \(row 2\)$"),
        (_save("activations.npy", np.array([[1.0, NAN, 1]] * 3)), "activations.npy: 3 rows are not finite"),
        (_remove("units.csv"), "activations.npy needs units.csv"),
        (_remove("activations.npy"), "units.csv: names units, but there is no activations.npy"),
        (_write("units.csv", "layer,unit\na,b\n"), "units.csv: the first column is 'layer'; it must be 'unit'"),
        (_write("units.csv", "unit\na\nb\n"), "units.csv: names 2 units where activations.npy has 3 columns"),
        (_write("units.csv", "unit\na\nb\na\n"), "units.csv, line 4, column unit: 'a' stands already in line 2"),
        (_write("top_words.csv", "unit,word\nu1,x\n"), "top_words.csv: has no column 'rank'"),
        (_write("top_words.csv", "unit,rank,word\nu9,1,x\n"), "top_words.csv, line 2, column unit: 'u9' is not a unit"),
        (_write("top_words.csv", "unit,rank,word\nu1,0,x\n"), "top_words.csv, line 2, column rank: '0' is not a rank"),
        (_write("model.yaml", "name: [a\n"), r"model.yaml:1:7: this \[ is never closed"),
        (_write("model.yaml", "name: a\nname: b\n"), "model.yaml:2:1: `name` stands twice"),
        (_write("model.yaml", "license: MIT\n"), "model.yaml:1:1: unknown key `license`"),
        (_write("model.yaml", "note: no\nname: 12\n"), r"model.yaml:1:7: `note`(.|\n)*model.yaml:2:7: `name`"),
        (_write("model.yaml", ""), "model.yaml: the file is empty"),
    ],
)
def test_what_cannot_be_used_is_refused(folder: Path, damage: Callable[[Path], Any], message: str) -> None:
    damage(folder)
    with pytest.raises(ModelError) as caught:
        load(f"arrays:{folder}")
    assert re.search(message, caught.value.message), caught.value.message
    assert caught.value.exit_code == 2


def test_many_bad_rows_are_counted(tmp_path: Path) -> None:
    ids = "".join(f"s{number},text\n" for number in range(40))
    (tmp_path / "stimuli.csv").write_text(f"id,modality\n{ids}")
    np.save(tmp_path / "embeddings.npy", np.zeros((40, 3)))
    with pytest.raises(ModelError, match=r"40 rows are zero .* s4 \(row 5\) and 35 more"):
        load(f"arrays:{tmp_path}")


def test_an_unreadable_parquet_and_a_missing_folder(folder: Path) -> None:
    (folder / "stimuli.csv").unlink()
    (folder / "stimuli.parquet").write_text("hello")
    with pytest.raises(ModelError, match=r"stimuli\.parquet: cannot be read as Parquet"):
        load(f"arrays:{folder}")
    with pytest.raises(ModelError, match="there is no folder"):
        load(f"arrays:{folder / 'none'}")
