"""Which units of an image tower can be read, and where.

A unit is a channel of a layer under a pooling. Default layers (after Goh et al. 2021 for residual networks):

- ModifiedResNet: the last block's residual sum before its ReLU (``layer4.<last>.act3``), mean and max over space.
- Transformers and convolutional towers with MLP blocks: the channels that the MLP's last linear (``c_proj``, ``fc2``,
  ``w2``) reads, in the last third of the blocks. Where each channel is one elementwise nonlinearity of one number, that
  number is read, with its sign, before the nonlinearity: a unit can then be seen to be inhibited. In a gated or
  normalised MLP there is no such number, and the input of the last linear is read as it is.

Poolings: ``cls`` (the class token), ``mean`` and ``max`` over patches or space. In the last block only what reaches the
output counts: ``cls`` alone where the tower pools by its class token, the patches alone where it averages them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch import nn

from audit.records import LayerInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

_LAST_LINEAR = ("c_proj", "fc2", "w2")
_FIRST_LINEAR = ("c_fc", "fc1")
_NONLINEARITY = ("gelu", "act")
_EVERYTHING: tuple[str, ...] = ("cls", "mean", "max")
_CLASS: tuple[str, ...] = ("cls",)
_PATCHES: tuple[str, ...] = ("mean", "max")
_TIMM_MLP = re.compile(r"visual\.trunk\.(?:(?:stages|layers)\.\d+\.)?blocks\.\d+\.mlp")


@dataclass(frozen=True, slots=True)
class Site:
    """One layer, and where the forward pass shows it."""

    name: str
    """Module path of the layer inside the model."""
    tap: str
    """Module path whose input is read."""
    units: int
    """Number of channels."""
    signed: bool
    """Whether the input is read before a nonlinearity."""
    poolings: tuple[str, ...]
    """Of ``cls``, ``mean`` and ``max``."""
    channel: int = -1
    """Dimension of the channels; all others but the first are pooled."""
    prefix: int = 0
    """Tokens before the patches (class token, registers); the class token is the first."""


def find_sites(model: nn.Module) -> tuple[Site, ...]:
    """The default layers of an open_clip model, in the order of the forward pass; empty when no rule fits its tower."""
    visual = model.get_submodule("visual")
    kind = type(visual).__name__
    if kind == "ModifiedResNet":
        return _residual_sum(visual)
    if kind == "VisionTransformer":
        return _open_clip_transformer(model, visual)
    if kind == "TimmModel":
        return _timm_trunk(model, visual.get_submodule("trunk"))
    return ()


def default_layers(model: nn.Module) -> tuple[LayerInfo, ...]:
    """The layers of :func:`find_sites`, one entry a pooling."""
    return tuple(
        LayerInfo(site.name, pooling, site.units, site.signed)
        for site in find_sites(model)
        for pooling in site.poolings
    )


def _residual_sum(visual: nn.Module) -> tuple[Site, ...]:
    blocks = visual.get_submodule("layer4")
    last = f"layer4.{len(list(blocks.children())) - 1}"
    channels = visual.get_submodule(f"{last}.bn3").num_features
    name = f"visual.{last}.act3"
    assert isinstance(channels, int)
    return (Site(name, name, channels, signed=True, poolings=_PATCHES, channel=1),)


def _open_clip_transformer(model: nn.Module, visual: nn.Module) -> tuple[Site, ...]:
    count = len(list(visual.get_submodule("transformer.resblocks").children()))
    names = [f"visual.transformer.resblocks.{block}.mlp" for block in range(count)]
    final = _EVERYTHING
    if getattr(visual, "attn_pool", None) is None:
        final = {"tok": _CLASS, "avg": _PATCHES}.get(str(visual.pool_type), _EVERYTHING)
    return _mlp_sites(model, names, _EVERYTHING, final, prefix=1)


def _timm_trunk(model: nn.Module, trunk: nn.Module) -> tuple[Site, ...]:
    names = [name for name, _ in model.named_modules() if _TIMM_MLP.fullmatch(name)]
    prefix = int(getattr(trunk, "num_prefix_tokens", 0) or 0)
    poolings = final = _EVERYTHING if getattr(trunk, "cls_token", None) is not None else _PATCHES
    pool = getattr(trunk, "global_pool", "")
    if pool == "token":
        final = _CLASS
    elif pool and not getattr(trunk, "pool_include_prefix", pool == "map"):
        final = _PATCHES
    return _mlp_sites(model, names, poolings, final, prefix)


def _mlp_sites(
    model: nn.Module, names: Sequence[str], poolings: tuple[str, ...], final: tuple[str, ...], prefix: int
) -> tuple[Site, ...]:
    """Sites in the last third of the MLPs, rounded up; ``final`` is for the last one. Empty if an MLP fits no rule."""
    last_third = names[len(names) - math.ceil(len(names) / 3) :]
    sites = [
        _mlp_site(name, model.get_submodule(name), final if name == names[-1] else poolings, prefix)
        for name in last_third
    ]
    return tuple(site for site in sites if site) if all(sites) else ()


def _mlp_site(name: str, mlp: nn.Module, poolings: tuple[str, ...], prefix: int) -> Site | None:
    parts = dict(mlp.named_children())
    last = next((part for part in _LAST_LINEAR if isinstance(parts.get(part), nn.Linear | nn.Conv2d)), None)
    if last is None:
        return None
    linear = parts[last]
    convolution = isinstance(linear, nn.Conv2d)
    units = linear.in_channels if convolution else linear.in_features
    assert isinstance(units, int)
    nonlinearity = _elementwise(parts, last, units)
    tap = f"{name}.{nonlinearity or last}"
    return Site(
        f"{name}.{last}",
        tap,
        units,
        nonlinearity is not None,
        poolings,
        1 if convolution else -1,
        0 if convolution else prefix,
    )


def _elementwise(parts: dict[str, nn.Module], last: str, units: int) -> str | None:
    """The nonlinearity that makes each input channel of the last linear from one number; None when there is no such."""
    first = next((parts[part] for part in _FIRST_LINEAR if part in parts), None)
    width = getattr(first, "out_features", getattr(first, "out_channels", None))
    name = next((part for part in _NONLINEARITY if part in parts), None)
    if name is None or width != units:
        return None
    order = list(parts)
    between = order[order.index(name) + 1 : order.index(last)]
    return name if all(isinstance(parts[part], nn.Identity | nn.Dropout) for part in between) else None
