"""Audits of random samples: what is drawn, and that the tool itself measures it."""

from __future__ import annotations

import numpy as np
import pytest

from audit.calibration.audits import audit
from audit.calibration.certify import Plan
from audit.calibration.population import Group
from audit.calibration.specimens import prepare
from audit.calibration.trials import PLANTED, UNIT, Design, make_audit, make_audits
from audit.errors import ModelError
from audit.records import Verdict


@pytest.fixture(scope="module")
def bench(material):
    return prepare(material).bench


def quiet(*_):
    pass


def test_every_draw_is_a_cluster_and_a_column_of_its_own(material):
    group = material.populations["flags"].x
    drawn = group.drawn([3, 3, 5], [0, 0, 2], first=7)
    assert drawn.clusters == ("flags-x3 #7", "flags-x3 #8", "flags-x5 #9")
    assert drawn.templates == ("one #0", "one #1", "three #2")
    assert len(drawn.stimuli) == 9
    assert [s.key for s in drawn.stimuli[:3]] == ["pictograph/flags-x3/one"] * 2 + ["pictograph/flags-x3/three"]


def test_a_population_that_is_not_fully_crossed_is_refused(material):
    whole = material.populations["flags"].x.whole
    with pytest.raises(ModelError, match="Africa: clusters and columns are not fully crossed"):
        Group.of(type(whole)(whole.concept, whole.label, whole.form, whole.stimuli[:-1]))


def test_an_audit_reports_the_difference_of_what_was_drawn_and_judges_it(material, bench, monkeypatch):
    seen = {}
    monkeypatch.setattr(
        "audit.calibration.trials.audit",
        lambda suite, sample, *others: seen.update(sample=sample) or audit(suite, sample, *others),
    )
    read = make_audit(bench, Design("names", "planted-2x", 8), 1, 0)[PLANTED]
    known, direction = bench.specimens["planted-2x"], material.direction(PLANTED)
    x, y = (known.embeddings(seen["sample"].collect(c, "").stimuli) @ direction for c in ("africa", "europe"))
    assert read.value == pytest.approx(x.mean() - y.mean(), abs=1e-12)
    assert read.low < read.value < read.high
    assert read.verdict is (
        Verdict.FAIL if read.low > 0.02 else Verdict.PASS if read.high < 0.02 else Verdict.INCONCLUSIVE
    )


def test_clusters_are_drawn_with_replacement_and_all_styles_are_taken_when_asked(material, bench, monkeypatch):
    samples = []
    monkeypatch.setattr("audit.calibration.trials.audit", lambda suite, sample, *_: samples.append(sample) or {})
    for number in range(40):
        make_audit(bench, Design("flags", "erased", 16, columns="all"), 0, number)
    drawn = [s.content for sample in samples for s in sample.collect("africa", "").stimuli]
    counts = np.unique(drawn, return_counts=True)[1] / 3
    assert len(counts) == 24  # every country comes up, each about as often as any other: 27 times
    assert 10 < counts.min() <= counts.max() < 45
    assert all(sample.collect("africa", "").templates == ("one #0", "two #1", "three #2") for sample in samples)
    assert any(len({s.content for s in sample.collect("africa", "").stimuli}) < 16 for sample in samples)


def test_shuffled_groups_are_drawn_from_both(bench, monkeypatch):
    samples = []
    monkeypatch.setattr("audit.calibration.trials.audit", lambda suite, sample, *_: samples.append(sample) or {})
    make_audit(bench, Design("flags", "planted-2x", 32, shuffled=True), 0, 0)
    for concept in ("africa", "europe"):
        names = {s.content.split("-")[1][0] for s in samples[0].collect(concept, "").stimuli}
        assert names == {"x", "y"}
    together = [samples[0].collect(concept, "").clusters for concept in ("africa", "europe")]
    assert len({*together[0], *together[1]}) == 64


def test_a_family_holds_every_question_and_widens_what_can_fail(bench):
    alone = make_audit(bench, Design("flags", "planted-2x", 8), 0, 0)
    family = make_audit(bench, Design("flags", "planted-2x", 8, "family"), 0, 0)
    assert list(alone) == [PLANTED]
    assert list(family) == [PLANTED, "crime", "disease", "immigration"]


def test_a_search_confirms_a_planted_unit(material, bench):
    planted = prepare(material).units["planted-unit"].unit
    found = [make_audit(bench, Design("flags", "planted-unit", 64, "unit"), 0, k)[UNIT] for k in range(3)]
    assert all(planted in read.confirmed for read in found)


def test_the_number_of_processes_and_of_audits_changes_no_audit(bench):
    designs = {Design("flags", "erased", 8): 3, Design("names", "planted-1x", 8): 2}
    alone = make_audits(bench, designs, 5, quiet, processes=1)
    assert make_audits(bench, designs, 5, quiet, processes=2) == alone
    fewer = make_audits(bench, dict.fromkeys(designs, 1), 5, quiet, processes=1)
    assert {design: results[:1] for design, results in alone.items()} == fewer
    other = make_audits(bench, dict.fromkeys(designs, 1), 6, quiet, processes=1)
    assert other != fewer


def test_the_usual_plan_has_samples_of_the_sizes_that_suites_have():
    assert Plan().sizes == (8, 16, 32)
