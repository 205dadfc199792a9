"""A suite of 200 associations on embeddings that are cached, from plan to verdict. Used by speed.py."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np

from audit.assess import Assessment
from audit.engine import Cache, LiveEncodings
from audit.findings import judge
from audit.records import Finding, Modality, ModelInfo
from audit.stimuli import Collector
from audit.suite import load_suite

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL.Image import Image

    from audit.encoders import Encoded, LayerRef
    from audit.suite import Suite

TARGETS, ATTRIBUTES = 20, 10
"""Pairs of groups, and pairs of attributes; every group is asked about every attribute."""
DIMENSION = 512


class Hashed:
    """A text encoder whose vectors follow from the text alone: what is timed is everything but a model."""

    batch_size = 512
    fingerprint = "5" * 64
    info = ModelInfo(
        spec="hashed",
        name="hashed",
        kind="hashed",
        modalities=frozenset({Modality.TEXT}),
        dimension=DIMENSION,
        weights_digest="0" * 64,
    )

    def encode_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, 512) standard normal vectors, one a text."""
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") for text in texts]
        return np.stack([np.random.default_rng(seed).standard_normal(DIMENSION, dtype=np.float32) for seed in seeds])

    def encode_images(self, images: Sequence[Image], layers: Sequence[LayerRef] = ()) -> Encoded:
        """It reads words only."""
        raise NotImplementedError


def write_suite(folder: Path, probes_a_family: int) -> Path:
    """200 probes: 12 to 20 terms a group, 4 to 10 prompts, 8 + 8 attributes, another definition of every group."""
    concepts: dict[str, object] = {}
    for pair in range(TARGETS):
        for side in "xy":
            terms = [f"{side}{pair} term {i}" for i in range(12 + (pair + (side == "y")) % 9)]
            variants = {"shorter": {"terms": terms[:10]}}
            concepts[f"{side}{pair}"] = {"label": f"group {side}{pair}", "terms": terms, "variants": variants}
    for pair in range(ATTRIBUTES):
        for side in "ab":
            terms = [f"{side}{pair} word {i}" for i in range(8)]
            concepts[f"{side}{pair}"] = {"label": f"attribute {side}{pair}", "terms": terms}
    prompts = {f"prompts-{n}": [f"prompt {i} of {n}: {{}}" for i in range(n)] for n in range(4, 11)}
    questions = [(target, attribute) for target in range(TARGETS) for attribute in range(ATTRIBUTES)]
    probes = [
        {
            "id": f"probe-{target}-{attribute}",
            "ask": f"Is group x{target} tied to attribute a{attribute} more than y{target} is?",
            "measure": "association",
            "targets": {"x": f"x{target}", "y": f"y{target}"},
            "attributes": {"a": f"a{attribute}", "b": f"b{attribute}"},
            "templates": f"prompts-{4 + target % 7}",
            "alternative": "two-sided" if number % 2 else "greater",
            "margin": {"cosine": 0.02},
            "family": f"family-{number // probes_a_family}",
        }
        for number, (target, attribute) in enumerate(questions)
    ]
    file = folder / f"judged-{probes_a_family}.yaml"
    suite = {"suite": "judged", "title": "Two hundred", "version": 1, "concepts": concepts}
    file.write_text(json.dumps(suite | {"templates": prompts, "probes": probes}))
    return file


def fill_cache(suite: Suite, folder: Path) -> None:
    """Encode every stimulus once, so that the next run finds all of them."""
    _assessment(suite, folder)[0].prepare()


def judged(suite: Suite, folder: Path) -> tuple[Finding, ...]:
    """What `clip-audit run` does between reading a suite and writing the run, with every encoding in the cache."""
    assessment, encodings = _assessment(suite, folder)
    assessment.prepare()
    findings = judge(assessment.measure(lambda _what, _done, _total: None).measurements)
    assert encodings.encoded == 0
    return findings


def _assessment(suite: Suite, folder: Path) -> tuple[Assessment, LiveEncodings]:
    encoder = Hashed()
    encodings = LiveEncodings(encoder, Cache(folder, encoder.fingerprint))
    return Assessment([suite], {suite.suite: Collector(suite, encoder.info, None)}, encodings, seed=0), encodings


def ready_suite(folder: Path, probes_a_family: int) -> Suite:
    """The suite with all its encodings in the cache."""
    suite = load_suite(str(write_suite(folder, probes_a_family)))
    fill_cache(suite, folder)
    return suite
