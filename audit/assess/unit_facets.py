"""What distinct groups of stimuli drive a unit, by name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audit.measures import cluster_means
from audit.records import Facet, Undefined
from audit.stats import facets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.engine import Encodings
    from audit.measures import UnitResponses
    from audit.records import UnitSummary


def with_facets(summary: UnitSummary, shown: Sequence[UnitResponses], encodings: Encodings, seed: int) -> UnitSummary:
    """The summary of a unit with the groups of its strongest stimuli, over all forms that it was shown in.

    Where a model brings no embeddings it says so.
    """
    if encodings.info.dimension is None:
        return replace(summary, facets_note=f"{encodings.info.name} brings no embeddings, in which they could be found")
    sets = [each for found in shown for each in (found.concept, found.against)]
    found = facets(
        np.concatenate([found.unit(summary.unit) for found in shown]),
        np.concatenate([cluster_means(each, encodings.embeddings(each.stimuli)) for each in sets]),
        np.concatenate([~found.positive for found in shown]),
        np.repeat(np.arange(len(shown)), [len(found.positive) for found in shown]),
        seed=seed,
    )
    if isinstance(found, Undefined):
        return replace(summary, facets_note=found.reason)
    labels = [_label(name, each.form if len(shown) > 1 else "") for each in sets for name in each.cluster_labels]
    groups = tuple(
        Facet(labels[group.medoid], group.share, tuple(labels[i] for i in group.members)) for group in found.groups
    )
    how = f"of the {found.strong} stimuli that excite it most, by average linkage in the embedding"
    return replace(summary, facets=groups, facets_note=f"{how}; p {found.p:.3f} against one cloud of the same shape")


def _label(name: str, form: str) -> str:
    return f"{name} ({form})" if form else name
