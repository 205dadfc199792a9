import numpy as np
import pytest

from audit.stimuli.rendered import SIDE, STYLES, picture_key, render
from audit.stimuli.stimulus import Unavailable

WORDS = ["Iraq", "Democratic Republic of the Congo", "São Tomé", "immigration", "Bosnia and Herzegovina"]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_dark_on_white_whole_and_centred(word, style):
    pixels = np.asarray(render(word, style).convert("L"))
    assert pixels.shape == (SIDE, SIDE)
    dark = np.argwhere(pixels < 128)
    top, left = dark.min(axis=0)
    bottom, right = dark.max(axis=0)
    assert min(top, left, SIDE - 1 - bottom, SIDE - 1 - right) > 3, "ink touches the border: the word is cut"
    assert abs((left + right) / 2 - SIDE / 2) < 6
    assert abs((top + bottom) / 2 - SIDE / 2) < 30
    assert (pixels > 250).mean() > 0.5


def test_the_same_word_gives_the_same_picture_and_another_one_does_not():
    keys = {(word, style): picture_key(render(word, style)) for word in WORDS for style in STYLES}
    assert keys == {(word, style): picture_key(render(word, style)) for word in WORDS for style in STYLES}
    assert len(set(keys.values())) == len(keys)


@pytest.mark.parametrize("word", ["日本", "Iraq ☠", "العراق"])
def test_a_character_without_a_glyph_is_refused(word):
    with pytest.raises(Unavailable, match="no glyph for"):
        render(word, "Noto Sans")


def test_what_cannot_be_legible_is_refused():
    with pytest.raises(Unavailable, match="too long"):
        render("supercalifragilisticexpialidocious" * 4, "Noto Sans")
    with pytest.raises(Unavailable, match="an empty word"):
        render("  ", "Noto Sans")
