"""Audits of random samples, many of them, each by the tool's own way; alone or on all cores, with the same result."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from audit.calibration.audits import KnownEncodings, audit
from audit.calibration.population import Group, Sample, drawn_sides
from audit.records import Estimate, Verdict
from audit.suite import load_suite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from audit.engine import Progress
    from audit.records import Finding
    from audit.stimuli import StimulusSet
    from audit.suite import Suite

SUITE = Path(__file__).with_name("suite.yaml")
"""The questions."""
PLANTED = "planted"
"""The probe whose association is planted."""
UNIT = "unit"
"""The probe that searches for a unit."""
_AT_ONCE = 20
"""Audits that a process takes at once."""

Asked = Literal["alone", "family", "unit"]
"""The planted question alone, all questions about associations as one family, or the search for a unit."""


@dataclass(frozen=True, slots=True)
class Population:
    """The stimuli of one form: two groups, and all others of the same kind."""

    id: str
    x: Group
    y: Group
    both: Group
    """X and Y in one."""
    rest: Group
    """Everything but X, Y included: what a unit for X is held against."""


@dataclass(frozen=True)
class Bench:
    """All that audits need, in memory."""

    populations: Mapping[str, Population]
    words: Mapping[str, StimulusSet]
    """Stimuli of each attribute concept."""
    specimens: Mapping[str, KnownEncodings]

    @cached_property
    def suites(self) -> Mapping[Asked, Suite]:
        """The suite, cut to what is asked."""
        whole = load_suite(SUITE)
        associations = tuple(probe for probe in whole.probes if probe.measure == "association")
        return {
            "alone": whole.model_copy(update={"probes": (whole.probe(PLANTED),)}),
            "family": whole.model_copy(update={"probes": associations}),
            "unit": whole.model_copy(update={"probes": (whole.probe(UNIT),)}),
        }


@dataclass(frozen=True, slots=True)
class Design:
    """How audits of one cell are made."""

    population: str
    specimen: str
    clusters: int
    """Clusters a side."""
    asked: Asked = "alone"
    columns: Literal["drawn", "all"] = "drawn"
    shuffled: bool = False
    """Whether the lot decides which clusters belong to which group."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one audit said about one question."""

    verdict: Verdict
    value: float
    low: float
    high: float
    p: float
    confirmed: tuple[str, ...] = ()
    """Units that the audit confirmed."""


Result = dict[str, Read]
"""By probe."""


def make_audit(bench: Bench, design: Design, seed: int, number: int) -> Result:
    """The ``number``-th audit of a design.

    Every cluster of a sample is drawn from the population by itself, with replacement, and is a cluster of its own even
    when the same country comes twice: so the sample is what the intervals assume, independent draws from a population
    whose mean is the truth. (Without replacement a third of the population would be in the sample, the estimate would
    vary less than its interval says, and coverage would look better than it is.) Columns are drawn likewise, as the
    crossed t holds them to be draws too; with ``all`` each is taken once, as users take them.
    """
    name = f"{design.population}/{design.specimen}/{design.clusters}/{design.asked}/{design.columns}/{design.shuffled}"
    generator = np.random.default_rng([seed, number, *name.encode()])
    population, n = bench.populations[design.population], design.clusters
    columns = _columns(generator, population, design)
    unit = design.asked == "unit"
    pool = (population.x.united(population.rest) if unit else population.both) if design.shuffled else None
    other = population.rest if unit else population.y
    x, against = drawn_sides(generator, population.x, other, (n, n), columns, shuffled_from=pool)
    suite = bench.suites[design.asked]
    drawn = {**bench.words, **dict.fromkeys(("europe", "world"), against), "africa": x}
    encodings = bench.specimens[design.specimen]
    found = audit(suite, Sample(suite, encodings.info, drawn), encodings, int(generator.integers(2**31)))
    return {probe: _read(finding) for probe, finding in found.items()}


def _columns(generator: np.random.Generator, population: Population, design: Design) -> Sequence[int]:
    count = len(population.x.whole.templates)
    if design.columns == "all" or design.asked == "unit":  # a unit's response is a mean over what there is
        return range(count)
    drawn: list[int] = generator.integers(0, count, count).tolist()
    return drawn


def _read(finding: Finding) -> Read:
    first = finding.headline
    if first is None or first.low is None or first.high is None or first.p is None:
        raise AssertionError(f"an audit of a known population gave no estimate: {finding.reason}")
    return Read(finding.verdict, first.value, first.low, first.high, first.p, confirmed_units(finding))


def confirmed_units(finding: Finding) -> tuple[str, ...]:
    """Units of the finding whose p, adjusted over those that were named, is small enough at their level."""
    return tuple(
        unit.unit
        for unit in finding.units
        for estimate in unit.estimates[:1]
        if isinstance(estimate, Estimate)
        and estimate.p_adjusted is not None
        and estimate.p_adjusted <= 1 - estimate.level
    )


def make_audits(
    bench: Bench, designs: Mapping[Design, int], seed: int, progress: Progress, *, processes: int | None = None
) -> dict[Design, list[Result]]:
    """So many audits of each design, on so many processes (one a core when None), whose number changes no result."""
    tasks = [(d, range(k, min(k + _AT_ONCE, n))) for d, n in designs.items() for k in range(0, n, _AT_ONCE)]
    found: dict[Design, list[Result]] = {design: [] for design in designs}
    total = sum(designs.values())
    with _mapped(bench, seed, processes or os.cpu_count() or 1) as results:
        done = 0
        for (design, numbers), made in zip(tasks, results(tasks), strict=True):
            found[design] += made
            done += len(numbers)
            progress("audits of specimens", done, total)
    return found


_Task = tuple[Design, range]
_at_work: tuple[Bench, int]
"""What a process works on: set once in each."""


@contextmanager
def _mapped(bench: Bench, seed: int, processes: int) -> Iterator[Callable[[Sequence[_Task]], Iterator[list[Result]]]]:
    if processes == 1:
        yield lambda tasks: ([make_audit(bench, design, seed, k) for k in numbers] for design, numbers in tasks)
        return
    # A fresh process each, with one thread: forking a process in which torch has run is not safe.
    before = {name: os.environ.get(name) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    os.environ.update(dict.fromkeys(before, "1"))
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(processes, context, _begin, (bench, seed)) as pool:
            yield lambda tasks: pool.map(_work, tasks)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _begin(bench: Bench, seed: int) -> None:
    global _at_work
    _at_work = bench, seed


def _work(task: _Task) -> list[Result]:
    design, numbers = task
    bench, seed = _at_work
    return [make_audit(bench, design, seed, k) for k in numbers]
