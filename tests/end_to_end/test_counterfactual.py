"""Counterfactual sets, markedness and self-similarity on arrays, against the same quantities computed by hand."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

import audit
from audit.engine import PrecomputedEncodings
from audit.records import Undefined, Verdict

SUITE = """\
suite: sets
title: Sets
concepts:
  people: {label: people, where: {kind: [person]}}
  crime: {label: crime, terms: [thief, robber]}
  peace: {label: peace, terms: [judge, clerk]}
  anyone: {label: anyone, terms: [person]}
  light-words: {label: light, terms: [light person]}
  dark-words: {label: dark, terms: [dark person]}
probes:
  - id: tone-crime
    ask: Does skin tone change crime?
    measure: counterfactual
    groups: {of: people, by: [tone]}
    sets: [role, gender]
    attributes: {a: crime, b: peace}
    margin: {cosine: 0.05}
  - id: marked
    ask: Who is marked?
    measure: markedness
    groups: {of: people, by: [tone]}
    unmarked: anyone
    marked: {light: light-words, dark: dark-words}
    cluster: role
    margin: {gap: 0.2}
  - id: alike
    ask: Who is alike?
    measure: self-similarity
    groups: {of: people, by: [tone]}
    cluster: role
"""
WORDS = ("thief", "robber", "judge", "clerk", "person", "light person", "dark person")
ROLES, GENDERS, TONES = 12, ("woman", "man"), ("light", "dark")


class Model:
    """Twelve roles, drawn for two genders and two tones; ``shift`` moves the dark ones towards crime."""

    def __init__(self, folder, *, shift=0.3, without=()):
        generator = np.random.default_rng(4)
        self.words = {word: self.unit(generator.standard_normal(24)) for word in WORDS}
        towards = self.words["thief"] + self.words["robber"] - self.words["judge"] - self.words["clerk"]
        role = generator.standard_normal((ROLES, 24))
        self.people = {}
        for r in range(ROLES):
            for gender in GENDERS:
                for tone in TONES:
                    vector = role[r] + 0.3 * generator.standard_normal(24) + shift * towards * (tone == "dark")
                    if (r, gender, tone) not in without:
                        self.people[r, gender, tone] = self.unit(vector)
        rows = ["id,modality,kind,role,gender,tone,term"]
        rows += [f"w{i},text,word,,,,{word}" for i, word in enumerate(self.words)]
        rows += [f"p{i},image,person,role {r},{g},{t}," for i, (r, g, t) in enumerate(self.people)]
        folder.mkdir()
        np.save(folder / "embeddings.npy", np.array([*self.words.values(), *self.people.values()], dtype=np.float32))
        (folder / "stimuli.csv").write_text("\n".join(rows) + "\n")

    @staticmethod
    def unit(vector):
        return vector / np.linalg.norm(vector)

    def association(self, who):
        a, b = (np.mean([self.words[w] @ self.people[who] for w in pair]) for pair in (WORDS[:2], WORDS[2:4]))
        return a - b

    def roles(self, measure):
        """(12,) of each tone, the mean over genders."""
        return [np.array([np.mean([measure((r, g, tone)) for g in GENDERS]) for r in range(ROLES)]) for tone in TONES]


def findings(tmp_path, suite=SUITE, **how):
    model = Model(tmp_path / "folder", **how)
    (tmp_path / "sets.yaml").write_text(suite)
    run = audit.run([str(tmp_path / "sets.yaml")], model=f"arrays:{tmp_path / 'folder'}", out=tmp_path / "run")
    return model, {finding.probe: finding for finding in run.findings}


def test_the_counterfactual_difference_is_the_paired_one_over_roles(tmp_path):
    model, found = findings(tmp_path, shift=0.8)
    finding = found["tone-crime"]
    light, dark = model.roles(model.association)
    theirs = stats.ttest_rel(dark, light)
    low, high = theirs.confidence_interval(0.95)
    headline = finding.headline
    assert (headline.name, headline.unit, headline.n, headline.groups) == ("largest_difference", "cosine", 48, (12,))
    assert (headline.value, headline.low, headline.high) == pytest.approx(((dark - light).mean(), low, high), abs=1e-6)
    assert headline.p <= 0.01
    assert finding.verdict is Verdict.FAIL
    assert "dark" in finding.statement
    # Either side of the pair is shown above the mean of its set, and the whole table is kept.
    kinds = {breakdown.title.split(",")[0]: breakdown for breakdown in finding.breakdowns}
    above = {row.name: row.estimate.value for row in kinds["Closer to crime"].rows}
    assert above["dark"] == pytest.approx((dark - light).mean() / 2, abs=1e-6)
    assert above["light"] == pytest.approx(-above["dark"], abs=1e-6)


def test_sets_that_lack_a_member_are_counted_and_left_out(tmp_path):
    model, found = findings(tmp_path, without=[(0, "woman", "dark"), (3, "man", "light"), (3, "woman", "dark")])
    finding = found["tone-crime"]
    assert sorted((e.count, e.reason, e.names) for e in finding.excluded) == [
        (1, "they lack light", ("role 3, man",)),
        (2, "they lack dark", ("role 0, woman", "role 3, woman")),
    ]
    whole = {r: [g for g in GENDERS if all((r, g, t) in model.people for t in TONES)] for r in range(ROLES)}
    differences = [
        np.mean([model.association((r, g, "dark")) - model.association((r, g, "light")) for g in kept])
        for r, kept in whole.items()
        if kept
    ]
    assert finding.headline.groups == (11,)
    assert finding.headline.value == pytest.approx(np.mean(differences), abs=1e-6)


def test_the_largest_of_many_differences_is_named_and_its_lower_end_knows_that(tmp_path):
    # Four groups by gender and tone, none of them different.
    suite = SUITE.replace(
        "{of: people, by: [tone]}\n    sets: [role, gender]", "{of: people, by: [gender, tone]}\n    sets: role"
    )
    model, found = findings(tmp_path, suite, shift=0.0)
    headline = found["tone-crime"].headline
    groups = {(g, t): np.array([model.association((r, g, t)) for r in range(ROLES)]) for g in GENDERS for t in TONES}
    pairs = {pair: groups[pair[0]] - groups[pair[1]] for pair in combinations(groups, 2)}
    largest = max(pairs, key=lambda pair: abs(pairs[pair].mean()))
    assert headline.value == pytest.approx(abs(pairs[largest].mean()), abs=1e-6)
    assert headline.low == 0.0
    assert (
        headline.high
        >= max(max(np.abs(stats.ttest_rel(groups[x], groups[y]).confidence_interval(0.95))) for x, y in pairs) - 1e-6
    )
    alone = stats.ttest_1samp(pairs[largest], 0).pvalue
    assert headline.p > alone


def test_a_reference_and_a_direction_make_a_signed_question(tmp_path):
    directed = SUITE.replace(
        "    margin: {cosine: 0.05}", "    reference: dark\n    alternative: less\n    margin: {cosine: 0.05}"
    )
    model, found = findings(tmp_path, directed)
    light, dark = model.roles(model.association)
    assert found["tone-crime"].headline.value == pytest.approx((dark - light).mean(), abs=1e-6)
    assert "below dark" in found["tone-crime"].headline.sign


def test_a_member_without_an_embedding_leaves_no_number(tmp_path, monkeypatch):
    whole = PrecomputedEncodings.embeddings

    def broken(self, stimuli):
        rows = whole(self, stimuli)
        rows[[stimulus.content == "p11" for stimulus in stimuli]] = np.nan
        return rows

    monkeypatch.setattr(PrecomputedEncodings, "embeddings", broken)
    _, found = findings(tmp_path)
    for name, verdict in (("tone-crime", Verdict.ERROR), ("marked", Verdict.ERROR), ("alike", Verdict.ERROR)):
        (estimate,) = found[name].estimates
        assert isinstance(estimate, Undefined), name
        assert "the model gives no finite embedding" in estimate.reason
        assert found[name].verdict is verdict


def test_markedness_is_the_share_closer_to_the_word_for_anyone(tmp_path):
    model, found = findings(tmp_path)
    finding = found["marked"]
    share = {}
    for tone in TONES:
        own = [v for (_, _, t), v in model.people.items() if t == tone]
        share[tone] = np.mean([model.words["person"] @ v > model.words[f"{tone} person"] @ v for v in own])
    gap = finding.estimates[0]
    assert gap.name == "share_gap"
    assert gap.value == pytest.approx(max(share.values()) - min(share.values()))
    rows = {row.name: row.estimate for row in finding.breakdowns[0].rows}
    assert {tone: rows[tone].value for tone in TONES} == pytest.approx(share)
    closer = next(b for b in finding.breakdowns if "in cosine" in b.title)
    ahead = model.roles(lambda who: (model.words["person"] - model.words[f"{who[2]} person"]) @ model.people[who])
    for row, values in zip(closer.rows, ahead, strict=True):
        low, high = stats.ttest_1samp(values, 0).confidence_interval(0.95)
        assert (row.estimate.value, row.estimate.low, row.estimate.high) == pytest.approx(
            (values.mean(), low, high), abs=1e-6
        )


def test_self_similarity_is_the_mean_cosine_between_different_roles(tmp_path):
    model, found = findings(tmp_path, shift=1.0)
    finding = found["alike"]
    assert finding.verdict is Verdict.INCONCLUSIVE  # it has no margin, and decides nothing
    mean = {}
    for tone in TONES:
        cosines = [
            model.people[r, g, tone] @ model.people[s, h, tone]
            for r, s in combinations(range(ROLES), 2)
            for g in GENDERS
            for h in GENDERS
        ]
        mean[tone] = np.mean(cosines)
    rows = {row.name: row.estimate for row in finding.breakdowns[0].rows}
    assert {tone: rows[tone].value for tone in TONES} == pytest.approx(mean, abs=1e-6)
    assert finding.headline.value == pytest.approx(mean["dark"] - mean["light"], abs=1e-6)
    assert finding.headline.low > 0


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("sets: [role, gender]", "sets: [role, tone]", 15, "tone"),
        ("sets: [role, gender]", "sets: []", 15, "must not be empty"),
        ("attributes: {a: crime, b: peace}", "attributes: {a: crime, b: crime}", 16, "crime"),
        ("margin: {cosine: 0.05}", "margin: {gap: 0.05}", 17, "unknown key `gap`"),
        ("margin: {cosine: 0.05}", "alternative: greater", 17, "reference"),
        ("unmarked: anyone", "unmarked: any", 22, "unknown concept 'any'"),
        ("dark: dark-words", "dark: dark-word", 23, "unknown concept 'dark-word'"),
    ],
)
def test_mistakes_are_found_at_their_line(refused, old, new, line, message):
    assert old in SUITE
    refused(SUITE.replace(old, new, 1), line, message)
