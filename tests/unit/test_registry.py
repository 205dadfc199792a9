"""Names are found, suggested, and cannot be taken over by an installed package."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from audit import registry
from audit.errors import UsageError
from audit.registry import Registry


@pytest.fixture
def parts(monkeypatch):
    points = [EntryPoint("sqrt", "evil:sqrt", "clip_audit.parts"), EntryPoint("pi", "math:pi", "clip_audit.parts")]
    monkeypatch.setattr(registry, "entry_points", lambda group: points if group == "clip_audit.parts" else [])
    return Registry("parts", {"sqrt": "math:sqrt"})


def test_own_and_installed_names_are_loaded_when_asked_for(parts):
    assert parts["sqrt"](9) == 3
    assert parts["pi"] == pytest.approx(3.14159, abs=1e-5)
    assert sorted(parts) == ["pi", "sqrt"]
    assert len(parts) == 2


def test_an_unknown_name_is_an_error_of_the_user_with_a_suggestion(parts):
    assert "sqrd" not in parts
    with pytest.raises(UsageError, match="unknown part 'sqrd'") as caught:
        parts["sqrd"]
    assert caught.value.hint == "did you mean 'sqrt'?"
    with pytest.raises(UsageError) as caught:
        parts["elephant"]
    assert caught.value.hint == "known: pi, sqrt"
