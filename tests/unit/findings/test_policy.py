"""Policy files: the default, what may be said, and mistakes at their line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from audit.errors import DocumentError, UsageError
from audit.findings import Policy, load_policy
from audit.records import Severity

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(text)
    return path


def test_the_default_policy() -> None:
    policy = load_policy()
    assert policy.policy == "default"
    assert policy.severity is Severity.LOW
    assert (policy.not_applicable.model, policy.not_applicable.stimuli) == ("allow", "inconclusive")


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    policy = load_policy(
        write(tmp_path, "policy: mine\nrequire: {severity: high}\nnot-applicable: {model: inconclusive}\n")
    )
    assert policy.severity is Severity.HIGH
    assert (policy.not_applicable.model, policy.not_applicable.stimuli) == ("inconclusive", "inconclusive")


def test_the_digest_follows_what_is_said_not_how(tmp_path: Path) -> None:
    one = load_policy(write(tmp_path, "policy: mine  # a comment\n"))
    other = load_policy(write(tmp_path, "require:\n  severity: low\npolicy: mine\n"))
    assert one.digest == other.digest
    assert one.identity == f"mine@{one.digest}"
    assert load_policy(write(tmp_path, "policy: mine\nrequire: {severity: high}\n")).digest != one.digest


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("policy: mine\nrequire: {severity: huge}\n", 2, "critical"),
        ("policy: mine\nrequires: {severity: high}\n", 2, "requires"),
        ("policy: mine\nnot-applicable:\n  model: ignore\n", 3, "allow"),
        ("policy: mine\npolicy: yours\n", 2, "policy"),
        ("policy: My Policy\n", 1, "policy"),
        ("require: {severity: high}\n", 1, "policy"),
    ],
)
def test_mistakes_are_shown_where_they_stand(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load_policy(write(tmp_path, text))
    (problem,) = caught.value.problems
    assert problem.line == line
    assert said in str(problem)
    assert caught.value.exit_code == 4


def test_a_policy_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        load_policy(tmp_path / "none.yaml")


def test_a_policy_cannot_be_changed() -> None:
    policy = Policy.model_validate({"policy": "mine"})
    with pytest.raises(ValidationError):
        policy.policy = "yours"  # type: ignore[misc]
