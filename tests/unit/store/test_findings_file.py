"""findings.json: its shape, its schema, and that every record survives it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from audit.records import Estimate, Finding, Undefined, Verdict
from audit.store import findings_schema
from audit.store.findings_file import decode_findings, encode_findings
from audit.store.manifest import decode_manifest, encode_manifest
from tests.unit.store.example import MANIFEST, finding

PATH = Path("findings.json")


def test_the_shape_that_suite_md_promises() -> None:
    document = json.loads(encode_findings(MANIFEST, Verdict.FAIL, (finding(),)))
    assert list(document) == ["schema", "verdict", "model", "models", "suites", "findings"]
    assert document["schema"] == "clip-audit/findings/1"
    assert document["model"]["modalities"] == ["image", "text"]
    (made,) = document["findings"]
    assert made["form"] == ["text", "text"]
    assert made["verdict"] == "fail"
    assert made["source"] == {"file": "probes/suites/regions.yaml", "line": 41}
    headline, undefined = made["estimates"]
    promised = [
        "name",
        "value",
        "low",
        "high",
        "level",
        "p",
        "p_adjusted",
        "p_method",
        "alternative",
        "n",
        "clusters",
        "mde",
        "unit",
        "method",
        "seed",
    ]
    assert set(promised) <= set(headline)
    assert headline["clusters"] == 30
    assert undefined == {"name": "hedges_g", "undefined": "no spread within the groups"}
    assert made["sensitivity"][1]["estimate"] == {"name": "cosine_difference", "undefined": "one cluster only"}


numbers = st.floats(allow_nan=False, allow_infinity=False)
estimates = st.one_of(
    st.builds(Undefined, name=st.text(min_size=1), reason=st.text(min_size=1)),
    st.builds(
        Estimate,
        name=st.text(),
        value=numbers,
        unit=st.text(),
        sign=st.text(),
        n=st.integers(0, 10**9),
        groups=st.lists(st.integers(0, 1000), max_size=3).map(tuple),
        method=st.text(),
        level=numbers,
        **{
            name: st.none() | numbers
            for name in ("low", "high", "low_simultaneous", "high_simultaneous", "p", "p_adjusted", "smallest_p", "mde")
        },
    ),
)
findings = st.builds(Finding, estimates=st.lists(estimates, max_size=3).map(tuple), form=st.just(("image",)))


@settings(max_examples=60)
@given(st.lists(findings, max_size=3).map(tuple))
def test_every_finding_survives_the_file(made: tuple[Finding, ...]) -> None:
    data = encode_findings(MANIFEST, Verdict.PASS, made)
    document = decode_findings(PATH, data)
    assert document.findings == made
    assert encode_findings(MANIFEST, document.verdict, document.findings) == data


def test_the_manifest_survives_its_file() -> None:
    assert decode_manifest(Path("manifest.json"), encode_manifest(MANIFEST)) == MANIFEST


class TestSchema:
    def test_it_is_a_draft_2020_12_document_with_descriptions(self) -> None:
        schema = findings_schema()
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        for kind in ("Estimate", "Undefined", "ModelInfo", "Margin", "UnitSummary"):
            assert schema["$defs"][kind]["description"], kind
        assert all("description" in field for field in schema["$defs"]["Estimate"]["properties"].values())
        assert all("description" in field or "$ref" in field for field in schema["properties"].values())

    def test_a_real_document_is_valid(self) -> None:
        Draft202012Validator.check_schema(findings_schema())
        document = json.loads(encode_findings(MANIFEST, Verdict.FAIL, (finding(), finding(margin=None))))
        Draft202012Validator(findings_schema()).validate(document)

    @pytest.mark.parametrize(
        "path", [("suite",), ("labels", "x"), ("estimates", 0, "clusters"), ("estimates", 1, "undefined")]
    )
    def test_every_field_of_the_file_is_required(self, path: tuple[str | int, ...]) -> None:
        document = json.loads(encode_findings(MANIFEST, Verdict.FAIL, (finding(),)))
        place: Any = document["findings"][0]
        for part in path[:-1]:
            place = place[part]
        del place[path[-1]]
        assert not Draft202012Validator(findings_schema()).is_valid(document)
