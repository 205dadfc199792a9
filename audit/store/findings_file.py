"""findings.json: the published result of a run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from audit.errors import RunError
from audit.records import Finding, ModelInfo, RunManifest, Verdict
from audit.store.decode import DAMAGED, Document, build, parse
from audit.store.encode import dump, plain

VERSION = "clip-audit/findings/1"


class FindingsDocument(Document):
    """What one audit found: a verdict for the run and a finding for every probe in every form."""

    version: Literal["clip-audit/findings/1"] = Field(alias="schema")
    """Version of this shape."""
    verdict: Verdict
    """Verdict of the whole run under the policy that its manifest names."""
    model: ModelInfo
    """The model that was audited; the one given with --model when there are several."""
    models: tuple[ModelInfo, ...]
    """Every model of the run, ``model`` first; a suite may name its own."""
    suites: Mapping[str, str]
    """Which model each suite ran on: the suite's id, and the model's ``weights_digest``."""
    findings: tuple[Finding, ...]
    """In the order in which the suites ask."""


def encode_findings(manifest: RunManifest, verdict: Verdict, findings: tuple[Finding, ...]) -> bytes:
    """The bytes of findings.json."""
    return dump(
        {
            "schema": VERSION,
            "verdict": str(verdict),
            "model": plain(manifest.models[0], "model"),
            "models": plain(manifest.models, "models"),
            "suites": {suite.name: suite.model or manifest.models[0].weights_digest for suite in manifest.suites},
            "findings": plain(findings, "findings"),
        }
    )


def decode_findings(path: Path, data: bytes) -> FindingsDocument:
    """The document in ``data``; `RunError` names the file and the place of what does not fit."""
    document = parse(path, data, VERSION)
    for finding in _objects(document.get("findings")):
        _restore_each(path, finding)
    return build(path, document, FindingsDocument)


def _restore_each(path: Path, finding: dict[str, object]) -> None:
    for estimate in _objects(finding.get("estimates")):
        _restore(path, estimate)
    for unit in _objects(finding.get("units")):
        for estimate in _objects(unit.get("estimates")):
            _restore(path, estimate)
    nested = [*_objects(finding.get("sensitivity"))]
    for breakdown in _objects(finding.get("breakdowns")):
        nested += _objects(breakdown.get("rows"))
    for each in nested:
        for estimate in _objects([each.get("estimate")]):
            _restore(path, estimate)


def _restore(path: Path, estimate: dict[str, object]) -> None:
    """Give an estimate the shape of its record: ``undefined`` is the reason, and ``clusters`` is a sum."""
    name = estimate.get("name")
    if "undefined" in estimate:
        reason = estimate.pop("undefined")
        if estimate.keys() != {"name"} or not isinstance(reason, str) or not reason:
            raise RunError(f"{path}: the undefined statistic {name!r} may hold a name and a reason only.", hint=DAMAGED)
        estimate["reason"] = reason
        return
    groups, clusters = estimate.get("groups"), estimate.pop("clusters", None)
    whole = isinstance(groups, list) and all(type(size) is int for size in groups)
    if type(clusters) is not int or not isinstance(groups, list) or not whole or sum(groups) != clusters:
        raise RunError(f"{path}: 'clusters' of {name!r} is not the sum of its 'groups'.", hint=DAMAGED)


def _objects(value: object) -> list[dict[str, object]]:
    """The objects in a list; what has another shape is left for the schema to refuse."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
