"""Read units in the forward pass that gives the embeddings."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from audit.encoders.protocol import LayerRef
from audit.errors import ModelError
from audit.registry import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    import torch
    from numpy.typing import NDArray

    from audit.encoders.units import Site


@contextmanager
def capture(
    model: torch.nn.Module, sites: Sequence[Site], layers: Sequence[LayerRef]
) -> Iterator[dict[LayerRef, NDArray[np.float32]]]:
    """While open, a forward pass fills the mapping with an (n, u) array for each of ``layers``, itself unchanged.

    Raises ModelError for a layer or pooling that is none of ``sites``, and for one that no forward pass went through.
    """
    found: dict[LayerRef, NDArray[np.float32]] = {}
    with ExitStack() as hooks:
        for site, poolings in chosen(sites, layers).items():
            handle = model.get_submodule(site.tap).register_forward_pre_hook(_reader(site, poolings, found))
            hooks.callback(handle.remove)
        yield found
    if silent := [layer.name for layer in layers if layer not in found]:
        raise ModelError(f"the forward pass does not go through {silent[0]}", hint="no unit can be read there")


def chosen(sites: Sequence[Site], layers: Sequence[LayerRef]) -> Mapping[Site, list[str]]:
    """The sites of these layers, each with its poolings. Raises ModelError for one that is none of ``sites``."""
    by_name = {site.name: site for site in sites}
    chosen: dict[Site, list[str]] = {}
    for layer in layers:
        if layer.name not in by_name:
            raise ModelError(f"no units can be read at {layer.name!r}", hint=suggestion(layer.name, list(by_name)))
        site = by_name[layer.name]
        if layer.pooling not in site.poolings:
            raise ModelError(
                f"{layer.name} has no pooling {layer.pooling!r}", hint=suggestion(layer.pooling, list(site.poolings))
            )
        chosen.setdefault(site, []).append(layer.pooling)
    return chosen


def _reader(
    site: Site, poolings: Sequence[str], found: dict[LayerRef, NDArray[np.float32]]
) -> Callable[[torch.nn.Module, tuple[torch.Tensor, ...]], None]:
    def read(module: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        del module
        # Some nonlinearities work in place: what is read must be a copy of its own before they run.
        values = inputs[0].detach().clone().movedim(site.channel, -1)
        for pooling in poolings:
            found[LayerRef(site.name, pooling)] = pooled(values, pooling, site.prefix).float().cpu().numpy()

    return read


def pooled(values: torch.Tensor, pooling: str, prefix: int) -> torch.Tensor:
    """(n, ..., u) -> (n, u): what a pooling makes of the values at a site, channels last."""
    if pooling == "cls":
        return values[:, 0]
    patches = values[:, prefix:].flatten(1, -2)
    return patches.mean(dim=1) if pooling == "mean" else patches.amax(dim=1)
