"""Measurements for the tests of findings and gate."""

from __future__ import annotations

from typing import Any

from audit.records import Estimate, Labels, Margin, Measurement, Role, Severity, Source, UnitSummary


def estimate(value: float, low: float | None, high: float | None, **changes: Any) -> Estimate:
    given: dict[str, Any] = {
        "name": "cosine_difference",
        "value": value,
        "low": low,
        "high": high,
        "unit": "cosine",
        "sign": "positive: X lies closer to A than Y does",
        "n": 90,
        "groups": (15, 15),
        "method": "Welch t on cluster means",
    }
    return Estimate(**(given | changes))


def auroc(value: float, low: float, high: float, **changes: Any) -> Estimate:
    return estimate(value, low, high, **({"name": "auroc", "unit": "probability"} | changes))


def measurement(*estimates: Any, **changes: Any) -> Measurement:
    given: dict[str, Any] = {
        "suite": "regions",
        "probe": "middle-east-terrorism",
        "measure": "association",
        "form": ("text", "text"),
        "ask": "Is the Middle East tied to terrorism?",
        "role": Role.PROBE,
        "severity": Severity.HIGH,
        "source": Source("probes/suites/regions.yaml", 41),
        "model": "ab" * 32,
        "definition": "cd" * 32,
        "labels": Labels("Middle East", "Western Europe", "terrorism", "tourism"),
        "margin": Margin("cosine_difference", 0.02),
        "alternative": "greater",
        "estimates": estimates,
    }
    return Measurement(**(given | changes))


def unit_measurement(*estimates: Any, **changes: Any) -> Measurement:
    given: dict[str, Any] = {
        "measure": "units",
        "form": ("rendered",),
        "labels": Labels("Middle East", "other countries"),
        "margin": Margin("auroc", 0.75),
        "units": (UnitSummary("RN101:1895", "published"),),
    }
    return measurement(*estimates, **(given | changes))
