"""Associations planted in a projection: exact in every population, and away from who is not meant."""

from __future__ import annotations

import numpy as np
import pytest

from audit.calibration.plant import Census, Sides, erase, plant, ridge
from audit.errors import ModelError

D, C, N = 12, 20, 600


@pytest.fixture(scope="module")
def model():
    """A projection, and images in two forms: each has a group X, a group Y, and a rest."""
    rng = np.random.default_rng(3)
    group, form = np.arange(N) % 3, np.arange(N) % 2
    features = rng.normal(size=(N, C)) + 0.8 * (group == 0)[:, None] * rng.normal(size=(2, C))[form]
    features += 2 * rng.normal(size=(2, C))[form]
    weight, bias = rng.normal(size=(D, C)) / np.sqrt(C), rng.normal(size=D)
    sides = tuple(Sides(form == k, (form == k) & (group == 0), (form == k) & (group == 1)) for k in (0, 1))
    return Census(features, features @ weight.T + bias, sides), weight, bias, 0.7 * rng.normal(size=D) / np.sqrt(D)


def planted(model, truth):
    census, weight, bias, direction = model
    edit = plant(census, erase(census, weight, bias), direction, truth)
    return edit, edit.embeddings(census.features, census.embeddings)


def test_an_edit_of_the_weights_gives_the_embeddings_that_are_computed_from_it(model):
    census, weight, bias, _ = model
    edit, embeddings = planted(model, 0.05)
    forward = census.features @ (weight + edit.left @ edit.right).T + bias + edit.shift
    np.testing.assert_allclose(embeddings, forward, atol=1e-6)
    assert edit.left.shape == (D, 6)  # X and Y of two forms erased, and a rank planted in each form


def test_erasing_leaves_no_difference_between_groups_along_any_direction(model):
    census, weight, bias, _ = model
    erased = erase(census, weight, bias).embeddings(census.features, census.embeddings)
    forms = [erased[sides.images].mean(axis=0) for sides in census.populations]
    for sides, mean in zip(census.populations, forms, strict=True):
        for rows in (sides.in_x, sides.in_y, sides.images & ~sides.in_x & ~sides.in_y):
            np.testing.assert_allclose(erased[rows].mean(axis=0), mean, atol=1e-6)
    assert np.abs(forms[0] - forms[1]).max() > 0.1  # flags are still flags, and words are words


@pytest.mark.parametrize("truth", [0.0, 0.005, 0.02, 0.04, -0.03])
def test_the_association_of_each_population_is_what_was_asked_for(model, truth):
    census, _, _, direction = model
    _, embeddings = planted(model, truth)
    s = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True) @ direction
    for sides in census.populations:
        assert s[sides.in_x].mean() - s[sides.in_y].mean() == pytest.approx(truth, abs=1e-6)


def test_who_belongs_to_neither_group_gains_less_than_the_group(model):
    census, _, _, direction = model
    gained = (planted(model, 0.2)[1] - planted(model, 0.0)[1]) @ direction
    for sides in census.populations:
        rest = sides.images & ~sides.in_x & ~sides.in_y
        assert abs(gained[rest].mean()) < 0.2 * gained[sides.in_x].mean()


def test_an_association_that_no_cosine_can_have_is_refused(model):
    with pytest.raises(ModelError, match="no strength of the edit gives the association"):
        planted(model, 3.0)


@pytest.mark.parametrize("shape", [(50, 8), (8, 50)])
def test_ridge_is_the_same_whichever_way_it_is_solved(shape):
    rng = np.random.default_rng(0)
    features, target = rng.normal(size=shape), rng.normal(size=shape[0])
    row = ridge(features, target, 0.3)
    penalty = 0.3 * (features**2).sum() / shape[1]
    np.testing.assert_allclose(features.T @ (features @ row - target) + penalty * row, 0, atol=1e-10)
