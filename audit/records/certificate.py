"""What the tool was seen to do where the truth is known: the record that `clip-audit calibrate` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Standing = Literal["met", "open", "missed"]
"""``met``: every cell keeps the target, and so does the interval over all of them. ``missed``: a cell does not keep it.
``open``: every cell keeps it, but there were too few audits to be sure."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share that was counted, with its interval (Wilson's, 95 %)."""

    count: int
    of: int
    """At least 1."""
    low: float
    high: float

    @property
    def value(self) -> float:
        """``count / of``."""
        return self.count / self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class StimulusPopulation:
    """Two groups of stimuli that are known whole; audits see random samples of them."""

    id: str
    """``flags`` or ``names``."""
    title: str
    """For people: what is shown."""
    x: str
    """The group that the harm is planted on."""
    y: str
    """The group that it is compared with."""
    clusters: tuple[int, int]
    """Clusters of X and of Y in the population."""
    columns: int
    """Art styles or fonts, in each of which every cluster is shown."""
    images: int
    """All images of the form, those of neither group included; the edits were fitted on these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecimenRecord:
    """A model with known weight edits."""

    name: str
    """What ``specimen:NAME`` takes."""
    planted: float
    """What was planted: an association in cosine, or an AUROC."""
    truths: Mapping[str, float]
    """By population, what it is: the association over all stimuli of the population, or the AUROC over all clusters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedCell:
    """Audits of one specimen, on samples of one size from one population."""

    population: str
    specimen: str
    dose: float
    """The truth in margins."""
    truth: float
    """In cosine."""
    clusters: int
    """Clusters a side in each audit."""
    columns: Literal["drawn", "all"]
    """Whether an audit draws its art styles from those there are, or takes them all; see the method."""
    passed: Share
    failed: Share
    inconclusive: Share
    covered: Share
    """Audits whose 95 % interval holds the truth."""
    mean: float
    """Mean estimate, in cosine."""
    half_width: float
    """Mean half-width of the interval, in cosine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyCell:
    """Audits of several questions at once, corrected over their family, as a suite corrects."""

    population: str
    specimen: str
    clusters: int
    probes: int
    wrong_passes: Share
    """Audits in which some question passed whose truth is at or above the margin."""
    wrong_fails: Share
    """Audits in which some question failed whose truth is at or below the margin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShuffledCell:
    """Audits in which it was drawn by lot which clusters belong to which group."""

    population: str
    specimen: str
    clusters: int
    failed: Share
    small_p: Share
    """Audits with p at or below 0.05; p decides nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionCell:
    """How well the estimate tells a planted specimen from the erased one."""

    population: str
    specimen: str
    clusters: int
    audits: int
    """Of each of the two."""
    auc: float
    """Probability that the estimate on the planted one is the larger, ties counted half."""
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCell:
    """Searches for a planted unit among all units of its layer."""

    population: str
    truth: float
    """AUROC of the planted unit over all clusters of the population."""
    clusters: int
    """Clusters a side in each audit; half of them name units, the other half confirm them."""
    units: int
    """Units that are searched."""
    found: Share
    """Audits in which the planted unit was named and confirmed."""
    false: Share | None
    """Of all confirmed units, those that do not prefer the concept in the population; None when none was confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShuffledUnitCell:
    """The same search when it was drawn by lot which clusters belong to the concept."""

    population: str
    clusters: int
    units: int
    confirmed: Share
    """Audits in which any unit was confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What the tool promises, and whether it was kept."""

    id: str
    what: str
    """Whose value it bounds, as a noun phrase."""
    at_least: float | None
    at_most: float | None
    value: float
    """Over all cells together."""
    low: float
    """Lower end of the 95 % interval of ``value``."""
    high: float
    of: int
    """Audits behind ``value``."""
    lowest: float
    """The smallest value in a cell."""
    highest: float
    """The largest value in a cell."""
    cells: int
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """certificate.json."""

    schema: str = "clip-audit/certificate/1"
    created: str
    """UTC, ISO 8601, seconds; SOURCE_DATE_EPOCH is honoured."""
    command: str
    """The command that repeats it."""
    seed: int
    audits: int
    """Audits in each cell that a target judges; every share says how many stand behind it."""
    versions: Mapping[str, str]
    """As in the manifest of a run."""
    model: str
    """Name of the model that was edited."""
    weights_digest: str
    """Of the model as it ships, before the edits."""
    suite_digest: str
    """sha256 of the suite that asks the questions."""
    ask: str
    """The question."""
    margin: float
    """In cosine."""
    populations: tuple[StimulusPopulation, ...]
    specimens: tuple[SpecimenRecord, ...]
    embedding_gap: float
    """Largest difference in any number of an embedding of unit length between what an edit gives by arithmetic, which
    the audits use, and what the edited model gives when it is run."""
    unit_gap: float
    """The same for the response of the planted unit, in its standard deviations."""
    targets: tuple[Target, ...]
    cells: tuple[AuditedCell, ...]
    detection: tuple[DetectionCell, ...]
    families: tuple[FamilyCell, ...]
    shuffled: tuple[ShuffledCell, ...]
    units: tuple[UnitCell, ...]
    shuffled_units: tuple[ShuffledUnitCell, ...]
    notes: tuple[str, ...] = field(default=())
    """How it was made, and what follows for the numbers; plain sentences."""

    @property
    def standing(self) -> Standing:
        """``missed`` when a target is, else ``open`` when one is, else ``met``."""
        found = {target.standing for target in self.targets}
        return "missed" if "missed" in found else "open" if "open" in found else "met"
