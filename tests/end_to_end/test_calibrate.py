"""clip-audit calibrate on the model that ships, with a few audits: it makes the specimens that ship."""

from __future__ import annotations

import numpy as np
import pytest

from audit.encoders.edits import EDITS, read_specimens
from audit.store import load_certificate


@pytest.mark.slow
def test_calibrate_makes_the_specimens_that_ship_and_says_that_four_audits_show_nothing(cli, tmp_path):
    code, out, _ = cli("calibrate", "--out", tmp_path / "new", "--audits", 4)
    assert code in (1, 6)
    certificate, shipped = load_certificate(tmp_path / "new" / "certificate.json"), load_certificate()
    assert certificate.standing != "met"
    assert f"{sum(cell.passed.of for cell in certificate.cells)} audits of models with a known planted" in out
    assert (certificate.suite_digest, certificate.weights_digest) == (shipped.suite_digest, shipped.weights_digest)
    for made, known in zip(certificate.specimens, shipped.specimens, strict=True):
        assert made.name == known.name
        assert made.truths == pytest.approx(known.truths, abs=1e-4)
    made, known = read_specimens(tmp_path / "new" / "specimens.safetensors"), read_specimens(EDITS)
    assert (made.model, made.notes) == (known.model, known.notes)
    for name, edit in known.edits.items():
        if name.startswith("planted-unit"):
            continue  # where two clusters all but tie, another machine may stop a step earlier
        step, again = (each.left @ each.right for each in (edit, made.edits[name]))
        np.testing.assert_allclose(again, step, atol=1e-3 * np.abs(step).max())


def test_too_few_audits_are_no_calibration(cli, tmp_path):
    code, _, err = cli("calibrate", "--out", tmp_path / "new", "--audits", 3)
    assert code == 2
    assert "--audits 3: at least 4 audits are needed in a cell" in err
    assert not (tmp_path / "new").exists()
