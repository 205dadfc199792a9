"""What is encoded, how often, and what is kept; the encoder here counts its calls."""

from __future__ import annotations

import numpy as np
import pytest

from audit.encoders import Encoded, LayerRef
from audit.engine import Cache, LiveEncodings
from audit.errors import ModelError
from audit.records import LayerInfo, Modality, ModelInfo
from audit.stimuli import Stimulus, render
from audit.stimuli.rendered import picture_key, text_key

LAYER = LayerRef("last", "mean")


class Counting:
    """An encoder whose vectors are a function of the stimulus, and which counts what it is given."""

    batch_size = 3
    fingerprint = "f" * 64

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.images = 0
        self.info = ModelInfo(
            spec="test",
            name="test",
            kind="test",
            modalities=frozenset(Modality),
            dimension=2,
            weights_digest="0" * 64,
            layers=(LayerInfo("last", "mean", 3, True),),
        )

    def encode_text(self, texts):
        self.texts += texts
        return np.array([[len(text), text.count("a")] for text in texts], dtype=np.float32)

    def encode_images(self, images, layers=()):
        self.images += len(images)
        dark = np.array([(np.asarray(image) < 128).mean() for image in images], dtype=np.float32)
        embeddings = np.stack([dark, 1 - dark], axis=1)
        return Encoded(embeddings, {layer: np.stack([dark, 2 * dark, -dark], axis=1) for layer in layers})


def text(content: str) -> Stimulus:
    return Stimulus(text_key(content), Modality.TEXT, "text", content, content, content, "", content)


def word(content: str, style: str = "Noto Sans") -> Stimulus:
    key = picture_key(render(content, style))
    return Stimulus(key, Modality.IMAGE, "rendered", content, content, content, style, content)


def test_embeddings_have_unit_length_and_keep_their_order(tmp_path):
    encodings = LiveEncodings(Counting(), Cache(tmp_path, "f" * 64))
    found = encodings.embeddings([text("abc"), text("aa"), text("abc")])
    expected = np.array([[3, 1], [2, 2], [3, 1]]) / np.array([[np.sqrt(10)], [np.sqrt(8)], [np.sqrt(10)]])
    np.testing.assert_allclose(found, expected)


def test_each_stimulus_is_encoded_once_and_never_again(tmp_path):
    encoder = Counting()
    encodings = LiveEncodings(encoder, Cache(tmp_path, "f" * 64))
    stimuli = [text(t) for t in ("a", "b", "c", "d", "a")]
    encodings.embeddings(stimuli)
    encodings.embeddings(stimuli[::-1])
    assert sorted(encoder.texts) == ["a", "b", "c", "d"]
    assert (encodings.encoded, encodings.cached) == (4, 0)
    again = LiveEncodings(Counting(), Cache(tmp_path, "f" * 64))
    np.testing.assert_array_equal(again.embeddings(stimuli), encodings.embeddings(stimuli))
    assert (again.encoded, again.cached) == (0, 4)


def test_what_was_encoded_before_an_interruption_is_kept(tmp_path):
    encoder = Counting()

    def stop(_what, done, _total):
        if done >= 3:
            raise KeyboardInterrupt

    stimuli = [text(str(i)) for i in range(8)]
    with pytest.raises(KeyboardInterrupt):
        LiveEncodings(encoder, Cache(tmp_path, "f" * 64), stop).embeddings(stimuli)
    resumed = LiveEncodings(Counting(), Cache(tmp_path, "f" * 64))
    resumed.embeddings(stimuli)
    assert (resumed.encoded, resumed.cached) == (5, 3)


def test_units_come_from_the_same_pass_as_embeddings(tmp_path):
    encoder = Counting()
    encodings = LiveEncodings(encoder, Cache(tmp_path, "f" * 64))
    stimuli = [word("Iraq"), word("Iran"), word("Peru")]
    encodings.prepare(stimuli, ())
    found = encodings.units(stimuli)
    encodings.embeddings(stimuli)
    assert encoder.images == 3
    assert found.units == ("last/0/mean", "last/1/mean", "last/2/mean")
    np.testing.assert_allclose(found.values[:, 1], 2 * found.values[:, 0])


def test_an_unknown_layer_is_refused_with_the_known_ones(tmp_path):
    encodings = LiveEncodings(Counting(), Cache(tmp_path, "f" * 64))
    with pytest.raises(ModelError, match="no layer 'lost'") as caught:
        encodings.units([word("Iraq")], ["lost"])
    assert "last" in caught.value.hint


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
def test_an_embedding_without_a_direction_is_nan_and_not_a_number(tmp_path, bad):
    encoder = Counting()
    encoder.encode_text = lambda texts: np.full((len(texts), 2), bad, dtype=np.float32)
    encodings = LiveEncodings(encoder, Cache(tmp_path, "f" * 64))
    assert np.isnan(encodings.embeddings([text("a")])).all()
