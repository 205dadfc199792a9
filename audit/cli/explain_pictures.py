"""What `explain` says of pictures of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.suite import Suite, VisualizeProbe


def visualize(suite: Suite, probe: VisualizeProbe) -> Iterator[str]:
    """Units, natural stimuli, how the pictures are made, and what says whether one succeeded."""
    if probe.of is None:
        yield f"{'units':<10}{', '.join(probe.units)}"
        yield f"{'natural':<10}{'; '.join(suite.concept(name).label for name in probe.among)}"
        yield f"{'forms':<10}{', '.join(probe.forms) or 'pictographs, rendered words, or images of rows'}"
    else:
        yield f"{'units':<10}those that {probe.of} confirms, or its best; {probe.most} at most"
        yield f"{'natural':<10}what {probe.of} shows, in the same forms"
    if probe.facet:
        form = f", as {probe.facet.form}" if probe.facet.form else ""
        yield f"{'facet':<10}{suite.concept(probe.facet.concept).label}{form}; told by a linear probe below the unit"
    yield f"{'pictures':<10}{probe.seeds} of each unit, {probe.steps} steps of Adam each; a run says first how long"
    facet = " + w'(g * df/dg), g the layer below, w the facet's probe" if probe.facet else ""
    yield f"{'climbs':<10}f(picture), the activation of the unit{facet}"
    yield f"{'formula':<10}share of natural stimuli that excite the unit less than the finished picture does"
    yield f"{'fails':<10}a picture below 99.9 %; the worst of all is the headline"
    yield f"{'margin':<10}none: pictures illustrate, the stimuli that a unit answers to are the evidence"
