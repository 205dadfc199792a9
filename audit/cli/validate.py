"""clip-audit validate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from audit.cli.console import note, say
from audit.errors import DocumentError, UsageError


def validate(*files: Annotated[Path, Parameter(required=True)]) -> int:
    """Check suites and policies; list every mistake with its line. Exits 4 when there is one.

    Parameters
    ----------
    files
        Suite or policy files, or names of bundled suites.
    """
    from audit.findings import load_policy
    from audit.suite import load_suite
    from audit.suite.loader import read_document

    if not files:
        raise UsageError("nothing to validate", hint="clip-audit validate FILE...")
    bad = 0
    for file in files:
        try:
            if file.is_file() and ("policy",) in read_document(file).spans.values:
                policy = load_policy(file)
                say(f"{file}: policy {policy.policy}, in order")
            else:
                suite = load_suite(str(file))
                say(f"{file}: suite {suite.suite}, {len(suite.probes)} probes, in order")
        except DocumentError as error:
            bad += 1
            note(error.message)
    return DocumentError.exit_code if bad else 0
