"""One row a claim: what was simulated, its target and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.stats import PermutationTest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.records import Undefined


@dataclass(frozen=True, slots=True)
class Row:
    """One claim, its target and what was measured."""

    what: str
    target: str
    measured: float
    standard_error: float
    simulations: int
    passed: bool | None
    """None for a row that is only shown for comparison."""


def share(
    what: str, hits: Sequence[bool | np.bool_], low: float | None = None, high: float | None = None, note: str = ""
) -> Row:
    """A row for a share of simulations that must lie in [low, high]; shown only when neither is given."""
    value, n = float(np.asarray(hits).mean()), len(hits)
    bounds = [f">= {low:g}" if low is not None else "", f"<= {high:g}" if high is not None else ""]
    passed = (low is None or value >= low) and (high is None or value <= high)
    target = " and ".join(filter(None, bounds)) or note
    judged = passed if low is not None or high is not None else None
    return Row(what, target, value, float(np.sqrt(value * (1 - value) / n)), n, judged)


def p_of(test: PermutationTest | Undefined) -> float:
    """The p of data that always have one."""
    assert isinstance(test, PermutationTest)
    return test.p
