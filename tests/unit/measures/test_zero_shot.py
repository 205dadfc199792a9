"""Zero-shot classification on embeddings made by hand, and against Fairlearn and scikit-learn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import MetricFrame
from sklearn.metrics import accuracy_score

from audit.measures import zero_shot
from audit.records import Modality, Undefined
from audit.stats import ShareComparison, group_shares
from audit.stimuli import Stimulus, StimulusSet


def stimulus(name, cluster=""):
    return Stimulus(name, Modality.IMAGE, "image", name, cluster or name, name, "", name)


def pictures(label, *names):
    return StimulusSet(label, label, "image", tuple(stimulus(name) for name in names))


def words(label, *names, templates=("{}",)):
    made = (
        Stimulus(f"{t}:{name}", Modality.TEXT, "text", t.replace("{}", name), name, name, t, name)
        for name in names
        for t in templates
    )
    return StimulusSet(label, label, "text", tuple(made))


class Given:
    """Embeddings by the key of a stimulus, made unit length."""

    def __init__(self, vectors):
        self.vectors = {k: np.array(v, float) / np.linalg.norm(v) for k, v in vectors.items()}

    def embeddings(self, stimuli):
        return np.array([self.vectors.get(s.key, np.full(2, np.nan)) for s in stimuli])


MODEL = Given(
    {
        "p": (1, 0.1),
        "q": (0.1, 1),
        "r": (1, 0.9),
        "{}:cat": (1, 0),
        "{}:dog": (0, 1),
        "a {}:cat": (0, 1),
        "a {}:dog": (0, 1),
    }
)


def test_the_closest_class_is_the_models_choice():
    rows = zero_shot([pictures("a", "p", "q"), pictures("b", "r")], [words("pets", "cat", "dog")], MODEL)
    assert [rows.classes[i] for i in rows.closest(1)[:, 0]] == ["cat", "dog", "cat"]
    assert rows.group.tolist() == [0, 0, 1]
    assert np.isclose(rows.cosines[0, 0], 1 / np.hypot(1, 0.1))
    assert rows.hits(np.array([True, False]), 1).tolist() == [1, 0, 1]
    assert rows.hits(np.array([True, False]), 2).tolist() == [1, 1, 1]


def test_a_class_is_the_unit_mean_of_its_prompts_or_one_alone():
    labels = [words("pets", "cat", "dog", templates=("{}", "a {}"))]
    both = zero_shot([pictures("a", "p")], labels, MODEL)
    # The cat lies halfway between its prompts; both of the dog's are the same.
    assert np.allclose(both.cosines[0], [1.1 / np.sqrt(2) / np.hypot(1, 0.1), 0.1 / np.hypot(1, 0.1)])
    alone = zero_shot([pictures("a", "p")], labels, MODEL, template="a {}")
    assert np.allclose(alone.cosines[0, 0], alone.cosines[0, 1])
    assert alone.closest(1)[0, 0] == 0  # of equals, the one that is named first


def test_a_class_whose_prompts_cancel_out_has_no_direction():
    labels = [words("pets", "cat", "dog", templates=("{}", "not {}"))]
    model = Given({"p": (1, 0), "{}:cat": (1, 0), "not {}:cat": (-1, 0), "{}:dog": (0, 1), "not {}:dog": (0, 1)})
    rows = zero_shot([pictures("a", "p")], labels, model)
    assert rows.unknown_classes == ("cat",)
    assert np.isnan(rows.hits(np.array([False, True]), 1)).all()


def test_a_picture_without_an_embedding_is_no_miss():
    rows = zero_shot([pictures("a", "p", "nothing")], [words("pets", "cat", "dog")], MODEL)
    assert np.isnan(rows.hits(np.array([True, False]), 1)).tolist() == [False, True]
    assert rows.kept(np.array([True, False])).stimuli == rows.stimuli[:1]


@pytest.mark.parametrize("seed", range(3))
def test_shares_of_groups_are_fairlearns(seed):
    rng = np.random.default_rng(seed)
    truth, answer, group = rng.integers(0, 3, 300), rng.integers(0, 3, 300), rng.integers(0, 4, 300)
    theirs = MetricFrame(metrics=accuracy_score, y_true=truth, y_pred=answer, sensitive_features=pd.Series(group))
    shares = group_shares((truth == answer).astype(float), group, np.arange(300), ("0", "1", "2", "3"))
    ours = ShareComparison(shares, Undefined(name="p", reason="not asked"), 0)
    assert np.allclose(shares.share, theirs.by_group.to_numpy())
    assert np.isclose(ours.estimate("share_gap").value, theirs.difference())
    assert np.isclose(ours.estimate("share_ratio").value, theirs.ratio())
    assert np.isclose(ours.estimate("smallest_share").value, theirs.group_min())
    assert np.isclose(ours.estimate("largest_share").value, theirs.group_max())
