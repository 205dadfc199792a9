"""The file of untrained towers: read whole, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audit.encoders.untrained import UNTRAINED, read_untrained, untrained_text
from audit.errors import ModelError
from audit.records import UntrainedNull

if TYPE_CHECKING:
    from pathlib import Path

DIGESTS = {"open_clip_config.json": "a" * 64, "text.safetensors": "b" * 64, "image.safetensors": "c" * 64}
NULLS = [
    UntrainedNull(
        suite="regions",
        probe="flags",
        form=("pictograph", "text"),
        fingerprint="f" * 64,
        statistic=statistic,
        values=(-0.25, 1e-7, 3.0),
    )
    for statistic in ("cosine_difference", "hedges_g")
]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    assert read_untrained(tmp_path, DIGESTS) == ()
    text = untrained_text(NULLS, DIGESTS)
    (tmp_path / UNTRAINED).write_text(text)
    assert read_untrained(tmp_path, DIGESTS) == tuple(NULLS)
    assert len(text.splitlines()) < 14  # one null a line, so that a change can be seen


@pytest.mark.parametrize("changed", ["open_clip_config.json", "text.safetensors"])
def test_towers_of_another_shape_or_beside_other_texts_are_none(tmp_path: Path, changed: str) -> None:
    (tmp_path / UNTRAINED).write_text(untrained_text(NULLS, DIGESTS))
    assert read_untrained(tmp_path, DIGESTS | {changed: "0" * 64}) == ()
    # What the model itself learned plays no part: the towers learned nothing.
    assert read_untrained(tmp_path, DIGESTS | {"image.safetensors": "0" * 64}) == tuple(NULLS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"nulls"', '"noughts"'),
        ("-0.25, ", ""),
        ("-0.25", "NaN"),
        ("clip-audit/untrained/1", "clip-audit/untrained/0"),
        ('"towers": 3', '"towers": 4'),
        ("]", "}"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = untrained_text(NULLS, DIGESTS)
    assert old in text
    (tmp_path / UNTRAINED).write_text(text.replace(old, new))
    with pytest.raises(ModelError, match="cannot be read"):
        read_untrained(tmp_path, DIGESTS)
