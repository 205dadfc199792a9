"""The certificate that ships belongs to the model, the specimens and the questions that ship."""

from __future__ import annotations

import pytest

from audit.calibration.specimens import DOSES, UNITS
from audit.calibration.trials import SUITE
from audit.encoders import load
from audit.encoders.edits import EDITS, read_specimens
from audit.encoders.specimen import tower_digest
from audit.findings import headline
from audit.store import load_certificate
from audit.suite import load_suite


@pytest.fixture(scope="module")
def certificate():
    return load_certificate()


def test_it_was_made_with_the_questions_that_are_here(certificate):
    assert certificate.suite_digest == load_suite(SUITE).digest


def test_it_was_made_on_the_model_that_is_here(certificate):
    assert certificate.weights_digest == load("pocket").info.weights_digest


def test_the_specimens_are_edits_of_that_model_and_those_that_were_audited(certificate):
    found = read_specimens(EDITS)
    assert found.model == tower_digest()
    assert set(found.edits) == {specimen.name for specimen in certificate.specimens} == {*DOSES, *UNITS}


def test_what_was_planted_is_what_is_true(certificate):
    for specimen in certificate.specimens:
        tolerance = 1e-4 if specimen.name in DOSES else 0.005
        for truth in specimen.truths.values():
            assert truth == pytest.approx(specimen.planted, abs=tolerance)
    assert certificate.embedding_gap < 1e-4


def test_it_counts_enough_audits_to_say_something(certificate):
    assert certificate.audits >= 400
    missed = sum(target.standing == "missed" for target in certificate.targets)
    assert (f"{missed} of" in headline(certificate)[0]) == (missed > 0)


def test_the_list_of_models_names_the_specimens(cli):
    code, out, _ = cli("list", "models")
    assert code == 0
    assert all(name in out for name in (*DOSES, *UNITS))
