"""DataComp's numbers, against scikit-learn and a table by group."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, recall_score, top_k_accuracy_score

from audit.assess import datacomp
from audit.measures import ZeroShotRows
from audit.records import Modality, Undefined
from audit.stimuli import Stimulus, StimulusSet

SIZES = {"q1": 40, "q2": 25, "q3": 0, "q4": 60}


def sets(names, prefix):
    return tuple(
        StimulusSet(
            name,
            name,
            "image",
            tuple(
                Stimulus(f"{prefix}{name}{i}", Modality.IMAGE, "image", "", f"{name}{i}", "", "", "") for i in range(n)
            ),
        )
        for name, n in names.items()
    )


def drawn(seed, classes=7):
    """Pictures of four groups, one of them empty, with cosines at random and one right class each."""
    rng = np.random.default_rng(seed)
    n = sum(SIZES.values())
    rows = ZeroShotRows(
        sets(SIZES, "p"), sets(dict.fromkeys(map(str, range(classes)), 1), "c"), rng.random((n, classes))
    )
    truth = rng.integers(0, classes - 1, n)  # the last class is right for none: it is not in the mean over classes
    return rows, truth, np.eye(classes, dtype=bool)[truth]


def values(found):
    return {each.name.removeprefix("datacomp_"): each.value for each in found}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("top", "prefix"), [(1, "acc"), (5, "acc_top5")])
def test_recognition_is_what_scikit_learn_and_a_table_by_group_give(seed, top, prefix):
    rows, truth, right = drawn(seed)
    found = values(datacomp.recognition(rows, right, top))
    answer = rows.cosines.argmax(axis=1)
    hit = (np.argsort(-rows.cosines, axis=1)[:, :top] == truth[:, None]).any(axis=1)
    by_group = pd.Series(hit).groupby(np.repeat(list(SIZES), list(SIZES.values()))).mean()
    assert found == pytest.approx(
        {
            "acc1": accuracy_score(truth, answer),
            "acc5": top_k_accuracy_score(truth, rows.cosines, k=5, labels=range(7)),
            "mean_per_class_recall": recall_score(truth, answer, labels=np.unique(truth), average="macro"),
            f"{prefix}_avg": hit.mean(),
            f"{prefix}_wg": by_group.min(),
        }
    )


def test_harms_are_shares_of_which_the_smallest_is_called_the_worst():
    rows, _, _ = drawn(0)
    outcomes = np.zeros(125)
    outcomes[:30] = 1  # 30 of 40 in q1, none of 25 in q2 and none of 60 in q4
    assert values(datacomp.harm(rows, outcomes, 1)) == {"toxicity_avg": 30 / 125, "toxicity_wg": 0.0}


def test_what_datacomp_does_not_define_is_undefined():
    rows, _, right = drawn(0)
    right[3] = True
    found = list(datacomp.recognition(rows, right, 1))
    assert len(found) == 5
    assert all(isinstance(each, Undefined) for each in found)
    assert "1 of 125 pictures have several" in found[0].reason
    assert all(isinstance(each, Undefined) for each in datacomp.harm(rows, np.zeros(125), 5))
    rows, _, right = drawn(0, classes=4)
    five = {each.name: each for each in datacomp.recognition(rows, right, 1)}["datacomp_acc5"]
    assert isinstance(five, Undefined)
