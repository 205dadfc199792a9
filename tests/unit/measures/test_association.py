"""s(w) against a loop that follows the formula word by word, and against what must not matter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.measures import associations
from audit.records import Modality
from audit.stimuli import Stimulus, StimulusSet


class Fixed:
    """Encodings with given vectors, of unit length as the engine gives them."""

    def __init__(self, vectors):
        self.vectors = vectors

    def embeddings(self, stimuli):
        found = np.array([self.vectors[stimulus.key] for stimulus in stimuli], dtype=float)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def stimuli(concept, clusters, templates=("",)):
    return StimulusSet(
        concept,
        concept,
        "text",
        tuple(
            Stimulus(f"{concept}/{c}/{t}", Modality.TEXT, "text", c, c, c, t, c) for c in clusters for t in templates
        ),
    )


def example(seed, x=3, y=4, a=2, b=3, templates=("", "one {}")):
    sets = (
        stimuli("x", [f"x{i}" for i in range(x)], templates),
        stimuli("y", [f"y{i}" for i in range(y)], templates),
        stimuli("a", [f"a{i}" for i in range(a)], ("t1", "t2")),
        stimuli("b", [f"b{i}" for i in range(b)]),
    )
    generator = np.random.default_rng(seed)
    vectors = {s.key: generator.standard_normal(5) for each in sets for s in each.stimuli}
    return sets, vectors


def cosine(u, v):
    return sum(p * q for p, q in zip(u, v, strict=True)) / (sum(p * p for p in u) ** 0.5 * sum(q * q for q in v) ** 0.5)


def by_hand(vectors, w, a, b):
    to_a = [cosine(vectors[w.key], vectors[s.key]) for s in a.stimuli]
    to_b = [cosine(vectors[w.key], vectors[s.key]) for s in b.stimuli]
    return sum(to_a) / len(to_a) - sum(to_b) / len(to_b)


def test_the_sides_of_a_block_are_the_means_of_its_clusters():
    sets, vectors = example(4, x=3, y=3, templates=("", "one {}"))
    block = {"x0": "doctor", "x1": "judge", "x2": "doctor", "y0": "judge", "y1": "doctor", "y2": "doctor"}
    x, y = (replace(each, stimuli=tuple(replace(s, block=block[s.cluster]) for s in each.stimuli)) for each in sets[:2])
    rows = associations(x, y, *sets[2:], Fixed(vectors))
    grid = rows.grid()
    assert rows.blocks == ("doctor", "judge")
    of_x, of_y = rows.sides(grid)
    assert of_x == pytest.approx(np.array([(grid[0] + grid[2]) / 2, grid[1]]))
    assert of_y == pytest.approx(np.array([(grid[4] + grid[5]) / 2, grid[3]]))
    without = np.stack([rows.without_attribute(0), rows.association])
    assert rows.grid(without).shape == (2, *grid.shape)
    assert rows.grid(without)[1] == pytest.approx(grid)
    assert rows.sides(rows.grid(without)[0])[0][1] == pytest.approx(rows.grid(rows.without_attribute(0))[1])
    assert associations(*sets, Fixed(vectors)).blocks == ()


def test_the_association_is_the_formula():
    (x, y, a, b), vectors = example(1)
    found = associations(x, y, a, b, Fixed(vectors))
    expected = [by_hand(vectors, w, a, b) for w in (*x.stimuli, *y.stimuli)]
    np.testing.assert_allclose(found.association, expected, rtol=0, atol=1e-14)


def test_the_grid_holds_one_row_a_cluster_and_one_column_a_template():
    (x, y, a, b), vectors = example(2)
    found = associations(x, y, a, b, Fixed(vectors))
    grid = found.grid()
    assert grid.shape == (7, 2)
    assert found.in_x.tolist() == [True] * 3 + [False] * 4
    by_cell = {
        (w.cluster, w.template): value for w, value in zip((*x.stimuli, *y.stimuli), found.association, strict=True)
    }
    for i, cluster in enumerate(found.clusters):
        for j, template in enumerate(found.templates):
            assert grid[i, j] == pytest.approx(by_cell[cluster, template], abs=1e-15)


def test_leaving_an_attribute_out_is_measuring_without_it():
    (x, y, a, b), vectors = example(3)
    found = associations(x, y, a, b, Fixed(vectors))
    fewer = StimulusSet("b", "b", "text", tuple(s for s in b.stimuli if s.cluster != "b1"))
    again = associations(x, y, a, fewer, Fixed(vectors))
    index = found.attributes.index("b1")
    np.testing.assert_allclose(found.without_attribute(index), again.association, atol=1e-14)


def test_a_stimulus_without_an_embedding_gives_nan_and_not_zero():
    (x, y, a, b), vectors = example(4)
    vectors["x/x0/"] = np.full(5, np.nan)
    found = associations(x, y, a, b, Fixed(vectors))
    assert np.isnan(found.association[0])
    assert np.isfinite(found.association[1:]).all()
    assert np.isnan(found.grid()[0, 0])


@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_length_does_not_matter_and_swapping_attributes_flips_the_sign(seed, scale):
    (x, y, a, b), vectors = example(seed)
    found = associations(x, y, a, b, Fixed(vectors)).association
    longer = associations(x, y, a, b, Fixed({k: v * scale for k, v in vectors.items()})).association
    flipped = associations(x, y, b, a, Fixed(vectors)).association
    np.testing.assert_allclose(longer, found, atol=1e-12)
    np.testing.assert_allclose(flipped, -found, atol=1e-12)
    assert (np.abs(found) <= 2).all()
