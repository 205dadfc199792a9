"""Adjustments keep unknown p-values out."""

from __future__ import annotations

import numpy as np
import pytest

from audit.stats import benjamini_hochberg, benjamini_yekutieli, holm


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg, benjamini_yekutieli])
def test_unknown_p_stays_unknown_and_counts_for_nothing(adjust):
    p = np.array([0.01, np.nan, 0.2, 0.03])
    known = np.array([0.01, 0.2, 0.03])
    found = adjust(p)
    assert np.isnan(found[1])
    assert found[[0, 2, 3]] == pytest.approx(adjust(known))
    assert (found[[0, 2, 3]] >= known).all()
    assert (adjust(np.ones(5)) == 1).all()
    assert adjust(np.array([])).size == 0
    assert np.isnan(adjust(np.array([np.nan]))).all()
