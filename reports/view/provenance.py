"""Where everything comes from, so that the run can be repeated and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.numbers import listed
from reports.prose import words

if TYPE_CHECKING:
    from audit.records import ModelInfo, SuiteRecord
    from audit.store import Run
    from reports.view.context import Context

_COUNTS = {
    "probes": "probes asked",
    "findings": "findings",
    "stimuli": "stimuli shown",
    "encoded": "encoded in this run",
    "cached": "taken from the cache",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """One model or suite, as pairs of term and text."""

    title: str
    pairs: tuple[tuple[str, str], ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Art:
    """Pictures of one origin."""

    source: str
    """``package@version``."""
    licence: str
    address: str
    """Where the text of the licence stands."""
    attribution: str
    used: str
    """How many of its pictures the model was shown."""
    shown: str
    """How many of those stand in this report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The last section."""

    command: str
    models: tuple[Facts, ...]
    suites: tuple[Facts, ...]
    run: tuple[tuple[str, str], ...]
    art: tuple[Art, ...]
    """Whose pictures the model was shown; empty when none were."""
    files: tuple[tuple[str, str], ...]
    """Result files of the run directory with their sha256."""


def build_provenance(context: Context) -> Provenance:
    """Provenance from the manifest, and of pictures from the table of stimuli."""
    run = context.run
    manifest = run.manifest
    versions = ", ".join(f"{name} {version}" for name, version in sorted(manifest.versions.items()))
    counts = ", ".join(f"{manifest.counts[key]:,} {text}" for key, text in _COUNTS.items() if key in manifest.counts)
    pairs = [
        ("Made", manifest.created),
        ("Seed", str(manifest.seed)),
        ("Policy", manifest.policy),
        *((("Images", manifest.images),) if manifest.images else ()),
        ("Versions", versions),
        ("Counts", counts),
        ("Format", manifest.schema),
    ]
    return Provenance(
        command=manifest.command,
        models=tuple(_model(model) for model in manifest.models),
        suites=tuple(_suite(run, suite) for suite in manifest.suites),
        run=tuple((term, text) for term, text in pairs if text),
        art=_art(context),
        files=tuple(
            sorted((name, digest) for name, digest in manifest.files.items() if not name.startswith("figures/"))
        ),
    )


def _art(context: Context) -> tuple[Art, ...]:
    """One entry a package, licence and attribution, in the order of their names."""
    paths = {exhibit.picture for finding in context.run.findings for exhibit in finding.evidence if exhibit.picture}
    shown = {context.pictured(path).get("digest") for path in paths}
    used: dict[tuple[str, str, str], set[str]] = {}
    for row in context.pictures:
        if row["source"]:
            package = str(row["source"]).partition(":")[0]
            used.setdefault((package, row["licence"] or "", row["attribution"] or ""), set()).add(row["digest"])
    return tuple(
        Art(
            source=source,
            licence=licence,
            address=f"https://spdx.org/licenses/{licence}.html" if licence else "",
            attribution=attribution,
            used=f"{len(digests):,}",
            shown=f"{len(digests & shown):,}",
        )
        for (source, licence, attribution), digests in sorted(used.items())
    )


def _model(model: ModelInfo) -> Facts:
    layers = listed(f"{layer.name} ({layer.units:,} units, pooling {layer.pooling})" for layer in model.layers)
    pairs = [
        ("Given as", model.spec),
        ("Kind", words.kind(model)),
        ("Weights, sha256", model.weights_digest),
        ("Tokenizer, sha256", model.tokenizer_digest),
        ("Preprocessing", model.preprocessing),
        ("Numbers", f"{model.dtype} on {model.device}"),
        ("Layers", layers),
        ("Source", model.source),
        ("Licence", model.licence),
        ("Note", model.note),
    ]
    return Facts(model.name, tuple((term, text) for term, text in pairs if text))


def _suite(run: Run, suite: SuiteRecord) -> Facts:
    pairs = [
        ("Version", str(suite.version)),
        ("Ran on", run.model_of(suite.name).name),
        ("Claims", ", ".join(suite.claims)),
        ("Digest, sha256", suite.digest),
    ]
    return Facts(suite.title or suite.name, tuple((term, text) for term, text in pairs if text), suite.sources)
