"""Further statistics of an association that a probe asks for: other formulas, and other tools' own numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class _Statistic:
    """One number that an entry of `statistics` reports."""

    name: str
    unit: str
    sign: str
    formula: Formula
    """Of the vectors of X, Y, A and B."""
    within: tuple[float, float] = (-np.inf, np.inf)
    """Its range."""


_COSINES = (-1.0, 1.0)


def _effect_of(target: int) -> Formula:
    return lambda v: bias.target_effect(v[target], *v[2:])


def _between(formula: Callable[[Vectors, Vectors], float], target: int, attribute: int) -> Formula:
    return lambda v: formula(v[target], v[attribute])


def _levels() -> Iterator[_Statistic]:
    """ML-EAT beyond the association itself, which is its first level: each target alone, then each pair of sets."""
    for place, target in enumerate("xy"):
        yield _Statistic(
            f"effect_of_{target}",
            "sd",
            f"positive when {target.upper()} lies closer to A than to B",
            _effect_of(place),
        )
    for place, target in enumerate("xy"):
        for other, attribute in enumerate("ab", 2):
            pair = f"{target.upper()} {{}} {attribute.upper()}"
            yield _Statistic(
                f"cosine_{target}_{attribute}",
                "cosine",
                f"how close {pair.format('lies to')}",
                _between(bias.mean_cosine, place, other),
                _COSINES,
            )
            yield _Statistic(
                f"cosine_spread_{target}_{attribute}",
                "cosine",
                f"how much the cosines of {pair.format('with')} differ among each other; a deviation, without a sign",
                _between(bias.cosine_spread, place, other),
                (0.0, np.inf),
            )


_STATISTICS: dict[str, tuple[_Statistic, ...]] = {
    "ml-eat": tuple(_levels()),
    "rnd": (
        _Statistic(
            "relative_norm_distance",
            "distance",
            "negative when X lies closer to A than Y does",
            lambda v: bias.relative_norm_distance(*v[:3]),
            (-2.0, 2.0),
        ),
    ),
    "mac": (
        _Statistic(
            "mean_average_cosine",
            "cosine distance",
            "0 when targets and attributes are the same, 1 when they have nothing in common",
            lambda v: bias.mean_average_cosine(*v),
            (0.0, 2.0),
        ),
    ),
    "ripa": (
        _Statistic(
            "relational_inner_product",
            "cosine",
            "positive when A leans to X rather than to its counterpart in Y",
            lambda v: bias.relational_inner_product(*v[:3]),
            _COSINES,
        ),
    ),
    "ect": (
        _Statistic(
            "coherence",
            "correlation",
            "1 when X and Y rank the terms of A alike",
            lambda v: bias.coherence(*v[:3]),
            _COSINES,
        ),
    ),
    "rnsb": (
        _Statistic(
            "negative_sentiment",
            "nats",
            "0 when all targets are as likely to be taken for B",
            lambda v: bias.negative_sentiment(*v),
            (0.0, np.inf),
        ),
    ),
}
"""What each entry of `statistics` reports."""


def other_statistics(
    asked: Sequence[str], sets: Sequence[StimulusSet], encodings: Encodings, *, paired: bool
) -> Iterator[Measured]:
    """The statistics that a probe asks for, each with a jackknife interval over the clusters of all four sets.

    A cluster is the unit mean of its embeddings, over items and templates. ``paired`` says that X and Y are matched row
    by row; then their clusters are left out together. One that has no interval is Undefined, as it cannot be read.
    """
    vectors = [_cluster_vectors(each, encodings) for each in sets]
    sizes = [len(each) for each in vectors]
    for each in (entry for key in asked for entry in _STATISTICS[key]):
        value = each.formula(vectors)
        if not np.isfinite(value):
            reason = "it does not exist for these stimuli: too few, or without a spread"
            yield Undefined(name=each.name, reason=reason)
            continue
        leave_out = _leaving_out(each.formula, vectors, paired)
        interval = jackknife(leave_out, sizes[1:] if paired else sizes, within=each.within)
        if isinstance(interval, Undefined):
            yield Undefined(name=each.name, reason=interval.reason)
            continue
        yield Estimate(
            name=each.name,
            value=value,
            unit=each.unit,
            sign=each.sign,
            n=sum(len(stimuli.stimuli) for stimuli in sets),
            groups=tuple(sizes),
            method=interval.method,
            low=interval.low,
            high=interval.high,
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
    with np.errstate(invalid="ignore"):
        vectors: Vectors = total / np.linalg.norm(total, axis=1, keepdims=True)
    return vectors


_TOOLS = {"ieat": ("iEAT", 1), "wefe": ("WEFE", 0)}
"""What the tool of a dialect is called, and the ddof of its deviation."""


def dialect_statistics(dialect: str, rows: AssociationRows) -> Iterator[Measured]:
    """What iEAT or WEFE would print for the same embeddings: every stimulus an item of its own.

    - ``ieat``: d with the sample deviation (ddof 1), and p = share of the partitions of the items of X and Y whose sum
      over X is at least the observed one, one-sided; of groups of one size only, as iEAT refuses others. All partitions
      are counted up to 22 a side, where iEAT draws 9,999 from 8 a side on, without a seed.
    - ``wefe``: d with the population deviation (ddof 0). WEFE's p is not reproduced: it draws with replacement, without
      a seed, and its two-sided one is near 1 for any negative effect.

    Neither has an interval, as neither tool knows which items belong together. Source: ``Test`` in weat/test.py of
    ryansteed/weat, which iEAT calls; ``WEAT`` in wefe/metrics/WEAT.py of dccuchile/wefe.
    """
    tool, ddof = _TOOLS[dialect]
    name = f"{dialect}_effect_size"
    split, n = len(rows.x.stimuli), len(rows.association)
    value = eat_effect_size(rows.association[:split], rows.association[split:], ddof=ddof)
    if isinstance(value, Undefined):
        yield Undefined(name=name, reason=value.reason)
        return
    estimate = Estimate(
        name=name,
        value=value,
        unit="sd",
        sign="positive when X goes with A",
        n=n,
        groups=(split, n - split),
        method=f"as {tool} computes it: every stimulus an item, ddof {ddof}; it has no interval",
        alternative="greater",
    )
    test = two_sample(rows.association, np.arange(n) < split, alternative="greater", seed=0)
    if dialect != "ieat" or 2 * split != n or isinstance(test, Undefined):
        yield estimate
        return
    drawn = test.method != "exact"
    yield replace(estimate, p=test.p, p_method=test.method, smallest_p=test.smallest_p, seed=0 if drawn else None)
