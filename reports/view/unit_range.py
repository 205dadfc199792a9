"""One unit over the whole range of its activations: bins, a sample of each, and what raters called it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.findings.numbers import counted, fixed
from reports.figures import ActivationRange, RangeBar
from reports.numbers import span
from reports.prose import pictures
from reports.view.evidence import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audit.records import Finding, LabelShare
    from reports.view.context import Context, Row

_AXIS = "activation in standard deviations, from zero: inhibited (left) to excited (right)"
_ROWS = ("stimuli in the bin", "of the concept, in %", "this bin and higher, in %")


@dataclass(frozen=True, slots=True)
class Sample:
    """One stimulus drawn from a bin."""

    label: str
    member: bool
    """Whether it shows the concept."""
    picture: Picture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BinView:
    """One bin, its numbers in text, and stimuli drawn from it."""

    ends: str
    n: str
    concept_n: str
    share: str
    interval: str
    recall: str
    recall_from_top: str
    samples: tuple[Sample, ...]

    @property
    def pictured(self) -> bool:
        """Whether its sample is pictures of things rather than words, which a page can set itself."""
        return any(sample.picture and not sample.picture.word for sample in self.samples)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsView:
    """What one rater called the sample of each bin."""

    rater: str
    rows: tuple[tuple[str, str, str, str, str, str], ...]
    """Bin, label, share, interval, how many of how many, recall; the highest bin first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeView:
    """The whole range of one unit."""

    figure: ActivationRange
    caption: str
    bins: tuple[BinView, ...]
    """The highest first."""
    leads: bool
    """Whether it is the first unit of its finding, whose samples stand open and are printed."""
    labels: tuple[LabelsView, ...]
    agreement: str
    """How far raters agree, in a sentence; empty with fewer than two."""


def build_range(context: Context, finding: Finding, unit: str) -> RangeView | None:
    """The range of a unit that the finding names; None when the run has no bins of it."""
    rows = sorted((row for row in context.rows(finding, "bins") if row["unit"] == unit), key=lambda row: row["bin"])
    if not rows:
        return None
    drawn: dict[int, list[Row]] = {}
    for row in context.rows(finding, "items"):
        if row["unit"] == unit:
            drawn.setdefault(row["bin"], []).append(row)
    pooled = any(row["group"] == "pool" for some in drawn.values() for row in some)
    ends = _ends(rows)
    names = {row["bin"]: f"{ends[i]} to {ends[i + 1]}" for i, row in enumerate(rows)}
    bins = tuple(_bin(context, row, names[row["bin"]], drawn.get(row["bin"], [])) for row in reversed(rows))
    labelling = context.labelling
    shares = [
        share
        for share in (labelling.shares if labelling else ())
        if (share.suite, share.probe, share.form, share.unit)
        == (finding.suite, finding.probe, ",".join(finding.form), unit)
    ]
    return RangeView(
        figure=_figure(finding, unit, rows, ends, pooled=pooled),
        caption=(
            "Bars: share of the concept among all stimuli of a bin (precision), with Wilson’s interval of each bin for "
            "itself. Second row under them: how much of the concept lies in the bin (recall); a bar can be full and "
            "hold little of it."
        ),
        bins=bins,
        leads=bool(finding.units) and finding.units[0].unit == unit,
        labels=tuple(_labels(shares, names)),
        agreement=_agreement(context) if shares else "",
    )


def _ends(rows: Sequence[Row]) -> tuple[str, ...]:
    width = rows[0]["z_high"] - rows[0]["z_low"]
    places = next(places for places in range(12) if places == 11 or abs(round(width, places) - width) < 1e-9 * width)
    return tuple(fixed(value, places) for value in (*(row["z_low"] for row in rows), rows[-1]["z_high"]))


def _percent(share: float) -> str:
    return fixed(100 * share, 0)


def _figure(
    finding: Finding, unit: str, rows: Sequence[Row], ends: tuple[str, ...], *, pooled: bool
) -> ActivationRange:
    concept, against = finding.labels.x or "the concept", finding.labels.y or "the rest"
    zero = next((i for i, row in enumerate(rows) if abs(row["z_low"]) < 1e-9), None)
    top = next(row for row in reversed(rows) if row["n"])
    total = sum(row["n"] for row in rows)
    more = sum(row["concept_n"] for row in rows)
    return ActivationRange(
        bars=tuple(
            RangeBar(
                share=row["share"],
                low=row["low"] or 0.0,
                high=row["high"] or 0.0,
                cells=(_short(row["n"]), _percent(row["recall"]), _percent(row["recall_from_top"])),
            )
            for row in rows
        ),
        ends=ends,
        zero=zero,
        concept=f"{concept} ({more:,})",
        rest=f"{against}{' and a pool' if pooled else ''} ({total - more:,})",
        rows=_ROWS,
        axis=_AXIS,
        alternative=(
            f"Unit {unit}: share of {concept} in {len(rows)} bins of its activation. In the highest bin with stimuli "
            f"{_percent(top['share'])} % of {counted(top['n'], 'stimulus', 'stimuli')}, which is "
            f"{_percent(top['recall'])} % of all that show it."
        ),
    )


def _short(n: int) -> str:
    """A count that fits under a bar: ``840``, ``12k``."""
    return f"{n}" if n < 1_000 else f"{n / 1_000:.0f}k"


def _bin(context: Context, row: Row, ends: str, drawn: Sequence[Row]) -> BinView:
    empty = row["share"] is None
    low, high = (None, None) if empty else (100 * row["low"], 100 * row["high"])
    return BinView(
        ends=ends,
        n=f"{row['n']:,}",
        concept_n=f"{row['concept_n']:,}",
        share="–" if empty else _percent(row["share"]),
        interval=span(low, high, 0),
        recall=_percent(row["recall"]),
        recall_from_top=_percent(row["recall_from_top"]),
        samples=tuple(_sample(context, each) for each in sorted(drawn, key=lambda each: each["draw"])),
    )


def _sample(context: Context, row: Row) -> Sample:
    member = row["group"] == "concept"
    if row["picture"] is None:
        return Sample(row["label"], member, None)
    stimulus = context.pictured(row["picture"])
    seen = Picture(
        row["picture"],
        pictures.style(stimulus),
        pictures.alternative(row["label"], stimulus),
        pictures.is_word(stimulus),
    )
    return Sample(pictures.named(row["label"], stimulus), member, seen)


def _labels(shares: Sequence[LabelShare], names: dict[int, str]) -> Iterator[LabelsView]:
    for rater in dict.fromkeys(share.rater for share in shares):
        own = sorted((s for s in shares if s.rater == rater), key=lambda s: (-s.bin, -s.share, s.label))
        yield LabelsView(
            rater=rater,
            rows=tuple(
                (
                    names[share.bin],
                    share.label,
                    _percent(share.share),
                    span(100 * share.low, 100 * share.high, 0),
                    f"{share.count} of {share.n}",
                    _percent(share.recall),
                )
                for share in own
                if share.count
            ),
        )


def _agreement(context: Context) -> str:
    """``Cohen’s kappa of ada and bo over 120 stimuli that both labelled: 0.71.``"""
    told = []
    for pair in context.labelling.agreements if context.labelling else ():
        kappa = f"undefined, for {pair.reason}" if pair.kappa is None else fixed(pair.kappa, 2)
        both = counted(pair.n, "stimulus", "stimuli")
        told.append(
            f"Cohen’s kappa of {pair.first} and {pair.second} over {both} of the run that both labelled: {kappa}."
        )
    return " ".join(told)
