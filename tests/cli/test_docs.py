"""What the documentation shows works as it is written there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import audit
from audit.findings import headline, load_policy
from audit.store import load_certificate
from audit.suite import load_suite
from tests.conftest import write_arrays

ROOT = Path(__file__).parents[2]


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)


@pytest.mark.parametrize("page", ["docs/suites.md", "docs/arrays.md"])
def test_suites_in_the_docs_are_in_order(page, tmp_path):
    suites = [block for block in blocks(page, "yaml") if "suite:" in block.splitlines()[0]]
    assert suites
    for text in suites:
        (tmp_path / "own.yaml").write_text(text)
        assert load_suite(str(tmp_path / "own.yaml")).probes


def test_the_policy_in_the_docs_is_in_order(tmp_path):
    (text,) = (block for block in blocks("docs/suites.md", "yaml") if block.startswith("policy:"))
    (tmp_path / "policy.yaml").write_text(text)
    assert load_policy(tmp_path / "policy.yaml").severity == "medium"


def test_the_arrays_example_runs(tmp_path):
    (text,) = blocks("docs/arrays.md", "yaml")
    (tmp_path / "flowers.yaml").write_text(text)
    run = audit.run(
        [str(tmp_path / "flowers.yaml")], model=f"arrays:{write_arrays(tmp_path / 'folder')}", out=tmp_path / "run"
    )
    assert run.findings[0].headline is not None


def test_the_python_of_the_readme_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("README.md", "python")
    names: dict[str, object] = {}
    exec(code, names)
    assert names["run"].verdict is not None


def test_every_command_of_the_readme_exists(cli):
    text = (ROOT / "README.md").read_text()
    commands = set(re.findall(r"clip-audit (\w+)", text)) - {"for"}
    _, out, _ = cli("--help")
    assert commands <= set(re.findall(r"^│ (\w+) ", out, re.MULTILINE))


def test_the_exit_codes_of_the_readme_are_those_of_the_errors():
    from audit import errors

    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", (ROOT / "README.md").read_text(), re.MULTILINE)}
    raised = {
        kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.AuditError)
    }
    assert documented == raised | {0, 1}


def test_the_figures_of_the_readme_are_those_of_the_calibration():
    rows = json.loads((ROOT / "benchmarks" / "calibration.json").read_text())["rows"]

    def span(beginning):
        found = [row["measured"] for row in rows if row["what"].strip().startswith(beginning)]
        return f"{min(found):.1%}", f"{max(found):.1%}"

    text = " ".join((ROOT / "README.md").read_text().split())
    assert "covers it in {} to {} of cases".format(*span("coverage of the 95 % interval")) in text
    assert f"passes in {span('verdict pass at the margin')[1]} at most" in text
    assert "a false alarm in {} to {} of cases".format(*span("type I, crossed t")) in text
    assert f"goes up to {span('the same, clusters only')[1]}" in text
    assert all(row["passed"] is not False for row in rows)

    def measured(beginning):
        return next(row for row in rows if row["what"].startswith(beginning))

    found = measured("planted unit of AUROC 0.90 named on one half")
    count, of = round(found["measured"] * found["simulations"]), found["simulations"]
    assert f"is named and confirmed in {count} of {of} searches with 50 clusters" in text
    assert f"one of 0.80 in {measured('planted unit of AUROC 0.80 named on one half')['measured']:.0%};" in text
    assert f"{measured('searches that confirm any unit')['measured']:.1%} of searches confirm any unit" in text
    absent = [row for row in rows if row["what"].startswith("absence claimed")]
    assert not any(row["measured"] for row in absent)
    assert f"no absence was claimed in {sum(row['simulations'] for row in absent)} audits" in text


def test_the_two_lines_of_the_readme_are_those_of_the_certificate_that_ships():
    text = (ROOT / "README.md").read_text()
    for line in headline(load_certificate()):
        assert f"> {line}.\n" in text


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/suites.md",
        "docs/arrays.md",
        "docs/calibration.md",
        "docs/units.md",
        "probes/README.md",
        "CHANGELOG.md",
    ],
)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text()):
        if "://" not in link:
            assert ((ROOT / page).parent / link).exists(), f"{page} links to {link}"
