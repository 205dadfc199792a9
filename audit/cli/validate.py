"""clip-audit validate."""

from __future__ import annotations

from pathlib import Path

from audit.cli.console import note, say
from audit.errors import DocumentError, UsageError


def validate(*files: Path) -> int:
    """Check suites, lexicons and policies; list every mistake with its line. Exits 4 when there is one.

    Parameters
    ----------
    files
        Suite, lexicon or policy files, or names of bundled suites.
    """
    if not files:
        raise UsageError("nothing to validate", hint="clip-audit validate FILE...")
    bad = 0
    for file in files:
        try:
            say(f"{file}: {_checked(file)}, in order")
        except DocumentError as error:
            bad += 1
            note(error.message)
    return DocumentError.exit_code if bad else 0


def _checked(file: Path) -> str:
    """What the file is. Raises DocumentError with its mistakes."""
    from audit.findings import load_policy
    from audit.suite import Lexicon, document_kind, load_document, load_suite

    kind = document_kind(file) if file.is_file() else "suite"
    if kind == "policy":
        return f"policy {load_policy(file).policy}"
    if kind == "lexicon":
        lexicon, _ = load_document(file, Lexicon)
        return f"lexicon {lexicon.lexicon}, {len(lexicon.concepts)} concepts"
    suite = load_suite(str(file))
    return f"suite {suite.suite}, {len(suite.probes)} probes"
