"""Hypothesis strategies for the tests: two groups of scores, grids of clusters by templates, labelled units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

if TYPE_CHECKING:
    from numpy.typing import NDArray

tidy = st.integers(-40, 40).map(lambda k: k / 8)
"""Numbers with exact sums, so that ties are ties; few enough that they are common."""


@st.composite
def two_groups(draw: st.DrawFn, most: int = 6) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Scores of 2 to ``most`` clusters a side, not all equal, and who belongs to X."""
    n_x, n_y = draw(st.integers(2, most)), draw(st.integers(2, most))
    values = draw(st.lists(tidy, min_size=n_x + n_y, max_size=n_x + n_y).filter(lambda v: len(set(v)) > 1))
    return np.array(values), np.arange(n_x + n_y) < n_x


@st.composite
def grids(draw: st.DrawFn) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Scores (clusters, templates) that vary within both groups, and who belongs to X."""
    n_x, n_y, templates = draw(st.integers(3, 7)), draw(st.integers(3, 7)), draw(st.integers(1, 5))
    seed = draw(st.integers(0, 2**32 - 1))
    generator = np.random.default_rng(seed)
    scores = generator.normal(size=(n_x + n_y, 1)) + generator.normal(size=(n_x + n_y, templates))
    return scores, np.arange(n_x + n_y) < n_x


@st.composite
def matched_sides(draw: st.DrawFn) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two sides (pairs, templates) of the same blocks, whose differences vary."""
    pairs, templates = draw(st.integers(3, 9)), draw(st.integers(1, 5))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    block = generator.normal(size=(pairs, 1))
    x, y = block + generator.normal(size=(2, pairs, 1)) + generator.normal(size=(2, pairs, templates))
    return x, y


@st.composite
def labelled_units(draw: st.DrawFn) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Activations (n, 3) with many ties, and who belongs to the concept."""
    n_pos, n_neg = draw(st.integers(2, 12)), draw(st.integers(2, 12))
    size = (n_pos + n_neg) * 3
    values = draw(st.lists(st.integers(-3, 3), min_size=size, max_size=size))
    return np.array(values, dtype=np.float64).reshape(-1, 3), np.arange(n_pos + n_neg) < n_pos
