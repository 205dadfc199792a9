"""What is imported when: no torch where nothing is encoded, and a help text at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

import audit

NO_TORCH = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "torchvision", "open_clip", "transformers", "sentence_transformers"}:
            raise ImportError(f"{name} must not be imported here")
sys.meta_path.insert(0, Refuse())
from audit.cli.main import execute
sys.exit(execute(%r))
"""


def without_torch(*arguments: str, cwd=None) -> subprocess.CompletedProcess[str]:
    code = NO_TORCH % (list(arguments),)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=cwd, check=False)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["validate", "regions"],
        ["explain", "regions"],
        ["explain", "regions/middle-east-terrorism"],
        ["list", "suites"],
        ["list", "measures"],
        ["list", "models"],
        ["list", "lexicons"],
        ["schema", "suite"],
        ["schema", "policy"],
        ["schema", "findings"],
    ],
    ids=" ".join,
)
def test_commands_that_encode_nothing_run_without_torch(arguments):
    done = without_torch(*arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_an_arrays_model_is_audited_gated_and_reported_without_torch(tmp_path):
    run = without_torch("run", "goh2021", "--out", str(tmp_path / "run"))
    assert run.returncode == 0, run.stderr
    gate = without_torch("gate", str(tmp_path / "run"))
    assert gate.returncode == 1, gate.stderr
    report = without_torch("report", str(tmp_path / "run"), "--format", "html")
    assert report.returncode == 0, report.stderr


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from audit.cli.main import app; "
        "heavy = {'torch', 'pandas', 'scipy', 'numpy', 'pydantic', 'pyarrow', 'jinja2', 'weasyprint'}; "
        "heavy &= set(sys.modules); "
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"imported for --help: {done.stderr}"


def test_the_public_names_are_these():
    assert sorted(audit.__all__) == ["FinishedRun", "__version__", "run"]
