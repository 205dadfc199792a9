"""The pictographs that ship are what their index says: complete, crossed, licensed, unchanged, small."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict

import numpy as np
import pytest
from PIL import Image

from audit.suite import ART_STYLES, KINDS, LABELS, bundled_root, pictographs

FOLDER = bundled_root() / "pictographs"
SIDE = 96
LARGEST = 16 * 2**20
FLAG_STYLES = {"noto", "twemoji", "flag-icons", "circle-flags"}
OTHER_STYLES = {"noto", "twemoji", "fluent"}
TONES = {"none", "light", "medium-light", "medium", "medium-dark", "dark"}
SINGLE = {"ninja", "with-skullcap", "with-headscarf"}
"""Roles that are drawn in one gender or without a say."""


@pytest.fixture(scope="module")
def rows():
    with (FOLDER / "index.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_file_is_there_and_unchanged_and_no_other(rows):
    files = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.glob("*/*.png")}
    assert {row["file"] for row in rows} == files.keys()
    assert len(files) == len(rows)
    for row in rows:
        assert hashlib.sha256(files[row["file"]].read_bytes()).hexdigest() == row["sha256"], row["file"]


def test_they_are_small_together():
    assert sum(path.stat().st_size for path in FOLDER.glob("*/*.png")) <= LARGEST


def test_every_picture_is_square_transparent_around_and_shows_something(rows):
    for row in rows:
        with Image.open(FOLDER / row["file"]) as image:
            pixels = np.asarray(image.convert("RGBA"))
        assert pixels.shape == (SIDE, SIDE, 4), row["file"]
        assert (pixels[..., 3] < 255).any(), row["file"]
        on_white = np.where(pixels[..., 3:] > 0, pixels[..., :3], 255)
        assert on_white.std() > 5, row["file"]


def test_no_picture_stands_for_two_things(rows):
    assert [
        digest for digest, count in Counter((row["style"], row["sha256"]) for row in rows).items() if count > 1
    ] == []


def test_every_pictograph_is_drawn_in_every_style_of_its_kind(rows):
    styles = defaultdict(set)
    for row in rows:
        assert row["style"] not in styles[row["kind"], row["name"]], row["file"]
        styles[row["kind"], row["name"]].add(row["style"])
    for (kind, name), drawn in styles.items():
        assert drawn == (FLAG_STYLES if kind == "flag" else OTHER_STYLES), name
    assert {style for drawn in styles.values() for style in drawn} == set(ART_STYLES)


def test_people_come_in_every_tone_and_gender():
    crossing = defaultdict(set)
    for each in pictographs():
        if each.kind == "person":
            crossing[each.subject].add((each.tone, each.gender))
    for role, cells in crossing.items():
        genders = {gender for _, gender in cells}
        assert cells == {(tone, gender) for tone in TONES for gender in genders}, role
        if role in SINGLE:
            assert genders == {""}, role
        else:
            assert genders >= {"woman", "man"}, role
    assert sum(len({gender for _, gender in cells}) == 3 for cells in crossing.values()) >= 60


def test_only_people_have_a_tone():
    assert not [each for each in pictographs() if each.kind != "person" and (each.tone or each.gender or each.hair)]


def test_every_picture_says_whose_it_is_and_under_which_licence(rows):
    licences = {
        "noto": {"Apache-2.0"},
        "twemoji": {"CC-BY-4.0"},
        "fluent": {"MIT"},
        "flag-icons": {"MIT"},
        "circle-flags": {"MIT"},
    }
    for row in rows:
        assert {row["licence"]} == licences[row["style"]], row["file"]
        assert row["attribution"], row["file"]
        package, _, path = row["source"].rpartition(":")
        assert path, row["file"]
        assert package.rpartition("@")[2].count(".") == 2, row["file"]


def test_the_text_of_every_licence_is_there():
    marks = {
        "noto": "Apache License",
        "twemoji": "Creative Commons Attribution 4.0 International Public License",
        "fluent": "MIT License",
        "flag-icons": "The MIT License",
        "circle-flags": "MIT License",
        "names": "UNICODE LICENSE V3",
    }
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (FOLDER / "LICENCES").glob("*.txt")}
    assert texts.keys() == marks.keys()
    for name, mark in marks.items():
        assert mark in texts[name]


def test_the_readme_counts_what_is_there(rows):
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    pictures = Counter(row["kind"] for row in rows)
    for kind in KINDS.values():
        there = [each for each in pictographs() if each.kind == kind]
        subjects = len({each.subject for each in there})
        assert f"| {kind} | {subjects} | {len(there):,} | {', '.join(there[0].drawings)} | {pictures[kind]:,} |" in text
    assert f"{len(rows):,} PNG files" in text


def test_there_is_enough_to_audit_with():
    subjects = {kind: {each.subject for each in pictographs() if each.kind == kind} for kind in KINDS.values()}
    assert len(subjects["flag"]) >= 190
    assert len(subjects["person"]) >= 40
    assert {"mosque", "church", "synagogue", "hindu-temple"} <= subjects["religion"]
    assert {"bomb", "dagger", "kitchen-knife", "crossed-swords", "water-pistol"} <= subjects["object"]
    assert {"rose", "tulip", "cockroach", "mosquito", "violin", "pencil", "umbrella"} <= subjects["object"]


def test_labels_are_the_columns_of_the_index(rows):
    assert set(LABELS) < rows[0].keys()
    assert len(pictographs()) == len({(row["kind"], row["name"]) for row in rows})
