"""What image towers that were never trained give for the same questions: `python -m recipes.pocket.untrained`.

A permutation over countries asks whether other countries would have given as much. It cannot ask whether any tower at
all would have: pixels alone (a red flag, a dark face) move whatever a tower computes. So every association of the
bundled suites that shows pictures is measured again on towers of pocket's shape with random weights, by the same code
and on the same stimuli; what they give ships beside pocket, and reports show it beside what pocket gives.

Batch normalisation divides by statistics that training leaves behind, and an untrained tower has none. They are taken
from the pictures of these suites, shown once, as training would have taken them; with the ones that a new tower starts
with, activations would shrink or grow from layer to layer, and the towers would differ from pocket in more than their
weights. Nothing else of the tower learns from those pictures.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from audit.assess import association
from audit.encoders import POCKET, Encoded, declare_torchvision_operators
from audit.encoders.open_clip_build import build
from audit.encoders.open_clip_source import CONFIG, encoder_of
from audit.encoders.pocket import FOLDER, pocket_source
from audit.encoders.shipped import read_shipped
from audit.encoders.untrained import UNTRAINED, untrained_text
from audit.engine import Cache, LiveEncodings
from audit.findings.fingerprint import fingerprint
from audit.records import Estimate, Modality, UntrainedNull
from audit.stimuli import Collector
from audit.suite import AssociationProbe, find_suites, load_suite

declare_torchvision_operators()

import open_clip  # noqa: E402  (torchvision needs the operators first)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from PIL.Image import Image

    from audit.assess.association import AssociationPlan
    from audit.encoders.open_clip_source import OpenClipSource
    from audit.records import ModelInfo
    from audit.stimuli import Stimulus
    from audit.suite import Suite

TOWERS = 20
STATISTICS = ("cosine_difference", "hedges_g", "effect_size_dz")
"""The raw difference, and the one that does not depend on how far apart a tower puts its embeddings."""
_BATCH = 128


def untrained_nulls(suites: Sequence[Suite], seeds: Sequence[int], *, shipped: Path = FOLDER) -> list[UntrainedNull]:
    """What one tower a seed gives for every association of the suites that shows pictures.

    SystemExit when a tower gives no number where another one does.
    """
    found: dict[tuple[str, str, tuple[str, ...], str, str], list[float]] = defaultdict(list)
    with _workplace() as folder:
        source = pocket_source(shipped=shipped)
        plans = plans_of(suites, encoder_of(source, "cpu").info)
        pixels = pixels_of(plans, source, folder)
    stimuli = [stimulus for plan in plans for stimulus in plan.stimuli]
    texts: dict[str, np.ndarray] = {}
    for count, seed in enumerate(seeds, start=1):
        with _workplace() as folder:
            source = pocket_source(settled(seed, pixels, shipped), shipped=shipped)
            encoder = encoder_of(dataclasses.replace(source, spec=f"untrained:{seed}", title="untrained"), "cpu")
            cache = Cache(folder, encoder.fingerprint)
            cache.put("text", texts)  # the text tower is the same one every time
            encodings = LiveEncodings(encoder, cache)
            encodings.prepare(stimuli)
            texts = cache.get("text", [s.key for s in stimuli if s.modality is Modality.TEXT])
            for plan in plans:
                one = plan.measure(encodings, 0).measurement
                asked = fingerprint(one.suite, one.probe, one.form, one.ask, one.definition)
                for estimate in one.estimates:
                    if isinstance(estimate, Estimate) and estimate.name in STATISTICS:
                        found[one.suite, one.probe, one.form, asked, estimate.name].append(estimate.value)
        sys.stderr.write(f"tower {count} of {len(seeds)}\n")
    if uneven := [key for key, values in found.items() if len(values) != len(seeds)]:
        sys.exit(f"some towers give no number for {uneven[0]}")
    return [
        UntrainedNull(suite=suite, probe=probe, form=form, fingerprint=asked, statistic=name, values=tuple(values))
        for (suite, probe, form, asked, name), values in found.items()
    ]


def plans_of(suites: Iterable[Suite], info: ModelInfo) -> list[AssociationPlan]:
    """The associations of these suites in the forms whose stimuli can be had and are pictures, all or some."""
    made = []
    for suite in suites:
        collector = Collector(suite, info, None)
        for probe in suite.probes:
            if isinstance(probe, AssociationProbe):
                made += [plan for plan in association.plan(suite, probe, collector) if pictures([plan])]
    return made


def pictures(plans: Iterable[AssociationPlan]) -> list[Stimulus]:
    """Every picture that the plans show."""
    return [stimulus for plan in plans for stimulus in plan.stimuli if stimulus.modality is Modality.IMAGE]


class _Eyes:
    """Stands where a model stands, and keeps what it is shown."""

    batch_size = _BATCH

    def __init__(self, source: OpenClipSource) -> None:
        self.info, self._preprocess = encoder_of(source, "cpu").info, build(source, "cpu")[1]
        self.pixels: list[torch.Tensor] = []

    def encode_images(self, images: Sequence[Image], layers: object = ()) -> Encoded:
        del layers
        self.pixels += [self._preprocess(image) for image in images]
        return Encoded(np.zeros((len(images), 1), dtype=np.float32), {})


def pixels_of(plans: Sequence[AssociationPlan], source: OpenClipSource, folder: Path) -> torch.Tensor:
    """(n, 3, side, side) every picture once, as the model is fed; ``folder`` is for scratch."""
    eyes = _Eyes(source)
    LiveEncodings(eyes, Cache(folder, "eyes")).prepare(pictures(plans))
    return torch.stack(eyes.pixels)


def settled(seed: int, pixels: torch.Tensor, shipped: Path = FOLDER) -> dict[str, np.ndarray]:
    """Weights of a tower of pocket's shape as it would begin its training, its batch normalisation settled on
    ``pixels``: the mean over batches of what each channel gives, every picture shown once, in random order."""
    model = json.loads((shipped / CONFIG).read_text(encoding="utf-8"))["model_cfg"]
    torch.manual_seed(seed)
    tower = open_clip.model._build_vision_tower(model["embed_dim"], dict(model["vision_cfg"]))
    for module in tower.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None  # every batch counts the same
    tower.train()
    with torch.no_grad():
        for batch in torch.randperm(len(pixels)).tensor_split(max(1, round(len(pixels) / _BATCH))):
            tower(pixels[batch])
    state = tower.state_dict().items()
    return {f"visual.{name}": value.numpy() for name, value in state if value.is_floating_point()}


@contextmanager
def _workplace() -> Iterator[Path]:
    """A folder that is thrown away afterwards, for the files of one tower (some 100 MB) and its encodings."""
    before = os.environ.get("CLIP_AUDIT_CACHE")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CLIP_AUDIT_CACHE"] = folder
        try:
            yield Path(folder)
        finally:
            if before is None:
                del os.environ["CLIP_AUDIT_CACHE"]
            else:
                os.environ["CLIP_AUDIT_CACHE"] = before


def main() -> None:
    """Write the file that ships."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--towers", type=int, default=TOWERS)
    parser.add_argument("--shipped", type=Path, default=FOLDER, help="the folder of pocket that it is for")
    given = parser.parse_args()
    suites = [suite for entry in find_suites() if not (suite := load_suite(entry.name)).model]
    nulls = untrained_nulls(suites, range(given.towers), shipped=given.shipped)
    text = untrained_text(nulls, read_shipped(POCKET, given.shipped).digests)
    (given.shipped / UNTRAINED).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
