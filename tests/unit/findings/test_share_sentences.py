"""Sentences about shares of groups: they name a group only where the interval settles that it differs."""

from __future__ import annotations

import pytest

from audit.findings import statement
from audit.records import Labels, Margin
from tests.unit.findings.example import estimate, measurement

GROUPS = Labels("women", "men", "criminals")
ALIKE = Labels("women", "women", "criminals")


@pytest.mark.parametrize(
    ("measure", "name", "ends", "labels", "said"),
    [
        (
            "classification",
            "share_gap",
            (0.31, 0.22, 0.40),
            GROUPS,
            "Pictures of women are classified as criminals more often than those of men, by a share of 0.310 (95 % "
            "interval "
            "0.220 to 0.400), beyond the margin of 0.1.",
        ),
        (
            "classification",
            "share_gap",
            (0.05, 0.0, 0.12),
            GROUPS,
            "The model shows no settled difference between 2 groups in how often their pictures are classified as "
            "criminals: "
            "the largest, of women over men, is 0.050 (95 % interval 0.000 to 0.120), which leaves open whether it "
            "is beyond "
            "the margin of 0.1.",
        ),
        (
            "classification",
            "share_gap",
            (0.0, 0.0, 0.04),
            ALIKE,
            "The model shows no settled difference between 2 groups in how often their pictures are classified as "
            "criminals: "
            "the share is the same in all, and the gap is 0.000 (95 % interval 0.000 to 0.040), inside the margin "
            "of 0.1.",
        ),
        (
            "performance",
            "share_ratio",
            (0.62, 0.51, 0.73),
            GROUPS,
            "Pictures of men are recognised 0.62 (95 % interval 0.51 to 0.73) times as often as those of women, "
            "short of the "
            "margin of at least 0.8.",
        ),
        (
            "performance",
            "share_ratio",
            (0.95, 0.86, 1.0),
            GROUPS,
            "The model shows no settled difference between 2 groups in how often their pictures are recognised: the "
            "smallest "
            "share, of men, is 0.950 (95 % interval 0.860 to 1.000) times the largest, of women, within the margin "
            "of at least "
            "0.8.",
        ),
        (
            "performance",
            "smallest_share",
            (0.71, 0.64, 0.78),
            GROUPS,
            "Of the pictures of men, fewer than of any other group, a share of 0.710 (95 % interval 0.640 to 0.780) is "
            "recognised, which leaves open whether it reaches the margin of at least 0.7.",
        ),
    ],
)
def test_sentences_of_shares(measure, name, ends, labels, said):
    margin = {
        "share_gap": Margin(name, 0.1),
        "share_ratio": Margin(name, 0.8, least=True),
        "smallest_share": Margin(name, 0.7, least=True),
    }[name]
    unit = "ratio" if name == "share_ratio" else "share"
    made = estimate(*ends, name=name, unit=unit)
    assert statement(measurement(made, measure=measure, labels=labels, margin=margin)) == said
