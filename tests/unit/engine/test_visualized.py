"""Pictures of units are made once and kept; the encoder here counts what it is asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from audit.encoders import Encoded, FacetProbe, LayerRef, Recipe
from audit.engine import Cache, FacetStimuli, LiveEncodings
from audit.records import LayerInfo, Modality, ModelInfo, Undefined
from audit.stimuli import Stimulus, render
from audit.stimuli.rendered import picture_key

UNITS = ("last/3/mean", "last/5/mean")
RECIPE = Recipe(steps=2)


class Painter:
    """Its picture is even: red is the channel, green the seed, blue how many pictures a facet has."""

    batch_size = 8
    fingerprint = "f" * 64

    def __init__(self) -> None:
        self.steps = 0
        self.lost: set[int] = set()
        self.info = ModelInfo(
            spec="test",
            name="test",
            kind="test",
            modalities=frozenset(Modality),
            dimension=2,
            weights_digest="0" * 64,
            layers=(LayerInfo("last", "mean", 9, True),),
        )

    def encode_text(self, texts):
        raise NotImplementedError

    def encode_images(self, images, layers=()):
        red = np.array([[np.asarray(image)[0, 0, 0]] * 9 for image in images], dtype=np.float32)
        return Encoded(red[:, :2], {layer: red + np.arange(9) / 10 for layer in layers})

    def visualize(self, layer, channel, recipe, seed, facet, progress):
        assert layer == LayerRef("last", "mean")
        for _ in range(recipe.steps):
            self.steps += 1
            progress()
        if seed in self.lost:
            return None
        return Image.new("RGB", (6, 4), (channel, seed, 0 if facet is None else int(facet.weights[0])))

    def facet_probe(self, layer, channel, members, others):
        return FacetProbe(np.array([10 * len(members) + len(others)], dtype=np.float32), 0.75)

    def seconds_per_step(self, layer, channel, recipe, facet):
        return 30.0


def word(content: str) -> Stimulus:
    key = picture_key(render(content, "Noto Sans"))
    return Stimulus(key, Modality.IMAGE, "rendered", content, content, content, "Noto Sans", content)


@pytest.fixture
def opened(tmp_path):
    """opened() -> a painter, what it said, and its pictures; every call opens the same cache anew."""

    def make():
        painter, said = Painter(), []
        encodings = LiveEncodings(painter, Cache(tmp_path, "f" * 64), lambda *each: said.append(each))
        return painter, said, encodings.visualizations

    return make


def test_a_picture_is_made_for_every_unit_and_seed_and_kept(opened):
    painter, _, pictures = opened()
    found = pictures.of(UNITS, RECIPE, (0, 7))
    assert [tuple(each.pixels[0, 0]) for unit in UNITS for each in found[unit]] == [
        (3, 0, 0),
        (3, 7, 0),
        (5, 0, 0),
        (5, 7, 0),
    ]
    assert found[UNITS[0]][0].pixels.shape == (4, 6, 3)
    # What the model gives for the picture, and not what was climbed.
    assert [each.activation for each in found["last/5/mean"]] == [pytest.approx(5.5), pytest.approx(5.5)]
    assert painter.steps == 8
    again, told, kept = opened()
    second = kept.of(UNITS, RECIPE, (0, 7))
    assert (again.steps, told) == (0, [])
    for unit in UNITS:
        for one, other in zip(found[unit], second[unit], strict=True):
            np.testing.assert_array_equal(one.pixels, other.pixels)
            assert one.activation == other.activation


def test_what_takes_how_long_is_said_before_it_begins(opened):
    _, said, pictures = opened()
    pictures.of(UNITS, RECIPE, (0, 7))
    first = "feature visualization: 2 units, 4 pictures x 2 steps, about 4 min on cpu; steps"
    assert said[0] == (first, 8, 8)
    assert said[1:] == [("steps of feature visualization", done, 8) for done in range(1, 9)]


@pytest.mark.parametrize("other", [replace(RECIPE, steps=3), replace(RECIPE, rate=0.1)])
def test_another_recipe_is_another_picture(opened, other):
    opened()[2].of(UNITS[:1], RECIPE, (0,))
    painter, _, pictures = opened()
    pictures.of(UNITS[:1], other, (0,))
    assert painter.steps == other.steps


def test_a_facet_is_part_of_what_a_picture_is_known_by(opened):
    _, _, pictures = opened()
    (plain,) = pictures.of(UNITS[:1], RECIPE, (0,))[UNITS[0]]
    facet = FacetStimuli((word("Iraq"), word("Iran")), (word("Peru"),))
    (faceted,) = pictures.of(UNITS[:1], RECIPE, (0,), facet)[UNITS[0]]
    assert (plain.facet_accuracy, faceted.facet_accuracy) == (None, 0.75)
    assert (plain.pixels[0, 0, 2], faceted.pixels[0, 0, 2]) == (0, 21)
    larger = FacetStimuli((word("Iraq"), word("Iran")), (word("Peru"), word("Chile")))
    assert pictures.of(UNITS[:1], RECIPE, (0,), larger)[UNITS[0]][0].pixels[0, 0, 2] == 22


def test_what_is_no_number_is_undefined_and_the_others_are_kept(opened):
    painter, _, pictures = opened()
    painter.lost = {1}
    lost, kept = pictures.of(UNITS[:1], RECIPE, (1, 2))[UNITS[0]]
    assert isinstance(lost, Undefined)
    assert "no finite number" in lost.reason
    assert kept.pixels[0, 0, 1] == 2


def test_what_was_made_before_an_interruption_is_kept(tmp_path):
    painter = Painter()

    def stop(_what, done, total):
        if total == 4 and done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        LiveEncodings(painter, Cache(tmp_path, "f" * 64), stop).visualizations.of(UNITS[:1], RECIPE, (0, 1))
    resumed = Painter()
    LiveEncodings(resumed, Cache(tmp_path, "f" * 64)).visualizations.of(UNITS[:1], RECIPE, (0, 1))
    assert resumed.steps == 2
