"""Rows of the tables ``units`` and ``examples``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from audit.stats import auroc, average_precision, pearson, tpr_at_fpr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from audit.measures import UnitResponses
    from audit.records import Measurement


def unit_rows(
    measurement: Measurement,
    found: UnitResponses,
    p_adjusted: NDArray[np.float64] | None,
    *,
    selected: set[int],
    confirmed: set[int],
) -> list[Mapping[str, Any]]:
    """One row a unit of the family that was looked at."""
    place = _place(measurement)
    columns = {
        "auroc": auroc(found.responses, found.positive),
        "auprc": average_precision(found.responses, found.positive),
        "pearson_r": pearson(found.responses, found.positive),
        "tpr_at_1_fpr": tpr_at_fpr(found.responses, found.positive),
    }
    return [
        place
        | {"unit": unit, "layer": layer, "prevalence": float(found.positive.mean())}
        | {name: float(values[i]) if np.isfinite(values[i]) else None for name, values in columns.items()}
        | {"p_adjusted": None if p_adjusted is None or not np.isfinite(p_adjusted[i]) else float(p_adjusted[i])}
        | {"selected": i in selected, "confirmed": i in confirmed}
        for i, (unit, layer) in enumerate(zip(found.units, found.layers, strict=True))
    ]


def example_rows(measurement: Measurement, found: UnitResponses, index: int) -> list[Mapping[str, Any]]:
    """One row a cluster for one unit, the strongest first; values are shares of the unit's largest response."""
    responses = found.responses[:, index].astype(np.float64)
    largest = float(np.abs(responses).max()) or 1.0
    order = np.argsort(-responses, kind="stable")
    labels = (*found.concept.cluster_labels, *found.against.cluster_labels)
    return [
        _place(measurement)
        | {
            "unit": found.units[index],
            "stimulus": found.clusters[i],
            "label": labels[i],
            "group": "concept" if found.positive[i] else "against",
            "value": float(responses[i] / largest),
            "rank": rank,
        }
        for rank, i in enumerate(order.tolist(), start=1)
    ]


def _place(measurement: Measurement) -> dict[str, Any]:
    return {"suite": measurement.suite, "probe": measurement.probe, "form": ",".join(measurement.form)}


def shared_unit_rows(
    measurement: Measurement, shown: Sequence[UnitResponses], *, selected: set[int], confirmed: set[int]
) -> list[Mapping[str, Any]]:
    """One row a unit that was shown the concept in several forms; its AUROC is the smallest of any form."""
    smallest = np.min([auroc(found.responses, found.positive) for found in shown], axis=0)
    return [
        _place(measurement)
        | {"unit": unit, "layer": layer, "auroc": float(smallest[i]) if np.isfinite(smallest[i]) else None}
        | {"selected": i in selected, "confirmed": i in confirmed}
        for i, (unit, layer) in enumerate(zip(shown[0].units, shown[0].layers, strict=True))
    ]


def shared_example_rows(
    measurement: Measurement, shown: Sequence[UnitResponses], index: int
) -> list[Mapping[str, Any]]:
    """One row a cluster and form for one unit, the strongest first; values are shares of its largest response."""
    largest = max(float(np.abs(found.responses[:, index]).max()) for found in shown) or 1.0
    rows = [
        (float(found.responses[i, index]), name, label, found.concept.form, bool(found.positive[i]))
        for found in shown
        for i, (name, label) in enumerate(
            zip(found.clusters, (*found.concept.cluster_labels, *found.against.cluster_labels), strict=True)
        )
    ]
    return [
        _place(measurement)
        | {
            "unit": shown[0].units[index],
            "stimulus": name,
            "label": f"{label} ({form})",
            "group": "concept" if positive else "against",
            "value": value / largest,
            "rank": rank,
        }
        for rank, (value, name, label, form, positive) in enumerate(sorted(rows, key=lambda row: -row[0]), start=1)
    ]
