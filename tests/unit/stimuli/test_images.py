"""Images that users bring: the table, the files it names, and what cannot be read."""

from __future__ import annotations

import pandas as pd
import pytest
from PIL import Image

from audit.errors import UsageError
from audit.records import Modality, ModelInfo
from audit.stimuli import Collector, Unavailable, picture, read_images
from audit.stimuli.images import image_key, photograph
from audit.suite import GroupedBy, load_suite

INFO = ModelInfo(
    spec="m", name="m", kind="test", modalities=frozenset({Modality.TEXT, Modality.IMAGE}), weights_digest="0" * 64
)
SUITE = """\
suite: faces
title: Faces
concepts:
  faces: {label: Faces, where: {set: val}}
  a: {terms: [good]}
  b: {terms: [bad]}
  others: {label: Others, where: {set: train}}
probes:
  - {id: p, ask: Why?, measure: association, targets: {x: faces, y: others}, attributes: {a: a, b: b}}
"""


@pytest.fixture
def suite(tmp_path):
    (tmp_path / "faces.yaml").write_text(SUITE)
    return load_suite(str(tmp_path / "faces.yaml"))


def write(folder, text="file,gender,set\n"):
    (folder / "faces").mkdir()
    for name, colour in (("1", "red"), ("2", "green"), ("3", "blue"), ("4", "white")):
        Image.new("RGB", (8, 6), colour).save(folder / "faces" / f"{name}.png")
        text += f"faces/{name}.png,{'woman' if name in '12' else 'man'},{'train' if name == '4' else 'val'}\n"
    (folder / "images.csv").write_text(text)
    return folder / "images.csv"


def test_images_are_the_form_image_of_a_model_that_is_run_here(tmp_path, suite):
    collector = Collector(suite, INFO, None, images=read_images(write(tmp_path)))
    assert collector.default_forms(suite.probes[0]) == (("image", "text"),)
    found = collector.collect("faces", "image", cluster="gender", labels=("gender",))
    assert [s.item for s in found.stimuli] == ["faces/1.png", "faces/2.png", "faces/3.png"]
    assert found.clusters == ("woman", "man")
    assert [s.labels["gender"] for s in found.stimuli] == ["woman", "woman", "man"]
    assert picture(found.stimuli[2]).getpixel((0, 0)) == (0, 0, 255)
    assert collector.collect("a", "text", templates=("{}",)).clusters == ("good",)


def test_without_images_it_is_said_how_to_give_them(suite):
    collector = Collector(suite, INFO, None)
    assert collector.default_forms(suite.probes[0]) == (("image", "text"),)
    with pytest.raises(Unavailable, match=r"no images were given \(--images TABLE"):
        collector.collect("faces", "image")


def test_what_cannot_be_read_is_left_out_and_counted(tmp_path, suite):
    manifest = write(tmp_path)
    (tmp_path / "faces" / "1.png").unlink()
    whole = (tmp_path / "faces" / "2.png").read_bytes()
    (tmp_path / "faces" / "2.png").write_bytes(whole[: len(whole) // 2])
    found = Collector(suite, INFO, None, images=read_images(manifest)).collect("faces", "image")
    assert [s.item for s in found.stimuli] == ["faces/3.png"]
    assert [(e.what, e.count, e.reason, e.names) for e in found.excluded] == [
        ("Faces", 1, "the file is missing", ("faces/1.png",)),
        ("Faces", 1, "the file is no image that can be decoded", ("faces/2.png",)),
    ]


def test_groups_of_a_divided_concept(tmp_path, suite):
    manifest = write(tmp_path)
    manifest.write_text(manifest.read_text().replace("faces/3.png,man", "faces/3.png,"))
    images = read_images(manifest)
    with pytest.raises(Unavailable, match="cannot be divided by gender: there is only woman"):
        Collector(suite, INFO, None, images=images).collect_groups(GroupedBy(of="faces", by=["gender"]), "image")
    manifest.write_text(manifest.read_text().replace("faces/2.png,woman", "faces/2.png,man"))
    collector = Collector(suite, INFO, None, images=read_images(manifest))
    women, men = collector.collect_groups(GroupedBy(of="faces", by=["gender"]), "image")
    assert (women.label, men.label) == ("woman", "man")
    assert [(e.count, e.reason, e.names) for e in women.excluded] == [
        (1, "their gender is not known", ("faces/3.png",))
    ]
    with pytest.raises(Unavailable, match="has no column 'race' to divide by"):
        collector.collect_groups(GroupedBy(of="faces", by=["race"]), "image")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,set\na,b\n", "has no column of paths"),
        ("path,file\na,b\n", "has the columns path and file"),
        ("path,set\na.png,x\na.png,y\n", "line 3, column path: 'a.png' stands already in line 2"),
        ("path,set\n", "has no rows"),
        ("path,set\na.png\n", "line 2: has 1 cells where the header names 2"),
    ],
)
def test_tables_that_do_not_fit_are_refused_with_their_line(tmp_path, text, message):
    (tmp_path / "images.csv").write_text(text)
    with pytest.raises(UsageError) as refused:
        read_images(tmp_path / "images.csv")
    assert message in str(refused.value)


def test_tabs_and_parquet_are_read_alike(tmp_path):
    frame = pd.DataFrame({"path": ["a.png"], "gender": ["woman"]})
    frame.to_parquet(tmp_path / "images.parquet")
    frame.to_csv(tmp_path / "images.tsv", sep="\t", index=False)
    for name in ("images.parquet", "images.tsv"):
        read = read_images(tmp_path / name).frame
        assert read.to_dict("records") == [
            {"id": "a.png", "modality": "image", "gender": "woman", "path": str(tmp_path / "a.png")}
        ]


def test_a_photograph_is_upright_and_on_white(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees to see it upright
    Image.new("RGB", (8, 4), "red").save(tmp_path / "a.jpg", exif=exif)
    assert photograph(str(tmp_path / "a.jpg")).size == (4, 8)
    Image.new("RGBA", (2, 2), (0, 0, 0, 0)).save(tmp_path / "b.png")
    assert photograph(str(tmp_path / "b.png")).getpixel((0, 0)) == (255, 255, 255)
    assert image_key(str(tmp_path / "a.jpg"))[0] != image_key(str(tmp_path / "b.png"))[0]
