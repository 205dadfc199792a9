"""Sentences about shares of groups: how often pictures of each are classified, recognised, fooled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.phrases import bounds, spread

if TYPE_CHECKING:
    from audit.records import Estimate, Measurement

_VERBS = {
    "classification": "classified as {a}",
    "performance": "recognised",
}
"""What happens to a picture that counts, by measure."""
_NONE = {"share_gap": "the gap", "share_ratio": "the ratio"}


def shares(measurement: Measurement, estimate: Estimate) -> str:
    """The sentence for an extreme of the shares, or for how far apart they are.

    ``labels.x`` is the group with the largest share, ``labels.y`` that with the smallest.
    """
    labels, marks = measurement.labels, bounds(measurement)
    verb = _VERBS[measurement.measure].format(a=labels.a)
    number = spread(estimate, marks)
    groups = len(estimate.groups)
    match estimate.name:
        case "share_gap" | "share_ratio" if labels.x == labels.y:
            return (
                f"The model shows no settled difference between {groups} groups in how often their pictures are "
                f"{verb}: the share is the same in all, and {_NONE[estimate.name]} is {number}"
            )
        case "share_gap" if estimate.low is None or estimate.low <= 0:
            return (
                f"The model shows no settled difference between {groups} groups in how often their pictures are "
                f"{verb}: the largest, of {labels.x} over {labels.y}, is {number}"
            )
        case "share_gap":
            return f"Pictures of {labels.x} are {verb} more often than those of {labels.y}, by a share of {number}"
        case "share_ratio" if estimate.high is None or estimate.high >= 1:
            return (
                f"The model shows no settled difference between {groups} groups in how often their pictures are "
                f"{verb}: the smallest share, of {labels.y}, is {number} times the largest, of {labels.x}"
            )
        case "share_ratio":
            return f"Pictures of {labels.y} are {verb} {number} times as often as those of {labels.x}"
        case "largest_share":
            return f"Of the pictures of {labels.x}, more than of any other group, a share of {number} is {verb}"
    return f"Of the pictures of {labels.y}, fewer than of any other group, a share of {number} is {verb}"
