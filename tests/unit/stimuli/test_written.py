"""Words written across pictures: the strip, the word, and what cannot be written."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from audit.records import Modality
from audit.stimuli import Stimulus, Unavailable, Writing, has_picture, picture, written_on
from audit.stimuli.written import PLACES, draw_writing
from audit.suite import pictographs

GREY = Image.new("RGB", (224, 224), (90, 90, 90))


def rows_of(drawn):
    changed = (np.asarray(drawn) != np.asarray(GREY)).any(axis=2)
    return np.flatnonzero(changed.any(axis=1)), changed


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("area", [0.06, 0.15, 0.5])
def test_the_strip_covers_what_is_declared(place, area):
    rows, changed = rows_of(draw_writing(GREY, Writing("", place, area)))
    assert abs(changed.mean() - area) <= 0.5 / 224
    centre = {"top": area / 2, "centre": 0.5, "bottom": 1 - area / 2}[place]
    assert abs((rows.mean() + 0.5) / 224 - centre) <= 1 / 224


def test_a_word_stays_inside_the_strip():
    blank, word = (draw_writing(GREY, Writing(text, "centre", 0.1)) for text in ("", "violin"))
    assert (rows_of(blank)[0] == rows_of(word)[0]).all()
    ink = (np.asarray(word) != np.asarray(blank)).any(axis=2)
    assert 0.02 < ink.sum() / rows_of(blank)[1].sum() < 0.5
    assert np.array_equal(np.asarray(GREY), np.full((224, 224, 3), 90))


@pytest.mark.parametrize(("word", "reason"), [("日本", "no glyph"), ("a" * 200, "does not fit legibly")])
def test_what_cannot_be_written_is_said(word, reason):
    with pytest.raises(Unavailable, match=reason):
        draw_writing(GREY, Writing(word, "top", 0.1))


def test_a_written_picture_is_a_stimulus_of_its_own():
    horse = next(each for each in pictographs() if each.name == "horse")
    file = horse.drawings["noto"].file
    base = Stimulus("k", Modality.IMAGE, "pictograph", file, "horse", "horse", "noto", "horse")
    made = [written_on(base, Writing(word, place, 0.2)) for word in ("cat", "dog") for place in ("top", "bottom")]
    assert len({each.key for each in made}) == 4
    assert made[0] == written_on(base, Writing("cat", "top", 0.2))
    assert has_picture(made[0])
    assert picture(made[0]).size == (224, 224)
    assert (made[0].cluster, made[0].item, made[0].template) == ("horse", "horse", "noto")
