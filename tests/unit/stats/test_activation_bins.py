"""Bins over the range of a unit, and the share and the recall of a concept in each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from audit.records import Undefined
from audit.stats import activation_bins, base_rate_recall, percentile_ranks, z_edges


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-2.2, 9.7, [-4, -2, 0, 2, 4, 6, 8, 10]),
        (-2.0, 9.7, np.arange(-2, 11)),
        (0.1, 0.9, np.arange(0.1, 1.0, 0.1)),
        (5.0, 5.4, np.linspace(5.0, 5.4, 9)),
        (-0.4, 0.3, np.arange(-0.4, 0.35, 0.1)),
    ],
)
def test_bins_have_one_round_width_and_cover_the_range(low, high, expected):
    np.testing.assert_allclose(z_edges(low, high), expected, atol=1e-12)


@given(st.floats(-50, 50), st.floats(1e-3, 60))
def test_bins_cover_whatever_range_there_is_with_zero_as_an_end(low, span):
    edges = z_edges(low, low + span)
    assert edges[0] <= low
    assert edges[-1] >= low + span
    assert 2 <= len(edges) <= 14
    widths = np.diff(edges)
    np.testing.assert_allclose(widths, widths[0], rtol=1e-6)
    if edges[0] < 0 < edges[-1]:
        assert np.abs(edges).min() < 1e-9


def test_shares_and_recall_by_hand():
    edges = np.array([-1.0, 0.0, 1.0, 2.0])
    low, empty, top = activation_bins(edges, np.array([90, 0, 10]), np.array([18, 0, 9]))
    assert (low.low, low.high, low.n, low.concept) == (-1.0, 0.0, 90, 18)
    assert low.share == pytest.approx(0.2)
    assert (low.share_low, low.share_high) == pytest.approx(proportion_confint(18, 90, method="wilson"))
    assert (top.share_low, top.share_high) == pytest.approx(proportion_confint(9, 10, method="wilson"))
    assert (empty.share, empty.share_low, empty.share_high, empty.recall) == (None, None, None, 0.0)
    # Nine stimuli of ten at the top are the concept, yet two thirds of the concept lie at the bottom.
    assert [one.recall for one in (low, empty, top)] == pytest.approx([18 / 27, 0, 9 / 27])
    assert [one.recall_from_top for one in (low, empty, top)] == pytest.approx([1, 9 / 27, 9 / 27])


def test_without_the_concept_there_is_no_share():
    found = activation_bins(np.array([0.0, 1.0]), np.array([3]), np.array([0]))
    assert isinstance(found, Undefined)


def test_recall_weighs_a_sampled_share_with_the_stimuli_of_its_bin():
    # Half of a sample of 10,000 and all of a sample of 100 are the concept: 5,000 of 5,100 lie in the first bin.
    found = base_rate_recall(np.array([0.5, 1.0]), np.array([10_000, 100]))
    np.testing.assert_allclose(found, [5_000 / 5_100, 100 / 5_100])
    assert np.isnan(base_rate_recall(np.zeros(2), np.array([3, 4]))).all()


def test_percentiles_are_scipy_mean_ranks():
    from scipy.stats import percentileofscore

    values, wanted = np.array([1.0, 2.0, 2.0, 2.0, 5.0, 9.0, 9.0]), np.array([0.0, 2.0, 4.0, 9.0])
    below, equal = (values[:, None] < wanted).sum(axis=0), (values[:, None] == wanted).sum(axis=0)
    expected = [percentileofscore(values, value, kind="mean") for value in wanted]
    np.testing.assert_allclose(percentile_ranks(below, equal, len(values)), expected)
