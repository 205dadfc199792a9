"""The model that ships: taken when none is named, and packed so finely that no verdict of the suites changes."""

from __future__ import annotations

import dataclasses
import shutil

import numpy as np
import pytest

import audit
from audit.encoders import load
from audit.encoders.open_clip_source import encoder_of
from audit.encoders.pocket import pocket_source
from audit.engine import Cache
from audit.records import Modality, Verdict

SUITE = """\
suite: small
title: Two pairings
version: 1
concepts:
  north: {label: the North, terms: [Norway, Sweden, Finland, Denmark, Iceland, Estonia]}
  south: {label: the South, terms: [Brazil, Kenya, Peru, Chile, Ghana, Angola]}
  cold: {label: cold, terms: [snow, ice, frost]}
  warm: {label: warmth, terms: [sun, sand, beach]}
probes:
  - id: north-cold
    ask: Is the North tied to cold more than the South is?
    measure: association
    targets: {x: north, y: south}
    attributes: {a: cold, b: warm}
    forms: [[text, text], [rendered, text]]
    alternative: greater
    margin: {cosine: 0.02}
"""


@pytest.fixture
def ships(untrained_pocket, monkeypatch):
    """Lets a folder of the test stand for what ships."""

    def stand(folder):
        monkeypatch.setattr("audit.encoders.pocket.pocket_source", lambda: pocket_source(shipped=folder))

    stand(untrained_pocket)
    return stand


def test_a_run_takes_it_when_no_model_is_named(ships, tmp_path):
    (tmp_path / "small.yaml").write_text(SUITE)
    run = audit.run([str(tmp_path / "small.yaml")], out=tmp_path / "run")
    assert run.model_of("small").spec == "pocket"
    assert run.model_of("small").licence == "Apache-2.0"
    assert "--model" not in run.stored.manifest.command
    assert {f.form for f in run.findings} == {("text", "text"), ("rendered", "text")}
    assert all(finding.headline for finding in run.findings)


def test_a_model_that_is_named_is_taken(ships, tmp_path):
    (tmp_path / "small.yaml").write_text(SUITE)
    run = audit.run([str(tmp_path / "small.yaml")], model="st:all-MiniLM-L6-v2", out=tmp_path / "run")
    assert run.model_of("small").spec == "st:all-MiniLM-L6-v2"
    own = audit.run(["goh2021"], out=tmp_path / "own")
    assert own.model_of("goh2021").spec.startswith("arrays:")


def test_files_that_are_not_there_are_one_clear_error(ships, untrained_pocket, tmp_path, cli):
    folder = shutil.copytree(untrained_pocket, tmp_path / "pocket")
    (folder / "image.safetensors").unlink()
    ships(folder)
    code, out, err = cli("run", "regions", "--out", tmp_path / "run")
    assert (code, out) == (2, "")
    assert "error: pocket: there is no " in err
    assert "image.safetensors" in err
    assert "install clip-audit again" in err
    assert not (tmp_path / "run").exists()


def test_it_stands_first_among_the_models(cli):
    code, out, _ = cli("list", "models")
    assert code == 0
    assert out.splitlines()[3].split()[0] == "pocket"


class TextOnly:
    """An encoder without its image side: what the text tower alone is found to associate."""

    def __init__(self, encoder):
        self._encoder = encoder

    def __getattr__(self, name):
        return getattr(self._encoder, name)

    @property
    def info(self):
        return dataclasses.replace(self._encoder.info, modalities=frozenset({Modality.TEXT}))


@pytest.fixture(scope="module")
def originals_and_packed(untrained_pocket, tmp_path_factory):
    """The bundled suites on the original text encoder and on the packed one: (run, cached vectors) of each."""
    folder = tmp_path_factory.mktemp("packed")
    made = []
    with pytest.MonkeyPatch.context() as patch:
        for name, encoder in (
            ("original", load("st:all-MiniLM-L6-v2", device="cpu")),
            ("packed", TextOnly(encoder_of(pocket_source(shipped=untrained_pocket), "cpu"))),
        ):
            patch.setattr("audit.encoders.load", lambda *_spec, found=encoder, **_how: found)
            run = audit.run(["regions", "demographics", "religion"], out=folder / name, cache=folder / "cache")
            made.append((run, Cache(folder / "cache", encoder.fingerprint)))
    return made


@pytest.mark.slow
def test_packing_turns_no_text_by_more_than_a_little(originals_and_packed):
    (run, exact), (_, packed) = originals_and_packed
    stimuli = run.to_pandas("stimuli")
    texts = stimuli[stimuli["modality"] == "text"].drop_duplicates("digest").set_index("digest")["content"]
    found = [cache.get("text", list(texts.index)) for cache in (exact, packed)]
    assert len(texts) > 5000
    assert set(found[0]) == set(found[1]) == set(texts.index)
    a, b = (np.stack([vectors[key] for key in texts.index]).astype(float) for vectors in found)
    cosine = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    assert cosine.min() >= 0.998, texts.iloc[int(cosine.argmin())]
    assert cosine.mean() >= 0.9995


@pytest.mark.slow
def test_packing_changes_no_verdict(originals_and_packed):
    original, packed = ({(f.suite, f.probe): f for f in run.findings if f.headline} for run, _ in originals_and_packed)
    assert set(original) == set(packed)
    assert len(original) > 50
    assert {key: f.verdict for key, f in original.items()} == {key: f.verdict for key, f in packed.items()}
    moved = {key: abs(f.headline.value - packed[key].headline.value) for key, f in original.items()}
    assert max(moved.values()) < 0.005, max(moved, key=moved.__getitem__)


def test_suites_for_images_of_ones_own_are_not_applicable_without_them_and_pass_nothing(ships, tmp_path):
    suites = ["fairface", "dollar-street", "geode", "facet", "visogender", "social-counterfactuals"]
    run = audit.run(suites, out=tmp_path / "run")
    assert {finding.suite for finding in run.findings} == set(suites)
    for finding in run.findings:
        assert finding.verdict is Verdict.NOT_APPLICABLE
        assert (finding.missing, finding.estimates) == ("stimuli", ())
        assert "no images were given (--images TABLE" in finding.statement
    assert run.verdict is Verdict.INCONCLUSIVE
