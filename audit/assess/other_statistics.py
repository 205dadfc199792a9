"""Further statistics of an association that a probe asks for: other formulas, and other tools' own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.measures import embedding_bias as bias
from audit.records import Estimate, Measured, Undefined
from audit.stats import eat_effect_size, jackknife, two_sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.measures import AssociationRows
    from audit.stimuli import StimulusSet

    Vectors = NDArray[np.float64]
    Formula = Callable[[Sequence[Vectors]], float]

_FORMULAS: dict[str, tuple[tuple[str, str, str, Formula], ...]] = {
    "rnd": (
        (
            "relative_norm_distance",
            "distance",
            "negative when X lies closer to A than Y does",
            lambda v: bias.relative_norm_distance(*v[:3]),
        ),
    ),
    "mac": (
        (
            "mean_average_cosine",
            "cosine distance",
            "0 when targets and attributes are the same, 1 when they have nothing in common",
            lambda v: bias.mean_average_cosine(*v),
        ),
    ),
    "ripa": (
        (
            "relational_inner_product",
            "cosine",
            "positive when A leans to X rather than to its counterpart in Y",
            lambda v: bias.relational_inner_product(*v[:3]),
        ),
    ),
    "ect": (
        ("coherence", "correlation", "1 when X and Y rank the terms of A alike", lambda v: bias.coherence(*v[:3])),
    ),
    "rnsb": (
        (
            "negative_sentiment",
            "nats",
            "0 when all targets are as likely to be taken for B",
            lambda v: bias.negative_sentiment(*v),
        ),
    ),
    "ml-eat": (
        ("effect_of_x", "sd", "positive when X lies closer to A than to B", lambda v: bias.target_effect(v[0], *v[2:])),
        ("effect_of_y", "sd", "positive when Y lies closer to A than to B", lambda v: bias.target_effect(v[1], *v[2:])),
        ("cosine_x_a", "cosine", "how close X lies to A", lambda v: bias.mean_cosine(v[0], v[2])),
        ("cosine_x_b", "cosine", "how close X lies to B", lambda v: bias.mean_cosine(v[0], v[3])),
        ("cosine_y_a", "cosine", "how close Y lies to A", lambda v: bias.mean_cosine(v[1], v[2])),
        ("cosine_y_b", "cosine", "how close Y lies to B", lambda v: bias.mean_cosine(v[1], v[3])),
    ),
}
"""Name, unit, sign and formula of what each entry of `statistics` reports; vectors are those of X, Y, A and B."""


def other_statistics(
    asked: Sequence[str], sets: Sequence[StimulusSet], encodings: Encodings, *, paired: bool
) -> Iterator[Measured]:
    """The statistics that a probe asks for, each with a jackknife interval over the clusters of all four sets.

    A cluster is the unit mean of its embeddings, over items and templates. ``paired`` says that X and Y are matched row
    by row; then their clusters are left out together.
    """
    vectors = [_cluster_vectors(each, encodings) for each in sets]
    sizes = [len(each) for each in vectors]
    for name, unit, sign, formula in (entry for key in asked for entry in _FORMULAS[key]):
        whole = formula(vectors)
        if not np.isfinite(whole):
            yield Undefined(name=name, reason="it does not exist for these stimuli: too few, or without a spread")
            continue
        interval = jackknife(_leaving_out(formula, vectors, paired), sizes[1:] if paired else sizes)
        lacking = isinstance(interval, Undefined)
        yield Estimate(
            name=name,
            value=whole,
            unit=unit,
            sign=sign,
            n=sum(len(each.stimuli) for each in sets),
            groups=tuple(sizes),
            method=f"no interval: {interval.reason}" if isinstance(interval, Undefined) else interval.method,
            low=None if lacking else interval.low,  # type: ignore[union-attr]
            high=None if lacking else interval.high,  # type: ignore[union-attr]
        )


def _leaving_out(
    formula: Formula, vectors: Sequence[Vectors], paired: bool
) -> Callable[[Sequence[NDArray[np.intp]]], float]:
    def statistic(kept: Sequence[NDArray[np.intp]]) -> float:
        chosen = [kept[0], *kept] if paired else kept
        return formula([each[index] for each, index in zip(vectors, chosen, strict=True)])

    return statistic


def _cluster_vectors(stimuli: StimulusSet, encodings: Encodings) -> Vectors:
    found = encodings.embeddings(stimuli.stimuli)
    row = {name: i for i, name in enumerate(stimuli.clusters)}
    total = np.zeros((len(row), found.shape[1]))
    np.add.at(total, [row[stimulus.cluster] for stimulus in stimuli.stimuli], found)
    vectors: Vectors = total / np.linalg.norm(total, axis=1, keepdims=True)
    return vectors


def dialect_statistics(dialect: str, rows: AssociationRows) -> Iterator[Measured]:
    """What iEAT or WEFE would print for the same embeddings: every stimulus an item of its own.

    - ``ieat``: d with the sample deviation (ddof 1), and p = share of the partitions of the items of X and Y whose sum
      over X is at least the observed one, one-sided; exact here wherever we are exact, where iEAT may draw partitions.
    - ``wefe``: d with the population deviation (ddof 0). WEFE's p is not reproduced: it draws with replacement, without
      a seed, and its two-sided one is 1 for any negative effect.

    Neither has an interval, as neither knows which items belong together.
    """
    name = f"{dialect}_effect_size"
    split = len(rows.x.stimuli)
    value = eat_effect_size(rows.association[:split], rows.association[split:], ddof=1 if dialect == "ieat" else 0)
    if isinstance(value, Undefined):
        yield Undefined(name=name, reason=value.reason)
        return
    p = None
    if dialect == "ieat":
        in_x = np.arange(len(rows.association)) < split
        p = two_sample(rows.association, in_x, alternative="greater", seed=0)
    tested = p is not None and not isinstance(p, Undefined)
    yield Estimate(
        name=name,
        value=value,
        unit="sd",
        sign="positive when X goes with A",
        n=len(rows.association),
        groups=(split, len(rows.association) - split),
        method=f"as {'iEAT' if dialect == 'ieat' else 'WEFE'} computes it, every stimulus an item; it has no interval",
        p=p.p if tested else None,  # type: ignore[union-attr]
        p_method=p.method if tested else None,  # type: ignore[union-attr]
        smallest_p=p.smallest_p if tested else None,  # type: ignore[union-attr]
        alternative="greater",
    )
