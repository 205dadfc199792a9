"""Train the image tower of pocket: `python -m recipes.pocket.train --seed 0 --out build/pocket/seed-0.safetensors`.

Locked-text tuning. The text tower is frozen, so every caption's embedding is computed once; the image tower learns to
put a picture where the text tower puts its name. The loss of an image z with target t, over the bank C of all captions:

    CE(softmax(25 t C'), softmax(25 z C')) + 4 (1 - cos(z, t)) + 0.5 CE(own caption, softmax(40 z C')) + 0.3 letters

where `letters` is a head that spells lone words and is thrown away. A composite of two things is taught the mean of
both. What is shown when: first half the pictures are words, little varied; then composites come in and everything is
varied fully.

``--start WEIGHTS`` finishes a tower that was trained so: fewer steps from a lower rate, everything varied fully, and
one more term, CE(own name, softmax(40 z S')) over S, the names that differ from a pictograph's own in skin tone or
gender only.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn import functional

from recipes.pocket import tower
from recipes.pocket.data import LETTERS, POSITIONS, Batch, Pictures, captions, siblings
from recipes.pocket.evaluate import load, quick
from recipes.pocket.text import embedded

LEARNING_RATE, FINISHING_RATE, WEIGHT_DECAY, WARM_UP = 1.5e-3, 5e-4, 0.05, 300
EASY = 0.3
"""Share of the steps in which words come often, pictures vary little and nothing is a composite."""


def main() -> None:
    """Train one tower and write its weights and its log."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--batch", type=int, default=192)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--start", type=Path, help="weights to finish")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train(options.seed, options.steps, options.batch, options.out, options.start)


def train(seed: int, steps: int, size: int, out: Path, start: Path | None = None) -> None:
    """The recipe."""
    out.parent.mkdir(parents=True, exist_ok=True)
    (out.parent / "open_clip_config.json").write_text(json.dumps(tower.config(), indent=2) + "\n")
    bank = embedded(captions())
    model = (load(start).train() if start else tower.new(seed)).to(memory_format=torch.channels_last)
    alike = siblings() if start else None
    highest, easy_share = (FINISHING_RATE, 0.0) if start else (LEARNING_RATE, EASY)
    speller = torch.nn.Linear(tower.WIDTH * 32 * 4, POSITIONS * len(LETTERS))
    pictures = Pictures(seed)
    parameters = [*model.parameters(), *speller.parameters()]
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": WEIGHT_DECAY},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=highest, fused=True)
    log, started, total = [], time.time(), 0.0
    for step in range(steps):
        rate = highest * min((step + 1) / WARM_UP, 0.5 * (1 + math.cos(math.pi * step / steps)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        easy = step < easy_share * steps
        batch = pictures.batch(size, *((0.5, 0.0, 0.5) if easy else (0.33, 0.12, 1.0)))
        loss = _loss(model, speller, batch, bank, alike)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        total += loss.item()
        if (step + 1) % 100 == 0:
            entry = {"step": step + 1, "loss": round(total / 100, 4), "seconds": round(time.time() - started)}
            total = 0.0
            if (step + 1) % 500 == 0 or step + 1 == steps:
                entry |= quick(model, bank)
                model.train()
                _write(model, out)
            log.append(entry)
            print(json.dumps(entry), flush=True)
            out.with_suffix(".log.json").write_text(
                json.dumps({"seed": seed, "steps": steps, "batch": size, "log": log}, indent=1)
            )


def _loss(
    model: torch.nn.Module, speller: torch.nn.Module, batch: Batch, bank: torch.Tensor, alike: torch.Tensor | None
) -> torch.Tensor:
    images = ((batch.images - tower.MEAN) / tower.STD).contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16):
        features = model.layer4(model.layer3(model.layer2(model.layer1(model.stem(images)))))
        z = model.attnpool(features)
        spelt = speller(features.flatten(1))
    z = functional.normalize(z.float(), dim=1)
    target = functional.normalize(bank[batch.first] + bank[batch.second], dim=1)
    similar = z @ bank.T
    profile = functional.softmax(25 * target @ bank.T, dim=1)
    loss = functional.cross_entropy(25 * similar, profile) + 4 * (1 - (z * target).sum(1)).mean()
    alone = batch.first == batch.second
    loss = loss + 0.5 * functional.cross_entropy(tower.SCALE * similar[alone], batch.first[alone])
    if alike is not None:
        named = alike[batch.first]  # (n, k), the first is its own name; -1 stands for none
        among = similar.gather(1, named.clamp(min=0)).masked_fill(named < 0, -1.0)
        told = alone & (named[:, 1] >= 0)
        loss = loss + functional.cross_entropy(tower.SCALE * among[told], torch.zeros(int(told.sum())).long())
    words = batch.letters[:, 0] >= 0
    letters = spelt[words].float().view(-1, len(LETTERS))
    return loss + 0.3 * functional.cross_entropy(letters, batch.letters[words].flatten())


def _write(model: torch.nn.Module, out: Path) -> None:
    weights = {f"visual.{name}": value.contiguous() for name, value in model.state_dict().items()}
    scratch = out.with_suffix(".part")
    save_file(weights, scratch)
    scratch.replace(out)


if __name__ == "__main__":
    main()
