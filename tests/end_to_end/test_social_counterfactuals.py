"""The suite for SocialCounterfactuals, on drawings: skin tones stand for races, and roles for occupations."""

from __future__ import annotations

import pytest

import audit
from audit.records import Estimate, Verdict
from audit.suite import pictographs, pictographs_folder

TONES = {"light": "White", "medium": "Latino", "dark": "Black"}
GENDERS = {"woman": "female", "man": "male"}
OCCUPATIONS = {
    "farmer": "accountant",
    "cook": "barber",
    "teacher": "businessperson",
    "mechanic": "CEO",
    "judge": "coach",
    "singer": "commander",
    "artist": "football player",
}


@pytest.fixture
def table(tmp_path):
    rows = ["path,counterfactual_set,race,gender,occupation"]
    for each in pictographs():
        if each.subject in OCCUPATIONS and each.tone in TONES and each.gender in GENDERS:
            file = pictographs_folder() / each.drawings["noto"].file
            job = OCCUPATIONS[each.subject]
            rows.append(f"{file},{job} 1,{TONES[each.tone]},{GENDERS[each.gender]},{job}")
    assert len(rows) == 1 + 2 * len(TONES) * len(OCCUPATIONS)
    (tmp_path / "table.csv").write_text("\n".join(rows) + "\n")
    return tmp_path / "table.csv"


def test_pairs_are_compared_and_too_small_a_pool_is_said(table, tmp_path):
    run = audit.run(["social-counterfactuals"], images=table, out=tmp_path / "run")
    found = {finding.probe: finding for finding in run.findings}
    assert len(found) == 4
    small = found.pop("occupations-by-race-and-gender")
    assert small.verdict is Verdict.ERROR
    assert "k is 120, and the smallest pool of a query has 6 pictures" in small.statement
    for finding in found.values():
        assert isinstance(finding.headline, Estimate), (finding.probe, finding.statement)
        assert finding.headline.low <= finding.headline.value <= finding.headline.high
    assert found["gender-servants"].headline.groups == (7,)
