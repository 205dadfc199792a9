"""What makes a run repeatable: digests, seeds, versions, command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from audit.records.model import ModelInfo


class RunStatus(StrEnum):
    """How far a run has come."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteRecord:
    """One suite of the run, with what the report says about it."""

    name: str
    title: str
    summary: str
    version: int
    digest: str
    """sha256 of the suite as resolved, its lexicons included."""
    claims: tuple[str, ...] = ()
    notice: str = ""
    """Plain note that introduces sensitive content; may be empty."""
    sources: tuple[str, ...] = ()
    """Sources and licences of its word lists and stimuli, one citation each."""
    model: str = ""
    """Weights digest of the model it ran on (a suite may name its own model)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunManifest:
    """manifest.json of a run directory."""

    schema: str = "clip-audit/run/1"
    status: RunStatus
    created: str
    """UTC, ISO 8601, seconds; SOURCE_DATE_EPOCH is honoured."""
    models: tuple[ModelInfo, ...]
    """One entry a model; the first is the one given with --model."""
    suites: tuple[SuiteRecord, ...]
    seed: int
    command: str
    """The command that reproduces the run, with no absolute path of ours in it."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Versions of clip-audit, python and the libraries that numbers depend on."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """``stimuli``, ``encoded``, ``cached``, ``probes``, ``findings``."""
    images: str = ""
    """The table of images that was given and the sha256 of its file, ``path@digest``; empty when none was."""
    policy: str = ""
    """Id and sha256 of the policy that decided the run's verdict, ``id@digest``."""
    files: Mapping[str, str] = field(default_factory=dict)
    """sha256 of every file that carries results, by its path inside the run directory; filled in by the store."""
