"""A share of pairs of which both members are sampled."""

from __future__ import annotations

import numpy as np
from statsmodels.stats.proportion import proportion_confint

from audit.records import Undefined
from audit.stats import two_way_share


def asked(hits, first, second, **given):
    return two_way_share(np.asarray(hits, float), np.asarray(first), np.asarray(second), name="rate", sign="", **given)


def test_variance_by_hand():
    # Pictures 0, 1 and words 0, 1, every pair once; picture 0 is always fooled.
    found = asked([1, 1, 0, 1], [0, 0, 1, 1], [0, 1, 0, 1])
    # p = .75; residuals .25 .25 -.75 .25. By picture: .5, -.5: 2/1 (.25 + .25)/16 = .0625. By word the same.
    # Cells: 4/3 (3 .0625 + .5625)/16 = .0625. V = .0625, n* = .75 .25/.0625 = 3, times (z/t with 1 df)^2.
    factor = (1.959963984540054 / 12.706204736432095) ** 2
    z, n = 1.959963984540054, 3 * factor
    centre = (0.75 + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z * np.sqrt(0.75 * 0.25 / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    assert found.value == 0.75
    assert np.allclose((found.low, found.high), (centre - reach, centre + reach))
    assert found.groups == (2, 2)


def test_no_hit_has_an_upper_end_by_the_fewer_clusters():
    found = asked(np.zeros(60), np.arange(60) % 20, np.arange(60) % 6)
    assert (found.value, found.low) == (0, 0)
    assert np.isclose(found.high, proportion_confint(0, 6, method="wilson")[1])


def test_it_covers_where_pictures_and_words_both_matter():
    rng, held = np.random.default_rng(0), []
    for _ in range(300):
        picture, word = rng.normal(size=30), rng.normal(size=12)
        first, second = np.repeat(np.arange(30), 12), np.tile(np.arange(12), 30)
        score = 0.7 * picture[first] + 0.7 * word[second] + 0.5 * rng.normal(size=360)
        found = asked(score > 0.6, first, second)
        # The probability that a normal deviate of variance 1.23 is above .6.
        held.append(found.low <= 0.294253 <= found.high)
    assert np.mean(held) >= 0.93 - 3 * np.sqrt(0.05 * 0.95 / 300)


def test_what_cannot_be_had_is_undefined():
    assert isinstance(asked([], [], []), Undefined)
    assert isinstance(asked([1.0, np.nan], [0, 1], [0, 1]), Undefined)
    assert "at least 2 clusters" in asked([1, 0], [0, 0], [0, 1]).reason


def test_a_wider_level_is_wider():
    rng = np.random.default_rng(1)
    hits, first, second = rng.random(100) < 0.3, np.arange(100) % 10, np.arange(100) // 10
    narrow, wide = asked(hits, first, second), asked(hits, first, second, level=0.99)
    assert wide.low < narrow.low < narrow.high < wide.high
