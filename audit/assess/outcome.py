"""What a probe in one form plans to show, and what measuring it gave."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from audit.stimuli import Unavailable
from audit.suite import Probe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from audit.engine import Encodings
    from audit.records import Measurement, Variation
    from audit.stats import AssociationEstimates
    from audit.stimuli import Stimulus, StimulusSet
    from audit.suite import Suite

AnyProbe = TypeVar("AnyProbe", bound=Probe)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measurement with the rows behind it."""

    measurement: Measurement
    association: AssociationEstimates | None = None
    """The estimates of an association with the design behind them, for the correction over its family."""
    intervals: Callable[[float], Mapping[str, tuple[float, float]]] | None = None
    """Ends of the headline's interval, and of other estimates by name, at another level: for the correction over the
    family of a measure that is no association. None for one that has a correction of its own."""
    variations: tuple[Variation, ...] = ()
    """The headline under every variation; the measurement shows those that a reader needs."""
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """Rows for the tables of the run, such as ``rows``, ``units`` and ``examples``."""
    figures: Mapping[str, bytes] = field(default_factory=dict)
    """Pictures that serve as evidence, PNG by file name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Stimuli in the part that they play in a probe."""

    role: str
    """``x``, ``y``, ``a``, ``b``, ``concept``, ``against``, ``harm``, ``neutral``, ``group``, ``label``, or what a
    measure calls it."""
    variant: str
    """Name of another definition of the concept; empty for the headline."""
    stimuli: StimulusSet


@dataclass(frozen=True)
class Plan(ABC, Generic[AnyProbe]):
    """One probe in one form: the stimuli it needs, and how to measure them."""

    of: Suite
    asked: AnyProbe
    form: tuple[str, ...]
    shown: tuple[Shown, ...] = ()
    """Empty when the stimuli cannot be had on this model."""
    unavailable: Unavailable | None = None
    """Why they cannot be had."""

    @classmethod
    def collect(cls, of: Suite, asked: AnyProbe, form: tuple[str, ...], shown: Iterable[Shown]) -> Self:
        """The plan with its stimuli, or with the reason why they cannot be had."""
        try:
            return cls(of, asked, form, shown=tuple(shown))
        except Unavailable as why:
            return cls(of, asked, form, unavailable=why)

    @property
    def suite(self) -> str:
        """Id of the suite."""
        return self.of.suite

    @property
    def probe(self) -> str:
        """Id of the probe."""
        return self.asked.id

    @property
    def layers(self) -> tuple[str, ...] | None:
        """Names of the layers whose units it asks for: empty for the default ones, None when it asks for none."""
        return None

    @property
    def stimuli(self) -> list[Stimulus]:
        """Every stimulus of the plan, the same one as often as it plays a part."""
        return [stimulus for part in self.shown for stimulus in part.stimuli.stimuli]

    def refused(self, encodings: Encodings) -> str:
        """Why the model has nothing of what the probe names, so that the finding is an error; empty when it has.

        Asked of a plan whose stimuli can be had.
        """
        del encodings
        return ""

    @abstractmethod
    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """Measure it."""
