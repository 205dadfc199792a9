"""What a finding is made of: of a difference every cluster and those that pull hardest, else single examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures import Strips
from reports.numbers import aligned, is_signed
from reports.prose import pictures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.records import Exhibit, Finding
    from reports.view.context import Context


_PULLED = frozenset({"association", "units", "multimodality", "absence"})
"""Measures whose exhibits are the two ends of one list."""
_TITLES = {
    "classification": "Clearest examples",
    "performance": "Clearest examples",
    "typographic": "Taken for what is written on them",
    "retrieval": "Found first",
    "counterfactual": "Sets that differ most",
}
"""What the exhibits of other measures are."""
_OF_CLUSTERS = "One picture of each cluster; its number is the mean over all of them."
_TAKEN = "Numbers: how much closer, in cosine, the picture lies to what it was taken for than to what it was not."
_NOTES = {"classification": _TAKEN, "performance": _TAKEN}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the run."""

    path: str
    """Inside the run directory."""
    style: str
    """The art style, or the font of a drawn word; empty when it is not known."""
    alternative: str
    """What it shows, in words."""
    word: bool
    """True for a drawn word."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One stimulus with its number."""

    label: str
    group: str
    number: str
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Pull:
    """The stimuli that pull hardest in one direction."""

    title: str
    items: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Pulls in both directions or examples, and the plot of all clusters with the same numbers in words."""

    pulls: tuple[Pull, ...]
    strips: Strips | None
    caption: str
    x: tuple[Shown, ...]
    """All clusters of the first group, in falling order."""
    y: tuple[Shown, ...]
    note: str
    """What the number of an exhibit is; empty when its list says so."""


def build_evidence(context: Context, finding: Finding) -> Evidence | None:
    """Evidence of a finding; None when there is nothing to show."""
    if finding.measure not in _PULLED:
        examples = _examples(context, finding)
        note = _NOTES.get(finding.measure, "")
        return Evidence(pulls=examples, strips=None, caption="", x=(), y=(), note=note) if examples else None
    labels = finding.labels
    x, y = _clusters(context, finding, "x"), _clusters(context, finding, "y")
    texts = iter(aligned([value for _, value in (*x, *y)], sign=True))
    shown_x = tuple(Shown(name, labels.x, next(texts)) for name, _ in x)
    shown_y = tuple(Shown(name, labels.y, next(texts)) for name, _ in y)
    pulls = _pulls(context, finding)
    if not pulls and not (x and y):
        return None
    return Evidence(
        pulls=pulls,
        strips=_strips(finding, x, y, shown_x, shown_y) if x and y else None,
        caption=f"One dot a cluster: how much closer it lies to {labels.a} than to {labels.b}. Upright lines: means.",
        x=shown_x,
        y=shown_y,
        note=_OF_CLUSTERS if any(item.picture for pull in pulls for item in pull.items) else "",
    )


def _clusters(context: Context, finding: Finding, group: str) -> tuple[tuple[str, float], ...]:
    """Mean association of each cluster of a group, in falling order, over its items and templates."""
    totals: dict[str, list[float]] = {}
    for row in context.rows(finding, "rows"):
        if row["group"] == group:
            totals.setdefault(row["cluster"], []).append(row["association"])
    means = ((cluster, sum(values) / len(values)) for cluster, values in totals.items())
    return tuple(sorted(means, key=lambda item: (-item[1], item[0])))


def _strips(
    finding: Finding,
    x: tuple[tuple[str, float], ...],
    y: tuple[tuple[str, float], ...],
    shown_x: Sequence[Shown],
    shown_y: Sequence[Shown],
) -> Strips:
    labels = finding.labels
    mean_x, mean_y = aligned([sum(v for _, v in x) / len(x), sum(v for _, v in y) / len(y)], sign=True)
    return Strips(
        x=labels.x,
        y=labels.y,
        x_values=x,
        y_values=y,
        axis=f"closer to {labels.b} (left) or to {labels.a} (right), in cosine",
        alternative=(
            f"Association of {len(x)} clusters of {labels.x} and {len(y)} of {labels.y} with {labels.a} rather than "
            f"{labels.b}. Means {mean_x} and {mean_y}; highest {shown_x[0].label} {shown_x[0].number} and "
            f"{shown_y[0].label} {shown_y[0].number}."
        ),
    )


def _pulls(context: Context, finding: Finding) -> tuple[Pull, ...]:
    """Exhibits are the ends of one list: the upper half pulls toward A, the lower half toward B."""
    exhibits = sorted(finding.evidence, key=lambda exhibit: -exhibit.value)
    if not exhibits:
        return ()
    texts = aligned([exhibit.value for exhibit in exhibits], sign=True)
    items = [_item(context, finding, exhibit, text) for exhibit, text in zip(exhibits, texts, strict=True)]
    middle = (len(items) + 1) // 2
    up, down = finding.labels.a or "the concept", finding.labels.b or "the rest"
    halves = ((up, items[:middle]), (down, items[middle:][::-1]))
    return tuple(Pull(f"Pulls hardest toward {name}", tuple(half)) for name, half in halves if half)


def _examples(context: Context, finding: Finding) -> tuple[Pull, ...]:
    """One list, in the order in which the measure gives them; pictures and words apart, as they stand differently."""
    headline = finding.headline
    sign = headline is not None and is_signed(headline)
    texts = aligned([exhibit.value for exhibit in finding.evidence], sign=sign)
    items = [_item(context, finding, one, text) for one, text in zip(finding.evidence, texts, strict=True)]
    title = _TITLES.get(finding.measure, "Examples")
    parts = [[item for item in items if (item.picture is None) is bare] for bare in (False, True)]
    return tuple(Pull(title, tuple(part)) for part in parts if part)


def _item(context: Context, finding: Finding, exhibit: Exhibit, number: str) -> Shown:
    labels = finding.labels
    group = {"x": labels.x, "y": labels.y, "a": labels.a, "b": labels.b}.get(exhibit.group, exhibit.group)
    if exhibit.picture is None:
        return Shown(exhibit.label, group, number)
    stimulus = context.pictured(exhibit.picture)
    style, alternative = pictures.style(stimulus), pictures.alternative(exhibit.label, stimulus)
    seen = Picture(exhibit.picture, style, alternative, pictures.is_word(stimulus))
    return Shown(pictures.named(exhibit.label, stimulus), group, number, seen)
