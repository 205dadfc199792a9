"""The JSON Schema for editors agrees with what is loaded."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from audit.findings import Policy
from audit.suite import bundled_root, document_schema, find_suites, suite_schema
from audit.suite.loader import read_document
from audit.suite.schema import schema_text

VALIDATOR = jsonschema.Draft202012Validator(suite_schema())


def test_the_committed_schema_is_the_one_of_the_models() -> None:
    committed = (bundled_root() / "schema" / "suite.json").read_text(encoding="utf-8")
    assert committed == schema_text(), "run `make schema`"


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(suite_schema())
    assert suite_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("entry", find_suites(), ids=lambda entry: entry.name)
def test_bundled_suites_follow_it(entry: object) -> None:
    data = read_document(entry.path).data  # type: ignore[attr-defined]
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title:", "titel:"),
        ("[Norway, Sweden]", "[1, 2]"),
        ("[Norway, Sweden]", "[Norway], where: {a: b}"),
        ("{cosine: 0.02}", "{cosine: 0.02, g: 1}"),
        ("{cosine: 0.02}", "null"),
        ("measure: association", "measure: asociation"),
        ("auroc: 0.8", "auroc: 0.4"),
        ('"a photo of {}"', '"a photo"'),
    ],
)
def test_it_refuses_what_the_loader_refuses(small: str, folder: Path, old: str, new: str) -> None:
    path = Path("small.yaml")
    path.write_text(small)
    assert VALIDATOR.is_valid(read_document(path).data)
    path.write_text(small.replace(old, new, 1))
    assert not VALIDATOR.is_valid(read_document(path).data)


def test_every_field_is_described() -> None:
    for name, definition in suite_schema()["$defs"].items():
        assert definition.get("description"), name
        for key, field in definition.get("properties", {}).items():
            assert "description" in field or "$ref" in field, f"{name}.{key}"


def test_other_documents_have_one_too() -> None:
    schema = document_schema(Policy, "Policy of clip-audit")
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"] == "Policy of clip-audit"
    assert json.loads(json.dumps(schema)) == schema
