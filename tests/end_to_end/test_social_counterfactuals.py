"""The suite for SocialCounterfactuals, on drawings in place of its pictures: tone stands for race, the role for the set."""

from __future__ import annotations

import pytest

import audit
from audit.records import Estimate
from audit.suite import pictographs, pictographs_folder

TONES = {"light": "White", "medium": "Latino", "dark": "Black"}
OCCUPATIONS = {"farmer": "farmer", "cook": "cook", "teacher": "teacher", "mechanic": "mechanic", "judge": "judge"}


@pytest.fixture
def table(tmp_path):
    rows = ["path,counterfactual_set,race,gender,occupation"]
    for each in pictographs():
        labels = each.labels
        if (
            labels.get("subject") in OCCUPATIONS
            and labels.get("tone") in TONES
            and labels.get("gender") in ("woman", "man")
        ):
            gender = {"woman": "female", "man": "male"}[labels["gender"]]
            job = OCCUPATIONS[labels["subject"]]
            file = pictographs_folder() / each.drawings["noto"].file
            rows.append(f"{file},{job} 1,{TONES[labels['tone']]},{gender},{job}")
    assert len(rows) == 1 + 2 * len(TONES) * len(OCCUPATIONS)
    (tmp_path / "table.csv").write_text("\n".join(rows) + "\n")
    return tmp_path / "table.csv"


def test_every_question_is_answered_with_an_interval(table, tmp_path):
    run = audit.run(["social-counterfactuals"], images=table, out=tmp_path / "run")
    found = {finding.probe: finding for finding in run.findings}
    assert len(found) == 4
    for finding in found.values():
        assert isinstance(finding.headline, Estimate), (finding.probe, finding.statement)
        assert finding.headline.low <= finding.headline.value <= finding.headline.high
    assert found["gender-servants"].headline.groups == (5,)
    # Occupations of which there is no picture are counted, and those asked are the four of WinoBias.
    assert found["occupations-by-race-and-gender"].headline.n == 4
