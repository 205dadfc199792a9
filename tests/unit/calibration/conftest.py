"""A made-up model and populations of made-up pictures, small enough to calibrate in seconds."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from audit.calibration.material import Material
from audit.calibration.population import Group
from audit.calibration.trials import SUITE, Population
from audit.calibration.unit_plant import Block
from audit.encoders.tower import Readings
from audit.records import LayerInfo, Modality, ModelInfo, StimulusPopulation
from audit.stimuli import Collector, Stimulus, StimulusSet
from audit.suite import AssociationProbe, load_suite

D, C, P, U, PLACES = 24, 80, 40, 30, 4
LAYER = "visual.layer4.1.act3"
STYLES = ("one", "two", "three")


def _set(concept, form, clusters):
    stimuli = tuple(
        Stimulus(f"{form}/{name}/{style}", Modality.IMAGE, form, name, name, name, style, name)
        for name in clusters
        for style in STYLES
    )
    return StimulusSet(concept, concept.title(), form, stimuli)


@pytest.fixture(scope="session")
def material():
    """Two forms of 24 X, 20 Y and 16 others in three styles each; features tell the clusters apart, as a tower does.

    The harm and the neutral words lie close, so that s varies between clusters by about the margin, as in real models.
    """
    rng = np.random.default_rng(11)
    suite = load_suite(SUITE)
    layers = tuple(LayerInfo(LAYER, pooling, U, True) for pooling in ("mean", "max"))
    info = ModelInfo(
        spec="made-up",
        name="made-up",
        kind="open_clip",
        modalities=frozenset(Modality),
        dimension=D,
        weights_digest="0" * 64,
        layers=layers,
    )
    populations, described, images = {}, [], []
    for name, form in (("flags", "pictograph"), ("names", "rendered")):
        x = Group.of(_set("africa", form, [f"{name}-x{i}" for i in range(24)]))
        y = Group.of(_set("europe", form, [f"{name}-y{i}" for i in range(20)]))
        rest = y.united(Group.of(_set("others", form, [f"{name}-z{i}" for i in range(16)])))
        populations[name] = Population(name, x, y, x.united(y), rest)
        images += [*x.whole.stimuli, *rest.whole.stimuli]
        described.append(
            StimulusPopulation(
                id=name, title=f"made-up {name}", x="Africa", y="Europe", clusters=(24, 20), columns=3, images=180
            )
        )
    clusters = list(dict.fromkeys(image.cluster for image in images))
    row = np.array([clusters.index(image.cluster) for image in images])
    style = np.array([STYLES.index(image.template) for image in images])
    form = np.array([image.form == "rendered" for image in images]).astype(int)

    def spread(width):
        own, shared = rng.normal(size=(len(clusters), width)), 0.3 * rng.normal(size=(len(STYLES), width))
        return own[row] + shared[style] + rng.normal(size=(2, width))[form] + 0.3 * rng.normal(size=(len(row), width))

    features, inputs, sums = spread(C), spread(P), spread(U)
    weight, bias = rng.normal(size=(D, C)) / np.sqrt(C), rng.normal(size=D)
    places = lambda values: values[:, :, None] + 0.2 * rng.normal(size=(*values.shape, PLACES))  # noqa: E731
    collector = Collector(suite, info, None)
    words = {
        concept: collector.collect(concept, "text", templates=("{}",))
        for probe in suite.probes
        if isinstance(probe, AssociationProbe)
        for concept in (probe.attributes.a, probe.attributes.b)
    }
    vectors, common = {}, rng.normal(size=D)
    for concept, each in words.items():
        topic = np.random.default_rng(list(concept.encode())).normal(size=D)
        for stimulus in each.stimuli:
            seed = int(hashlib.sha256(stimulus.key.encode()).hexdigest()[:8], 16)
            vector = common + 0.08 * topic + 0.1 * np.random.default_rng(seed).normal(size=D)
            vectors[stimulus.key] = vector / np.linalg.norm(vector)
    return Material(
        suite=suite,
        info=info,
        tower="1" * 64,
        populations=populations,
        described=tuple(described),
        images=tuple(images),
        readings=Readings(features, features @ weight.T + bias, places(inputs), places(sums)),
        weight=weight,
        bias=bias,
        block=Block("visual.layer4.1", places(inputs), places(sums), rng.uniform(0.5, 1.5, U)),
        words=words,
        vectors=vectors,
    )
