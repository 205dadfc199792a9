"""One audit of a specimen: the tool's own way from stimuli to findings, on embeddings that are in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.assess import Assessment
from audit.engine import UnitActivations
from audit.findings import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from audit.engine import Reducer
    from audit.records import Finding, ModelInfo
    from audit.stimuli import Collector, Stimulus
    from audit.suite import Suite


@dataclass(frozen=True, slots=True)
class KnownEncodings:
    """The :class:`~audit.engine.Encodings` of stimuli that were encoded before."""

    info: ModelInfo
    rows: Mapping[str, int]
    """Row of each stimulus, by its key."""
    vectors: NDArray[np.float64]
    """(n, d) embeddings of unit length."""
    activations: UnitActivations | None = None
    """(n, u) of the same rows; None for specimens whose units nobody asks about."""

    def embeddings(self, stimuli: Sequence[Stimulus]) -> NDArray[np.float64]:
        """(n, d) embeddings, row-aligned."""
        return self.vectors[[self.rows[stimulus.key] for stimulus in stimuli]]

    def units(self, stimuli: Sequence[Stimulus], layers: Sequence[str] = ()) -> UnitActivations:
        """All units that are known, whatever the layers."""
        del layers
        assert self.activations is not None
        known = self.activations
        return UnitActivations(known.values[[self.rows[s.key] for s in stimuli]], known.units, known.layers)

    @property
    def changeable(self) -> None:
        """None: only the numbers are known."""
        return None

    @property
    def visualizations(self) -> None:
        """None: only the numbers are known."""
        return None

    def scan(self, stimuli: Iterable[Stimulus], units: Sequence[str], reducers: Sequence[Reducer]) -> int:
        """Feed reducers with the units' columns, all stimuli at once."""
        some = list(stimuli)
        known = self.units(some)
        values = known.values[:, [known.units.index(unit) for unit in units]]
        for reducer in reducers:
            reducer.update([stimulus.key for stimulus in some], values)
        return len(some)

    @property
    def unit_names(self) -> tuple[str, ...]:
        """Empty: nothing is published for these."""
        return ()

    def top_words(self, unit: str) -> tuple[str, ...]:
        """Empty: nothing is published for these."""
        del unit
        return ()


def audit(suite: Suite, collector: Collector, encodings: KnownEncodings, seed: int) -> dict[str, Finding]:
    """What the tool finds, by probe: planned, measured, corrected over the family and judged as in any run."""
    assessed = Assessment([suite], {suite.suite: collector}, encodings, seed).measure(lambda *_: None)
    return {finding.probe: finding for finding in judge(assessed.measurements)}
