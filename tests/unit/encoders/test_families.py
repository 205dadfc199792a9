"""In a small real model of every family, units are what a hook written by hand for that family sees."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audit.encoders import LayerRef
from audit.encoders.capture import capture
from audit.encoders.units import Site, default_layers, find_sites
from audit.errors import ModelError

# Name; the module hooked, and whether its output or its input is meant; the layer; the dimension of its channels;
# tokens before the patches; poolings.
BY_HAND = [
    ("audit-resnet", "visual.layer4.1.act3", "in", "visual.layer4.1.act3", 1, 0, "mean max"),
    (
        "audit-vit",
        "visual.transformer.resblocks.2.mlp.c_fc",
        "out",
        "visual.transformer.resblocks.2.mlp.c_proj",
        2,
        1,
        "cls mean max",
    ),
    (
        "audit-coca",
        "visual.transformer.resblocks.2.mlp.c_fc",
        "out",
        "visual.transformer.resblocks.2.mlp.c_proj",
        2,
        1,
        "cls mean max",
    ),
    (
        "audit-convnext",
        "visual.trunk.stages.2.blocks.5.mlp.fc1",
        "out",
        "visual.trunk.stages.2.blocks.5.mlp.fc2",
        1,
        0,
        "mean max",
    ),
    ("audit-attention-pool", "visual.trunk.blocks.7.mlp.fc1", "out", "visual.trunk.blocks.7.mlp.fc2", 2, 1, "mean max"),
    ("audit-timm-vit", "visual.trunk.blocks.4.mlp.fc1", "out", "visual.trunk.blocks.4.mlp.fc2", 2, 1, "cls mean max"),
    ("audit-timm-vit", "visual.trunk.blocks.5.mlp.fc1", "out", "visual.trunk.blocks.5.mlp.fc2", 2, 1, "cls"),
    ("audit-eva", "visual.trunk.blocks.8.mlp.fc2", "in", "visual.trunk.blocks.8.mlp.fc2", 2, 1, "cls mean max"),
    (
        "audit-mobileclip",
        "visual.trunk.stages.2.blocks.9.mlp.fc1",
        "out",
        "visual.trunk.stages.2.blocks.9.mlp.fc2",
        1,
        0,
        "mean max",
    ),
    (
        "audit-mobileclip",
        "visual.trunk.stages.3.blocks.1.mlp.fc1",
        "out",
        "visual.trunk.stages.3.blocks.1.mlp.fc2",
        1,
        0,
        "mean max",
    ),
]


@pytest.mark.parametrize(("name", "module", "side", "layer", "channels", "prefix", "poolings"), BY_HAND)
def test_units_are_what_a_hook_by_hand_sees(
    tiny: Any,
    encoder_of: Any,
    seen: Any,
    pictures: list[Any],
    name: str,
    module: str,
    side: str,
    layer: str,
    channels: int,
    prefix: int,
    poolings: str,
) -> None:
    saved, encoder = tiny(name), encoder_of(name)
    assert " ".join(found.pooling for found in default_layers(saved.model) if found.name == layer) == poolings
    values = np.moveaxis(seen(saved, pictures, module, output=side == "out"), channels, -1)
    values = values.reshape(len(pictures), -1, values.shape[-1])
    expected = {
        "cls": values[:, 0],
        "mean": values[:, prefix:].mean(axis=1),
        "max": values[:, prefix:].max(axis=1),
    }
    asked = [LayerRef(layer, pooling) for pooling in poolings.split()]
    found = encoder.encode_images(pictures, asked).activations
    for each in asked:
        assert np.allclose(found[each], expected[each.pooling], rtol=1e-5, atol=1e-5)
        assert found[each].std(axis=0).min() > 0  # a dead reading would agree with anything that is dead too


@pytest.mark.parametrize("name", dict.fromkeys(name for name, *_ in BY_HAND))
def test_reading_units_leaves_the_embeddings_bit_for_bit(encoder_of: Any, pictures: list[Any], name: str) -> None:
    encoder = encoder_of(name)
    layers = [LayerRef(layer.name, layer.pooling) for layer in encoder.info.layers]
    plain, read = encoder.encode_images(pictures), encoder.encode_images(pictures, layers)
    assert np.array_equal(plain.embeddings, read.embeddings)
    assert set(read.activations) == set(layers)
    # No hook is left behind.
    assert encoder.encode_images(pictures).activations == {}


@pytest.mark.parametrize("name", ["audit-resnet", "audit-convnext", "audit-mobileclip"])
def test_the_order_of_dimensions_in_memory_changes_no_unit(
    tiny: Any, encoder_of: Any, pictures: list[Any], name: str
) -> None:
    import torch

    saved, encoder = tiny(name), encoder_of(name)
    layers = [LayerRef(layer.name, layer.pooling) for layer in encoder.info.layers]
    pixels = torch.stack([saved.preprocess(picture) for picture in pictures]).to(memory_format=torch.channels_last)
    with torch.no_grad(), capture(saved.model, find_sites(saved.model), layers) as found:
        saved.model.encode_image(pixels)
    expected = encoder.encode_images(pictures, layers).activations
    for layer in layers:
        assert np.allclose(found[layer], expected[layer], rtol=1e-3, atol=1e-4)


def test_a_layer_that_the_forward_pass_goes_around_is_no_silence(tiny: Any, pictures: list[Any]) -> None:
    """Attention multiplies by the weights of its output layer without calling it, so that a hook there never fires."""
    import torch

    saved = tiny("audit-vit")
    name = "visual.transformer.resblocks.3.attn.out_proj"
    site = Site(name, name, 16, signed=False, poolings=("cls",), prefix=1)
    pixels = torch.stack([saved.preprocess(picture) for picture in pictures])
    with (
        pytest.raises(ModelError, match=rf"the forward pass does not go through {name}"),
        torch.no_grad(),
        capture(saved.model, [site], [LayerRef(name, "cls")]),
    ):
        saved.model.encode_image(pixels)
