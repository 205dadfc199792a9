"""The model that is edited and the stimuli of the populations, encoded once: what edits and audits are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.calibration.plant import Census, Sides
from audit.calibration.population import Group
from audit.calibration.trials import SUITE, Population
from audit.calibration.unit_plant import Block
from audit.encoders.edits import PROJECTION
from audit.encoders.open_clip_build import build
from audit.encoders.open_clip_source import encoder_of
from audit.encoders.pocket import pocket_source
from audit.encoders.specimen import tower_digest
from audit.encoders.tower import last_block, read_tower
from audit.engine.encodings import normalised
from audit.records import StimulusPopulation
from audit.stimuli import Collector, StimulusSet, picture
from audit.suite import AssociationProbe, load_suite

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from audit.encoders.tower import Readings
    from audit.engine import Progress
    from audit.records import ModelInfo
    from audit.stimuli import Stimulus
    from audit.suite import Suite

FORMS = (
    ("flags", "pictograph", "flags of countries, in four art styles"),
    ("names", "rendered", "names of countries, drawn in four fonts"),
)
"""Populations: id, form and title. Units are planted in the first."""
_X, _Y, _ALL = "africa", "europe", "world"


@dataclass(frozen=True)
class Material:
    """What is known of the model and the populations before anything is edited."""

    suite: Suite
    info: ModelInfo
    tower: str
    """sha256 of the file of the image tower."""
    populations: Mapping[str, Population]
    described: tuple[StimulusPopulation, ...]
    images: tuple[Stimulus, ...]
    """n stimuli: every form, every cluster, every column."""
    readings: Readings
    """Of the n images."""
    weight: NDArray[np.float64]
    """(d, c) of the image projection."""
    bias: NDArray[np.float64]
    """(d,)"""
    block: Block
    words: Mapping[str, StimulusSet]
    """Stimuli of each attribute concept."""
    vectors: Mapping[str, NDArray[np.float64]]
    """(d,) embedding of unit length of each of those stimuli, by its key."""

    def census(self) -> Census:
        """The images with the groups of each population."""
        sides = []
        for population in self.populations.values():
            x, y, rest = (set(g.cells.values()) for g in (population.x, population.y, population.rest))
            masks = [np.array([image in group for image in self.images]) for group in (x | rest, x, y)]
            sides.append(Sides(*masks))
        return Census(self.readings.features, self.readings.embeddings, tuple(sides))

    def direction(self, probe: str) -> NDArray[np.float64]:
        """(d,) mean of the harm's unit vectors minus mean of the neutral topic's: s(w) = w . direction / |w|."""
        asked = self.suite.probe(probe)
        assert isinstance(asked, AssociationProbe)
        means = [
            np.mean([self.vectors[stimulus.key] for stimulus in self.words[concept].stimuli], axis=0)
            for concept in (asked.attributes.a, asked.attributes.b)
        ]
        difference: NDArray[np.float64] = means[0] - means[1]
        return difference


def gather(progress: Progress, shipped: Path) -> Material:
    """Collect the stimuli as a run does, run the model over them once, and keep what it computes on the way."""
    source = pocket_source(shipped=shipped)
    encoder = encoder_of(source, "cpu")
    suite = load_suite(SUITE)
    collector = Collector(suite, encoder.info, None)
    populations, described = {}, []
    for name, form, title in FORMS:
        x, y, everything = (Group.of(collector.collect(concept, form)) for concept in (_X, _Y, _ALL))
        populations[name] = Population(name, x, y, x.united(y), everything.without(x))
        described.append(
            StimulusPopulation(
                id=name,
                title=title,
                x=x.whole.label,
                y=y.whole.label,
                clusters=(x.size, y.size),
                columns=len(x.whole.templates),
                images=len(everything.cells),
            )
        )
    images = tuple(s for p in populations.values() for group in (p.x, p.rest) for s in group.whole.stimuli)
    progress("pictures of the populations", 0, len(images))
    model, preprocess = build(source, "cpu")
    readings = read_tower(model, preprocess, [picture(stimulus) for stimulus in images])
    progress("pictures of the populations", len(images), len(images))
    words = {
        concept: collector.collect(concept, "text", templates=suite.templates_of(probe.attribute_templates))
        for probe in suite.probes
        if isinstance(probe, AssociationProbe)
        for concept in (probe.attributes.a, probe.attributes.b)
    }
    shown = list({stimulus.key: stimulus for each in words.values() for stimulus in each.stimuli}.values())
    vectors = normalised(encoder.encode_text([stimulus.content for stimulus in shown]))
    tower: Any = model
    return Material(
        suite=suite,
        info=encoder.info,
        tower=tower_digest(shipped),
        populations=populations,
        described=tuple(described),
        images=images,
        readings=readings,
        weight=_numbers(tower.get_submodule(PROJECTION).weight),
        bias=_numbers(tower.get_submodule(PROJECTION).bias),
        block=_block(tower, readings),
        words=words,
        vectors={stimulus.key: vector for stimulus, vector in zip(shown, vectors, strict=True)},
    )


def _block(model: Any, readings: Readings) -> Block:
    name = last_block(model.visual)
    norm = model.get_submodule(f"{name}.bn3")
    scale = _numbers(norm.weight) / np.sqrt(_numbers(norm.running_var) + norm.eps)
    return Block(name, readings.inputs, readings.sums, scale)


def _numbers(tensor: Any) -> NDArray[np.float64]:
    numbers: NDArray[np.float64] = tensor.detach().double().cpu().numpy()
    return numbers
