"""The headline under other definitions, wordings and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.records import Estimate
from reports.figures import Forest, ForestGroup
from reports.marks import DESCRIBED, mark_of
from reports.numbers import Shown, shown
from reports.prose import words
from reports.prose.sensitivity import moves
from reports.prose.variations import by_noun, name, title, wordings
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
    found = by_noun(finding)
    sentences = tuple(filter(None, (moves(finding, what) for what in found)))
    return Sensitivity(
        sentences=sentences,
        forest=_forest(finding, sentences),
        caption="The estimate as declared, and under each variation, with 95 % intervals. Variations decide nothing.",
        rows=tuple(
            VariationRow(title(what), name(finding, v), shown(v.estimate, finding.margin))
            for what, members in found.items()
            for v in members
        ),
    )


def _forest(finding: Finding, sentences: tuple[str, ...]) -> Forest | None:
    headline = finding.headline
    drawn = {
        what: [v for v in members if isinstance(v.estimate, Estimate)] for what, members in by_noun(finding).items()
    }
    if headline is None or not any(drawn.values()):
        return None
    bounds = allowed(finding)
    declared = estimate_row(finding, headline, f"all stimuli, all {wordings(finding)}", mark_of(finding))
    groups = [ForestGroup(title="As declared", rows=(declared,), allowed=bounds)]
    groups += [
        ForestGroup(title=title(what), rows=_rows(finding, members), allowed=bounds)
        for what, members in drawn.items()
        if members
    ]
    text = shown(headline, finding.margin)
    return Forest(
        groups=tuple(groups),
        axis=words.axis(headline),
        null=words.null(headline.name),
        alternative=f"As declared {text.value} ({text.interval}). {' '.join(sentences)}",
    )


def _rows(finding: Finding, variations: list[Variation]) -> tuple[ForestRow, ...]:
    named = [(name(finding, variation), variation) for variation in variations]
    if len(variations) > MOST_NAMED:
        ordered = sorted(named, key=lambda item: _value(item[1]))
        named = [(f"lowest: {ordered[0][0]}", ordered[0][1]), (f"highest: {ordered[-1][0]}", ordered[-1][1])]
    return tuple(estimate_row(finding, variation.estimate, name, DESCRIBED) for name, variation in named)


def _value(variation: Variation) -> float:
    return variation.estimate.value if isinstance(variation.estimate, Estimate) else 0.0
