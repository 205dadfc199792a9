"""One run from end to end: suites and a model in, a run directory out. The command line and Python share it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from audit.assess import Assessed, Assessment
from audit.engine import Cache, Encodings, LiveEncodings, PrecomputedEncodings, Progress
from audit.errors import Interrupted, NothingMeasured, RunError, UsageError
from audit.findings import Policy, judge, load_policy
from audit.gate import GateDecision, decide
from audit.provenance import command_line, now, versions
from audit.records import Finding, ModelInfo, RunManifest, RunStatus, SuiteRecord, Verdict
from audit.stimuli import Collector, read_images
from audit.store import Run, RunWriter, default_cache_dir, read_run
from audit.suite import Suite, load_suite

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from audit.stimuli import Images


@dataclass(frozen=True)
class FinishedRun:
    """A run that was written."""

    path: Path
    """The run directory."""

    @cached_property
    def stored(self) -> Run:
        """The run as it stands on disk, checked."""
        return read_run(self.path)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One finding a probe and form."""
        return self.stored.findings

    @property
    def verdict(self) -> Verdict | None:
        """The verdict under the policy that the run was made with."""
        return self.stored.verdict

    def model_of(self, suite: str) -> ModelInfo:
        """The model that a suite was measured on."""
        return self.stored.model_of(suite)

    def to_pandas(self, table: str = "estimates") -> pd.DataFrame:
        """A table of the run: estimates, rows, stimuli, units, examples, items or bins."""
        return self.stored.frame(table)

    def gate(self, policy: Policy | None = None) -> GateDecision:
        """Decide whether the model may be released."""
        return decide(self.findings, policy or load_policy(None))

    @property
    def exit_code(self) -> int:
        """0 when everything that applies to the model was measured, 5 when nothing was, 6 when something was not."""
        if not any(finding.headline for finding in self.findings):
            return NothingMeasured.exit_code
        unmeasured = any(f.verdict is Verdict.ERROR or f.missing == "stimuli" for f in self.findings)
        return RunError.exit_code if unmeasured else 0


@dataclass(frozen=True)
class _Part:
    """The suites that run on one model."""

    suites: tuple[Suite, ...]
    encodings: Encodings
    assessment: Assessment


def run(
    suites: Sequence[str],
    *,
    model: str | None = None,
    out: str | Path | None = None,
    seed: int = 0,
    device: str = "auto",
    policy: Policy | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    cache: Path | None = None,
    images: str | Path | None = None,
) -> FinishedRun:
    """Measure ``suites`` (bundled names or paths) on ``model`` and write a run directory.

    ``out`` is a new folder under ``runs/`` when left out. A suite that names its own model runs on that one; without
    ``model`` the others run on the model that ships with the tool, ``pocket``. ``cache`` is the folder of encodings
    (see :func:`audit.store.default_cache_dir`). ``images`` is a table of images for the form `image` (see
    :func:`audit.stimuli.read_images`). Raises DocumentError for a suite with mistakes, UsageError for a model
    or folder that cannot be used, Interrupted when stopped: what was encoded is kept, and the same call with
    ``resume`` goes on.
    """
    if not suites:
        raise UsageError("no suite was named", hint="clip-audit list suites")
    if seed < 0:
        raise UsageError(f"--seed is {seed}; it must not be negative")
    if resume and out is None:
        raise UsageError("--resume needs --out, the directory of the interrupted run")
    loaded = [load_suite(name) for name in dict.fromkeys(map(str, suites))]
    if repeated := [s.suite for i, s in enumerate(loaded) if s.suite in {other.suite for other in loaded[:i]}]:
        raise UsageError(f"two of the suites are called {repeated[0]!r}", hint="give each suite its own id")
    policy = policy or load_policy(None)
    given = None if images is None else read_images(Path(images))
    parts = _parts(loaded, model, device, cache or default_cache_dir(), progress, seed, given)
    created = now()
    where = Path(out) if out else _new_folder(parts[0].encodings.info.name, created)
    manifest = RunManifest(
        status=RunStatus.RUNNING,
        created=created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        models=tuple(part.encodings.info for part in parts),
        suites=tuple(_record(suite, part) for part in parts for suite in part.suites),
        seed=seed,
        command=command_line(suites, model, seed, images),
        versions=versions(),
        policy=policy.identity,
        images="" if given is None else f"{given.name}@{given.digest}",
    )
    texts = {suite.suite: suite.resolved_yaml() for suite in loaded}
    try:
        with RunWriter.create(where, manifest, texts, resume=resume) as writer:
            for part in parts:
                part.assessment.prepare()
            report = progress or (lambda _what, _done, _total: None)
            _write(writer, [part.assessment.measure(report) for part in parts], parts, policy, loaded)
    except KeyboardInterrupt:
        raise Interrupted(
            f"interrupted; what was encoded is kept, and {where} can be resumed",
            hint=f"{command_line(suites, model, seed, images)} --out {where} --resume",
        ) from None
    return FinishedRun(where)


def _parts(
    suites: Sequence[Suite],
    model: str | None,
    device: str,
    cache: Path,
    progress: Progress | None,
    seed: int,
    images: Images | None,
) -> list[_Part]:
    from audit.encoders import POCKET, Precomputed, load

    by_spec: dict[tuple[str, Path | None], list[Suite]] = {}
    for suite in suites:
        spec, base = (suite.model, suite.file.parent) if suite.model else (model or POCKET, None)
        by_spec.setdefault((spec, base), []).append(suite)
    # The model that was asked for comes first: it is the one the report is about.
    ordered = sorted(by_spec.items(), key=lambda item: item[0][1] is not None)
    parts = []
    for (spec, base), some in ordered:
        found = load(spec, device=device, base=base)
        encodings: Encodings
        has_words = isinstance(found, Precomputed) and found.top_words is not None
        if isinstance(found, Precomputed):
            encodings, table = PrecomputedEncodings(found), found.stimuli
        else:
            encodings, table = LiveEncodings(found, Cache(cache, found.fingerprint), progress), None
        collectors = {
            suite.suite: Collector(suite, encodings.info, table, top_words=has_words, images=images) for suite in some
        }
        parts.append(_Part(tuple(some), encodings, Assessment(some, collectors, encodings, seed)))
    return parts


def _record(suite: Suite, part: _Part) -> SuiteRecord:
    return SuiteRecord(
        name=suite.suite,
        title=suite.title,
        summary=suite.summary or "",
        version=suite.version,
        digest=suite.digest,
        claims=tuple(suite.claims),
        notice=suite.notice or "",
        sources=suite.citations,
        model=part.encodings.info.weights_digest,
    )


def _write(
    writer: RunWriter, assessed: list[Assessed], parts: list[_Part], policy: Policy, suites: Sequence[Suite]
) -> None:
    findings = judge([measurement for each in assessed for measurement in each.measurements])
    order = {suite.suite: index for index, suite in enumerate(suites)}
    findings = tuple(sorted(findings, key=lambda finding: order[finding.suite]))
    for name in ("stimuli", "rows", "estimates", "units", "examples", "items", "bins"):
        writer.table(name, [row for each in assessed for row in each.tables.get(name, ())])
    for name, picture in sorted({name: data for each in assessed for name, data in each.figures.items()}.items()):
        writer.figure(name, picture)
    live = [part.encodings for part in parts if isinstance(part.encodings, LiveEncodings)]
    counts = {
        "probes": sum(len(suite.probes) for suite in suites),
        "stimuli": sum(len(each.tables.get("stimuli", ())) for each in assessed),
        "encoded": sum(encodings.encoded for encodings in live),
        "cached": sum(encodings.cached for encodings in live),
    }
    writer.finish(findings, decide(findings, policy).verdict, counts=counts)


def _new_folder(model: str, created: datetime) -> Path:
    name = re.sub(r"[^A-Za-z0-9.]+", "-", model).strip("-")
    stem = Path("runs") / f"{created.astimezone(UTC):%Y-%m-%d-%H%M%S}-{name}"
    return stem if not stem.exists() else stem.with_name(f"{stem.name}-{created.microsecond}")
