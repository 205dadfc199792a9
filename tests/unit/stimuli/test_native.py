"""Words in their own script: joined, reordered and set from right to left; the same pixels everywhere."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from audit.records import Modality, ModelInfo
from audit.stimuli import Collector, picture
from audit.stimuli import native as drawing
from audit.stimuli.native import STYLES, native_stimuli, render_native
from audit.stimuli.rendered import SIDE, picture_key, render
from audit.stimuli.stimulus import Unavailable
from audit.suite import load_suite

FONTS = Path(drawing.__file__).parent / "fonts" / "native"
WORDS = [
    "العراق",
    "المملكة العربية السعودية",
    "ישראל",
    "भारत",
    "বাংলাদেশ",
    "ශ්‍රී ලංකාව",
    "ไทย",
    "កម្ពុជា",
    "ລາວ",
    "မြန်မာ",
    "中国",
    "대한민국",
]
WORDS += ["Россия", "Ελλάδα", "Հայաստան", "საქართველო", "ኢትዮጵያ", "தமிழ்நாடு", "ニッポン", "Azərbaycan", "Việt Nam"]


def ink(word, style="Noto Sans"):
    """(SIDE, SIDE) True where it is dark."""
    return np.asarray(render_native(word, style).convert("L")) < 128


def width(word):
    columns = np.flatnonzero(ink(word).any(axis=0))
    return columns[-1] - columns[0] + 1


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_dark_on_white_whole_and_centred(word, style):
    dark = np.argwhere(ink(word, style))
    (top, left), (bottom, right) = dark.min(axis=0), dark.max(axis=0)
    assert min(top, left, SIDE - 1 - bottom, SIDE - 1 - right) > 3, "ink touches the border: the word is cut"
    assert abs((left + right) / 2 - SIDE / 2) < 3
    assert abs((top + bottom) / 2 - SIDE / 2) < 3
    assert not ink(word, style).all(axis=0).any()


def test_arabic_letters_are_joined():
    # Seen, yeh and noon join into one stroke; by themselves they are three, not counting dots.
    letters = "سين"
    joined, _ = ndimage.label(ink(letters))
    bodies = [size for size in np.bincount(joined.ravel())[1:] if size > 100]
    assert len(bodies) == 1
    apart, _ = ndimage.label(ink(" ".join(letters)))
    assert len([size for size in np.bincount(apart.ravel())[1:] if size > 100]) == 3


def test_arabic_and_hebrew_run_from_right_to_left():
    # Alef is an upright and beh a dish: the tallest column is that of the letter that is written first.
    tall = ink("اب").sum(axis=0).argmax()
    assert tall > SIDE / 2
    assert ink("با").sum(axis=0).argmax() < SIDE / 2


def test_devanagari_makes_one_sign_of_a_conjunct_and_moves_a_vowel_before_its_consonant():
    assert width("क्ष") < width("कष")
    # The sign of short i is written after its consonant and stands before it, that of long i behind it.
    short, long = (ink(word) for word in ("कि", "की"))
    middle = SIDE // 2
    assert short[:, :middle].any(axis=1).sum() > 0
    assert not np.array_equal(short, long)
    uprights = [np.flatnonzero(each.sum(axis=0) == each.sum(axis=0).max())[0] for each in (short, long)]
    assert uprights[0] < uprights[1]


def test_latin_words_are_the_pictures_of_rendered_words():
    for style in STYLES:
        assert picture_key(render_native("España", style)) == picture_key(render("España", style))


# Pinned, so that a machine that draws other pixels is noticed. Made with Pillow 13.0.0 and uharfbuzz 0.57.0.
KEYS = {
    ("العراق", "Noto Sans"): "463443df01c303a6",
    ("भारत", "Noto Serif"): "1224677fbaf763fe",
    ("대한민국", "Noto Sans"): "2548aed4e3b60fea",
    ("Россия", "Noto Serif"): "5a9579190decb619",
}


@pytest.mark.parametrize(("word", "style"), KEYS)
def test_pixels_are_the_same_everywhere(word, style):
    assert picture_key(render_native(word, style))[:16] == KEYS[word, style]


@pytest.mark.parametrize("word", ["Iraq ☠", "العراق Iraq", "𓀀"])
def test_what_no_font_of_one_script_can_write_is_refused(word):
    with pytest.raises(Unavailable, match="no font of one script"):
        render_native(word, "Noto Sans")


def test_what_cannot_be_legible_is_refused():
    with pytest.raises(Unavailable, match="too long"):
        render_native("العراقالعراق" * 20, "Noto Sans")


def test_every_font_is_the_one_that_the_index_names():
    with (FONTS / "index.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert {row["file"] for row in rows} == {path.name for path in FONTS.iterdir()} - {"index.csv"}
    for row in rows:
        assert hashlib.sha256((FONTS / row["file"]).read_bytes()).hexdigest() == row["sha256"]
        assert row["licence"] == "OFL-1.1"
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 3e6


def test_terms_are_clusters_and_what_is_left_out_is_counted():
    found, excluded = native_stimuli(
        ("Iraq", "Bhutan", "Maldives", "Nowhere"), {"Iraq": "العراق", "Bhutan": "འབྲུག", "Nowhere": "☠"}
    )
    assert [(each.cluster, each.content, each.template) for each in found] == [
        ("Iraq", "العراق", "Noto Sans"),
        ("Iraq", "العراق", "Noto Serif"),
        ("Bhutan", "འབྲུག", "Noto Serif"),
    ]
    assert all(each.form == "native" and each.modality is Modality.IMAGE and each.label == each.item for each in found)
    assert [(each.count, each.names) for each in excluded] == [(1, ("Maldives",)), (1, ("Nowhere",))]
    assert excluded[0].reason == "no native spelling is given"
    assert picture_key(picture(found[0])) == found[0].key


SUITE = """\
suite: places
title: Places
concepts:
  near: {label: Near, terms: [Iraq, Iran], native: {Iraq: العراق}}
  silent: {label: Silent, terms: [table]}
probes:
  - {id: p, ask: Why?, measure: units, concept: near, against: [silent], forms: [native]}
"""


def test_the_form_shows_what_is_spelled_and_no_concept_without(tmp_path):
    (tmp_path / "places.yaml").write_text(SUITE, encoding="utf-8")
    info = ModelInfo(
        spec="m", name="m", kind="test", modalities=frozenset({Modality.IMAGE}), weights_digest="0" * 64, layers=()
    )
    collector = Collector(load_suite(str(tmp_path / "places.yaml")), info, None)
    near = collector.collect("near", "native")
    assert near.clusters == ("Iraq",)
    assert [(each.what, each.names) for each in near.excluded] == [("Near", ("Iran",))]
    with pytest.raises(Unavailable, match="Silent has no stimuli in the form 'native'"):
        collector.collect("silent", "native")
    assert collector.is_shown_in("native", "near")
    assert not collector.is_shown_in("native", "silent")
    assert collector.is_shown_in("rendered", "silent")
