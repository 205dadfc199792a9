"""LEACE against its authors' package, and the properties that define it."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch

from audit.calibration.erasure import fit_eraser

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # the package uses torch.jit.script, which torch deprecates
    from concept_erasure import LeaceFitter


def _data(labels, n=400, d=10, seed=0):
    rng = np.random.default_rng(seed)
    group = rng.integers(0, labels, n)
    one_hot = np.eye(labels)[group]
    mixing = rng.normal(size=(d, d))
    return (rng.normal(size=(n, d)) + 2 * one_hot @ rng.normal(size=(labels, d))) @ mixing + rng.normal(size=d), one_hot


@pytest.mark.parametrize("labels", [2, 3, 5])
def test_erases_as_the_authors_package_does(labels):
    x, z = _data(labels)
    # Without the shrinkage of covariances, which the package does to samples: here the vectors are all there are.
    settings = {"shrinkage": False, "constrain_cov_trace": False}
    fitter = LeaceFitter.fit(torch.from_numpy(x), torch.from_numpy(z), **settings)
    np.testing.assert_allclose(fit_eraser(x, z)(x), fitter.eraser(torch.from_numpy(x)).numpy(), atol=1e-8)


@pytest.mark.parametrize("labels", [2, 3, 5])
def test_no_covariance_with_any_label_is_left(labels):
    x, z = _data(labels)
    erased = fit_eraser(x, z)(x)
    covariance = (erased - erased.mean(axis=0)).T @ (z - z.mean(axis=0)) / len(x)
    np.testing.assert_allclose(covariance, 0, atol=1e-10)
    np.testing.assert_allclose(erased.mean(axis=0), x.mean(axis=0), atol=1e-10)


def test_moves_the_vectors_less_than_any_other_map_that_erases_as_much():
    x, z = _data(2)
    centred, label = x - x.mean(axis=0), z[:, 0] - z[:, 0].mean()
    moved = ((fit_eraser(x, z)(x) - x) ** 2).sum(axis=1).mean()
    shared = centred.T @ label
    rng = np.random.default_rng(1)
    for _ in range(200):
        # Any row that gives 1 on the shared direction erases as much: x - shared (row . x).
        row = rng.normal(size=x.shape[1])
        other = np.outer(centred @ row / (row @ shared), shared)
        assert (other**2).sum(axis=1).mean() >= moved


def test_erasing_twice_is_erasing_once_and_its_rank_is_that_of_the_labels():
    x, z = _data(3)
    eraser = fit_eraser(x, z)
    np.testing.assert_allclose(eraser(eraser(x)), eraser(x), atol=1e-10)
    assert eraser.left.shape == (10, 2)  # three one-hot labels sum to one


def test_directions_in_which_nothing_varies_stay_as_they_are():
    x, z = _data(2)
    flat = np.column_stack([x, np.full(len(x), 7.0)])
    erased = fit_eraser(flat, z)(flat)
    np.testing.assert_allclose(erased[:, -1], 7.0, atol=1e-12)
    np.testing.assert_allclose(erased[:, :-1], fit_eraser(x, z)(x), atol=1e-8)
