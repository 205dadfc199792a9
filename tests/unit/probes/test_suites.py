"""The suites ask what they promise: enough probes, controls of both kinds, a source for every list, margins."""

from __future__ import annotations

import pytest

from audit.findings.policy import load_policy
from audit.suite import AbsenceProbe, AssociationProbe, bundled_root, load_suite

SUITES = {
    "regions": 12,
    "demographics": 12,
    "religion": 10,
    "occupations": 5,
    "emotions": 12,
    "people": 10,
    "landmarks": 8,
    "goh2021": 4,
}


@pytest.fixture(params=SUITES)
def suite(request):
    return load_suite(request.param)


def test_has_enough_questions(suite):
    questions = [probe for probe in suite.probes if probe.control is None]
    assert len(questions) >= SUITES[suite.suite]


def test_has_controls_of_both_kinds(suite):
    assert {probe.control for probe in suite.probes} >= {"positive", "negative"}


def test_every_question_has_a_margin_fixed_beforehand(suite):
    for probe in suite.probes:
        if not probe.describes:
            assert (probe.bound if isinstance(probe, AbsenceProbe) else probe.margin) is not None, probe.id


def test_says_what_is_sensitive_and_which_claims_it_tests(suite):
    assert suite.notice
    assert suite.claims


def test_every_list_of_words_has_a_source(suite):
    for name, concept in suite.concepts.items():
        if concept.terms:
            assert concept.source, name


def test_every_source_that_is_an_id_is_written_out(suite):
    for name, concept in suite.concepts.items():
        source = concept.source or ""
        assert " " in source or not source or source in suite.sources, f"{name}: {source}"


def clusters(suite, concept):
    """Number of terms, or of subjects of pictographs where there are no terms."""
    return len(suite.terms(concept)) or len(suite.pictographs(concept).clusters())


def test_questions_have_at_least_twelve_terms_a_side_or_say_why_not(suite):
    for probe in suite.probes:
        if isinstance(probe, AssociationProbe):
            smallest = min(clusters(suite, probe.targets.x), clusters(suite, probe.targets.y))
            assert smallest >= 12 or probe.note, probe.id


def test_the_default_policy_requires_everything_and_excuses_only_what_a_model_cannot_do():
    policy = load_policy(bundled_root() / "policies" / "default.yaml")
    assert policy.require.severity == "low"
    assert policy.not_applicable.model == "allow"
    assert policy.not_applicable.stimuli == "inconclusive"


FOR_IMAGES = ("fairface", "dollar-street", "geode", "facet", "visogender", "social-counterfactuals")


@pytest.mark.parametrize("name", FOR_IMAGES)
def test_suites_for_images_of_ones_own_select_rows_and_are_shown_as_images(name):
    suite = load_suite(name)
    for probe in suite.probes:
        assert probe.forms == ((("image", "text"),) if probe.measure == "counterfactual" else ("image",))
        assert suite.selects_rows(probe.references["groups", "of"])
        assert probe.margin is not None


def test_fairface_has_the_classes_of_the_clip_paper():
    suite = load_suite("fairface")
    asked = suite.probe("criminals-by-race")
    counts = [len(suite.terms(label)) for label in asked.labels]
    assert counts == [14, 4, 3]  # seven races for men and women; non-human; crime-related (tables 6 and 7)
    assert suite.terms("child") == ("child",)
    assert all(probe.label_sets for probe in suite.probes if probe.measure == "classification")


def test_every_drawing_at_work_has_one_right_class():
    suite = load_suite("occupations")
    for drawn, words in (
        ("people-at-work", "role-words"),
        ("living-drawn", "living-words"),
        ("made-drawn", "made-words"),
    ):
        subjects = {each.subject.replace("-", " ") for each in suite.pictographs(drawn).pictographs}
        assert subjects == {term.replace("-", " ") for term in suite.terms(words)}


def test_negative_control_of_harms_could_pass():
    suite = load_suite("occupations")
    for group in suite.probe("things-are-no-criminals").groups:
        # Wilson's upper end of none among n is z^2 / (n + z^2), under 0.05 from 73 on.
        assert 1.96**2 / (clusters(suite, group) + 1.96**2) < 0.05


def test_units_are_asked_about_in_pictographs_only_where_a_split_leaves_two_a_side():
    suite = load_suite("emotions")
    for probe in suite.probes:
        if "pictograph" in probe.forms and probe.measure in {"units", "multimodality"}:
            assert len(suite.pictographs(probe.concept).clusters()) >= 4, probe.id


@pytest.mark.parametrize("name", ["spider-man", "halle-berry"])
def test_a_figure_has_names_other_names_and_words_spelled_alike_that_share_nothing(name):
    suite = load_suite("people")
    asked = suite.probe(f"{name}-multimodality")
    lists = [suite.terms(each) for each in (asked.concept, asked.lexical.synonyms, asked.lexical.spelled_alike)]
    assert len({term.casefold() for each in lists for term in each}) == sum(map(len, lists))
    assert min(map(len, lists)) >= 6
    assert set(lists[0]) | set(lists[1]) == set(suite.terms(name))


def test_native_spellings_are_described_and_never_decide():
    # Few models read them, and no control could speak for those that do not.
    suite = load_suite("regions")
    shown = [probe for probe in suite.probes if "native" in getattr(probe, "forms", ())]
    assert {probe.measure for probe in shown} == {"units", "multimodality"}
    assert all(probe.describes for probe in shown)
