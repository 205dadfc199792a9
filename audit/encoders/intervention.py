"""Change units on their way through the image tower, and ask what each of them does to the output.

A forward pass with an intervention differs from one without it only after the layer. So the pass is recorded once up to
there, and what was finished by then is replayed for every intervention: only the rest of the tower is computed again.
"""

from __future__ import annotations

from collections import defaultdict, deque
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import torch

from audit.encoders.capture import chosen
from audit.encoders.protocol import LayerRef
from audit.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from audit.encoders.protocol import Intervention
    from audit.encoders.units import Site

_POOLED_BY = "visual.attnpool.v_proj"
_Finished = list[tuple[torch.nn.Module, Any]]


class _Reached(Exception):  # noqa: N818  (ends a pass that has served)
    """The pass has come to the layer."""


def intervened(
    model: torch.nn.Module,
    sites: Sequence[Site],
    interventions: Sequence[Sequence[Intervention]],
    forward: Callable[[], torch.Tensor],
) -> list[torch.Tensor]:
    """What ``forward`` gives under each intervention, in their order; one may change units at several layers.

    ``forward`` runs the tower on the same images every time, under ``torch.no_grad``. An intervention that changes
    nothing gives the same bits as no intervention. Raises ModelError for a layer or pooling that is none of ``sites``,
    for a channel that it does not have, and when the pass never comes to the layer.
    """
    places = [[(_site(sites, each), each) for each in together] for together in interventions]
    first = [min((sites.index(site) for site, _ in changes), default=None) for changes in places]
    found: dict[int, torch.Tensor] = {}
    for start in dict.fromkeys(first):
        recording = _Recording([] if start is None else _recorded(model, sites[start], forward))
        for index in (index for index, own in enumerate(first) if own == start):
            with ExitStack() as undo:
                for site, change in places[index]:
                    handle = model.get_submodule(site.tap).register_forward_pre_hook(_changer(site, change))
                    undo.callback(handle.remove)
                undo.enter_context(recording.replayed())
                found[index] = forward()
    return [found[index] for index in range(len(interventions))]


def _site(sites: Sequence[Site], intervention: Intervention) -> Site:
    (site,) = chosen(sites, [intervention.layer])
    if wrong := [channel for channel in intervention.channels if not 0 <= channel < site.units]:
        raise ModelError(f"{site.name} has no channel {wrong[0]}", hint=f"its channels are 0 to {site.units - 1}")
    return site


def output_norms(model: torch.nn.Module, sites: Sequence[Site], layer: str) -> NDArray[np.float64]:
    """(u,) Euclidean length of the weights by which what follows a layer reads each of its channels.

    Of an MLP, the columns of its last linear; of a residual network's last block, those of the value projection of the
    attention that pools it.
    """
    poolings = {site.name: site.poolings for site in sites}
    (site,) = chosen(sites, [LayerRef(layer, poolings.get(layer, ("",))[0])])
    read_by = _POOLED_BY if site.name.startswith("visual.layer4.") else site.name
    weight = model.get_submodule(read_by).get_parameter("weight").detach()
    norms: NDArray[np.float64] = weight.transpose(0, 1).flatten(1).double().norm(dim=1).cpu().numpy()
    return norms


def attributed(
    model: torch.nn.Module,
    sites: Sequence[Site],
    references: Mapping[LayerRef, torch.Tensor],
    score: Callable[[], torch.Tensor],
) -> dict[LayerRef, torch.Tensor]:
    """(n, u) for each layer: the sum over the places its pooling reads of (reference - a) ds/da.

    ``score`` runs the tower and gives s (n,), one number an image; one backward pass serves all layers. It is the first
    term of the Taylor series of the change of s under do(a = reference) (attribution patching: Nanda 2023; Syed et al.
    2023), in the unit of s: negative where the intervention lowers s. ``references`` (u,) are the values that channels
    would be set to.
    """
    seen: dict[Site, torch.Tensor] = {}
    wanted = chosen(sites, list(references))

    def watcher(site: Site) -> Callable[..., tuple[torch.Tensor, ...]]:
        def watch(_module: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
            values = inputs[0] if inputs[0].requires_grad else inputs[0].detach().requires_grad_()
            seen[site] = values
            # Some nonlinearities work in place, and would change what the gradient is asked for.
            return values.clone(), *inputs[1:]

        return watch

    with ExitStack() as hooks, torch.enable_grad():
        for site in wanted:
            hooks.callback(model.get_submodule(site.tap).register_forward_pre_hook(watcher(site)).remove)
        total = score().sum()
        _require(wanted, seen)
        slopes = torch.autograd.grad(total, [seen[site] for site in wanted])
    found: dict[LayerRef, torch.Tensor] = {}
    for (site, poolings), slope in zip(wanted.items(), slopes, strict=True):
        values, steepness = (_read(each.detach(), site) for each in (seen[site], slope))
        for layer in references:
            if layer.name == site.name and layer.pooling in poolings:
                where = _places(layer.pooling, site.prefix)
                change = (references[layer] - values[:, where]) * steepness[:, where]
                found[layer] = change.flatten(1, -2).sum(dim=1)
    return found


def _require(wanted: Mapping[Site, Any], seen: Mapping[Site, Any]) -> None:
    if missed := [site.name for site in wanted if site not in seen]:
        raise ModelError(f"the forward pass never came to {missed[0]}, so its units cannot be read")


def _read(values: torch.Tensor, site: Site) -> torch.Tensor:
    """A view with the channels last."""
    return values.movedim(site.channel, -1)


def _places(pooling: str, prefix: int) -> slice:
    """Of the first dimension after the images: the class token, or the patches."""
    return slice(0, 1) if pooling == "cls" else slice(prefix, None)


def _changer(site: Site, intervention: Intervention) -> Callable[..., tuple[torch.Tensor, ...]]:
    def change(_module: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        values = inputs[0].clone()
        channels = torch.tensor(intervention.channels, dtype=torch.long, device=values.device)
        given = torch.tensor(intervention.values, dtype=values.dtype, device=values.device)
        view = _read(values, site)[:, _places(intervention.layer.pooling, site.prefix)]
        view[..., channels] = view[..., channels] + given if intervention.added else given
        return values, *inputs[1:]

    return change


def _recorded(model: torch.nn.Module, site: Site, forward: Callable[[], torch.Tensor]) -> _Finished:
    """The largest modules that were finished when the pass came to a site, each with its output, in their order."""
    tap = model.get_submodule(site.tap)
    finished: _Finished = []
    begun: list[int] = []

    def begin(module: torch.nn.Module, _inputs: Any) -> None:
        if module is tap:
            raise _Reached
        begun.append(len(finished))

    def end(module: torch.nn.Module, _inputs: Any, output: Any) -> None:
        # What was finished inside of it is part of its output.
        del finished[begun.pop() :]
        finished.append((module, _copied(output)))

    with ExitStack() as hooks:
        for module in model.get_submodule("visual").modules():
            hooks.callback(module.register_forward_pre_hook(begin).remove)
            hooks.callback(module.register_forward_hook(end).remove)
        try:
            forward()
        except _Reached:
            return finished
    raise ModelError(f"the forward pass never came to {site.name}, so its units cannot be changed")


class _Recording:
    """Outputs of modules, to be given again.

    What follows may work on them in place. So they are copied the first time, which shows which of them are changed;
    the others are given as they are from then on, for the large ones come first in a tower and are never touched.
    """

    def __init__(self, finished: _Finished) -> None:
        self._finished = finished
        self._changed: set[int] | None = None

    @contextmanager
    def replayed(self) -> Iterator[None]:
        """While open, the modules give what they gave, as often as they were called, and then compute again."""
        given = [
            _copied(output) if self._changed is None or index in self._changed else output
            for index, (_, output) in enumerate(self._finished)
        ]
        fresh = [_versions(output) for output in given]
        waiting: dict[torch.nn.Module, deque[Any]] = defaultdict(deque)
        for (module, _), output in zip(self._finished, given, strict=True):
            waiting[module].append(output)
        with ExitStack() as undo:
            for module, outputs in waiting.items():
                undo.callback(_restore, module, module.__dict__.get("forward"))
                module.__dict__["forward"] = _replayer(outputs, module.forward)
            yield
        if self._changed is None:
            self._changed = {index for index, output in enumerate(given) if _versions(output) != fresh[index]}


def _replayer(outputs: deque[Any], forward: Callable[..., Any]) -> Callable[..., Any]:
    def replay(*inputs: Any, **named: Any) -> Any:
        return outputs.popleft() if outputs else forward(*inputs, **named)

    return replay


def _restore(module: torch.nn.Module, own: Any) -> None:
    if own is None:
        del module.__dict__["forward"]
    else:
        module.__dict__["forward"] = own


def _copied(output: Any) -> Any:
    if isinstance(output, torch.Tensor):
        return output.clone()
    if isinstance(output, tuple | list):
        return type(output)(_copied(each) for each in output)
    return output


def _versions(output: Any) -> list[int]:
    """How often each tensor was worked on in place; torch counts it outside of inference mode."""
    if isinstance(output, torch.Tensor):
        return [output._version]
    return [version for each in output for version in _versions(each)] if isinstance(output, tuple | list) else []
