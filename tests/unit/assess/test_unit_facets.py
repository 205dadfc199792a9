"""Groups of stimuli that drive a unit, by name; and what is said where a model has no embeddings."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from audit.assess.lexical import lexical_control
from audit.assess.unit_facets import with_facets
from audit.engine import UnitActivations
from audit.measures import UnitResponses
from audit.records import Modality, UnitSummary
from audit.stimuli import Stimulus, StimulusSet

UNIT = UnitSummary("u", "layer")


def stimuli(concept: str, names: list[str], form: str = "rendered") -> StimulusSet:
    made = tuple(
        Stimulus(f"{form}:{name}:{font}", Modality.IMAGE, form, name, name.lower(), name, font, name)
        for name in names
        for font in ("one", "two")
    )
    return StimulusSet(concept, concept, form, made)


def responses(concept: StimulusSet, against: StimulusSet, values: np.ndarray) -> UnitResponses:
    positive = np.arange(len(values)) < len(concept.clusters)
    return UnitResponses(concept, against, values[:, None].astype(np.float32), positive, ("u",), ("layer",))


class Model:
    """Embeddings by the first letter of what is shown, activations by a rule."""

    def __init__(self, dimension: int | None = 20, rule=lambda word: 0.0) -> None:
        self.info = SimpleNamespace(dimension=dimension, name="published")
        self.rule = rule

    def embeddings(self, shown):
        generator = np.random.default_rng(0)
        axes = np.eye(20)
        return np.array([axes[ord(s.content[0]) % 20] * 3 for s in shown]) + generator.normal(size=(len(shown), 20)) / 4

    def units(self, shown, layers=()):
        values = np.array([[self.rule(s.content)] for s in shown], dtype=np.float32)
        return UnitActivations(values, ("u",), ("layer",))


NAMES = [f"a{i}" for i in range(6)] + [f"b{i}" for i in range(6)]
OTHERS = [f"{'cdefghij'[i % 8]}{i}" for i in range(24)]


def test_groups_are_named_by_their_most_central_member():
    found = responses(
        stimuli("concept", NAMES), stimuli("rest", OTHERS), np.concatenate([np.full(12, 9), np.linspace(-1, 1, 24)])
    )
    unit = with_facets(UNIT, [found], Model(), seed=0)
    assert [sorted(facet.members) for facet in unit.facets] == [NAMES[:6], NAMES[6:]]
    assert [facet.share for facet in unit.facets] == pytest.approx([0.5, 0.5])
    assert all(facet.name in facet.members for facet in unit.facets)
    assert unit.facets_note.startswith(
        "of the 12 stimuli that excite it most, by average linkage in the embedding; p 0.0"
    )


def test_members_of_several_forms_say_which():
    values = np.concatenate([np.full(12, 9), np.linspace(-1, 1, 24)])
    shown = [
        responses(stimuli("concept", NAMES, form), stimuli("rest", OTHERS, form), values)
        for form in ("rendered", "pictograph")
    ]
    unit = with_facets(UNIT, shown, Model(), seed=0)
    assert len(unit.facets) == 2
    assert {"a0 (rendered)", "a0 (pictograph)"} <= set(next(f.members for f in unit.facets if f.name[0] == "a"))


def test_without_embeddings_that_is_said():
    found = responses(stimuli("concept", NAMES), stimuli("rest", OTHERS), np.arange(36.0))
    unit = with_facets(UNIT, [found], Model(None), seed=0)
    assert (unit.facets, unit.facets_note) == ((), "published brings no embeddings, in which they could be found")


def control(own: float, alike: float, synonyms: float) -> tuple[list[float], str]:
    """The three areas and what is said, of a unit that answers so to the lists and with -1 to 1 to the rest."""
    generator = np.random.default_rng(3)
    level = {"o": own, "l": alike, "s": synonyms}
    model = Model(rule=lambda word: level[word[0]] + 0.01 * int(word[1:]))
    values = np.concatenate([own + 0.01 * np.arange(12), generator.uniform(-1, 1, 24)])
    words = responses(stimuli("spiders", [f"o{i}" for i in range(12)]), stimuli("rest", OTHERS), values)
    lists = stimuli("neighbours", [f"l{i}" for i in range(10)]), stimuli("arachnids", [f"s{i}" for i in range(10)])
    shown, said = lexical_control("u", words, np.ones(36, dtype=bool), *lists, model, layers=(), seed=0)
    return [row.estimate.value for row in shown.rows], said


def test_meaning_letters_or_neither():
    areas, said = control(3, 0, 3)
    assert (areas[0], areas[2]) == (1, 1)
    assert said == (
        "the unit tells drawn words of spiders from neighbours and answers to arachnids: it does not read the letters "
        "alone"
    )
    areas, said = control(3, 3, 0)
    assert areas[1] == 1
    assert said == (
        "the unit is not shown to tell drawn words of spiders from neighbours, nor shown to answer to arachnids: the "
        "word form may be read by its letters"
    )
    assert control(3, 3, 3)[1].endswith("from neighbours: the word form may be read by its letters")
    assert control(3, 0, 0)[1] == (
        "the unit tells drawn words of spiders from neighbours, but is not shown to answer to arachnids: it may know "
        "these words alone"
    )
    assert control(0, 3, 3)[1] == (
        "the unit is not shown to answer to drawn words of spiders, so they cannot say whether it reads letters"
    )
