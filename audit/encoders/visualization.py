"""Feature visualization: a picture that a unit answers to as strongly as can be, made by climbing its gradient.

After Olah, Mordvintsev & Schubert 2017 (Feature Visualization, Distill): the picture is a spectrum of decorrelated
colours, it is shown moved, scaled and turned by chance, and Adam climbs the activation of the unit, read where and as
:func:`audit.encoders.capture.capture` reads it. One seed is one climb, whatever is done beside it; its draws are made
on the CPU, so that it begins alike everywhere. A picture that is made here illustrates, and is no evidence.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image

from audit.encoders.capture import chosen, pooled
from audit.encoders.fourier import first_spectrum, moved, to_picture
from audit.encoders.protocol import FacetProbe
from audit.encoders.units import find_sites
from audit.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from audit.encoders.protocol import LayerRef, Recipe
    from audit.encoders.units import Site

_BLOCK = re.compile(r"visual\.(?:transformer\.resblocks|trunk\.(?:(?:stages|layers)\.\d+\.)?blocks)\.\d+")
_FOLDS = 5


class _Reached(Exception):  # noqa: N818  (ends a pass that has served)
    """The pass has come to the unit."""


@dataclass(frozen=True)
class Unit:
    """One unit of a model, and the layer below it that tells facets apart."""

    model: torch.nn.Module
    site: Site
    pooling: str
    channel: int

    @classmethod
    def of(cls, model: torch.nn.Module, layer: LayerRef, channel: int) -> Unit:
        """ModelError for a layer, a pooling or a channel that there is not."""
        (site,) = chosen(find_sites(model), [layer])
        if not 0 <= channel < site.units:
            raise ModelError(f"{site.name} has no channel {channel}", hint=f"its channels are 0 to {site.units - 1}")
        return cls(model, site, layer.pooling, channel)

    @property
    def below(self) -> str:
        """Module whose input tells facets apart: ``layer4``, or the block half way to the unit's own."""
        if self.site.name.startswith("visual.layer4"):
            return "visual.layer4"
        blocks = [name for name, _ in self.model.named_modules() if _BLOCK.fullmatch(name)]
        own = next(index for index, name in enumerate(blocks) if self.site.name.startswith(f"{name}."))
        half: str = blocks[(own + 1) // 2]
        return half

    def read(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(n,) activations for (n, 3, h, w) preprocessed pictures, and what goes into :attr:`below`, as it goes in.

        The pass goes no further than the unit.
        """
        seen: dict[str, torch.Tensor] = {}

        def keep(_module: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
            seen["below"] = inputs[0]
            # What follows may work in place, and would change what the gradient is asked for.
            return inputs[0].clone(), *inputs[1:]

        def reach(_module: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            values = inputs[0].movedim(self.site.channel, -1)
            seen["unit"] = pooled(values, self.pooling, self.site.prefix)[:, self.channel]
            raise _Reached

        tower: Any = self.model
        handles = [
            self.model.get_submodule(self.below).register_forward_pre_hook(keep),
            self.model.get_submodule(self.site.tap).register_forward_pre_hook(reach),
        ]
        try:
            tower.encode_image(pixels, normalize=False)
        except _Reached:
            return seen["unit"], seen["below"]
        finally:
            for handle in handles:
                handle.remove()
        raise ModelError(f"the forward pass never came to {self.site.name}, so its units cannot be visualized")

    def channels_last(self, values: torch.Tensor) -> torch.Tensor:
        """What goes into :attr:`below`, (n, ..., c)."""
        trunk = getattr(self.model.get_submodule("visual"), "trunk", None)
        is_convolutional = values.ndim == 4 and getattr(trunk, "output_fmt", "NCHW") != "NHWC"
        return values.movedim(1, -1) if is_convolutional else values


def visualize(
    unit: Unit, recipe: Recipe, seed: int, facet: FacetProbe | None, progress: Callable[[], None]
) -> Image.Image | None:
    """The picture after the last step, as it is before it is moved, at the size that the model takes.

    None when the activation was no finite number on the way. ``progress`` is called after every step. With ``facet``
    what is climbed is f(g(x)) + w'(g(x) * df/dg), where f(g(x)) is the activation, g(x) what goes into the layer below,
    w the weights of the facet's probe, at every place of that layer, and the product elementwise (faceted feature
    visualization: Goh et al. 2021, Multimodal Neurons, appendix). The gradient df/dg is held constant within a step.
    """
    climb = _Climb(unit, recipe, seed, facet)
    for _ in range(recipe.steps):
        if not climb.step():
            return None
        progress()
    with torch.no_grad():
        picture = to_picture(climb.spectrum, *climb.size)
    pixels = (picture * 255).round().to(torch.uint8).movedim(0, -1).cpu().numpy()
    return Image.fromarray(pixels)


def seconds_per_step(unit: Unit, recipe: Recipe, facet: FacetProbe | None) -> float:
    """How long one step takes here: the mean of two, after one that warms up."""
    climb = _Climb(unit, recipe, 0, facet)
    climb.step()
    begun = time.perf_counter()
    for _ in range(2):
        climb.step()
    return (time.perf_counter() - begun) / 2


class _Climb:
    """One picture on its way."""

    def __init__(self, unit: Unit, recipe: Recipe, seed: int, facet: FacetProbe | None) -> None:
        visual: Any = unit.model.get_submodule("visual")
        settings: Mapping[str, Any] = visual.preprocess_cfg
        size = settings["size"]
        self.size: tuple[int, int] = (size, size) if isinstance(size, int) else tuple(size)
        device = next(unit.model.parameters()).device
        self._unit, self._generator = unit, torch.Generator().manual_seed(seed)
        self._mean, self._deviation = (
            torch.tensor(settings[key], device=device)[:, None, None] for key in ("mean", "std")
        )
        self._weights = None if facet is None else torch.from_numpy(facet.weights).to(device)
        self.spectrum = first_spectrum(self._generator, *self.size).to(device).requires_grad_()
        self._adam = torch.optim.Adam([self.spectrum], lr=recipe.rate)

    def step(self) -> bool:
        """Take one step; False when it leads nowhere, as the activation is no finite number."""
        with torch.enable_grad():
            picture = moved(to_picture(self.spectrum, *self.size), self._generator)
            objective = self.objective(((picture - self._mean) / self._deviation)[None])
            (self.spectrum.grad,) = torch.autograd.grad(-objective, self.spectrum)
        if not bool(torch.isfinite(objective) & torch.isfinite(self.spectrum.grad).all()):
            return False
        self._adam.step()
        return True

    def objective(self, pixels: torch.Tensor) -> torch.Tensor:
        """What is climbed, for one preprocessed picture (1, 3, h, w)."""
        activation, below = self._unit.read(pixels)
        if self._weights is None:
            return activation.sum()
        (slope,) = torch.autograd.grad(activation.sum(), below, retain_graph=True)
        return activation.sum() + (self._unit.channels_last(below * slope) @ self._weights).sum()


def facet_probe(unit: Unit, members: Iterable[torch.Tensor], others: Iterable[torch.Tensor]) -> FacetProbe:
    """The linear probe that tells preprocessed pictures of a facet, batch by batch, from others.

    It is Fisher's discriminant on the means over all places of what goes into the layer below the unit, its covariance
    shrunk half way to a multiple of the identity, its weights scaled to a mean square of 1. Its accuracy is the mean of
    both sides' on held-out fifths; a fifth is contiguous, so that what belongs together mostly stays together.
    """
    with torch.no_grad():
        sides = [np.concatenate([_means(unit, batch) for batch in batches]) for batches in (members, others)]
    held = [np.array_split(np.arange(len(side)), min(_FOLDS, len(side))) for side in sides]
    right: tuple[list[bool], list[bool]] = ([], [])
    for fold in range(min(map(len, held)) if min(map(len, sides)) > 1 else 0):
        kept = [np.delete(side, parts[fold], axis=0) for side, parts in zip(sides, held, strict=True)]
        weights, threshold = _discriminant(*kept)
        for sign, side, parts, found in zip((1, -1), sides, held, right, strict=True):
            found += (sign * (side[parts[fold]] @ weights - threshold) > 0).tolist()
    weights, _ = _discriminant(*sides)
    accuracy = float(np.mean([np.mean(found) for found in right])) if all(right) else None
    return FacetProbe((weights / np.sqrt(np.mean(weights**2))).astype(np.float32), accuracy)


def _means(unit: Unit, pixels: torch.Tensor) -> NDArray[np.float64]:
    below = unit.channels_last(unit.read(pixels)[1])
    return below.flatten(1, -2).mean(dim=1).double().cpu().numpy()


def _discriminant(members: NDArray[np.float64], others: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Weights and threshold of Fisher's discriminant, both sides counting alike."""
    means = members.mean(axis=0), others.mean(axis=0)
    centred = [(side - mean) / np.sqrt(2 * len(side)) for side, mean in zip((members, others), means, strict=True)]
    covariance = sum(side.T @ side for side in centred)
    spread = np.trace(covariance) / len(covariance) or 1.0
    weights = np.linalg.solve(covariance + spread * np.eye(len(covariance)), means[0] - means[1])
    return weights, float(weights @ (means[0] + means[1]) / 2)
