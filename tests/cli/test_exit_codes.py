"""Every exit code of the contract, provoked as a user would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest


def test_0_everything_was_measured(cli, arrays, suite, tmp_path):
    code, out, err = cli("run", suite(0.5), "--model", f"arrays:{arrays()}", "--out", tmp_path / "run")
    assert code == 0, err
    assert "1 pass" in out
    assert (tmp_path / "run" / "report.html").exists()
    assert (tmp_path / "run" / "report.pdf").exists()


def test_0_the_gate_passes(cli, arrays, suite, tmp_path):
    code, out, _ = cli("run", suite(1.9), "--model", f"arrays:{arrays()}", "--out", tmp_path / "run", "--gate")
    assert code == 0, out
    assert "PASS" in out


@pytest.mark.parametrize("gate", [["--gate", "POLICY"], ["--gate=POLICY"], ["--policy", "POLICY"]], ids=" ".join)
def test_0_the_gate_takes_a_policy(cli, arrays, suite, tmp_path, gate):
    """A low finding fails by default and is not required by a policy that starts at high."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("policy: high-only\nrequire: {severity: high}\n")
    path = suite(0.02, ("severity: high", "severity: low"))
    model = f"arrays:{arrays(shift=3.0, n=12)}"
    assert cli("run", "--gate", path, "--model", model, "--out", tmp_path / "first")[0] == 1
    gate = [part.replace("POLICY", str(policy)) for part in gate]
    code, out, _ = cli("run", path, "--model", model, "--out", tmp_path / "second", *gate)
    assert code == 5, out
    assert "Nothing was measured that the policy requires" in out


def test_1_the_gate_fails(cli, arrays, suite, tmp_path):
    cli("run", suite(0.02), "--model", f"arrays:{arrays(shift=3.0, n=12)}", "--out", tmp_path / "run")
    code, out, _ = cli("gate", tmp_path / "run")
    assert code == 1
    assert "FAIL" in out
    assert "own/flowers-insects[image,image]" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gat"], "gat"),
        (["run", "regoins", "--model", "st:x"], "regions"),
        (["run"], "no suite"),
        (["run", "regions", "--model", "arrays:nowhere"], "nowhere"),
        (["run", "regions", "--model", "what:ever"], "what:ever"),
        (["run", "regions", "--seed", "x", "--model", "st:x"], "--seed"),
        (["gate", "nowhere"], "nowhere"),
        (["report", "nowhere"], "nowhere"),
        (["list", "suite"], "did you mean 'suites'"),
        (["schema", "siute"], "did you mean 'suite'"),
        (["explain", "regions/middle-east-terorism"], "middle-east-terrorism"),
        (["run", "regions", "--resume", "--model", "st:x"], "--out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_2_usage(cli, arguments, said):
    code, _, err = cli(*arguments)
    assert code == 2, err
    assert said in err
    assert "Traceback" not in err


def test_3_an_internal_error_is_no_verdict(cli, monkeypatch, arrays, suite, tmp_path):
    import audit.api

    def broken(*_args, **_kwargs):
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setattr(audit.api, "judge", broken)
    code, _, err = cli("run", suite(), "--model", f"arrays:{arrays()}", "--out", tmp_path / "run")
    assert code == 3
    assert "internal error: ZeroDivisionError" in err
    code, _, err = cli("gate", tmp_path / "run")
    assert code == 6, "an unfinished run must not be gated"


def test_4_an_invalid_suite(cli, suite, arrays):
    path = suite(0.02, ("measure: association", "measure: asociation"), ("severity: high", "severity: dire"))
    for arguments in (("validate", path), ("run", path, "--model", f"arrays:{arrays()}")):
        code, _, err = cli(*arguments)
        assert code == 4
        assert "own.yaml:13:" in err
        assert "did you mean" in err


def test_4_an_invalid_policy(cli, arrays, suite, tmp_path):
    cli("run", suite(0.5), "--model", f"arrays:{arrays()}", "--out", tmp_path / "run")
    policy = tmp_path / "policy.yaml"
    policy.write_text("policy: mine\nrequire: {severity: enormous}\n")
    code, _, err = cli("gate", tmp_path / "run", "--policy", policy)
    assert code == 4
    assert "policy.yaml:2:" in err


def test_5_nothing_was_measured(cli, arrays, suite, tmp_path):
    path = suite(0.02, ("cluster: item", "forms: [[text, text]]\n    cluster: item"))
    code, _, _ = cli("run", path, "--model", f"arrays:{arrays()}", "--out", tmp_path / "run")
    assert code == 5
    code, out, _ = cli("gate", tmp_path / "run")
    assert code == 5
    assert "ERROR" in out


def test_6_inconclusive(cli, arrays, suite, tmp_path):
    code, out, _ = cli("run", suite(0.05), "--model", f"arrays:{arrays(n=4)}", "--out", tmp_path / "run", "--gate")
    assert code == 6
    assert "INCONCLUSIVE" in out


def test_6_something_could_not_be_measured(cli, arrays, suite, tmp_path):
    """One probe gives a number; the other one compares a group of a single item and cannot."""
    path = suite(0.5)
    second = path.read_text().split("probes:\n")[1].replace("id: flowers-insects", "id: one").replace("flower,", "one,")
    one = "  one: {label: One, where: {id: [flower-0]}}\nprobes:\n"
    path.write_text(path.read_text().replace("probes:\n", one) + second)
    code, out, _ = cli("run", path, "--model", f"arrays:{arrays()}", "--out", tmp_path / "run")
    assert code == 6
    assert "could not be measured: own/one[image,image], because cosine_difference is undefined: " in out
    assert cli("gate", tmp_path / "run")[0] == 6


def test_5_every_number_is_undefined(cli, arrays, suite, tmp_path):
    folder = arrays(n=6)
    vectors = np.load(folder / "embeddings.npy")
    vectors[:12] = vectors[0]
    np.save(folder / "embeddings.npy", vectors)
    assert cli("run", suite(0.5), "--model", f"arrays:{folder}", "--out", tmp_path / "run")[0] == 5
    code, _, _ = cli("gate", tmp_path / "run")
    assert code == 6, "it should have been measured and could not be: an error, and never a pass"


def test_6_an_edited_run_is_refused(cli, arrays, suite, tmp_path):
    cli("run", suite(0.02), "--model", f"arrays:{arrays(shift=3.0, n=12)}", "--out", tmp_path / "run")
    path = tmp_path / "run" / "findings.json"
    path.write_text(path.read_text().replace('"fail"', '"pass"'))
    code, _, err = cli("gate", tmp_path / "run")
    assert code == 6
    assert "changed after the run was written" in err


def test_130_ctrl_c_leaves_a_run_that_can_be_resumed(tmp_path):
    """A real SIGINT to a real process while it encodes; then the same command with --resume finishes."""
    out = tmp_path / "run"
    command = [sys.executable, "-m", "audit", "run", "religion", "--model", "st:all-MiniLM-L6-v2", "--out", str(out)]
    environment = {**os.environ, "CLIP_AUDIT_CACHE": str(tmp_path / "cache")}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    deadline = time.monotonic() + 120
    while not (out / "manifest.json").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "--resume" in err
    assert "Traceback" not in err
    assert json.loads((out / "manifest.json").read_text())["status"] == "interrupted"
    done = subprocess.run([*command, "--resume"], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads((out / "manifest.json").read_text())["status"] == "complete"
