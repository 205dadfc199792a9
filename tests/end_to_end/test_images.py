"""Images of a user on the model that ships: rows selected by label, encoded once, counted when they cannot be read."""

from __future__ import annotations

import json
import shutil

import pytest

import audit
from audit.suite import pictographs, pictographs_folder

SUITE = """\
suite: own-images
title: Images of my own
concepts:
  fruit: {label: Fruit, where: {kind: fruit}}
  animals: {label: Animals, where: {kind: animal}}
  fruit-words: {label: words for fruit, terms: [grapes, lemon, banana, pineapple, cherries]}
  animal-words: {label: words for animals, terms: [dog, cat, horse, tiger, monkey]}
probes:
  - id: fruit
    ask: Are pictures of fruit closer to words for fruit than pictures of animals are?
    measure: association
    targets: {x: fruit, y: animals}
    attributes: {a: fruit-words, b: animal-words}
    forms: [[image, text]]
    alternative: greater
"""
KINDS = {
    "fruit": ("grapes", "lemon", "banana", "pineapple", "cherries", "melon"),
    "animal": ("tiger", "monkey", "elephant", "camel", "rabbit", "koala"),
}


@pytest.fixture
def images(tmp_path):
    drawn = {each.name: each for each in pictographs()}
    rows = ["path,kind"]
    for kind, names in KINDS.items():
        for name in names:
            shutil.copy(pictographs_folder() / drawn[name].drawings["noto"].file, tmp_path / f"{name}.png")
            rows.append(f"{name}.png,{kind}")
    (tmp_path / "lemon.png").unlink()
    (tmp_path / "images.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "suite.yaml").write_text(SUITE)
    return tmp_path


def test_images_of_a_user_are_shown_to_a_model_that_is_run_here(images):
    run = audit.run([str(images / "suite.yaml")], images=images / "images.csv", out=images / "run")
    (finding,) = run.findings
    assert finding.form == ("image", "text")
    assert finding.headline.groups == (5, 6)
    assert finding.headline.low > 0
    assert [(e.what, e.count, e.reason, e.names) for e in finding.excluded] == [
        ("Fruit", 1, "the file is missing", ("lemon.png",))
    ]
    manifest = json.loads((images / "run" / "manifest.json").read_text())
    assert manifest["images"].startswith(f"{images / 'images.csv'}@")
    assert "--images" in manifest["command"]
    assert not list((images / "run" / "figures").glob("*"))


def test_without_them_the_question_is_not_applicable(images):
    (finding,) = audit.run([str(images / "suite.yaml")], out=images / "run").findings
    assert finding.missing == "stimuli"
    assert "--images" in finding.statement
