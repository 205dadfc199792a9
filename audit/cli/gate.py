"""clip-audit gate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from audit.cli.console import say_json


def gate(run: Path, *, policy: Path | None = None, json: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Decide from a run whether the model may be released.

    Exits 0 for pass, 1 for fail, 5 when nothing was measured, 6 when it is inconclusive or incomplete.

    Parameters
    ----------
    run
        A run directory.
    policy
        A policy file; the bundled default policy when left out.
    json
        Print the decision as JSON.
    """
    from audit.cli.summary import decision_as_json, say_decision
    from audit.findings import load_policy
    from audit.gate import decide
    from audit.store import read_run

    chosen = load_policy(policy)
    decision = decide(read_run(run).findings, chosen)
    if json:
        say_json(decision_as_json(decision))
    else:
        say_decision(decision)
    return decision.exit_code
