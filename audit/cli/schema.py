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
    from audit.findings import policy_schema
    from audit.store import findings_schema
    from audit.suite import suite_schema

    schemas = {"suite": suite_schema, "policy": policy_schema, "findings": findings_schema}
    if kind not in schemas:
        raise UsageError(f"unknown schema {kind!r}", hint=suggestion(kind, list(schemas)))
    say_json(schemas[kind]())
