"""clip-audit schema."""

from __future__ import annotations

from audit.cli.console import say_json
from audit.errors import UsageError
from audit.registry import suggestion


def schema(kind: str) -> None:
    """Print the JSON Schema of a file format, for editors and scripts.

    Parameters
    ----------
    kind
        suite, policy or findings.
    """
    from audit.findings import Policy
    from audit.store import findings_schema
    from audit.suite import document_schema, suite_schema

    schemas = {
        "suite": suite_schema,
        "policy": lambda: document_schema(Policy, "clip-audit policy"),
        "findings": findings_schema,
    }
    if kind not in schemas:
        raise UsageError(f"unknown schema {kind!r}", hint=suggestion(kind, list(schemas)))
    say_json(schemas[kind]())
