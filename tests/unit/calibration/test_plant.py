"""Associations planted in a projection: exact, monotone in the dose, and away from who is not meant."""

from __future__ import annotations

import numpy as np
import pytest

from audit.calibration.plant import Census, erase, plant, ridge
from audit.errors import ModelError

D, C, N = 12, 20, 300


@pytest.fixture(scope="module")
def model():
    rng = np.random.default_rng(3)
    group = np.arange(N) % 3
    features = rng.normal(size=(N, C)) + 0.8 * (group == 0)[:, None] * rng.normal(size=C)
    weight, bias = rng.normal(size=(D, C)) / np.sqrt(C), rng.normal(size=D)
    census = Census(features, features @ weight.T + bias, group == 0, group == 1)
    return census, weight, bias, 0.7 * rng.normal(size=D) / np.sqrt(D)


def test_an_edit_of_the_weights_gives_the_embeddings_that_are_computed_from_it(model):
    census, weight, bias, direction = model
    edit = plant(census, erase(census, weight, bias), direction, 0.05)
    forward = census.features @ (weight + edit.left @ edit.right).T + bias + edit.shift
    np.testing.assert_allclose(edit.embeddings(census.features, census.embeddings), forward, atol=1e-12)
    assert edit.left.shape == (D, 3)  # two for the three groups, one for the plant


def test_erasing_leaves_no_difference_along_any_direction(model):
    census, weight, bias, _ = model
    erased = erase(census, weight, bias).embeddings(census.features, census.embeddings)
    means = [erased[rows].mean(axis=0) for rows in (census.in_x, census.in_y, ~census.in_x & ~census.in_y)]
    np.testing.assert_allclose(means, np.tile(census.embeddings.mean(axis=0), (3, 1)), atol=1e-12)


@pytest.mark.parametrize("truth", [0.0, 0.005, 0.02, 0.04, -0.03])
def test_the_association_of_the_population_is_what_was_asked_for(model, truth):
    census, weight, bias, direction = model
    edit = plant(census, erase(census, weight, bias), direction, truth)
    planted = edit.embeddings(census.features, census.embeddings)
    unit = planted / np.linalg.norm(planted, axis=1, keepdims=True)
    s = unit @ direction
    assert s[census.in_x].mean() - s[census.in_y].mean() == pytest.approx(truth, abs=1e-8)


def test_who_belongs_to_neither_group_gains_less_than_the_group(model):
    census, weight, bias, direction = model
    erased = erase(census, weight, bias)
    gained = plant(census, erased, direction, 0.2).embeddings(census.features, census.embeddings) - erased.embeddings(
        census.features, census.embeddings
    )
    along = gained @ direction
    rest = ~census.in_x & ~census.in_y
    assert abs(along[rest].mean()) < 0.2 * along[census.in_x].mean()


def test_an_association_that_no_cosine_can_have_is_refused(model):
    census, weight, bias, direction = model
    with pytest.raises(ModelError, match="no strength of the edit gives an association of 3"):
        plant(census, erase(census, weight, bias), direction, 3.0)


@pytest.mark.parametrize("shape", [(50, 8), (8, 50)])
def test_ridge_is_the_same_whichever_way_it_is_solved(shape):
    rng = np.random.default_rng(0)
    features, target = rng.normal(size=shape), rng.normal(size=shape[0])
    row, offset = ridge(features, target)
    centred = features - features.mean(axis=0)
    penalty = (centred**2).sum() / shape[1]
    gradient = centred.T @ (features @ row + offset - target) + penalty * row
    np.testing.assert_allclose(gradient, 0, atol=1e-10)
    assert (features @ row + offset - target).mean() == pytest.approx(0, abs=1e-12)
