"""Pictographs as stimuli: which, in which styles, of whom, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from audit.errors import AuditError
from audit.records import Modality, ModelInfo
from audit.stimuli import Collector, Unavailable, has_picture, in_shared_styles, picture
from audit.stimuli import pictographs as drawn
from audit.suite import bundled_root, load_suite

SUITE = """\
suite: drawn
title: Pictographs
concepts:
  near: {label: Near, terms: [Iraq, Iran], pictographs: {flags: [IQ, IR]}}
  far:
    label: Far
    pictographs: {flags: [PE, CL]}
    variants: {one: {pictographs: {flags: PE}}, words: [Peru]}
  flags: {label: Flags, pictographs: {flags: [IQ, IR, PE, CL, SE]}}
  bombs: {label: Bombs, pictographs: {object: [bomb, dagger]}}
  words: {label: Words, terms: [peace]}
  half: {label: Half, union: [near, words]}
  both: {label: Both, union: [near, far]}
  women: {label: Women, pictographs: {role: [judge, cook, ninja], tone: [dark, light]}}
  men: {label: Men, pictographs: {role: [judge, cook], gender: man}}
probes:
  - {id: p, ask: Why?, measure: association, targets: {x: near, y: far}, attributes: {a: words, b: bombs}}
  - {id: q, ask: Why?, measure: units, concept: far, against: {rest-of: flags}}
"""

BOTH = ModelInfo(spec="m", name="m", kind="test", modalities=frozenset(Modality), weights_digest="0" * 64, layers=())


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    path = tmp_path_factory.mktemp("drawn") / "drawn.yaml"
    path.write_text(SUITE)
    return load_suite(str(path))


@pytest.fixture
def collector(suite):
    return Collector(suite, BOTH, None)


def test_every_pictograph_is_shown_in_every_style(collector):
    found = collector.collect("near", "pictograph")
    assert [(s.item, s.template) for s in found.stimuli] == [
        (country, style) for country in ("Iraq", "Iran") for style in ("noto", "twemoji", "flag-icons", "circle-flags")
    ]
    assert found.clusters == found.cluster_labels == ("Iraq", "Iran")
    assert {s.modality for s in found.stimuli} == {Modality.IMAGE}
    assert all(map(has_picture, found.stimuli))
    assert len({s.key for s in found.stimuli}) == 8


def test_the_model_is_given_the_picture_on_white(collector):
    stimulus = collector.collect("near", "pictograph").stimuli[3]
    shown = picture(stimulus)
    assert (shown.mode, shown.size) == ("RGB", (96, 96))
    assert shown.getpixel((0, 0)) == (255, 255, 255), "beside the round flag"
    with Image.open(bundled_root() / "pictographs" / stimulus.content) as image:
        pixels = np.asarray(image.convert("RGBA")).astype(float)
    opaque = pixels[..., 3] == 255
    assert opaque.mean() > 0.5
    assert (np.asarray(shown)[opaque] == pixels[opaque][:, :3]).all()


def test_every_picture_is_credited(collector):
    for stimulus in collector.collect("women", "pictograph").stimuli:
        assert stimulus.credit is not None
        assert (
            stimulus.credit.licence
            == {"noto": "Apache-2.0", "twemoji": "CC-BY-4.0", "fluent": "MIT"}[stimulus.template]
        )
        assert stimulus.credit.attribution
    assert collector.collect("words", "text").stimuli[0].credit is None
    assert collector.collect("words", "rendered").stimuli[0].credit is None


def test_clusters_are_subjects_single_pictographs_or_labels(collector):
    assert collector.collect("women", "pictograph").clusters == ("judge", "cook", "ninja")
    assert collector.collect("women", "pictograph", cluster="term").clusters == ("judge", "cook", "ninja")
    assert collector.collect("women", "pictograph", cluster="tone").clusters == ("light", "dark")
    items = collector.collect("women", "pictograph", cluster="item")
    assert len(items.clusters) == 2 * 3 * 2 + 2
    assert len(items.stimuli) == 3 * len(items.clusters)


def test_targets_are_matched_by_a_label(collector):
    women = collector.collect("women", "pictograph", block="subject")
    men = collector.collect("men", "pictograph", block="subject")
    assert {s.block for s in women.stimuli} == {"judge", "cook", "ninja"}
    assert {s.block for s in men.stimuli} == {"judge", "cook"}


@pytest.mark.parametrize(
    ("concept", "form", "how", "reason"),
    [
        ("words", "pictograph", {}, "^Words has no pictographs$"),
        ("half", "pictograph", {}, "^Half has no pictographs: Words has none$"),
        ("far", "text", {}, "^Far has no terms$"),
        ("both", "rendered", {}, "^Both has no terms: Far has none$"),
        ("near", "pictograph", {"cluster": "region"}, "no 'region' to cluster by, only kind, name, subject"),
        ("near", "pictograph", {"block": "position"}, "no 'position' to match by"),
    ],
)
def test_what_cannot_be_had_is_said(collector, concept, form, how, reason):
    with pytest.raises(Unavailable, match=reason) as caught:
        collector.collect(concept, form, **how)
    assert caught.value.missing == "stimuli"


def test_a_model_that_sees_nothing_is_said_to_lack_it(suite):
    info = ModelInfo(
        spec="m", name="m", kind="test", modalities=frozenset({Modality.TEXT}), weights_digest="0" * 64, layers=()
    )
    with pytest.raises(Unavailable, match="cannot embed images") as caught:
        Collector(suite, info, None).collect("near", "pictograph")
    assert caught.value.missing == "model"


def test_variants_of_words_alone_are_not_shown_in_pictographs_nor_the_other_way_round(collector):
    assert collector.variants("far", "pictograph") == ("one",)
    assert collector.variants("far", "text") == ("words",)


def test_without_forms_what_has_no_words_is_drawn(suite, collector):
    assert collector.default_forms(suite.probe("p")) == (
        ("text", "text"), ("text", "pictograph"), ("pictograph", "text"), ("pictograph", "pictograph")
    )  # fmt: skip
    assert collector.default_picture_forms("far") == ("pictograph",)
    assert collector.default_picture_forms("near") == ("rendered",)


def test_the_rest_of_a_concept_is_what_is_not_in_it(suite, collector):
    far = collector.collect("far", "pictograph")
    rest = collector.collect_against(suite.probe("q").against, "pictograph", far)
    assert rest.clusters == ("Iraq", "Iran", "Sweden")


def test_what_is_compared_is_shown_in_the_styles_both_have(collector):
    flags, bombs = in_shared_styles(collector.collect("near", "pictograph"), collector.collect("bombs", "pictograph"))
    assert flags.templates == bombs.templates == ("noto", "twemoji")
    assert flags.clusters == ("Iraq", "Iran")
    words = collector.collect("words", "text", templates=("{}", "the word {}"))
    near = collector.collect("near", "text")
    assert in_shared_styles(words, near) == (words, near)


def test_an_arrays_model_shows_its_own_pictographs_by_their_terms(suite):
    table = pd.DataFrame(
        {"id": ["1", "2"], "modality": ["image"] * 2, "form": ["pictograph", "rendered"], "term": ["Iraq", "Iraq"]}
    )
    collector = Collector(suite, BOTH, table)
    found = collector.collect("near", "pictograph")
    assert [s.content for s in found.stimuli] == ["1"]
    assert not has_picture(found.stimuli[0])
    with pytest.raises(Unavailable, match="Far has no terms"):
        collector.collect("far", "pictograph")


def test_a_changed_picture_is_refused(tmp_path, monkeypatch):
    (tmp_path / "noto").mkdir()
    Image.new("RGBA", (96, 96), "red").save(tmp_path / "noto" / "flag-iq.png")
    monkeypatch.setattr(drawn, "pictographs_folder", lambda: tmp_path)
    with pytest.raises(AuditError, match="is not the one that the index names"):
        drawn.pictograph_picture("noto/flag-iq.png")
    with pytest.raises(AuditError, match="cannot be read: No such file"):
        drawn.pictograph_picture("noto/flag-ir.png")
