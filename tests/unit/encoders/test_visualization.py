"""Pictures of units climb the very number that is captured, from the same beginning wherever they are made."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import map_coordinates

from audit.encoders import LayerRef, Recipe
from audit.errors import ModelError

TOWERS = {
    "audit-resnet": ("visual.layer4.1.act3", "mean", 50),
    "audit-vit": ("visual.transformer.resblocks.2.mlp.c_proj", "max", 7),
    "audit-convnext": ("visual.trunk.stages.2.blocks.5.mlp.fc2", "mean", 7),
}


def _done() -> None:
    """No progress is wanted."""


@pytest.fixture
def natural() -> list[Image.Image]:
    """Sixty random pictures, noise and noise made smooth."""
    draw = np.random.default_rng(3)
    made = []
    for index in range(60):
        side = (64, 6)[index % 2]
        pixels = draw.integers(0, 256, (side, side, 3), dtype=np.uint8)
        made.append(Image.fromarray(pixels).resize((64, 64), Image.Resampling.BICUBIC))
    return made


def test_a_spectrum_becomes_a_picture_as_in_numpy() -> None:
    import torch

    from audit.encoders.fourier import first_spectrum, to_picture

    height, width = 12, 10
    spectrum = first_spectrum(torch.Generator().manual_seed(1), height, width) * 50
    assert spectrum.shape == (3, 12, 6, 2)
    numbers = spectrum.double().numpy()
    plain = np.zeros((3, height, width))
    for channel in range(3):
        waves = numbers[channel, ..., 0] + 1j * numbers[channel, ..., 1]
        for row in range(height):
            for column in range(width // 2 + 1):
                frequency = math.hypot(min(row, height - row) / height, column / width)
                waves[row, column] *= math.sqrt(height * width) / max(frequency, 1 / height)
        plain[channel] = np.fft.irfft2(waves, s=(height, width)) / 4
    colours = np.array([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]])
    colours /= max(np.sqrt((colours**2).sum(axis=0)))
    expected = 1 / (1 + np.exp(-np.tensordot(colours, plain, 1)))
    assert expected.std() > 0.1
    np.testing.assert_allclose(to_picture(spectrum, height, width).numpy(), expected, atol=1e-4)


def test_brightness_is_drawn_before_hue_and_saturation() -> None:
    """Of decorrelated colours the first is brightness: alone it makes a picture that is nearly grey."""
    import torch

    from audit.encoders.fourier import first_spectrum, to_picture

    spectrum = first_spectrum(torch.Generator().manual_seed(1), 16, 16) * 50
    bright, coloured = spectrum.clone(), spectrum.clone()
    bright[1:] = 0
    coloured[0] = 0
    by_colour = [to_picture(each, 16, 16).std(dim=0).mean().item() for each in (bright, coloured)]
    assert by_colour[0] < 0.1 * by_colour[1]


def test_a_moved_picture_is_one_sampled_at_turned_places() -> None:
    import torch

    from audit.encoders.fourier import moved

    height, width = 40, 56
    picture = np.random.default_rng(2).random((3, height, width))
    for seed in range(4):
        found = moved(torch.from_numpy(picture), torch.Generator().manual_seed(seed)).numpy()
        first_x, first_y, second_x, second_y, scale, turn = torch.rand(
            6, generator=torch.Generator().manual_seed(seed)
        ).tolist()
        before, after = 8 * 56 / 224, 4 * 56 / 224
        angle = np.radians(10 * (2 * turn - 1))
        y, x = np.mgrid[:height, :width]
        x = x - (width - 1) / 2 + after * (2 * second_x - 1)
        y = y - (height - 1) / 2 + after * (2 * second_y - 1)
        larger = 0.9 + 0.2 * scale
        there_x = (x * np.cos(angle) - y * np.sin(angle)) / larger + before * (2 * first_x - 1) + (width - 1) / 2
        there_y = (x * np.sin(angle) + y * np.cos(angle)) / larger + before * (2 * first_y - 1) + (height - 1) / 2
        expected = [
            map_coordinates(c - 0.5, [there_y, there_x], order=1, cval=0, mode="grid-constant") + 0.5 for c in picture
        ]
        np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("name", ["audit-resnet", "audit-vit", "audit-vit-mean", "audit-convnext", "audit-eva"])
def test_what_is_climbed_is_the_activation_that_is_captured(
    tiny: Any, encoder_of: Any, pictures: list[Any], name: str
) -> None:
    import torch

    from audit.encoders.visualization import Unit

    saved, encoder = tiny(name), encoder_of(name)
    pictures = pictures[:3]
    pixels = torch.stack([saved.preprocess(picture) for picture in pictures])
    refs = [LayerRef(layer.name, layer.pooling) for layer in encoder.info.layers]
    captured = encoder.encode_images(pictures, refs).activations
    for ref in (refs[0], refs[len(refs) // 2], refs[-1]):
        channel = captured[ref].shape[1] - 1
        with torch.enable_grad():
            pixels.requires_grad_()
            found, _ = Unit.of(saved.model, ref, channel).read(pixels)
            (slope,) = torch.autograd.grad(found.sum(), pixels)
        np.testing.assert_allclose(found.detach().numpy(), captured[ref][:, channel], rtol=1e-5, atol=1e-6)
        assert slope.abs().sum() > 0
    # No hook is left behind.
    assert not any(module._forward_pre_hooks for module in saved.model.modules())


@pytest.mark.parametrize("name", list(TOWERS))
def test_a_picture_excites_its_unit_more_than_all_random_ones(
    encoder_of: Any, natural: list[Image.Image], name: str
) -> None:
    encoder = encoder_of(name)
    layer, pooling, channel = TOWERS[name]
    ref, steps = LayerRef(layer, pooling), []
    made = encoder.visualize(ref, channel, Recipe(steps=96), 0, None, lambda: steps.append(1))
    side = 32 if name == "audit-vit" else 64
    assert (made.mode, made.size) == ("RGB", (side, side))
    assert len(steps) == 96
    given = encoder.encode_images([made, *natural], [ref]).activations[ref][:, channel]
    assert given[0] > given[1:].max()


def test_a_seed_is_one_picture_whatever_is_made_beside_it(encoder_of: Any) -> None:
    encoder = encoder_of("audit-vit")
    layer, pooling, channel = TOWERS["audit-vit"]

    def made(seed: int) -> Any:
        return np.asarray(encoder.visualize(LayerRef(layer, pooling), channel, Recipe(steps=6), seed, None, _done))

    first, other, again = made(0), made(1), made(0)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def _evenly(colour: int, seed: int, count: int = 10) -> list[Image.Image]:
    """Pictures of one colour in all its shades."""
    pixels = np.zeros((count, 64, 64, 3), dtype=np.uint8)
    pixels[..., colour] = np.random.default_rng(seed).integers(90, 256, (count, 1, 1))
    return [Image.fromarray(each) for each in pixels]


@pytest.mark.parametrize("name", list(TOWERS))
def test_a_facet_draws_a_picture_towards_it(tiny: Any, encoder_of: Any, name: str) -> None:
    import torch

    from audit.encoders.visualization import Unit

    encoder, saved = encoder_of(name), tiny(name)
    layer, pooling, channel = TOWERS[name]
    ref = LayerRef(layer, pooling)
    probe = encoder.facet_probe(ref, channel, _evenly(0, 1), _evenly(2, 2))
    assert probe.accuracy == 1
    assert np.isclose(np.mean(probe.weights**2), 1)
    unit = Unit.of(saved.model, ref, channel)

    def told(pictures: list[Any]) -> Any:
        """The probe's value for pictures, from the layer below as a hook of its own sees it."""
        seen: list[Any] = []
        handle = saved.model.get_submodule(unit.below).register_forward_pre_hook(lambda _m, args: seen.append(args[0]))
        with torch.no_grad():
            saved.model.encode_image(torch.stack([saved.preprocess(picture) for picture in pictures]))
        handle.remove()
        below = seen[0].numpy()
        return (below.mean(axis=1) if below.ndim == 3 else below.mean(axis=(2, 3))) @ probe.weights

    assert told(_evenly(0, 3)).min() > told(_evenly(2, 4)).max()
    plain, faceted = (encoder.visualize(ref, channel, Recipe(steps=24), 0, facet, _done) for facet in (None, probe))
    assert not np.array_equal(np.asarray(plain), np.asarray(faceted))


def test_the_term_of_a_facet_is_its_weights_times_activation_times_gradient(tiny: Any, encoder_of: Any) -> None:
    """One step with a facet moves the spectrum by the gradient of f + w'(g * df/dg), with df/dg held constant."""
    import torch

    from audit.encoders.protocol import FacetProbe
    from audit.encoders.visualization import Unit, _Climb

    model = tiny("audit-resnet").model
    layer, pooling, channel = TOWERS["audit-resnet"]
    unit = Unit.of(model, LayerRef(layer, pooling), channel)
    weights = np.random.default_rng(1).normal(size=model.visual.layer4[0].conv1.in_channels).astype(np.float32)
    climb = _Climb(unit, Recipe(), 0, FacetProbe(weights, None))
    pixels = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(2))
    with torch.enable_grad():
        objective = climb.objective(pixels)
    seen: list[Any] = []
    handle = model.visual.layer4.register_forward_pre_hook(lambda _m, args: seen.append(args[0]))
    sums: list[Any] = []
    above = model.visual.get_submodule("layer4.1.act3").register_forward_pre_hook(
        lambda _m, args: sums.append(args[0].clone())
    )
    with torch.enable_grad():
        model.encode_image(pixels.requires_grad_())
        activation = sums[0].mean(dim=(2, 3))[0, channel]
        (slope,) = torch.autograd.grad(activation, seen[0])
    handle.remove()
    above.remove()
    below = seen[0].detach().numpy()[0]
    expected = activation.item() + sum(weights[c] * (below[c] * slope.numpy()[0, c]).sum() for c in range(len(weights)))
    assert objective.item() == pytest.approx(expected, rel=1e-4)


def test_an_activation_that_is_no_number_gives_no_picture(tiny: Any) -> None:
    import torch

    from audit.encoders.visualization import Unit, visualize

    broken = copy.deepcopy(tiny("audit-resnet").model)
    with torch.no_grad():
        broken.visual.layer4[0].conv1.weight[0, 0] = float("nan")
    layer, pooling, channel = TOWERS["audit-resnet"]
    assert visualize(Unit.of(broken, LayerRef(layer, pooling), channel), Recipe(steps=3), 0, None, _done) is None


def test_units_that_there_are_not(encoder_of: Any) -> None:
    encoder = encoder_of("audit-resnet")
    with pytest.raises(ModelError, match="has no channel 256") as caught:
        encoder.visualize(LayerRef("visual.layer4.1.act3", "mean"), 256, Recipe(), 0, None, _done)
    assert caught.value.hint == "its channels are 0 to 255"
    with pytest.raises(ModelError, match=r"no units can be read at 'visual\.layer3"):
        encoder.visualize(LayerRef("visual.layer3.1.act3", "mean"), 0, Recipe(), 0, None, _done)


def test_a_step_takes_time(encoder_of: Any) -> None:
    layer, pooling, channel = TOWERS["audit-vit"]
    assert encoder_of("audit-vit").seconds_per_step(LayerRef(layer, pooling), channel, Recipe(), None) > 0
