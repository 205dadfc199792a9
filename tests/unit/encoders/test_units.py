"""Units are what a hand-written hook on open_clip's own model sees, and reading them changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audit.encoders import LayerRef, load
from audit.encoders.open_clip_build import build_shape
from audit.encoders.open_clip_library import open_clip
from audit.encoders.open_clip_source import OpenClipSource
from audit.encoders.units import default_layers, find_sites
from audit.errors import ModelError
from audit.records import LayerInfo


@pytest.fixture
def units(encoder_of: Any, pictures: list[Any]) -> Any:
    """units(name, layer, pooling) -> (n, u)."""

    def read(name: str, layer: str, pooling: str) -> Any:
        ref = LayerRef(layer, pooling)
        found = encoder_of(name).encode_images(pictures, [ref]).activations
        assert list(found) == [ref]
        assert found[ref].dtype == np.float32
        return found[ref]

    return read


def test_residual_network_before_its_relu(tiny: Any, pictures: list[Any], units: Any, seen: Any) -> None:
    saved = tiny("audit-resnet")
    layer = "visual.layer4.1.act3"
    assert default_layers(saved.model) == (LayerInfo(layer, "mean", 256, True), LayerInfo(layer, "max", 256, True))
    before = seen(saved, pictures, layer)
    assert before.shape == (5, 256, 2, 2)
    assert (before < 0).any()
    assert np.allclose(units(saved.name, layer, "mean"), before.mean(axis=(2, 3)), atol=1e-6)
    assert np.array_equal(units(saved.name, layer, "max"), before.max(axis=(2, 3)))
    # The ReLU of the block works in place: a hook that kept a view would read no negative number.
    assert (units(saved.name, layer, "mean") < 0).any()


def test_transformer_before_its_nonlinearity(tiny: Any, pictures: list[Any], units: Any, seen: Any) -> None:
    saved = tiny("audit-vit")
    second, last = "visual.transformer.resblocks.2.mlp", "visual.transformer.resblocks.3.mlp"
    assert default_layers(saved.model) == (
        LayerInfo(f"{second}.c_proj", "cls", 64, True),
        LayerInfo(f"{second}.c_proj", "mean", 64, True),
        LayerInfo(f"{second}.c_proj", "max", 64, True),
        LayerInfo(f"{last}.c_proj", "cls", 64, True),  # its patches do not reach the output
    )
    before = seen(saved, pictures, f"{second}.c_fc", output=True)
    assert before.shape == (5, 1 + 16, 64)
    assert np.array_equal(units(saved.name, f"{second}.c_proj", "cls"), before[:, 0])
    assert np.allclose(units(saved.name, f"{second}.c_proj", "mean"), before[:, 1:].mean(axis=1), atol=1e-6)
    assert np.array_equal(units(saved.name, f"{second}.c_proj", "max"), before[:, 1:].max(axis=1))


def test_the_number_read_is_the_one_that_makes_the_input_of_the_last_linear(
    tiny: Any, pictures: list[Any], units: Any, seen: Any
) -> None:
    import torch

    saved = tiny("audit-vit")
    last = "visual.transformer.resblocks.3.mlp.c_proj"
    found = torch.from_numpy(units(saved.name, last, "cls"))
    assert np.allclose(torch.nn.functional.gelu(found), seen(saved, pictures, last)[:, 0], atol=1e-6)


def test_transformer_that_averages_its_patches(tiny: Any) -> None:
    layers = default_layers(tiny("audit-vit-mean").model)
    assert {(layer.name, layer.pooling) for layer in layers} == {
        ("visual.transformer.resblocks.2.mlp.c_proj", "mean"),
        ("visual.transformer.resblocks.2.mlp.c_proj", "max"),
    }


def test_convolutional_trunk_with_channels_last(tiny: Any, pictures: list[Any], units: Any, seen: Any) -> None:
    saved = tiny("audit-convnext")
    layers = default_layers(saved.model)
    assert [layer.name for layer in layers if layer.pooling == "max"] == [
        "visual.trunk.stages.2.blocks.4.mlp.fc2",
        "visual.trunk.stages.2.blocks.5.mlp.fc2",
        "visual.trunk.stages.3.blocks.0.mlp.fc2",
        "visual.trunk.stages.3.blocks.1.mlp.fc2",
    ]
    assert {layer.pooling for layer in layers} == {"mean", "max"}
    for block in ("visual.trunk.stages.2.blocks.5.mlp", "visual.trunk.stages.3.blocks.1.mlp"):
        before = seen(saved, pictures, f"{block}.fc1", output=True)
        space = (2, 3) if before.shape[1] == saved.model.get_submodule(f"{block}.fc1").weight.shape[0] else (1, 2)
        assert np.allclose(units(saved.name, f"{block}.fc2", "mean"), before.mean(axis=space), atol=1e-5)
        assert np.array_equal(units(saved.name, f"{block}.fc2", "max"), before.max(axis=space))


def test_gated_trunk_at_the_input_of_its_last_linear(tiny: Any, pictures: list[Any], units: Any, seen: Any) -> None:
    saved = tiny("audit-eva")
    block = "visual.trunk.blocks.8.mlp.fc2"
    into = seen(saved, pictures, block)
    found = {layer.pooling: layer for layer in default_layers(saved.model) if layer.name == block}
    assert set(found) == {"cls", "mean", "max"}
    assert found["cls"].units == into.shape[-1]
    assert not found["cls"].signed
    assert np.array_equal(units(saved.name, block, "cls"), into[:, 0])
    assert np.allclose(units(saved.name, block, "mean"), into[:, 1:].mean(axis=1), atol=1e-5)
    assert [layer.pooling for layer in default_layers(saved.model) if ".11." in layer.name] == ["cls"]


def test_unknown_layers_and_poolings(encoder_of: Any, pictures: list[Any]) -> None:
    encoder = encoder_of("audit-vit")
    last = "visual.transformer.resblocks.3.mlp.c_proj"
    with pytest.raises(ModelError, match=r"no units can be read at 'visual.*c_prj'") as caught:
        encoder.encode_images(pictures, [LayerRef("visual.transformer.resblocks.3.mlp.c_prj", "cls")])
    assert caught.value.hint == f"did you mean {last!r}?"
    with pytest.raises(ModelError, match="has no pooling 'mean'"):
        encoder.encode_images(pictures, [LayerRef(last, "mean")])


@pytest.mark.parametrize(
    ("name", "layer", "units", "signed", "poolings", "in_last"),
    [
        ("RN50x4", "visual.layer4.5.act3", 2560, True, "mean max", "mean max"),
        ("ViT-L-14", "visual.transformer.resblocks.16.mlp.c_proj", 4096, True, "cls mean max", "cls"),
        ("ViT-H-14-CLIPA", "visual.transformer.resblocks.21.mlp.c_proj", 5120, True, "cls mean max", "mean max"),
        ("coca_ViT-B-32", "visual.transformer.resblocks.8.mlp.c_proj", 3072, True, "cls mean max", "cls mean max"),
        ("convnext_base", "visual.trunk.stages.2.blocks.18.mlp.fc2", 2048, True, "mean max", "mean max"),
        ("ViT-B-16-SigLIP", "visual.trunk.blocks.8.mlp.fc2", 3072, True, "mean max", "mean max"),
        ("PE-Core-B-16", "visual.trunk.blocks.8.mlp.fc2", 3072, True, "cls mean max", "cls mean max"),
        ("EVA02-L-14", "visual.trunk.blocks.16.mlp.fc2", 2730, False, "cls mean max", "cls"),
        ("ViTamin-B", "visual.trunk.blocks.9.mlp.w2", 1536, False, "mean max", "mean max"),
        ("MobileCLIP-S1", "visual.trunk.stages.2.blocks.10.mlp.fc2", 768, True, "mean max", "mean max"),
        ("vit_relpos_medium_patch16_cls_224", "visual.trunk.blocks.8.mlp.fc2", 2048, True, "cls mean max", "cls"),
    ],
)
def test_default_layers_of_published_architectures(
    name: str, layer: str, units: int, signed: bool, poolings: str, in_last: str, tmp_path: Any
) -> None:
    layers = default_layers(build_shape(OpenClipSource(name, name, name, tmp_path)))
    assert layers[0] == LayerInfo(layer, poolings.split()[0], units, signed)
    assert " ".join(found.pooling for found in layers if found.name == layer) == poolings
    assert " ".join(found.pooling for found in layers if found.name == layers[-1].name) == in_last


def test_a_tower_without_a_rule_says_so(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    class Odd(torch.nn.Module):
        pass

    model = torch.nn.Module()
    model.add_module("visual", Odd())
    assert find_sites(model) == ()
    monkeypatch.setattr("audit.encoders.open_clip_model.default_layers", lambda _: ())
    info = load(f"audit-vit/{tiny('audit-vit').pt}", device="cpu").info
    assert info.layers == ()
    assert "no rule for an image tower like this one (VisionTransformer)" in info.note


def test_an_mlp_that_is_normalised_before_its_last_linear_is_read_there(architectures: Any) -> None:
    import torch

    with torch.device("meta"):
        model = open_clip().create_model(
            "audit-vit",
            load_weights=False,
            device="meta",
            vision_cfg=architectures["audit-vit"]["vision_cfg"] | {"scale_fc": True},
        )
    assert {layer.signed for layer in default_layers(model)} == {False}
