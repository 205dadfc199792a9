"""How `probes/replications/goh2021/model` follows from the two published tables and the lexicon of places."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

PROBES = Path(__file__).parents[3] / "probes"
FOLDER = PROBES / "replications" / "goh2021"


def lexicon_names() -> dict[str, str]:
    """Every spelling of a country in the lexicon, with the lexicon's own name for it."""
    lexicon = YAML(typ="safe", pure=True).load((PROBES / "lexicons" / "places.yaml").read_text(encoding="utf-8"))
    names: dict[str, str] = {}
    for concept in lexicon["concepts"].values():
        for term in concept.get("terms", ()):
            names[term] = term
            names |= dict.fromkeys(concept.get("aliases", {}).get(term, ()), term)
    return names


def published() -> pd.DataFrame:
    """The published responses with the unit named `model:channel`."""
    table = pd.read_parquet(FOLDER / "responses.parquet")
    return table.assign(unit=table["model"] + ":" + table["unit"].astype(str))


def unit_names() -> list[str]:
    return list(dict.fromkeys(published()["unit"]))


def stimuli() -> pd.DataFrame:
    """One row a place of the table, countries first, in the table's order; a name that is there twice is numbered."""
    first = published()[lambda table: table["unit"] == table["unit"].iloc[0]]
    names, seen, rows = lexicon_names(), Counter[str](), []
    for row in first.itertuples(index=False):
        where = f"{row.kind}/{row.place}"
        seen[where] += 1
        # A city must not be taken for the country of its name.
        city = f"{row.place} (city)" if row.place in names else row.place
        rows.append(
            {
                "id": where if seen[where] == 1 else f"{where} ({seen[where]})",
                "modality": "image",
                "form": "rendered",
                "kind": row.kind,
                "term": names[row.place] if row.kind == "country" else city,
                "place": row.place,
                "initial": row.place.removeprefix("The ")[0],
                "longitude": "" if np.isnan(row.longitude) else f"{row.longitude:g}",
                "latitude": "" if np.isnan(row.latitude) else f"{row.latitude:g}",
            }
        )
    return pd.DataFrame(rows)


def activations() -> np.ndarray:
    """(places, units) float32 responses."""
    table = published()
    columns = [table.loc[table["unit"] == unit, "response"].to_numpy() for unit in unit_names()]
    return np.stack(columns, axis=1).astype(np.float32)


def units() -> pd.DataFrame:
    names = unit_names()
    models = [name.split(":")[0] for name in names]
    layers = [f"{model} last residual block, before its ReLU" for model in models]
    return pd.DataFrame({"unit": names, "layer": layers, "model": models})


def top_words() -> pd.DataFrame:
    table = pd.read_parquet(FOLDER / "top_words.parquet")
    named = table.assign(unit=table["model"] + ":" + table["unit"].astype(str))
    return named[["unit", "rank", "word"]].reset_index(drop=True)
