"""Groups of the stimuli that drive a unit."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import silhouette_samples
from sklearn.metrics.pairwise import cosine_distances

from audit.records import Undefined
from audit.stats import facets
from audit.stats.facets import silhouettes

REST = 40


def shown(vectors: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Responses, embeddings, compared and forms: the vectors are strong, and 40 others are not."""
    generator, n = np.random.default_rng(seed), len(vectors)
    responses = np.concatenate([np.linspace(9, 6, n), np.linspace(-1, 1, REST)])
    around = generator.normal(size=(REST, vectors.shape[1]))
    return responses, np.concatenate([vectors, around]), np.arange(n + REST) >= n, np.zeros(n + REST, dtype=int)


def around(centres: list[int], n: int, dimension: int = 30, seed: int = 1) -> np.ndarray:
    """n points around each of some far centres, one after the other."""
    generator = np.random.default_rng(seed)
    return np.concatenate([generator.normal(size=(n, dimension)) + 12 * np.eye(dimension)[c] for c in centres])


def test_silhouettes_are_those_of_scikit_learn():
    generator = np.random.default_rng(0)
    for _ in range(20):
        distance = cosine_distances(generator.normal(size=(15, 4)))
        groups = np.unique(generator.integers(0, 4, 15), return_inverse=True)[1]
        expected = silhouette_samples(distance, groups, metric="precomputed")
        assert silhouettes(distance, groups) == pytest.approx(expected)
    alone = silhouettes(np.array([[0.0, 1, 1], [1, 0, 0], [1, 0, 0]]), np.array([0, 1, 1]))
    assert alone.tolist() == [0, 1, 1]


def test_the_number_of_groups_is_that_of_the_largest_silhouette():
    responses, vectors, compared, forms = shown(around([0, 1, 2], 7))
    found = facets(responses, vectors, compared, forms, seed=0)
    distance = cosine_distances(vectors[:21] - vectors[21:].mean(axis=0))
    reference = {
        k: silhouette_samples(
            distance,
            AgglomerativeClustering(k, metric="precomputed", linkage="average").fit_predict(distance),
            metric="precomputed",
        ).mean()
        for k in range(2, 7)
    }
    assert max(reference, key=reference.get) == 3
    assert found.silhouette == pytest.approx(reference[3])
    assert [group.members for group in found.groups] == [tuple(range(s, s + 7)) for s in (0, 7, 14)]
    assert (found.strong, found.p) == (21, 1 / 100)
    height = (responses - responses[21:].mean()) / responses[21:].std(ddof=1)
    assert found.groups[0].share == pytest.approx(height[:7].sum() / height[:21].sum())
    assert sum(group.share for group in found.groups) == pytest.approx(1)
    own = distance[7:14, 7:14].sum(axis=1)
    assert found.groups[1].medoid == 7 + own.argmin()


def test_one_cloud_is_one_group():
    several = 0
    for run in range(120):
        generator = np.random.default_rng(run)
        cloud = generator.normal(size=(14, 40)) * np.arange(1, 41) ** -0.5 + 3 * np.eye(40)[0]
        several += len(facets(*shown(cloud, run), seed=run, resamples=99).groups) > 1
    assert several <= 120 * 0.05 + 3 * np.sqrt(120 * 0.05 * 0.95)


def test_stimuli_are_strong_by_their_own_form():
    # The second form answers ten times as strongly, to the concept and to the rest.
    responses, vectors, compared, forms = shown(around([0, 1], 8))
    twice = facets(
        np.concatenate([responses, 10 * responses + 50]),
        np.concatenate([vectors, vectors + 5]),
        np.tile(compared, 2),
        np.repeat([0, 1], len(forms)),
        seed=0,
    )
    n = len(forms)
    assert twice.strong == 32
    assert {frozenset(group.members) for group in twice.groups} == {
        frozenset(part + shift for shift in (0, n) for part in range(start, start + 8)) for start in (0, 8)
    }


def test_a_strong_stimulus_of_the_comparison_counts():
    responses, vectors, compared, forms = shown(around([0], 9))
    responses[-1] = 8
    assert facets(responses, vectors, compared, forms, seed=0).strong == 10


def test_too_little_to_group_says_why():
    responses, vectors, compared, forms = shown(around([0], 5))
    found = facets(responses, vectors, compared, forms, seed=0)
    assert isinstance(found, Undefined)
    assert found.reason.startswith("only 5 stimuli excite it by more than 2 standard deviations")
    flat = facets(np.where(compared, 0.0, responses), vectors, compared, forms, seed=0)
    assert "responds alike" in flat.reason
    vectors[0, 0] = np.nan
    assert "missing" in facets(responses, vectors, compared, forms, seed=0).reason
    none = facets(np.where(compared, responses, -5.0), np.nan_to_num(vectors), compared, forms, seed=0)
    assert none.reason.startswith("no stimulus excites it")


def test_identical_embeddings_are_one_group():
    responses, vectors, compared, forms = shown(np.ones((8, 6)))
    found = facets(responses, vectors, compared, forms, seed=0)
    assert len(found.groups) == 1
    assert found.groups[0].share == pytest.approx(1)
