"""clip-audit explain --model: the layers whose units can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.cli.console import say, say_json, say_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.records import LayerInfo


def say_layers(model: str, *, as_json: bool) -> None:
    """The table of a model's layers; of an architecture of open_clip it needs no weights."""
    from audit.encoders import layers_of

    layers = layers_of(model)
    poolings: dict[str, list[LayerInfo]] = {}
    for layer in layers:
        poolings.setdefault(layer.name, []).append(layer)
    if as_json:
        say_json({"model": model, "units": _units(layers), "layers": [_entry(each) for each in poolings.values()]})
        return
    if not layers:
        say(f"{model}: it has no units that can be read; probes about units are not applicable to it")
        return
    rows = [
        (name, f"{of[0].units:,}", ", ".join(each.pooling for each in of), _read(of[0]))
        for name, of in poolings.items()
    ]
    say_table(("layer", "channels", "poolings", "what is read"), rows, right=(1,))
    say()
    say(f"{_units(layers):,} units. Under 'layers' a probe names layers; without it, all of these are searched.")
    first = layers[0]
    if first.pooling != "none":
        say(f"Under 'units' it names LAYER/CHANNEL/POOLING, e.g. {first.name}/0/{first.pooling}.")


def _units(layers: Sequence[LayerInfo]) -> int:
    return sum(layer.units for layer in layers)


def _read(layer: LayerInfo) -> str:
    if layer.pooling == "none":
        return "the numbers of the folder, some below zero" if layer.signed else "the numbers of the folder"
    return (
        "before the nonlinearity, with its sign" if layer.signed else "what the last linear reads (gated or normalised)"
    )


def _entry(of: Sequence[LayerInfo]) -> dict[str, object]:
    return {
        "layer": of[0].name,
        "channels": of[0].units,
        "poolings": [each.pooling for each in of],
        "signed": of[0].signed,
    }
