"""The headline under other definitions, wordings and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.records import Estimate
from reports.figures import Forest, ForestGroup
from reports.marks import DESCRIBED, mark_of
from reports.numbers import Shown, shown
from reports.prose import words
from reports.prose.pictures import style
from reports.prose.sensitivity import moves
from reports.view.forest import allowed, estimate_row

if TYPE_CHECKING:
    from audit.records import Finding, Variation
    from reports.figures import ForestRow

MOST_NAMED = 8
"""More variations of a kind than this are drawn by their two ends; the table has all."""


@dataclass(frozen=True, slots=True)
class VariationRow:
    """One variation in the table."""

    kind: str
    name: str
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """How far the answer moves."""

    sentences: tuple[str, ...]
    forest: Forest | None
    """None when no variation could be computed."""
    caption: str
    rows: tuple[VariationRow, ...]

    @property
    def by_kind(self) -> tuple[tuple[str, tuple[VariationRow, ...]], ...]:
        """The rows of each kind that occurs."""
        kinds = dict.fromkeys(row.kind for row in self.rows)
        return tuple((kind, tuple(row for row in self.rows if row.kind == kind)) for kind in kinds)


def build_sensitivity(finding: Finding) -> Sensitivity | None:
    """None for a finding without variations."""
    if not finding.sensitivity:
        return None
    sentences = tuple(filter(None, (moves(finding, kind) for kind in words.VARIATIONS)))
    ordered = [v for kind in words.VARIATIONS for v in finding.sensitivity if v.kind == kind]
    return Sensitivity(
        sentences=sentences,
        forest=_forest(finding, sentences),
        caption="The estimate as declared, and under each variation, with 95 % intervals. Variations decide nothing.",
        rows=tuple(
            VariationRow(words.variation(finding, v.kind), _name(finding, v), shown(v.estimate, finding.margin))
            for v in ordered
        ),
    )


def _forest(finding: Finding, sentences: tuple[str, ...]) -> Forest | None:
    headline = finding.headline
    drawn = [v for v in finding.sensitivity if isinstance(v.estimate, Estimate)]
    if headline is None or not drawn:
        return None
    bounds = allowed(finding)
    declared = estimate_row(finding, headline, f"all stimuli, all {words.wording(finding)}s", mark_of(finding))
    groups = [ForestGroup(title="As declared", rows=(declared,), allowed=bounds)]
    for kind in words.VARIATIONS:
        members = [v for v in drawn if v.kind == kind]
        if members:
            groups.append(
                ForestGroup(title=words.variation(finding, kind), rows=_rows(finding, members), allowed=bounds)
            )
    text = shown(headline, finding.margin)
    return Forest(
        groups=tuple(groups),
        axis=words.axis(headline.name),
        null=words.null(headline.name),
        alternative=f"As declared {text.value} ({text.interval}). {' '.join(sentences)}",
    )


def _rows(finding: Finding, variations: list[Variation]) -> tuple[ForestRow, ...]:
    named = [(_name(finding, variation), variation) for variation in variations]
    if len(variations) > MOST_NAMED:
        ordered = sorted(named, key=lambda item: _value(item[1]))
        named = [(f"lowest: {ordered[0][0]}", ordered[0][1]), (f"highest: {ordered[-1][0]}", ordered[-1][1])]
    return tuple(estimate_row(finding, variation.estimate, name, DESCRIBED) for name, variation in named)


def _name(finding: Finding, variation: Variation) -> str:
    if variation.kind != "template":
        return variation.name
    if variation.name == "{}":
        return "the bare term"
    return style({"form": finding.form[0], "template": variation.name}) if finding.form[0] != "text" else variation.name


def _value(variation: Variation) -> float:
    return variation.estimate.value if isinstance(variation.estimate, Estimate) else 0.0
