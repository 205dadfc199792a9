"""Statistics of associations against WEFE, on the word2vec vectors that come with it, and against scikit-learn."""

from __future__ import annotations

import json
import warnings
from importlib.resources import files

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from audit.measures import embedding_bias as ours
from audit.records import Undefined
from audit.stats import eat_effect_size, jackknife


@pytest.fixture(scope="module")
def wefe():
    """WEFE's metrics and queries; it was written for NumPy 1, of which it needs one name."""
    missing = not hasattr(np, "float_")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if missing:
            np.float_ = np.float64
        try:
            from gensim.models import KeyedVectors
            from wefe import metrics
            from wefe.query import Query
            from wefe.word_embedding_model import WordEmbeddingModel
        finally:
            if missing:
                del np.float_
        data = files("wefe") / "datasets" / "data"
        vectors = KeyedVectors.load(str(data / "test_model.kv"))
        words = json.loads((data / "WEAT.json").read_text())
    model = WordEmbeddingModel(vectors)

    def ask(metric, targets, attributes, **options):
        query = Query([words[name] for name in targets], [words[name] for name in attributes])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(metrics, metric)().run_query(query, model, normalize=True, **options)

    def units(name):
        found = np.array([vectors[word] for word in words[name] if word in vectors], dtype=np.float64)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    return ask, units


PAIRS = [
    (("flowers", "insects"), ("pleasant_5", "unpleasant_5")),
    (("instruments", "weapons"), ("pleasant_5", "unpleasant_5")),
    (("male_names", "female_names"), ("career", "family")),
]


@pytest.mark.parametrize(("targets", "attributes"), PAIRS)
def test_points_are_those_of_wefe(wefe, targets, attributes):
    ask, units = wefe
    x, y, a, b = map(units, (*targets, *attributes))
    s = [t @ a.T.mean(axis=1) - t @ b.T.mean(axis=1) for t in (x, y)]
    assert np.isclose(eat_effect_size(*s, ddof=0), ask("WEAT", targets, attributes, return_effect_size=True)["result"])
    assert np.isclose(ours.relative_norm_distance(x, y, a), ask("RND", targets, attributes[:1])["result"], rtol=1e-4)
    assert np.isclose(ours.mean_average_cosine(x, y, a, b), ask("MAC", targets, attributes)["result"], rtol=1e-5)
    assert np.isclose(ours.coherence(x, y, a), ask("ECT", targets, attributes[:1])["result"])
    theirs = ask("RNSB", targets, attributes, holdout=False, random_state=1)["result"]
    assert np.isclose(ours.negative_sentiment(x, y, a, b), theirs, rtol=2e-3)


def test_ripa_is_that_of_wefe(wefe):
    ask, units = wefe
    x, y, a = units("male_terms"), units("female_terms"), units("pleasant_5")
    assert len(x) == len(y)
    theirs = ask("RIPA", ("male_terms", "female_terms"), ("pleasant_5",))["result"]
    assert np.isclose(ours.relational_inner_product(x, y, a), theirs, rtol=1e-4)


def vectors(seed, *sizes, d=12):
    rng = np.random.default_rng(seed)
    found = [rng.normal(size=(n, d)) for n in sizes]
    return [each / np.linalg.norm(each, axis=1, keepdims=True) for each in found]


def test_sentiment_is_sklearns_regression():
    x, y, a, b = vectors(0, 5, 6, 7, 8)
    twin = LogisticRegression(solver="liblinear", C=1.0, tol=1e-10, max_iter=10_000)
    twin.fit(np.concatenate([a, b]), [0] * 7 + [1] * 8)
    negative = twin.predict_proba(np.concatenate([x, y]))[:, 1]
    share = negative / negative.sum()
    assert np.isclose(ours.negative_sentiment(x, y, a, b), (share * np.log(share * 11)).sum(), rtol=1e-4)


def test_signs_and_bounds():
    x, y, a, b = vectors(1, 5, 6, 7, 8)
    assert np.isclose(ours.relative_norm_distance(x, y, a), -ours.relative_norm_distance(y, x, a))
    assert ours.relative_norm_distance(a, y, a) < 0
    assert np.isclose(ours.target_effect(x, a, b), -ours.target_effect(x, b, a))
    assert ours.target_effect(a, a, b) > 0
    assert np.isclose(ours.coherence(x, x, a), 1)
    assert np.isnan(ours.coherence(x, y, a[:2]))
    assert ours.negative_sentiment(x, y, a, b) >= 0
    assert np.isclose(ours.relational_inner_product(x, y[:5], a), -ours.relational_inner_product(y[:5], x, a))
    assert np.isclose(ours.mean_cosine(x, a), (x @ a.T).sum() / 35)
    assert np.isclose(
        ours.mean_average_cosine(x, y, a, b), 1 - np.mean([ours.mean_cosine(np.concatenate([x, y]), s) for s in (a, b)])
    )


def test_the_jackknife_of_a_mean_is_its_t_interval():
    # Of a mean, pseudo-values are the observations: V = s^2/n on n - 1 degrees.
    scores = np.random.default_rng(2).exponential(size=11)
    found = jackknife(lambda kept: float(scores[kept[0]].mean()), [11])
    reach = 2.2281388519649385 * scores.std(ddof=1) / np.sqrt(11)
    assert np.allclose((found.low, found.high), (scores.mean() - reach, scores.mean() + reach))


def test_the_jackknife_of_two_means_is_welchs():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=9), 2 * rng.normal(size=14)
    found = jackknife(lambda kept: float(x[kept[0]].mean() - y[kept[1]].mean()), [9, 14])
    from scipy import stats

    welch = stats.ttest_ind(x, y, equal_var=False).confidence_interval(0.95)
    assert np.allclose((found.low, found.high), (welch.low, welch.high))


def test_an_interval_stays_within_the_range_of_its_statistic():
    scores = np.array([0.0, 0.01, 0.9])
    found = jackknife(lambda kept: float(scores[kept[0]].mean()), [3], within=(0, 1))
    assert found.low == 0
    assert found.high == 1


def test_what_cannot_be_left_out_has_no_interval():
    assert isinstance(jackknife(lambda kept: 1.0, [1, 5]), Undefined)
    assert isinstance(jackknife(lambda kept: 1.0, [4, 5]), Undefined)
    assert isinstance(jackknife(lambda kept: float("nan"), [4, 5]), Undefined)
