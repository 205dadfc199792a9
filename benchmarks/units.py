"""Rows for planted units: a channel of pocket is edited until it tells a concept as well as was asked for.

Every audit is the tool's own, from drawn stimuli to verdict, on what the edited model gives for all flags of the world;
only the encodings are in memory. Clusters are drawn with replacement and each is one of its own, so that what holds of
all flags is the truth that an audit is held against (docs/calibration.md says why).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from rows import Row, share
from summary import OF_POCKET

from audit.calibration.audits import audit
from audit.calibration.material import gather
from audit.calibration.population import Sample, drawn_sides
from audit.calibration.specimens import prepare
from audit.calibration.trials import SUITE, UNIT, confirmed_units
from audit.calibration.unit_plant import cluster_means
from audit.encoders.pocket import FOLDER
from audit.records import Undefined, Verdict
from audit.stats import max_t_units
from audit.suite import AbsenceProbe, UnitsProbe, load_suite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from audit.calibration.audits import KnownEncodings
    from audit.calibration.specimens import Prepared
    from audit.calibration.trials import Population
    from audit.records import Finding
    from audit.suite import Suite

SIZES = 50, 150
"""Clusters of the concept and of what it is compared with."""
_LABELS = np.arange(sum(SIZES)) < SIZES[0]
RESAMPLES = 499
"""Of the permutations that are counted here: exact at .05 with any number of them."""
_CONCEPT, _WORLD = "africa", "world"


@lru_cache(1)
def _prepared() -> Prepared:
    """The specimens; once for all parts that a process runs."""
    return prepare(gather(lambda *_: None, FOLDER))


def _where(sizes: tuple[int, int] = SIZES) -> str:
    return f"{sizes[0]} clusters against {sizes[1]}, 2,048 {OF_POCKET}"


def _suite(bound: float | None) -> Suite:
    """The question after a unit, or after its absence below ``bound``."""
    whole = load_suite(SUITE)
    asked = whole.probe(UNIT)
    assert isinstance(asked, UnitsProbe)
    if bound is None:
        return whole.model_copy(update={"probes": (asked,)})
    stated = asked.model_dump(include={"id", "ask", "concept", "against", "forms", "source"}, by_alias=True)
    absent = AbsenceProbe.model_validate({**stated, "measure": "absence", "bound": {"auroc": bound}})
    return whole.model_copy(update={"probes": (absent,)})


def _audit(
    suite: Suite,
    population: Population,
    known: KnownEncodings,
    generator: np.random.Generator,
    sizes: tuple[int, int] = SIZES,
    *,
    shuffled: bool = False,
) -> Finding:
    """One audit of so many clusters of the concept and of the rest; shuffled, the lot says which are which."""
    pool = population.x.united(population.rest) if shuffled else None
    columns = range(len(population.x.whole.templates))
    concept, rest = drawn_sides(generator, population.x, population.rest, sizes, columns, shuffled_from=pool)
    sample = Sample(suite, known.info, {_CONCEPT: concept, _WORLD: rest})
    (finding,) = audit(suite, sample, known, int(generator.integers(2**31))).values()
    return finding


def _p_adjusted(drawn: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """(u,) of the units over all of them at once; the clusters of the concept come first."""
    exists = max_t_units(drawn, _LABELS, np.arange(len(_LABELS)), seed=seed, resamples=RESAMPLES)
    assert not isinstance(exists, Undefined)
    return exists.p_adjusted


def _responses(prepared: Prepared, specimen: str) -> tuple[NDArray[np.float64], NDArray[np.bool_], tuple[str, ...]]:
    """(clusters, u) mean response of each flag, which are the concept's, and the units' ids."""
    population, known = prepared.bench.populations["flags"], prepared.bench.specimens[specimen]
    stimuli = [*population.x.whole.stimuli, *population.rest.whole.stimuli]
    names = {name: i for i, name in enumerate([*population.x.whole.clusters, *population.rest.whole.clusters])}
    given = known.units(stimuli)
    means = cluster_means(given.values.astype(np.float64), np.array([names[s.cluster] for s in stimuli]))
    return means, np.arange(len(names)) < population.x.size, given.units


def planted_units(rng: np.random.Generator) -> Iterator[Row]:
    """How often a planted unit is found, and what else is confirmed."""
    prepared = _prepared()
    population, suite = prepared.bench.populations["flags"], _suite(None)
    for specimen in ("planted-unit-0.8", "planted-unit-0.9"):
        truth, known = prepared.units[specimen], prepared.bench.specimens[specimen]
        target = 0.95 if specimen.endswith("0.9") else None
        means, member, names = _responses(prepared, specimen)
        found = []
        for run in range(300):
            drawn = [
                rng.choice(np.flatnonzero(member == side), n) for side, n in zip((True, False), SIZES, strict=True)
            ]
            found.append(_p_adjusted(means[np.concatenate(drawn)], run)[names.index(truth.unit)] <= 0.05)
        area = f"{truth.areas[truth.unit]:.2f}"
        yield share(f"planted unit of AUROC {area} found by max-T over all units, {_where()}", found, low=target)
        searches = [confirmed_units(_audit(suite, population, known, rng)) for _ in range(300)]
        hits = [truth.unit in names for names in searches]
        yield share(
            f"planted unit of AUROC {area} named on one half and confirmed on the other, {_where()}", hits, target
        )
        wrong = [truth.areas[name] <= 0.5 for names in searches for name in names]
        yield share(
            f"confirmed units that in truth do not prefer the concept, beside one of {area}, {_where()}",
            wrong,
            high=0.05,
        )


def no_units(rng: np.random.Generator) -> Iterator[Row]:
    """How often units are found where the lot says which flags are the concept's."""
    prepared = _prepared()
    population, known = prepared.bench.populations["flags"], prepared.bench.specimens["planted-unit-0.9"]
    suite = _suite(None)
    means, _, _ = _responses(prepared, "planted-unit-0.9")
    drawn = (rng.integers(0, len(means), sum(SIZES)) for _ in range(2000))
    found = [_p_adjusted(means[rows], run).min() <= 0.05 for run, rows in enumerate(drawn)]
    yield share(f"family-wise error of max-T over units, concept drawn by lot, {_where()}", found, high=0.057)
    found = [bool(confirmed_units(_audit(suite, population, known, rng, shuffled=True))) for _ in range(600)]
    yield share(f"searches that confirm any unit, concept drawn by lot, {_where()}", found, high=0.06)


def absences(rng: np.random.Generator) -> Iterator[Row]:
    """How often an absence is claimed, wrongly and rightly."""
    prepared = _prepared()
    population = prepared.bench.populations["flags"]
    for specimen, planted, sizes in (
        ("planted-unit-0.8", 1, SIZES),
        ("planted-unit-0.8", 1, (150, 150)),
        ("planted-unit-0.9", 1, (150, 150)),
        ("planted-unit-0.7", 0, (150, 150)),
    ):
        best = max(prepared.units[specimen].areas.values())
        bound = best if planted else 0.9
        suite, known = _suite(bound), prepared.bench.specimens[specimen]
        claimed = [_audit(suite, population, known, rng, sizes).verdict is Verdict.PASS for _ in range(200)]
        what = f"absence claimed below {bound:.2f}, where the best unit is at {best:.2f}, {_where(sizes)}"
        yield share(what, claimed, high=0.05) if planted else share(f"  {what}", claimed, note="shown beside")
