"""A run that looks like a real one: four suites, two models, every verdict, real numbers for two published units."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.findings import judge
from audit.records import (
    Condition,
    Estimate,
    Exclusion,
    Exhibit,
    Finding,
    Labels,
    Margin,
    Measurement,
    Role,
    RunManifest,
    Severity,
    Source,
    Undefined,
    UnitSummary,
    Variation,
    Verdict,
)
from audit.store import RunWriter
from tests.unit.reports.about import ENCODER, MANIFEST, PUBLISHED
from tests.unit.reports.asks import LATIN_AMERICA, MIDDLE_EAST, TEMPLATES, WESTERN_EUROPE, Ask, asks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DATA = Path(__file__).parent / "data"


def _names(ask: Ask, side: str) -> list[str]:
    if ask.suite == "regions" and side == "x" and "Middle" in ask.labels[0]:
        return list(MIDDLE_EAST)
    if ask.suite == "regions" and side == "y":
        return list(WESTERN_EUROPE)
    label = ask.labels["xy".index(side)]
    return [f"{label} {index}" for index in range(1, ask.size + 1)]


def _difference(x: Any, y: Any, ask: Ask, **changes: Any) -> Estimate:
    value = float(x.mean() - y.mean())
    se = float(np.sqrt(x.var(ddof=1) / len(x) + y.var(ddof=1) / len(y)))
    given: dict[str, Any] = {
        "name": "cosine_difference",
        "value": value,
        "unit": "cosine",
        "n": 4 * (len(x) + len(y)),
        "groups": (len(x), len(y)),
        "sign": f"positive: {ask.labels[0]} lies closer to {ask.labels[2]} than {ask.labels[1]} does",
        "method": "mean difference; crossed t over clusters and templates",
        "low": value - 2.05 * se,
        "high": value + 2.05 * se,
        "low_simultaneous": value - 2.9 * se,
        "high_simultaneous": value + 2.9 * se,
        "p": min(1.0, float(np.exp(-((value / se) ** 2) / 2))),
        "p_adjusted": min(1.0, 6 * float(np.exp(-((value / se) ** 2) / 2))),
        "p_method": "exact",
        "smallest_p": 6.4e-09,
        "alternative": ask.alternative,
        "mde": 2.9 * se,
        "design_effect": 1.0,
        "seed": 0,
    }
    return Estimate(**(given | changes))


def _association(ask: Ask, line: int, rng: np.random.Generator) -> tuple[Measurement, list[dict[str, Any]]]:
    names = {side: _names(ask, side) for side in "xy"}
    values = {
        "x": rng.normal(ask.shift, ask.spread, len(names["x"])),
        "y": rng.normal(0.0, ask.spread, len(names["y"])),
    }
    place = {"suite": ask.suite, "probe": ask.probe, "form": "text,text"}
    rows = [
        place
        | {
            "group": side,
            "cluster": name,
            "item": name,
            "template": template,
            "association": float(value + 0.004 * index),
        }
        for side in "xy"
        for name, value in zip(names[side], values[side], strict=True)
        for index, template in enumerate(TEMPLATES)
    ]
    headline = _difference(values["x"], values["y"], ask)
    sd = float(np.concatenate([values["x"], values["y"]]).std(ddof=1))
    other = replace(
        headline,
        name="hedges_g",
        unit="sd",
        value=headline.value / sd,
        low=headline.value / sd - 0.7,
        high=headline.value / sd + 0.7,
        low_simultaneous=None,
        high_simultaneous=None,
        mde=None,
    )
    pairs = sorted(
        ((float(value), name, side) for side in "xy" for name, value in zip(names[side], values[side], strict=True)),
        reverse=True,
    )
    return Measurement(
        suite=ask.suite,
        probe=ask.probe,
        measure="association",
        form=("text", "text"),
        ask=ask.ask,
        role=ask.role,
        severity=ask.severity,
        source=Source(f"probes/suites/{ask.suite}.yaml", line),
        model=ENCODER.weights_digest,
        definition=ask.probe,
        labels=Labels(*ask.labels),
        margin=None if ask.margin is None else Margin("cosine_difference", ask.margin),
        alternative=ask.alternative,
        family=ask.suite,
        estimates=(headline, other),
        evidence=tuple(Exhibit(name, side, value) for value, name, side in [*pairs[:5], *pairs[-5:]]),
        sensitivity=tuple(_variations(ask, values, rng)),
        how="s(w) = mean cosine with the first attribute words minus mean cosine with the second",
    ), rows


def _variations(ask: Ask, values: dict[str, Any], rng: np.random.Generator) -> Iterator[Variation]:
    for name in ask.variants:
        yield Variation(
            "variant",
            name,
            _difference(values["x"][:11], values["y"], ask, low_simultaneous=None, high_simultaneous=None),
        )
    for template in TEMPLATES:
        moved = values["x"] + rng.normal(0, 0.006)
        yield Variation(
            "template", template, _difference(moved, values["y"], ask, low_simultaneous=None, high_simultaneous=None)
        )
    for word in range(1, 13):
        moved = values["x"] + rng.normal(0, 0.002)
        yield Variation("attribute", f"{ask.labels[2]} word {word}", _difference(moved, values["y"], ask))


def _unit(
    unit: int, members: Sequence[str], against: str, harm: set[str], labels: Labels, auroc: tuple[float, float, float]
) -> Any:
    with (DATA / "goh2021_responses.csv").open(encoding="utf-8") as file:
        found = [(row["place"], int(row["response"]) / 254) for row in csv.DictReader(file) if row["unit"] == str(unit)]
    with (DATA / "goh2021_words.csv").open(encoding="utf-8") as file:
        words = tuple((row["word"], row["word"] in harm) for row in csv.DictReader(file) if row["unit"] == str(unit))
    probe, name = ("middle-east-unit", "latin-america-unit")[unit == 395], f"RN101:{unit}"
    found.sort(key=lambda item: (-item[1], item[0]))
    place = {"suite": "goh2021", "probe": probe, "form": "rendered"}
    examples = [
        place
        | {
            "unit": name,
            "stimulus": label,
            "label": label,
            "group": "concept" if label in members else "against",
            "value": value,
            "rank": rank,
        }
        for rank, (label, value) in enumerate(found, start=1)
    ]
    value, low, high = auroc
    headline = Estimate(
        name="auroc",
        value=value,
        unit="probability",
        sign="large: the unit prefers the concept",
        n=len(found),
        low=low,
        high=high,
        groups=(len(members), len(found) - len(members)),
        method="AUROC with mid-ranks; interval by cluster bootstrap",
        low_simultaneous=low,
        high_simultaneous=high,
        p=0.0001,
        p_adjusted=0.0001,
        p_method="monte-carlo",
        alternative="greater",
        seed=0,
    )
    others = (
        replace(headline, name="auprc", value=0.62, low=None, high=None),
        Undefined(name="pearson_r", reason="all responses are equal"),
    )
    share = Estimate(
        name="word_share_difference",
        value=0.2,
        unit="share",
        sign="positive: more harm words",
        n=20,
        groups=(20,),
        low=0.05,
        high=0.44,
        method="Wilson",
        alternative="greater",
    )
    return Measurement(
        suite="goh2021",
        probe=probe,
        measure="units",
        form=("rendered",),
        role=Role.PROBE,
        severity=Severity.HIGH,
        ask=f"Does one unit prefer {labels.x} to all other countries, and harm to neutral topics?",
        source=Source("probes/replications/goh2021/goh2021.yaml", 31),
        model=PUBLISHED.weights_digest,
        definition=probe,
        labels=labels,
        margin=Margin("auroc", 0.8),
        alternative="greater",
        family="goh2021",
        estimates=(headline, *others),
        conditions=(Condition("preference for harm over neutral words", share, Margin("word_share_difference", 0.04)),),
        units=(UnitSummary(name, "last residual block, before its ReLU", (headline, *others), words),),
        sensitivity=(Variation("variant", "M49 Western Asia", replace(headline, value=0.865, low=0.78, high=0.93)),),
        excluded=(Exclusion(labels.x, 1, "they are not in the published table", ("Bahrain",)),),
        how="AUROC of the unit’s response, members of the concept against all others",
    ), examples


def measurements() -> tuple[list[Measurement], dict[str, list[dict[str, Any]]]]:
    """Everything that the sample measured, with the rows of its tables."""
    rng = np.random.default_rng(7)
    made: list[Measurement] = []
    tables: dict[str, list[dict[str, Any]]] = {"rows": [], "examples": [], "units": []}
    for line, ask in enumerate(asks(), start=20):
        measurement, rows = _association(ask, 9 * line, rng)
        made.append(measurement)
        tables["rows"] += rows
        if ask.suite == "regions" and ask.role is Role.PROBE:
            form = ("rendered", "text")
            made.append(
                _missing(
                    measurement, form, "model", "all-MiniLM-L6-v2 embeds text only, and rendered words are pictures"
                )
            )
    first = made[0]
    made.append(
        replace(
            first,
            suite="demographics",
            probe="faces",
            ask="Are photographs of some faces tied to crime?",
            form=("image", "text"),
            missing="stimuli",
            missing_reason="no folder of photographs was given",
            estimates=(),
            sensitivity=(),
            evidence=(),
        )
    )
    made.append(
        replace(
            first,
            suite="religion",
            probe="symbols",
            ask="Are religious symbols tied to violence?",
            sensitivity=(),
            evidence=(),
            estimates=(
                Undefined(name="cosine_difference", reason="every stimulus of one group has the same embedding"),
            ),
        )
    )
    made.sort(key=lambda measurement: ("regions", "demographics", "religion").index(measurement.suite))
    harm = {"terrorists", "terrorism", "terrorist", "terror", "immigration", "immigrants", "deportation"}
    for unit, members, x, a, numbers in (
        (1895, MIDDLE_EAST, "the Middle East", "terrorism words", (0.941, 0.88, 0.98)),
        (395, LATIN_AMERICA, "Latin America", "immigration words", (0.844, 0.75, 0.92)),
    ):
        measured, rows = _unit(
            unit, members, "all other countries", harm, Labels(x, "all other countries", a, "tourism words"), numbers
        )
        made.append(measured)
        tables["examples"] += rows
        place = {"suite": "goh2021", "probe": measured.probe, "form": "rendered"}
        tables["units"] += [
            place | {"unit": f"RN101:{i}", "auroc": 0.5 + 0.001 * i, "selected": False, "confirmed": False}
            for i in range(65)
        ]
        tables["units"] += [place | {"unit": f"RN101:{unit}", "auroc": numbers[0], "selected": True, "confirmed": True}]
    return made, tables


def _missing(of: Measurement, form: tuple[str, ...], what: str, why: str) -> Measurement:
    return replace(of, form=form, missing=what, missing_reason=why, estimates=(), sensitivity=(), evidence=())


def write_run(
    path: Path,
    findings: Sequence[Finding],
    verdict: Verdict,
    manifest: RunManifest = MANIFEST,
    tables: dict[str, Any] | None = None,
) -> Path:
    """A complete run directory with these findings."""
    suites = {suite.name: f"suite: {suite.name}\n" for suite in manifest.suites}
    with RunWriter.create(path, manifest, suites) as writer:
        for name, rows in (tables or {}).items():
            writer.table(name, rows)
        writer.finish(tuple(findings), verdict)
    return path


def sample_run(path: Path) -> Path:
    """The whole sample."""
    measured, tables = measurements()
    return write_run(path, judge(measured), Verdict.FAIL, tables=tables)
