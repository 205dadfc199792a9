"""The command line: thin commands, one way of failing, and the exit codes of the contract.

0 pass, 1 fail, 2 usage, 3 internal error, 4 invalid suite or policy, 5 nothing measured, 6 inconclusive or incomplete,
130 interrupted.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App, CycloptsError

from audit import __version__
from audit.cli import calibrate, doctor, explain, gate, label, listing, report, run, schema, validate
from audit.cli.console import complain
from audit.errors import AuditError

if TYPE_CHECKING:
    from collections.abc import Sequence

app = App(
    name="clip-audit",
    help="Audit CLIP-style vision-language models for bias, and decide on that ground whether a model may be released.",
    version=__version__,
    help_format="plaintext",
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)
app.command(run.run)
app.command(report.report)
app.command(gate.gate)
app.command(validate.validate)
app.command(schema.schema)
app.command(listing.list_, name="list")
app.command(explain.explain)
app.command(calibrate.calibrate)
app.command(label.app)
app.command(doctor.doctor)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    sys.exit(execute(arguments))


def _with_policy(words: list[str]) -> list[str]:
    """``run ... --gate POLICY`` as ``--gate --policy POLICY``: a flag may not take a value, and a suite may follow it.

    What follows ``--gate`` is its policy when it is a policy file.
    """
    written: list[str] = []
    for word in words:
        if word.startswith("--gate="):
            written += ["--gate", "--policy", word.removeprefix("--gate=")]
        elif written[-1:] == ["--gate"] and _is_policy(word):
            written += ["--policy", word]
        else:
            written.append(word)
    return written


def _is_policy(word: str) -> bool:
    if not word.endswith((".yaml", ".yml")) or not Path(word).is_file():
        return False
    from audit.suite import document_kind

    return document_kind(Path(word)) == "policy"


def execute(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. An error of the user is one message and never a traceback."""
    try:
        words = list(sys.argv[1:] if arguments is None else arguments)
        code = app(_with_policy(words), exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        complain(str(error), hint="clip-audit --help, or clip-audit COMMAND --help")
        return 2
    except AuditError as error:
        complain(error.message, hint=error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        complain("interrupted")
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`clip-audit list suites | head`); that is no failure of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  (the outermost frame: what nobody foresaw becomes exit code 3, not a pass)
        if os.environ.get("CLIP_AUDIT_DEBUG"):
            traceback.print_exc()
        complain(
            f"internal error: {type(error).__name__}: {error}",
            hint="this is a mistake in clip-audit; CLIP_AUDIT_DEBUG=1 prints where it happened",
        )
        return 3
    return int(code or 0)
