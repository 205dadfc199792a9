"""What would make a question decidable."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audit.records import Estimate, Verdict
from reports.prose.words import null

if TYPE_CHECKING:
    from audit.records import Finding, Margin

ADVICE = (
    "The number of clusters follows from the spread found here: intervals shrink with the square root of the clusters. "
    "Where the design could not see an effect as large as the margin four times in five, it is the number at which "
    "it would; elsewhere, the number at which the interval would clear the margin if the estimate stayed."
)
HOPELESS = 40
"""More than so many times the clusters is no advice."""


def remedy(finding: Finding) -> str:
    """One or two sentences: what to change so that this finding can be decided."""
    if finding.missing == "model":
        return "Run the suite on a model that can take this form."
    if finding.missing == "stimuli":
        return "Give the stimuli that the suite names."
    if finding.verdict is Verdict.ERROR:
        return "Mend what the reason names, and run again."
    headline, margin = finding.headline, finding.margin
    if margin is None:
        return f"Declare a margin at {finding.source.file}:{finding.source.line}, before measuring again."
    if "control" in finding.reason and "broken" in finding.reason:
        return "Mend the control first; the numbers are shown, and decide nothing."
    if headline is None or headline.low is None or headline.high is None:
        return "Give the probe enough clusters for an interval."
    return _more_clusters(headline, margin, finding.alternative)


def _more_clusters(headline: Estimate, margin: Margin, alternative: str) -> str:
    """Both the detectable effect and the width of an interval shrink with the square root of the clusters.

    When the minimum detectable effect exceeds the margin, the design is too small whatever the estimate is, and
    n' = n (mde / margin)^2 would do. Else the estimate is too near the margin: n' = n (h / d)^2, with d its distance to
    the margin and h the length of the interval on that side.
    """
    noun, effect = "pairs" if headline.block else "clusters", margin.value - (null(headline.name) or 0.0)
    if headline.mde is not None and not margin.least and headline.mde > effect:
        wanted = clusters_for(headline.clusters, headline.mde / effect)
        if wanted is None:
            return f"No feasible number of {noun}: the margin is too small for stimuli that vary so much."
        return f"About {wanted:,} {noun} in place of {headline.clusters:,}, to see an effect as large as the margin."
    distance, half = _gap(headline, margin, alternative)
    wanted = clusters_for(headline.clusters, half / distance) if distance > 0 else None
    if wanted is None:
        return "The estimate lies on the margin itself: more stimuli of this kind are unlikely to settle it."
    return f"About {wanted:,} {noun} in place of {headline.clusters:,}, if the estimate stays where it is."


def clusters_for(clusters: int, ratio: float) -> int | None:
    """n (ratio)^2 in two significant digits, rounded up; None when it is more than `HOPELESS` times n."""
    wanted = clusters * ratio * ratio
    if not math.isfinite(wanted) or wanted > HOPELESS * clusters:
        return None
    step = int(10 ** max(math.floor(math.log10(max(wanted, 1))) - 1, 0))
    return max(math.ceil(round(wanted / step, 6)) * step, clusters + 1)


def _gap(headline: Estimate, margin: Margin, alternative: str) -> tuple[float, float]:
    """Distance from the estimate to the margin it is undecided about, and the length of the interval that way.

    Inside the margin the pointwise end must come back; beyond it the end of the family's interval must follow.
    """
    least, most = margin.allowed(alternative)
    end = min((most, least), key=lambda one: abs(one - headline.value))
    low, high = headline.low or 0.0, headline.high or 0.0
    family_low = low if headline.low_simultaneous is None else headline.low_simultaneous
    family_high = high if headline.high_simultaneous is None else headline.high_simultaneous
    if end == most:
        half = headline.value - family_low if headline.value > end else high - headline.value
    else:
        half = family_high - headline.value if headline.value < end else headline.value - low
    return abs(headline.value - end), half
