"""What the report says of one unit in several forms, and of the groups of stimuli that drive a unit."""

from __future__ import annotations

from dataclasses import replace

from audit.records import Breakdown, BreakdownRow, Facet, Margin, UnitSummary
from reports.prose import words
from reports.prose.facets import facets
from reports.view.breakdown import build_breakdown
from tests.unit.reports.small import estimate, finding

AREAS = tuple(
    estimate(name=name, unit="probability", value=value, low=value - 0.1, high=value + 0.05, mde=None)
    for name, value in (("smallest_auroc", 0.7), ("auroc", 0.9), ("auroc", 0.7))
)
FORMS = Breakdown(
    title="AUROC in each form",
    kind="form",
    rows=(BreakdownRow("rendered", AREAS[1]), BreakdownRow("pictograph", AREAS[2])),
)
FOUND = finding(
    "both",
    measure="multimodality",
    form=("rendered", "pictograph"),
    estimates=AREAS,
    margin=Margin("smallest_auroc", 0.8),
    alternative="greater",
    breakdowns=(FORMS,),
)


def test_forms_stand_side_by_side() -> None:
    assert words.forms_of(FOUND) == "rendered words and pictographs"
    assert words.forms_of(replace(FOUND, form=("rendered", "pictograph", "image"))) == (
        "rendered words, pictographs and pictures"
    )
    assert words.forms_of(finding()) == words.form(finding().form)
    assert words.statistic("smallest_auroc") == "Smallest AUROC of any form"


def test_what_the_smallest_must_stay_under_bounds_no_other_form() -> None:
    view = build_breakdown(FOUND, FORMS)
    assert [name for name, _ in view.rows] == ["rendered words", "pictographs"]
    assert view.forest is not None
    assert (view.forest.groups[0].allowed, view.forest.null) == (None, 0.5)
    assert view.sentence.startswith("Highest: 0.90")


def test_facets_in_words() -> None:
    said = "of the 10 stimuli that excite it most; p 0.005 against one cloud of the same shape"
    many = Facet("Iraq", 0.604, ("Iraq", "Iran", "Syria", "Yemen", "Oman", "Qatar", "Egypt"))
    unit = UnitSummary("u/1", "layer", facets=(many, Facet("tent", 0.396, ("camel", "tent"))), facets_note=said)
    assert facets(unit) == (
        "Facets: 2 groups of stimuli drive it: Iraq with Iran, Syria, Yemen, Oman, Qatar and 1 more, 60 %; tent with "
        "camel, 40 %. Of the 10 stimuli that excite it most; p 0.005 against one cloud of the same shape."
    )
    one = replace(unit, facets=(Facet("tent", 1.0, ("tent", "camel")),))
    assert facets(one).startswith("Facets: one group of stimuli drives it: tent with camel. Of the 10 stimuli")
    none = UnitSummary("u/1", "layer", facets_note="published brings no embeddings, in which they could be found")
    assert facets(none) == "Facets: none are told, for published brings no embeddings, in which they could be found."
    assert facets(UnitSummary("u/1", "layer")) == ""
