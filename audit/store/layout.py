"""Where things stand inside a run directory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.errors import AuditError
from audit.store.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MANIFEST = "manifest.json"
FINDINGS = "findings.json"
LOCK = ".lock"
REPORTS = ("report.html", "report.pdf")
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""Names that are safe as file names; a path can never leave the run directory through one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Paths of one run directory."""

    root: Path

    @property
    def manifest(self) -> Path:
        """``manifest.json``: what makes the run repeatable, and the digests of the other files."""
        return self.root / MANIFEST

    @property
    def findings(self) -> Path:
        """``findings.json``: the published result."""
        return self.root / FINDINGS

    @property
    def lock(self) -> Path:
        """``.lock``: held while a run writes here."""
        return self.root / LOCK

    @property
    def figures(self) -> Path:
        """``figures/``: pictures of the report."""
        return self.root / "figures"

    @property
    def report_html(self) -> Path:
        """``report.html``."""
        return self.root / REPORTS[0]

    @property
    def report_pdf(self) -> Path:
        """``report.pdf``."""
        return self.root / REPORTS[1]

    @property
    def labelling_key(self) -> Path:
        """``labelling/key.json``: what the ids on labelling sheets stand for. No part of the run's result."""
        return self.root / "labelling" / "key.json"

    @property
    def labels(self) -> Path:
        """``labelling/labels.json``: what raters wrote on them."""
        return self.root / "labelling" / "labels.json"

    def table(self, name: str) -> Path:
        """``tables/NAME.parquet``."""
        return self.root / table_file(name)

    def suite(self, name: str) -> Path:
        """``suites/NAME.yaml``, the suite as resolved."""
        return self.root / suite_file(name)


def table_file(name: str) -> str:
    """Path of a table inside the run directory."""
    if name not in TABLES:
        raise AuditError(f"There is no table {name!r} in a run; tables: {', '.join(TABLES)}.")
    return f"tables/{name}.parquet"


def suite_file(name: str) -> str:
    """Path of a resolved suite inside the run directory."""
    if not FILE_NAME.fullmatch(name):
        raise AuditError(f"A suite called {name!r} cannot name a file.")
    return f"suites/{name}.yaml"


def figure_file(name: str) -> str:
    """Path of a picture inside the run directory."""
    if not FILE_NAME.fullmatch(name):
        raise AuditError(f"A picture called {name!r} cannot name a file.")
    return f"figures/{name}"


def result_files(suites: Iterable[str]) -> tuple[str, ...]:
    """The files that every complete run has and whose digests its manifest carries, sorted; pictures come on top."""
    return tuple(sorted([FINDINGS, *map(table_file, TABLES), *map(suite_file, suites)]))
