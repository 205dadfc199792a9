"""Units that are changed, as a measure asks for them: by id, in directions, kept on disk."""

from __future__ import annotations

import numpy as np
import pytest

from audit.encoders import Encoded, Intervention, LayerRef
from audit.engine import Cache, LiveEncodings, PrecomputedEncodings, UnitChange
from audit.engine.changed import interventions, parted
from audit.errors import ModelError
from audit.records import LayerInfo, Modality, ModelInfo
from audit.stimuli import Stimulus, render
from audit.stimuli.rendered import picture_key

LAST, EARLY = LayerRef("last", "mean"), LayerRef("early", "cls")


class Linear:
    """A tower whose embedding is (dark, 1) and moves by what is set: (last, i) adds its value times i + 1 to the
    second number, (early, i) to the first."""

    batch_size = 2
    fingerprint = "e" * 64

    def __init__(self) -> None:
        self.changed = self.backward = 0
        self.info = ModelInfo(
            spec="test",
            name="test",
            kind="test",
            modalities=frozenset(Modality),
            dimension=2,
            weights_digest="0" * 64,
            layers=(LayerInfo("early", "cls", 2, True), LayerInfo("last", "mean", 3, True)),
        )

    @staticmethod
    def dark(images):
        return np.array([(np.asarray(image) < 128).mean() for image in images], dtype=np.float32)

    def encode_text(self, texts):
        raise NotImplementedError

    def encode_images(self, images, layers=()):
        dark = self.dark(images)
        return Encoded(
            np.stack([dark, np.ones_like(dark)], axis=1),
            {layer: np.stack([dark] * (2 if layer == EARLY else 3), axis=1) for layer in layers},
        )

    def encode_intervened(self, images, together):
        self.changed += len(images)
        found = []
        for changes in together:
            vectors = self.encode_images(images).embeddings.copy()
            for change in changes:
                for channel, value in zip(change.channels, change.values, strict=True):
                    vectors[:, 0 if change.layer == EARLY else 1] += value * (channel + 1)
            found.append(vectors)
        return np.stack(found)

    def attribute(self, images, directions, references):
        self.backward += len(images)
        dark = self.dark(images)[:, None]
        return {layer: (value - dark) * directions[:, :1].astype(np.float32) for layer, value in references.items()}

    def output_norms(self, layer):
        return np.arange(3.0) + (10 if layer == "last" else 0)


def word(content: str) -> Stimulus:
    key = picture_key(render(content, "Noto Sans"))
    return Stimulus(key, Modality.IMAGE, "rendered", content, content, content, "Noto Sans", content)


WORDS = [word(each) for each in ("Iraq", "Iran", "Peru")]
DIRECTIONS = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 2.0]])


def _unit(vector):
    return vector / np.linalg.norm(vector)


def test_changes_are_seen_in_the_directions_asked_for(tmp_path):
    encoder = Linear()
    encodings = LiveEncodings(encoder, Cache(tmp_path, "e" * 64))
    assert encodings.changeable is encodings
    changes = [
        UnitChange((), ()),
        UnitChange(("last/2/mean", "early/0/cls", "last/0/mean"), (0.5, -0.25, 2.0), added=True),
    ]
    found = encodings.changed([*WORDS, WORDS[0]], changes, DIRECTIONS)
    assert found.shape == (2, 4, 3)
    dark = Linear.dark([render(each.content, "Noto Sans") for each in WORDS]).astype(np.float64)
    for i in range(3):
        plain, moved = np.array([dark[i], 1.0]), np.array([dark[i] - 0.25, 1 + 0.5 * 3 + 2.0])
        np.testing.assert_allclose(found[0, i], DIRECTIONS @ _unit(plain), atol=1e-6)
        np.testing.assert_allclose(found[1, i], DIRECTIONS @ _unit(moved), atol=1e-6)
    np.testing.assert_array_equal(found[:, 3], found[:, 0])


def test_the_same_question_is_computed_once_and_another_one_anew(tmp_path):
    encoder = Linear()
    encodings = LiveEncodings(encoder, Cache(tmp_path, "e" * 64))
    change = [UnitChange(("last/0/mean",), (1.0,))]
    first = encodings.changed(WORDS, change, DIRECTIONS)
    assert encoder.changed == 3
    again = LiveEncodings(encoder, Cache(tmp_path, "e" * 64))
    np.testing.assert_array_equal(again.changed(WORDS, change, DIRECTIONS), first)
    assert (encoder.changed, again.encoded, again.cached) == (3, 0, 3)
    again.changed(WORDS, [UnitChange(("last/0/mean",), (1.5,))], DIRECTIONS)
    again.changed(WORDS, [UnitChange(("last/0/mean",), (1.0,), added=True)], DIRECTIONS)
    again.changed(WORDS, change, DIRECTIONS[:1])
    assert encoder.changed == 12


def test_attributions_stand_in_the_order_of_the_references(tmp_path):
    encoder = Linear()
    encodings = LiveEncodings(encoder, Cache(tmp_path, "e" * 64))
    references = {"early/0/cls": 0.1, "early/1/cls": 0.2, "last/0/mean": 0.3, "last/1/mean": 0.4, "last/2/mean": 0.5}
    towards = np.array([[1.0, 0.0], [2.0, 0.0], [-1.0, 0.0]])
    found = encodings.attributed(WORDS, towards, references)
    dark = Linear.dark([render(each.content, "Noto Sans") for each in WORDS]).astype(np.float64)
    expected = (np.array(list(references.values())) - dark[:, None]) * towards[:, :1]
    np.testing.assert_allclose(found, expected, atol=1e-6)
    LiveEncodings(encoder, Cache(tmp_path, "e" * 64)).attributed(WORDS, towards, references)
    assert encoder.backward == 3


def test_output_norms_are_those_of_the_units(tmp_path):
    encodings = LiveEncodings(Linear(), Cache(tmp_path, "e" * 64))
    np.testing.assert_array_equal(encodings.output_norms(["last/2/mean", "early/1/cls", "last/0/mean"]), [12, 1, 10])


def test_an_embedding_that_is_lost_under_a_change_is_nan(tmp_path):
    encoder = Linear()
    encoder.encode_intervened = lambda images, together: np.zeros((len(together), len(images), 2), dtype=np.float32)
    encodings = LiveEncodings(encoder, Cache(tmp_path, "e" * 64))
    assert np.isnan(encodings.changed(WORDS, [UnitChange((), ())], DIRECTIONS)).all()


def test_layers_are_told_from_channels_and_poolings():
    assert parted("visual.layer4.2/1895/max") == (LayerRef("visual.layer4.2", "max"), 1895)
    change = UnitChange(("a/1/cls", "a/2/mean", "a/7/cls"), (1.0, 2.0, 3.0), added=True)
    assert interventions(change) == (
        Intervention(LayerRef("a", "cls"), (1, 7), (1.0, 3.0), added=True),
        Intervention(LayerRef("a", "mean"), (2,), (2.0,), added=True),
    )
    with pytest.raises(ModelError, match="'RN101:1895' is not the id of a unit"):
        parted("RN101:1895")


def test_numbers_computed_elsewhere_cannot_be_changed():
    assert PrecomputedEncodings.changeable.fget(None) is None
