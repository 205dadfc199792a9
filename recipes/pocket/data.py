"""Batches to learn from: pictographs, words and composites of them, varied by chance, each with what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from recipes.pocket import art, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

CACHE = Path(__file__).resolve().parents[2] / "build" / "pocket"
SIDE = 64
"""Height and width of what the model sees."""

LETTERS = " abcdefghijklmnopqrstuvwxyz?"
POSITIONS = 12


def style(name: str) -> dict[str, NDArray[np.uint8]]:
    """Code -> picture of one art style, drawn once."""
    path = CACHE / f"{name}.npz"
    if not path.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        codes, drawn = zip(*art.pictures(name), strict=True)
        np.savez(path, codes=np.array(codes), pictures=np.stack(drawn))
    with np.load(path) as stored:
        return dict(zip(stored["codes"].tolist(), stored["pictures"], strict=True))


def drawn_words(seed: int = 0) -> tuple[list[str], NDArray[np.intp], NDArray[np.uint8]]:
    """Words, index of the word of each drawing, and the drawings (n, 80, 80), dark = 255."""
    path = CACHE / "words.npz"
    vocabulary = words.words()
    if not path.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        index, drawn = zip(*words.drawn(vocabulary, seed, layouts=2), strict=True)
        np.savez(path, words=np.array(vocabulary), index=np.array(index), pictures=np.stack(drawn))
    with np.load(path) as stored:
        if stored["words"].tolist() != vocabulary:
            raise SystemExit(f"{path} was drawn from other words; delete it")
        return vocabulary, stored["index"], stored["pictures"]


@cache
def captions() -> tuple[str, ...]:
    """Everything that training may call a picture: names of emojis and words, once each, lower case."""
    names = [emoji.name for emoji in art.emojis()]
    return tuple(dict.fromkeys([*names, *(word.lower() for word in words.words())]))


def siblings() -> torch.Tensor:
    """(captions, k) index of a caption, then of those that differ from it in skin tone or gender only; -1 for none."""
    index = {caption: i for i, caption in enumerate(captions())}
    found = [[i] for i in range(len(index))]
    for emoji in art.emojis():
        others = [*art.other_tones(emoji), *art.other_genders(emoji)]
        found[index[emoji.name]] += [index[other] for other in others if other in index]
    longest = max(map(len, found))
    return torch.tensor([row + [-1] * (longest - len(row)) for row in found])


def spelled(word: str) -> list[int]:
    """Its first 12 letters as numbers, padded with blanks."""
    return [LETTERS.find(c) if c in LETTERS else len(LETTERS) - 1 for c in word.lower().ljust(POSITIONS)[:POSITIONS]]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step learns from."""

    images: torch.Tensor
    """(n, 3, 64, 64), 0 to 1."""
    first: torch.Tensor
    """(n,) index of the caption."""
    second: torch.Tensor
    """(n,) of the other thing shown, for composites; else the same."""
    letters: torch.Tensor
    """(n, 12) letters of a lone word; -1 for everything else."""


class Pictures:
    """All art of training in memory, and batches of it."""

    def __init__(self, seed: int) -> None:
        """Everything that is drawn by chance comes from ``seed``."""
        self._rng = np.random.default_rng(seed)
        self._torch = torch.Generator().manual_seed(seed)
        index = {caption: i for i, caption in enumerate(captions())}
        by_code: dict[str, list[NDArray[np.uint8]]] = {}
        for name in art.TRAINED:
            for code, picture in style(name).items():
                by_code.setdefault(code, []).append(picture)
        known = [emoji for emoji in art.emojis() if emoji.code in by_code]
        self._plain = [(index[e.name], by_code[e.code]) for e in known if not e.toned]
        self._toned = [(index[e.name], by_code[e.code]) for e in known if e.toned]
        vocabulary, self._word_of, self._drawn = drawn_words()
        self._word_caption = np.array([index[word.lower()] for word in vocabulary])
        self._spelled = torch.tensor([spelled(word) for word in vocabulary])

    def batch(self, size: int, word_share: float, composite_share: float, strength: float) -> Batch:
        """``strength`` 0 to 1 says how much pictures are varied."""
        n_words, n_composites = round(size * word_share), round(size * composite_share)
        icons, icon_captions = self._icons(size - n_words - n_composites)
        shown = [self._on_ground(self._warped(icons, SIDE, strength), strength)]
        first, second = [icon_captions], [icon_captions]
        drawings, word_captions, letters = self._words(n_words)
        shown.append(self._inked(drawings, strength))
        first.append(word_captions)
        second.append(word_captions)
        spelling = torch.full((size, POSITIONS), -1)
        start = len(icon_captions)
        spelling[start : start + n_words] = letters
        if n_composites:
            half = n_composites // 2
            pictures, one, other = self._labelled(half, strength)
            shown.append(pictures)
            first.append(one)
            second.append(other)
            pictures, one, other = self._pairs(n_composites - half, strength)
            shown.append(pictures)
            first.append(one)
            second.append(other)
        images = self._weathered(torch.cat(shown), strength)
        return Batch(images, torch.cat(first), torch.cat(second), spelling)

    # ----- what is shown ----------------------------------------------------------------------------------------------

    def _icons(self, n: int) -> tuple[torch.Tensor, torch.Tensor]:
        """(n, 4, 96, 96) premultiplied pictographs and their captions; a third have a chosen skin tone."""
        pictures, names = [], []
        for toned in self._rng.random(n) < 0.35:
            pool = self._toned if toned else self._plain
            caption, styles = pool[self._rng.integers(len(pool))]
            pictures.append(styles[self._rng.integers(len(styles))])
            names.append(caption)
        stacked = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255
        return torch.cat([stacked[:, :3] * stacked[:, 3:], stacked[:, 3:]], 1), torch.tensor(names)

    def _words(self, n: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """(n, 1, 80, 80) darkness, captions and letters."""
        chosen = self._rng.integers(len(self._drawn), size=n)
        word = self._word_of[chosen]
        darkness = torch.from_numpy(self._drawn[chosen])[:, None].float() / 255
        return darkness, torch.from_numpy(self._word_caption[word]), self._spelled[torch.from_numpy(word)]

    def _labelled(self, n: int, strength: float) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """A pictograph with a word written across it."""
        icons, names = self._icons(n)
        pictures = self._on_ground(self._warped(icons, SIDE, strength), strength)
        drawings, captions, _ = self._words(n)
        up = torch.from_numpy(self._rng.uniform(-0.6, 0.6, n)).float()
        word = self._warped(drawings, SIDE, 0.3, scale=(0.75, 1.0), shift_y=up)
        plate = functional.max_pool2d(word, 7, stride=1, padding=3).gt(0.2).float()
        plate = plate * (self._uniform(n, 1, 1, 1) < 0.7)
        pictures = pictures * (1 - plate) + plate
        return pictures * (1 - word) + word * self._uniform(n, 3, 1, 1) * 0.25, names, captions

    def _pairs(self, n: int, strength: float) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Two pictographs side by side or one above the other."""
        (one, first), (other, second) = self._icons(n), self._icons(n)
        across = torch.from_numpy(self._rng.random(n) < 0.6).float()
        offset = 0.5 * torch.ones(n)
        places = [(sign * offset * across, sign * offset * (1 - across)) for sign in (-1, 1)]
        drawn = [
            self._warped(icon, SIDE, 0.4 * strength, scale=(0.42, 0.55), shift_x=x, shift_y=y)
            for icon, (x, y) in zip((one, other), places, strict=True)
        ]
        together = drawn[1] + drawn[0] * (1 - drawn[1][:, 3:])
        return self._on_ground(together, strength), first, second

    # ----- chance -----------------------------------------------------------------------------------------------------

    def _uniform(self, *shape: int) -> torch.Tensor:
        return torch.rand(shape, generator=self._torch)

    def _warped(
        self,
        pictures: torch.Tensor,
        side: int,
        strength: float,
        scale: tuple[float, float] | None = None,
        shift_x: torch.Tensor | None = None,
        shift_y: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Turned, scaled, sheared and shifted, then sampled at ``side`` pixels."""
        n = len(pictures)
        low, high = scale or (1 - 0.35 * strength, 1 + 0.08 * strength)
        size = low + (high - low) * self._uniform(n)
        aspect = 1 + 0.12 * strength * (2 * self._uniform(n) - 1)
        angle = 0.22 * strength * (2 * self._uniform(n) - 1)
        shear = 0.12 * strength * (2 * self._uniform(n) - 1)
        x = 0.12 * strength * (2 * self._uniform(n) - 1) + (0 if shift_x is None else shift_x)
        y = 0.12 * strength * (2 * self._uniform(n) - 1) + (0 if shift_y is None else shift_y)
        cos, sin = angle.cos(), angle.sin()
        across, down = 1 / (size * aspect), aspect / size
        theta = torch.stack(
            [
                torch.stack([cos * across, (shear - sin) * down, -x / size], 1),
                torch.stack([sin * across, cos * down, -y / size], 1),
            ],
            1,
        )
        grid = functional.affine_grid(theta, [n, 1, side, side], align_corners=False)
        return functional.grid_sample(pictures, grid, mode="bilinear", align_corners=False)

    def _on_ground(self, pictures: torch.Tensor, strength: float) -> torch.Tensor:
        """Premultiplied colour and alpha -> colour on a ground; half of the grounds are white."""
        n = len(pictures)
        colour, alpha = pictures[:, :3], pictures[:, 3:]
        grey = colour.mean(1, keepdim=True)
        saturation = 1 + 0.35 * strength * (2 * self._uniform(n, 1, 1, 1) - 1)
        gain = 1 + 0.15 * strength * (2 * self._uniform(n, 3, 1, 1) - 1)
        light = 0.12 * strength * (2 * self._uniform(n, 1, 1, 1) - 1)
        colour = ((grey + saturation * (colour - grey)) * gain + light * alpha).clamp(min=0).minimum(alpha)
        ground = self._uniform(n, 3, 1, 1)
        pale = 1 - 0.25 * self._uniform(n, 3, 1, 1)
        kind = self._uniform(n, 1, 1, 1)
        ground = torch.where(kind < 0.55, torch.ones(()), torch.where(kind < 0.8, pale, ground))
        slope = (self._uniform(n, 1, 1, 1) < 0.15).float() * (self._uniform(n, 3, 1, 1) - 0.5)
        ramp = torch.linspace(-1, 1, colour.shape[-1])[None, None, :, None]
        return colour + (1 - alpha) * (ground + slope * ramp).clamp(0, 1)

    def _inked(self, drawings: torch.Tensor, strength: float) -> torch.Tensor:
        """Words, mostly dark on light."""
        n = len(drawings)
        alpha = self._warped(drawings, SIDE, 0.45 * strength)
        plain = self._uniform(n, 1, 1, 1) < 1 - 0.4 * strength
        paper = torch.where(plain, torch.ones(()), 1 - 0.4 * self._uniform(n, 3, 1, 1))
        ink = torch.where(plain, torch.zeros(()), 0.45 * self._uniform(n, 3, 1, 1))
        picture = paper * (1 - alpha) + ink * alpha
        return torch.where(self._uniform(n, 1, 1, 1) < 0.12 * strength, 1 - picture, picture)

    def _weathered(self, images: torch.Tensor, strength: float) -> torch.Tensor:
        """Some blurred, some noisy, some with a patch missing."""
        n, _, side, _ = images.shape
        blurred = functional.avg_pool2d(images, 3, stride=1, padding=1, count_include_pad=False)
        images = torch.where(self._uniform(n, 1, 1, 1) < 0.15 * strength, blurred, images)
        noise = torch.randn(images.shape, generator=self._torch)
        images = images + 0.05 * strength * self._uniform(n, 1, 1, 1) * noise
        at = torch.arange(side)
        top, left = (side * self._uniform(2, n)).long()
        size = (side * (0.1 + 0.2 * self._uniform(n))).long()
        hole = (
            (at[None, :, None] - top[:, None, None]).abs().le(size[:, None, None] // 2)
            & (at[None, None, :] - left[:, None, None]).abs().le(size[:, None, None] // 2)
            & (self._uniform(n, 1, 1) < 0.2 * strength)
        )
        filled = self._uniform(n, 3, 1, 1).expand_as(images)
        return torch.where(hole[:, None], filled, images).clamp(0, 1)
