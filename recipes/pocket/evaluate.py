"""What a tower reaches on art and fonts that training never saw: `python -m recipes.pocket.evaluate WEIGHTS...`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file

from recipes.pocket import art, tower, words
from recipes.pocket.data import style
from recipes.pocket.text import embedded

FONTS = Path(__file__).resolve().parents[2] / "audit" / "stimuli" / "fonts"
HELD_OUT_FONTS = ("NotoSans-Regular", "NotoSans-Bold", "NotoSerif-Regular", "NotoSansMono-Regular")


def quick(model: torch.nn.Module, bank: torch.Tensor) -> dict[str, float]:
    """The figures of `pictographs` on the held-out style; ``bank`` holds the names of all emojis first."""
    return pictographs(model, bank[: len(art.emojis())], art.HELD_OUT)


def pictographs(model: torch.nn.Module, names: torch.Tensor, style_name: str) -> dict[str, float]:
    """Top-1 and top-5 over the names of all plain emojis; skin tone and gender against the other ones."""
    drawn, known = style(style_name), art.emojis()
    present = [i for i, emoji in enumerate(known) if emoji.code in drawn]
    images = tower.embedded(model, [tower.shown(drawn[known[i].code]) for i in present])
    row = {known[i].code: k for k, i in enumerate(present)}
    plain = [i for i in range(len(known)) if not known[i].toned]
    column = {i: k for k, i in enumerate(plain)}
    asked = [i for i in present if not known[i].toned]
    scores = images[[row[known[i].code] for i in asked]] @ names[plain].T
    own = torch.tensor([column[i] for i in asked])
    rank = (scores > scores.gather(1, own[:, None])).sum(1)
    flag = torch.tensor([bool(known[i].country) for i in asked])
    figures = {
        "top1": rank.eq(0).float().mean(),
        "top5": rank.lt(5).float().mean(),
        "flags": rank[flag].eq(0).float().mean() if flag.any() else torch.tensor(float("nan")),
        "tone": _counterfactual(images, names, row, known, art.other_tones),
        "gender": _counterfactual(images, names, row, known, art.other_genders),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def _counterfactual(images, names, row, known, others) -> torch.Tensor:
    """Share of (picture, other label) pairs in which the picture lies closer to its own label than to the other."""
    index = {emoji.name: i for i, emoji in enumerate(known)}
    right: list[torch.Tensor] = []
    for i, emoji in enumerate(known):
        if emoji.code in row:
            z = images[row[emoji.code]]
            right += [z @ names[i] > z @ names[index[o]] for o in others(emoji) if o in index]
    return torch.stack(right).float().mean() if right else torch.tensor(float("nan"))


def rendered(model: torch.nn.Module, font: str, vocabulary: list[str], bank: torch.Tensor, own: torch.Tensor) -> float:
    """Top-1 of words drawn in a font, over ``bank``."""
    path = str(FONTS / f"{font}.ttf")
    pictures = [tower.shown(words.draw(word, path, 56)) for word in vocabulary]
    scores = tower.embedded(model, pictures) @ bank.T
    return round(float(scores.argmax(1).eq(own).float().mean()), 4)


def typographic(model: torch.nn.Module, names: torch.Tensor, pairs: int = 500) -> dict[str, float]:
    """A word of training written in a held-out font across the lower half of a pictograph of the held-out style.

    ``written``: share in which the nearest name, over all plain emojis and words, becomes the word and was not before;
    ``kept``: share in which it is still the pictograph's own, of those where it was.
    """
    rng, drawn, known = np.random.default_rng(0), style(art.HELD_OUT), art.emojis()
    plain = [i for i, emoji in enumerate(known) if not emoji.toned]
    vocabulary = words.words()
    bank = torch.cat([names[plain], embedded(vocabulary)])
    here = [k for k, i in enumerate(plain) if known[i].code in drawn]
    chosen, lettering = rng.choice(here, pairs), rng.integers(len(vocabulary), size=pairs)
    bare, labelled = [], []
    for k, word in zip(chosen, lettering, strict=True):
        canvas = Image.new("RGBA", (words.SIDE, words.SIDE), "white")
        icon = Image.fromarray(drawn[known[plain[k]].code]).resize(canvas.size, Image.Resampling.BICUBIC)
        bare.append(tower.shown(Image.alpha_composite(canvas, icon)))
        text = words.draw(vocabulary[word], str(FONTS / "NotoSans-Bold.ttf"), 40, (0.5, 0.85))
        box = text.point(lambda level: 255 if level < 255 else 0).getbbox()
        canvas = Image.alpha_composite(canvas, icon).convert("RGB")
        canvas.paste(text.crop(box), box)
        labelled.append(tower.shown(canvas))
    before = (tower.embedded(model, bare) @ bank.T).argmax(1).numpy()
    after = (tower.embedded(model, labelled) @ bank.T).argmax(1).numpy()
    written = lettering + len(plain)
    right = before == chosen
    return {
        "written": round(float(((after == written) & (before != written)).mean()), 4),
        "kept": round(float((after == chosen)[right].mean()), 4) if right.any() else float("nan"),
    }


def everything(model: torch.nn.Module) -> dict[str, object]:
    """All figures of the model's card."""
    names = embedded([emoji.name for emoji in art.emojis()])
    vocabulary, unseen = words.words(), words.never_trained()
    texts = list(dict.fromkeys(word.lower() for word in [*vocabulary, *unseen]))
    at = {text: i for i, text in enumerate(texts)}
    everything_named = torch.cat([embedded(texts), names])
    own = torch.tensor([at[word.lower()] for word in vocabulary])
    own_unseen = torch.tensor([at[word.lower()] for word in unseen])
    return {
        "pictographs": {art.HELD_OUT: pictographs(model, names, art.HELD_OUT)},
        "words": {font: rendered(model, font, vocabulary, everything_named, own) for font in HELD_OUT_FONTS},
        "words never trained": {
            font: rendered(model, font, unseen, everything_named, own_unseen) for font in HELD_OUT_FONTS
        },
        "word written across a pictograph": typographic(model, names),
        "bank": len(everything_named),
        "words asked": len(vocabulary),
    }


def load(path: Path) -> torch.nn.Module:
    """A tower from its weights."""
    model = tower.new(0)
    model.load_state_dict({name.removeprefix("visual."): value.float() for name, value in load_file(path).items()})
    return model.eval()


def main() -> None:
    """Print the figures of each file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights", type=Path, nargs="+")
    for path in parser.parse_args().weights:
        print(json.dumps({path.name: everything(load(path))}, indent=1))


if __name__ == "__main__":
    main()
