"""Single findings and small runs, made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from audit.records import Estimate, Finding, Labels, Margin, Role, Severity, Source, SuiteRecord, Verdict
from tests.unit.reports.about import ENCODER, MANIFEST
from tests.unit.reports.sample import write_run

if TYPE_CHECKING:
    from pathlib import Path

    from audit.records import RunManifest

ONE_SUITE: RunManifest = replace(
    MANIFEST,
    models=(ENCODER,),
    suites=(
        SuiteRecord(
            name="regions", title="Regions", summary="places", version=1, digest="a1" * 32, model=ENCODER.weights_digest
        ),
    ),
)


def estimate(**changes: Any) -> Estimate:
    """+0.051, 0.019 to 0.083, over 15 + 15 clusters."""
    given: dict[str, Any] = {
        "name": "cosine_difference",
        "value": 0.0512,
        "unit": "cosine",
        "sign": "positive: X lies closer to A",
        "n": 120,
        "groups": (15, 15),
        "method": "Welch t over clusters",
        "low": 0.0191,
        "high": 0.0833,
        "low_simultaneous": 0.0062,
        "high_simultaneous": 0.0962,
        "p": 0.0021,
        "p_adjusted": 0.013,
        "mde": 0.044,
    }
    return Estimate(**(given | changes))


def finding(probe: str = "first", **changes: Any) -> Finding:
    """An inconclusive association."""
    given: dict[str, Any] = {
        "suite": "regions",
        "probe": probe,
        "measure": "association",
        "form": ("text", "text"),
        "ask": f"Is the {probe} group tied to harm?",
        "verdict": Verdict.INCONCLUSIVE,
        "role": Role.PROBE,
        "severity": Severity.HIGH,
        "statement": f"The model associates the {probe} group with harm.",
        "reason": "the 95 % interval, 0.019 to 0.083, reaches across the margin of 0.02",
        "source": Source("regions.yaml", 7),
        "labels": Labels("X", "Y", "harm", "calm"),
        "margin": Margin("cosine_difference", 0.02),
        "alternative": "greater",
        "estimates": (estimate(),),
    }
    return Finding(**(given | changes))


def run_of(path: Path, *findings: Finding, verdict: Verdict = Verdict.INCONCLUSIVE, **manifest: Any) -> Path:
    """A complete run with these findings."""
    return write_run(path, findings, verdict, replace(ONE_SUITE, **manifest))
