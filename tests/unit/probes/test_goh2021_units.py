"""The suites that look for the published units on the published weights are in order, as far as no weights show it."""

from __future__ import annotations

import pytest

from audit.encoders import layers_of
from audit.encoders.open_clip_library import open_clip
from audit.encoders.quick_gelu import refuse_other_activation
from audit.suite import load_suite

SUITES = {"goh2021-rn50x4": {89, 550, 244}, "goh2021-rn101": {1895, 395}}


@pytest.mark.parametrize(("name", "numbers"), SUITES.items())
def test_the_units_of_the_article_are_there_in_the_architecture(name, numbers):
    suite = load_suite(name)
    assert suite.model is not None
    layers = {(layer.name, layer.pooling): layer.units for layer in layers_of(suite.model.partition("/")[0])}
    asked = set()
    for unit in (unit for probe in suite.probes for unit in getattr(probe, "units", ())):
        layer, channel, pooling = unit.split("/")
        assert int(channel) < layers[layer, pooling]
        asked.add(int(channel))
    assert asked == numbers
    for probe in suite.probes:
        assert {layer for layer, _ in layers} >= set(getattr(probe, "layers", ()))


@pytest.mark.parametrize("name", SUITES)
def test_the_weights_are_known_and_run_with_the_activation_they_were_trained_with(name):
    model = load_suite(name).model
    architecture, _, tag = model.partition("/")
    settings = open_clip().get_pretrained_cfg(architecture, tag)
    assert settings["hf_hub"] or settings["url"]
    refuse_other_activation(model, bool(settings["quick_gelu"]), "the weights were")


@pytest.mark.parametrize("name", SUITES)
def test_a_unit_that_is_named_is_a_control_of_the_order_of_channels(name):
    named = [probe for probe in load_suite(name).probes if getattr(probe, "units", ())]
    assert any(probe.control == "positive" for probe in named)
    for probe in named:
        assert probe.margin.auroc == 0.75
