"""Cohen's kappa against scikit-learn and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from audit.records import Undefined
from audit.stats import cohens_kappa


def test_by_hand():
    # 7 of 10 alike; chance agrees at .6 * .5 + .4 * .5 = .5.
    first = ["a"] * 6 + ["b"] * 4
    second = ["a"] * 4 + ["b"] * 2 + ["b"] * 3 + ["a"]
    assert cohens_kappa(first, second) == pytest.approx((0.7 - 0.5) / (1 - 0.5))


@pytest.mark.parametrize("seed", range(5))
def test_as_scikit_learn_has_it(seed):
    rng = np.random.default_rng(seed)
    first = rng.choice(["a", "b", "c", "d"], 60)
    second = np.where(rng.random(60) < 0.5, first, rng.choice(["a", "b", "c", "e"], 60))
    assert cohens_kappa(first.tolist(), second.tolist()) == pytest.approx(cohen_kappa_score(first, second))


@pytest.mark.parametrize("labels", [[], ["a", "a"]])
def test_undefined_where_chance_cannot_be_told(labels):
    assert isinstance(cohens_kappa(labels, labels), Undefined)
