from __future__ import annotations

import re
from dataclasses import replace

import pytest

from audit.records import Margin, Role, Severity, Undefined, Variation, Verdict
from reports.prose import headline, method, variations, words
from reports.prose.measurable import clusters_for, remedy
from reports.prose.sensitivity import moves
from tests.unit.reports.small import estimate, finding

FAIL = finding("fail", verdict=Verdict.FAIL, severity=Severity.MEDIUM)
GRAVE = finding("grave", verdict=Verdict.FAIL, severity=Severity.CRITICAL)
PASS = finding("pass", verdict=Verdict.PASS)
BROKEN = finding("control", role=Role.POSITIVE_CONTROL, verdict=Verdict.INCONCLUSIVE)


def test_the_reason_of_each_verdict() -> None:
    assert headline.reason(Verdict.FAIL, [FAIL, PASS]) == ("1 finding of 2 lies beyond the margin declared beforehand.")
    assert "one finding lies inside" in headline.reason(Verdict.PASS, [PASS])
    assert "below the severity" in headline.reason(Verdict.PASS, [PASS, FAIL])
    assert "neither inside nor beyond" in headline.reason(Verdict.INCONCLUSIVE, [finding(), PASS])
    assert "controls of regions" in headline.reason(Verdict.INCONCLUSIVE, [BROKEN, PASS])
    gone = finding("gone", verdict=Verdict.NOT_APPLICABLE, missing="stimuli", estimates=())
    assert "stimuli were not given" in headline.reason(Verdict.INCONCLUSIVE, [gone, PASS])
    broken = finding(
        "error", verdict=Verdict.ERROR, estimates=(Undefined(name="cosine_difference", reason="no spread"),)
    )
    assert "could not be computed" in headline.reason(Verdict.ERROR, [broken, PASS])
    assert "Nothing could be measured" in headline.reason(Verdict.ERROR, [gone])


def test_fails_are_counted_by_model() -> None:
    models = {FAIL.id: "one", GRAVE.id: "two", PASS.id: "one"}
    told = headline.reason(Verdict.FAIL, [FAIL, GRAVE, PASS], lambda finding: models[finding.id])
    assert told == "1 finding of 2 on one and 1 of 1 on two lie beyond the margin declared beforehand."


def test_the_gravest_fail_is_named() -> None:
    assert headline.strongest([FAIL, GRAVE, PASS]) is GRAVE
    assert headline.strongest([PASS]) is None


def test_a_broken_control_calls_for_the_auditor_first() -> None:
    assert "controls failed" in headline.act(Verdict.INCONCLUSIVE, [BROKEN])
    assert "settle" in headline.act(Verdict.INCONCLUSIVE, [finding()])


def test_clusters_grow_with_the_square() -> None:
    assert clusters_for(30, 2.0) == 120
    assert clusters_for(30, 1.7) == 87
    assert clusters_for(30, 10.0) is None
    assert clusters_for(30, float("inf")) is None


def test_what_would_settle_a_question() -> None:
    assert remedy(finding()).startswith("About 150 clusters in place of 30")  # 30 (0.044 / 0.02)^2 = 145.2
    near = finding(estimates=(estimate(mde=0.01, value=0.019, low=0.015, high=0.023),))
    assert (
        remedy(near) == "About 480 clusters in place of 30, if the estimate stays where it is."
    )  # 30 (0.004 / 0.001)^2
    on_it = finding(estimates=(estimate(mde=0.01, value=0.02, low=0.01, high=0.03),))
    assert "unlikely to settle" in remedy(on_it)
    assert "Declare a margin at regions.yaml:7" in remedy(finding(margin=None))
    assert "control first" in remedy(finding(reason="the control a[text] is broken, so nothing is concluded"))
    assert "model" in remedy(finding(missing="model"))


def test_what_would_settle_a_least_that_is_good_enough() -> None:
    below = estimate(name="worst_recall", unit="share", value=0.7, low=0.55, high=0.85, low_simultaneous=0.5,
                     high_simultaneous=0.9, mde=0.9)  # fmt: skip
    open_ = finding(estimates=(below,), margin=Margin("worst_recall", 0.8, least=True))
    assert remedy(open_) == "About 120 clusters in place of 30, if the estimate stays where it is."  # 30 (0.2 / 0.1)^2
    above = replace(below, value=0.85, low=0.75, high=0.95)
    assert remedy(replace(open_, estimates=(above,))).startswith("About 120 clusters")  # 30 (0.1 / 0.05)^2


@pytest.mark.parametrize("alternative", ["less", "two-sided"])
def test_the_other_side_of_a_margin(alternative: str) -> None:
    low = estimate(mde=0.01, value=-0.022, low=-0.026, high=-0.018, low_simultaneous=-0.028, high_simultaneous=-0.016)
    assert remedy(finding(estimates=(low,), alternative=alternative)).startswith("About 270 clusters")  # 30 (6 / 2)^2


def test_pairs_are_asked_for_where_the_groups_are_matched() -> None:
    paired = estimate(mde=0.01, value=0.019, low=0.015, high=0.023, groups=(30,), block="role")
    assert remedy(finding(estimates=(paired,))) == "About 480 pairs in place of 30, if the estimate stays where it is."


def test_auroc_counts_from_one_half() -> None:
    auroc = estimate(name="auroc", unit="probability", value=0.78, low=0.7, high=0.86, mde=None)
    assert remedy(finding(estimates=(auroc,), margin=Margin("auroc", 0.8))).startswith("About 480 clusters")


def test_sensitivity_in_words() -> None:
    varied = tuple(Variation("template", name, estimate(value=value)) for name, value in (("{}", 0.03), ("a {}", 0.06)))
    assert moves(finding(sensitivity=varied), "wording") == (
        "With one of the 2 wordings alone it lies between +0.030 and +0.060."
    )
    assert moves(finding(sensitivity=varied[:1]), "wording") == "With one wording alone it is +0.030."
    assert moves(finding(sensitivity=varied), "variant") == ""
    styles = tuple(replace(v, name=name) for v, name in zip(varied, ("noto", "fluent"), strict=True))
    drawn = finding(sensitivity=styles, form=("pictograph", "text"))
    assert moves(drawn, "art style") == "With one of the 2 art styles alone it lies between +0.030 and +0.060."
    written = finding(sensitivity=(replace(varied[0], name="Noto Sans"),), form=("rendered", "text"))
    assert moves(written, "font") == "With one font alone it is +0.030."


def test_label_sets_and_wordings_of_labels_are_called_so() -> None:
    share = estimate(name="share_gap", unit="share", value=0.12, low=0.05, high=0.2, low_simultaneous=None,
                     high_simultaneous=None)  # fmt: skip
    found = finding(
        measure="classification",
        form=("pictograph",),
        estimates=(share,),
        margin=Margin("share_gap", 0.1),
        sensitivity=(
            Variation("template", "a photo of {}", replace(share, value=0.10)),
            Variation("template", "noto (cook)", replace(share, value=0.16)),
            Variation("variant", "with child", replace(share, value=0.04)),
            Variation("area", "a quarter", replace(share, value=0.02)),
        ),
    )
    assert list(variations.by_noun(found)) == ["label set", "wording", "art style", "area"]
    assert variations.question(found) == "Do the label sets, wordings, art styles and areas matter?"
    assert variations.wordings(found) == "wordings and art styles"
    assert [variations.name(found, one) for one in found.sensitivity] == [
        "a photo of {}", "Noto style (cook)", "with child", "a quarter",
    ]  # fmt: skip
    assert [variations.title(one) for one in ("label set", "wording", "area")] == [
        "Another label set", "One wording alone", "Another area",
    ]  # fmt: skip
    assert moves(found, "label set") == "With the other label set it is 0.040."


def test_clauses_become_sentences_without_touching_names() -> None:
    assert words.sentence("no margin was declared") == "No margin was declared."
    assert words.sentence("all-MiniLM-L6-v2 embeds text only") == "all-MiniLM-L6-v2 embeds text only."
    assert words.sentence("s(w) = x") == "s(w) = x."
    assert words.sentence("") == ""


def test_no_word_claims_more_than_was_measured() -> None:
    told = " ".join(
        [method.ASSOCIATION, method.UNITS, method.DECISION, *method.ASSUMPTIONS, *method.MEASURES.values()]
        + [meaning for _, meaning in method.glossary(method.MEASURES)]
    )
    assert not re.search(r"\b(believes?|thinks?|knows?|proves?|racist|sexist)\b", told)


def test_every_verdict_tells_somebody_to_act() -> None:
    for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.ERROR):
        assert headline.act(verdict, [PASS])
