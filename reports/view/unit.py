"""One unit: how it answers to every stimulus, and the words that excite it most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.findings.numbers import counted
from reports.figures import Ranked, RankedRow
from reports.numbers import Shown, aligned, shown
from reports.prose import words
from reports.prose.facets import facets
from reports.view.unit_range import RangeView, build_range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.records import Finding, UnitSummary
    from reports.view.context import Context


@dataclass(frozen=True, slots=True)
class Word:
    """A word whose picture excites the unit."""

    text: str
    harm: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A picture that was made to excite the unit."""

    path: str
    """Inside the run directory."""
    label: str
    """Its seed, and whether it failed."""
    reached: str
    """How many natural stimuli excite the unit less."""
    alternative: str
    """What it is, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPanel:
    """One unit inside a card."""

    name: str
    layer: str
    ranked: Ranked | None
    caption: str
    range: RangeView | None
    """None when the run has no examples over the whole range."""
    words: tuple[Word, ...]
    words_note: str
    facets: str
    """Which groups of stimuli drive it, in a sentence or two; empty where nobody looked for them."""
    pictures: tuple[Made, ...]
    numbers: tuple[tuple[str, Shown], ...]
    """What the table of the card does not have already."""
    place: str
    """How it did among the units that were tested; empty when it was the only one."""


def build_unit(context: Context, finding: Finding, unit: UnitSummary) -> UnitPanel:
    """The panel of one unit that the finding names."""
    ranked = _ranked(context, finding, unit)
    harm = sum(marked for _, marked in unit.words)
    return UnitPanel(
        name=unit.unit,
        layer=unit.layer,
        ranked=ranked,
        caption=(
            f"Response of {unit.unit} to each stimulus, highest first. Filled: {finding.labels.x or 'the concept'}. "
            f"Hollow or grey: {finding.labels.y or 'the rest'}."
        ),
        range=build_range(context, finding, unit.unit),
        words=tuple(Word(text, marked) for text, marked in unit.words),
        words_note=_words_note(finding, unit, harm),
        facets=facets(unit),
        pictures=tuple(_pictures(finding, unit)),
        numbers=tuple(
            (words.statistic(e.name), shown(e, finding.margin)) for e in unit.estimates if e not in finding.estimates
        ),
        place=_place(context, finding, unit),
    )


def _ranked(context: Context, finding: Finding, unit: UnitSummary) -> Ranked | None:
    rows = [row for row in context.rows(finding, "examples") if row["unit"] == unit.unit]
    if not rows:
        return None
    rows.sort(key=lambda row: row["rank"])
    values = [float(row["value"]) for row in rows]
    texts = aligned(values, sign=min(values) < 0)
    made = tuple(
        RankedRow(str(row["label"]), value, row["group"] == "concept", text)
        for row, value, text in zip(rows, values, texts, strict=True)
    )
    members = sum(row.member for row in made)
    among = sum(row.member for row in made[:10])
    concept, against = finding.labels.x or "the concept", finding.labels.y or "the rest"
    return Ranked(
        rows=made,
        concept=f"{concept} ({members:,})",
        against=f"{against} ({len(made) - members:,})",
        axis="response, as a share of the unit’s largest",
        alternative=(
            f"Unit {unit.unit}: of its {min(10, len(made))} highest responses {counted(among, 'belongs', 'belong')} to "
            f"{concept}. Highest: {made[0].label}, {made[0].number}."
        ),
    )


def _pictures(finding: Finding, unit: UnitSummary) -> Iterator[Made]:
    natural = finding.headline.n if finding.headline else 0
    for made in unit.pictures:
        if made.picture is not None:
            reached = f"above {round(made.value * natural):,} of {natural:,}"
            alternative = f"picture made to excite unit {unit.unit}, {made.label}, {reached} natural stimuli"
            yield Made(made.picture, made.label, reached, alternative)


def _words_note(finding: Finding, unit: UnitSummary, harm: int) -> str:
    what = finding.labels.a
    if not unit.words or not what:
        return ""
    verb = "belongs" if harm == 1 else "belong"
    if not harm:
        return f"None of these {len(unit.words)} words belongs to {what}."
    return f"{harm} of these {len(unit.words)} words {verb} to {what}; {'it is' if harm == 1 else 'they are'} marked."


def _place(context: Context, finding: Finding, unit: UnitSummary) -> str:
    rows = [row for row in context.rows(finding, "units") if row["auroc"] is not None]
    if len(rows) < 2:
        return ""
    order = sorted(rows, key=lambda row: -row["auroc"])
    place = next((index for index, row in enumerate(order, start=1) if row["unit"] == unit.unit), None)
    by = "its smallest AUROC" if finding.measure == "multimodality" else "AUROC"
    return "" if place is None else f"By {by} it is number {place:,} of the {len(rows):,} units that were tested."
