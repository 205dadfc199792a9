"""clip-audit explain of a unit that is asked about in several forms."""

from __future__ import annotations

from audit.stats import auroc_mde

SUITE = """\
suite: both
title: Words and drawings
concepts:
  spiders: {label: spiders, terms: [spider, tarantula, widow], pictographs: {object: [spider, snail]}}
  insects: {label: insects, terms: [ant, beetle, cricket, bee], pictographs: {object: [ant, beetle, cricket]}}
  alike: {label: words spelled alike, terms: [spades, cider]}
  others: {label: words of another stem, terms: [arachnid, web]}
probes:
  - id: both
    ask: Is there a unit for spiders in words and drawings?
    measure: multimodality
    concept: spiders
    against: [insects]
    forms: [rendered, pictograph]
    lexical: {spelled-alike: alike, synonyms: others}
    describes: true
"""


def test_what_is_asked_over_all_forms(cli, tmp_path):
    (tmp_path / "both.yaml").write_text(SUITE)
    code, out, err = cli("explain", f"{tmp_path / 'both.yaml'}/both")
    assert code == 0, err
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "alike words spelled alike: 2 terms: spades, cider" in lines
    assert "synonyms words of another stem: 2 terms: arachnid, web" in lines
    assert "forms rendered, pictograph: one finding, and none when one of them cannot be shown" in lines
    assert "smallest AUROC = the smallest A of any form; p = the largest p of any form" in lines
    assert "cluster term, subject" in lines
    least = auroc_mde(3, 4, power=0.8**0.5)  # so that two independent forms show it in 4 of 5
    assert f"MDE AUROC {least:.2f} in rendered, for one named unit, found in all forms in 4 of 5 audits" in lines
    assert lines[-1] == "decides nothing; it describes"


def test_what_is_measured_again_without_the_unit_and_what_that_takes(cli):
    code, out, err = cli("explain", "regions/middle-east-unit")
    assert code == 0, err
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "ablate middle-east-terrorism: its change with the units found set to their mean, by rank among" in lines
    assert "199 sets of control units matched on layer, spread and output weights; describes" in lines
    assert "cost: about 230 passes through what follows the layer, for every picture of it" in lines
