"""Changing units does what a hand-written hook on open_clip's own model does, and nothing where nothing changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audit.encoders import Intervention, LayerRef
from audit.encoders.capture import capture
from audit.encoders.intervention import intervened
from audit.encoders.units import Site, find_sites
from audit.errors import ModelError

FAMILIES = (
    "audit-vit",
    "audit-vit-quickgelu",
    "audit-vit-mean",
    "audit-resnet",
    "audit-convnext",
    "audit-eva",
    "audit-coca",
    "audit-attention-pool",
    "audit-timm-vit",
    "audit-mobileclip",
)


def _layers(tiny: Any, name: str) -> list[LayerRef]:
    return [LayerRef(site.name, pooling) for site in find_sites(tiny(name).model) for pooling in site.poolings]


def _by_hand(tiny: Any, name: str, pictures: list[Any], layer: LayerRef, change: Any) -> Any:
    """Embeddings of open_clip's own model while ``change`` edits the input of the layer's module in place."""
    import torch

    saved = tiny(name)
    (site,) = (site for site in find_sites(saved.model) if site.name == layer.name)

    def edit(_module: Any, inputs: Any) -> Any:
        values = inputs[0].clone()
        change(values)
        return (values,)

    handle = saved.model.get_submodule(site.tap).register_forward_pre_hook(edit)
    with torch.no_grad():
        pixels = torch.stack([saved.preprocess(picture) for picture in pictures])
        found = saved.model.encode_image(pixels).numpy()
    handle.remove()
    return found


@pytest.mark.parametrize("name", FAMILIES)
def test_what_changes_nothing_gives_the_same_bits_at_every_layer(
    tiny: Any, encoder_of: Any, pictures: list[Any], name: str
) -> None:
    encoder, layers = encoder_of(name), _layers(tiny, name)
    plain = encoder.encode_images(pictures).embeddings
    none = encoder.encode_intervened(pictures, [[Intervention(layer, (), ())] for layer in layers])
    zero = encoder.encode_intervened(pictures, [[Intervention(layer, (3,), (0.0,), added=True)] for layer in layers])
    everywhere = encoder.encode_intervened(pictures, [[Intervention(layer, (), ()) for layer in layers], []])
    for changed in (*none, *zero, *everywhere):
        assert np.array_equal(changed, plain)
    assert np.array_equal(encoder.encode_images(pictures).embeddings, plain)  # and nothing stays behind


@pytest.mark.parametrize(
    ("name", "layer", "change"),
    [
        ("audit-resnet", LayerRef("visual.layer4.1.act3", "mean"), lambda v: v[:, 7].fill_(2.5)),
        ("audit-resnet", LayerRef("visual.layer4.1.act3", "max"), lambda v: v[:, 7].fill_(2.5)),
        (
            "audit-vit",
            LayerRef("visual.transformer.resblocks.2.mlp.c_proj", "mean"),
            lambda v: v[:, 1:, 7].fill_(2.5),
        ),
        ("audit-vit", LayerRef("visual.transformer.resblocks.2.mlp.c_proj", "cls"), lambda v: v[:, 0, 7].fill_(2.5)),
        ("audit-vit", LayerRef("visual.transformer.resblocks.3.mlp.c_proj", "cls"), lambda v: v[:, 0, 7].fill_(2.5)),
        ("audit-eva", LayerRef("visual.trunk.blocks.9.mlp.fc2", "max"), lambda v: v[:, 1:, 7].fill_(2.5)),
    ],
)
def test_units_are_set_where_their_pooling_reads_them(
    tiny: Any, encoder_of: Any, pictures: list[Any], name: str, layer: LayerRef, change: Any
) -> None:
    encoder = encoder_of(name)
    (found,) = encoder.encode_intervened(pictures, [[Intervention(layer, (7,), (2.5,))]])
    assert np.allclose(found, _by_hand(tiny, name, pictures, layer, change), atol=1e-5)
    assert not np.allclose(found, encoder.encode_images(pictures).embeddings, atol=1e-5)


def test_channels_first_and_channels_last_are_told_apart(tiny: Any, encoder_of: Any, pictures: list[Any]) -> None:
    name, layer = "audit-convnext", LayerRef("visual.trunk.stages.3.blocks.0.mlp.fc2", "mean")
    (site,) = (site for site in find_sites(tiny(name).model) if site.name == layer.name)
    (found,) = encoder_of(name).encode_intervened(pictures, [[Intervention(layer, (1, 5), (9.0, -9.0))]])

    def change(values: Any) -> None:
        last = values.movedim(site.channel, -1)
        last[..., 1], last[..., 5] = 9.0, -9.0

    assert np.allclose(found, _by_hand(tiny, name, pictures, layer, change), atol=1e-5)
    assert not np.allclose(found, encoder_of(name).encode_images(pictures).embeddings, atol=1e-5)


def test_several_interventions_are_those_done_alone(tiny: Any, encoder_of: Any, pictures: list[Any]) -> None:
    encoder, layers = encoder_of("audit-vit"), _layers(tiny, "audit-vit")
    asked = [[Intervention(layer, (i, i + 1), (1.0, -1.0), added=bool(i % 2))] for i, layer in enumerate(layers)][::-1]
    together = encoder.encode_intervened(pictures, asked)
    assert together.shape == (len(asked), 5, 12)
    for one, found in zip(asked, together, strict=True):
        assert np.array_equal(encoder.encode_intervened(pictures, [one])[0], found)


def test_one_intervention_may_change_several_layers(tiny: Any, encoder_of: Any, pictures: list[Any]) -> None:
    import torch

    saved, layers = tiny("audit-vit"), _layers(tiny, "audit-vit")
    early, late = layers[0], layers[-1]
    both = [Intervention(late, (3,), (1.5,)), Intervention(early, (5,), (-2.0,))]
    (found,) = encoder_of("audit-vit").encode_intervened(pictures, [both])
    handles = []
    for layer, channel, value in ((early, 5, -2.0), (late, 3, 1.5)):
        (site,) = (site for site in find_sites(saved.model) if site.name == layer.name)

        def edit(_module: Any, inputs: Any, channel: int = channel, value: float = value) -> Any:
            values = inputs[0].clone()
            values[:, 0, channel] = value
            return (values,)

        handles.append(saved.model.get_submodule(site.tap).register_forward_pre_hook(edit))
    with torch.no_grad():
        by_hand = saved.model.encode_image(torch.stack([saved.preprocess(picture) for picture in pictures])).numpy()
    for handle in handles:
        handle.remove()
    assert (early.pooling, late.pooling) == ("cls", "cls")
    assert np.allclose(found, by_hand, atol=1e-5)


def test_output_weights_are_the_columns_of_what_reads_the_layer(tiny: Any, encoder_of: Any) -> None:
    for name, layer, reader in (
        ("audit-vit", "visual.transformer.resblocks.3.mlp.c_proj", "visual.transformer.resblocks.3.mlp.c_proj"),
        ("audit-convnext", "visual.trunk.stages.3.blocks.1.mlp.fc2", "visual.trunk.stages.3.blocks.1.mlp.fc2"),
        ("audit-resnet", "visual.layer4.1.act3", "visual.attnpool.v_proj"),
    ):
        weight = tiny(name).model.get_submodule(reader).weight.detach().numpy().astype(np.float64)
        expected = np.sqrt((weight.reshape(*weight.shape[:2], -1) ** 2).sum(axis=(0, 2)))
        assert np.allclose(encoder_of(name).output_norms(layer), expected)


def test_only_what_follows_the_layer_is_computed_again(tiny: Any, pictures: list[Any]) -> None:
    import torch

    saved = tiny("audit-vit")
    ran: list[str] = []
    handles = [
        saved.model.get_submodule(f"visual.transformer.resblocks.{block}.attn").register_forward_hook(
            lambda *_, block=block: ran.append(str(block))
        )
        for block in range(4)
    ]
    layer = LayerRef("visual.transformer.resblocks.2.mlp.c_proj", "mean")
    pixels = torch.stack([saved.preprocess(picture) for picture in pictures])
    with torch.no_grad():
        asked = [[Intervention(layer, (channel,), (0.0,))] for channel in range(10)]
        intervened(saved.model, find_sites(saved.model), asked, lambda: saved.model.encode_image(pixels))
    for handle in handles:
        handle.remove()
    # Blocks 0 and 1 run once, when the pass is recorded, and what is after the layer for every intervention.
    assert ran.count("0") == ran.count("1") == 1
    assert ran.count("3") == 10


@pytest.mark.parametrize("name", FAMILIES)
def test_attribution_is_the_slope_of_the_exact_change(
    tiny: Any, encoder_of: Any, pictures: list[Any], name: str
) -> None:
    """Central differences of the real intervention, along the way to the reference."""
    encoder, layers = encoder_of(name), _layers(tiny, name)
    directions = np.random.default_rng(0).standard_normal((5, encoder.info.dimension))
    units = {layer: encoder.encode_images(pictures, [layer]).activations[layer].shape[1] for layer in layers}
    references = {layer: np.full(units[layer], 0.3, dtype=np.float32) for layer in layers}
    found = encoder.attribute(pictures, directions, references)
    assert list(found) == layers
    for layer in layers:
        channel, step = 4, 1e-2
        asked = [[Intervention(layer, (channel,), (sign * step,), added=True)] for sign in (1, -1)]
        up, down = (_scores(each, directions) for each in encoder.encode_intervened(pictures, asked))
        slope = (up - down) / (2 * step)
        if layer.pooling == "cls":
            # One place: the attribution is the slope times the way that the channel goes.
            way = 0.3 - encoder.encode_images(pictures, [layer]).activations[layer][:, channel]
            assert np.allclose(found[layer][:, channel], slope * way, rtol=0.05, atol=1e-4)
        assert np.isfinite(found[layer]).all()
        assert (np.abs(found[layer]).max(axis=0) > 0).any()


def test_attribution_at_every_place_adds_up(tiny: Any, encoder_of: Any, pictures: list[Any]) -> None:
    """A small step of all places towards the reference changes the score by the attribution times the step."""
    import torch

    layer, channel, step = LayerRef("visual.layer4.1.act3", "mean"), 11, 1e-2
    encoder, directions = encoder_of("audit-resnet"), np.random.default_rng(1).standard_normal((5, 12))
    found = encoder.attribute(pictures, directions, {layer: np.full(256, 0.5, dtype=np.float32)})[layer][:, channel]

    def partly(sign: float) -> Any:
        def change(values: torch.Tensor) -> None:
            values[:, channel] += sign * step * (0.5 - values[:, channel])

        return _scores(_by_hand(tiny, "audit-resnet", pictures, layer, change), directions)

    assert np.allclose(found, (partly(1) - partly(-1)) / (2 * step), rtol=0.02, atol=1e-4)


def _scores(vectors: Any, directions: Any) -> Any:
    wide = vectors.astype(np.float64)
    return (wide / np.linalg.norm(wide, axis=1, keepdims=True) * directions).sum(axis=1)


def test_mistakes_are_said(encoder_of: Any, pictures: list[Any]) -> None:
    encoder = encoder_of("audit-resnet")
    with pytest.raises(ModelError, match=r"no units can be read at 'visual\.layer4\.1\.act4'"):
        encoder.encode_intervened(pictures, [[Intervention(LayerRef("visual.layer4.1.act4", "mean"), (0,), (0.0,))]])
    with pytest.raises(ModelError, match="has no channel 256") as caught:
        encoder.encode_intervened(pictures, [[Intervention(LayerRef("visual.layer4.1.act3", "mean"), (256,), (0.0,))]])
    assert "0 to 255" in str(caught.value.hint)


def test_a_layer_that_the_pass_never_comes_to_is_said(tiny: Any, pictures: list[Any]) -> None:
    import torch

    saved = tiny("audit-vit")
    # What torch computes inside of its attention does not go through this module: its hooks never fire.
    site = Site("out", "visual.transformer.resblocks.3.attn.out_proj", 16, signed=True, poolings=("cls",))
    pixels = torch.stack([saved.preprocess(picture) for picture in pictures])
    with torch.inference_mode(), pytest.raises(ModelError, match="never came to out"):
        intervened(
            saved.model,
            [site],
            [[Intervention(LayerRef("out", "cls"), (0,), (0.0,))]],
            lambda: saved.model.encode_image(pixels),
        )
    with torch.inference_mode(), capture(saved.model, [site], []) as found:
        saved.model.encode_image(pixels)
    assert found == {}
