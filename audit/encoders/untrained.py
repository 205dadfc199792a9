"""What image towers that were never trained give: the file that ships beside pocket."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from audit.encoders.open_clip_source import CONFIG
from audit.errors import ModelError
from audit.records import UntrainedNull

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

UNTRAINED = "untrained.json"
"""``{"schema", "towers", "model", "nulls"}``, as ``python -m recipes.pocket.untrained`` writes it."""
SCHEMA = "clip-audit/untrained/1"
_RESTS_ON = (CONFIG, "text.safetensors")


def rests_on(digests: Mapping[str, str]) -> dict[str, str]:
    """Of the shipped files, those on which an untrained tower's numbers depend: its shape, and the text tower."""
    return {name: digests[name] for name in _RESTS_ON if name in digests}


def read_untrained(folder: Path, digests: Mapping[str, str]) -> tuple[UntrainedNull, ...]:
    """The nulls that ship in ``folder``; none when there is no file, or when it was made beside another text tower or
    for towers of another shape. ``digests`` are those of the shipped files. ModelError when the file cannot be read.
    """
    path = folder / UNTRAINED
    if not path.is_file():
        return ()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["schema"] != SCHEMA:
            raise ValueError(f"its schema is {found['schema']!r}, and {SCHEMA!r} is read here")
        towers = int(found["towers"])
        nulls = tuple(_null(one, towers) for one in found["nulls"])
        current = found["model"] == rests_on(digests)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path} cannot be read: {error}", hint="python -m recipes.pocket.untrained makes it anew"
        ) from error
    return nulls if current else ()


def untrained_text(nulls: Sequence[UntrainedNull], digests: Mapping[str, str]) -> str:
    """The text of the file, one null a line; every null has a value for each tower. ``digests`` as for reading."""
    head = {"schema": SCHEMA, "towers": len(nulls[0].values), "model": rests_on(digests)}
    lines = ",\n".join(
        "    "
        + json.dumps(
            {
                "suite": null.suite,
                "probe": null.probe,
                "form": null.form,
                "fingerprint": null.fingerprint,
                "statistic": null.statistic,
                "values": [float(f"{value:.5g}") for value in null.values],
            }
        )
        for null in nulls
    )
    opened = json.dumps(head, indent=2).removesuffix("\n}")
    return f'{opened},\n  "nulls": [\n{lines}\n  ]\n}}\n'


def _null(found: Mapping[str, Any], towers: int) -> UntrainedNull:
    values = tuple(float(value) for value in found["values"])
    if len(values) != towers or not all(map(math.isfinite, values)):
        raise ValueError(f"{found['suite']}/{found['probe']} has {len(values)} values for {towers} towers")
    return UntrainedNull(
        suite=str(found["suite"]),
        probe=str(found["probe"]),
        form=tuple(map(str, found["form"])),
        fingerprint=str(found["fingerprint"]),
        statistic=str(found["statistic"]),
        values=values,
    )
