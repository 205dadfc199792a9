"""``arrays:FOLDER``: embeddings or unit activations that were computed elsewhere."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from audit.encoders.digest import files_digest
from audit.encoders.model_card import read_model_card
from audit.encoders.paths import located
from audit.encoders.protocol import Precomputed
from audit.errors import ModelError
from audit.records import LayerInfo, Modality, ModelInfo
from audit.store import find_table, read_table

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from audit.store import Table

_SHOWN = 5  # row ids shown in a message; the rest are counted


def load_arrays(location: str, device: str, base: Path | None) -> Precomputed:
    """Read and check a folder of arrays; ``device`` plays no part, since nothing is run.

    The folder holds ``stimuli.csv`` or ``.parquet`` (columns ``id``, ``modality`` = text or image, any others),
    ``embeddings.npy`` (n x d) and/or ``activations.npy`` (n x u) with ``units.csv`` (column ``unit``, optionally
    ``layer``), and optionally ``top_words.csv`` (``unit``, ``rank``, ``word``) and ``model.yaml``. Nothing is dropped
    or filled in: a row that cannot be used is an error that names it.
    """
    del device
    folder = located(location, base)
    if not folder.is_dir():
        raise ModelError(f"arrays:{location}: there is no folder {folder}")
    stimuli_file = find_table(folder, "stimuli", error=ModelError)
    if stimuli_file is None:
        raise ModelError(
            f"{folder}: there is no stimuli.csv or stimuli.parquet", hint="one row a stimulus: id, modality, any labels"
        )
    stimuli = _stimuli(read_table(stimuli_file, error=ModelError))
    ids = list(stimuli["id"])
    embeddings, activations = _array(folder, "embeddings", ids), _array(folder, "activations", ids)
    if embeddings is None and activations is None:
        others = ", ".join(sorted(path.name for path in folder.glob("*.npy"))) or "no .npy file"
        raise ModelError(f"{folder}: there is neither embeddings.npy nor activations.npy", hint=f"it holds {others}")
    units_file, words_file = (
        find_table(folder, "units", error=ModelError),
        find_table(folder, "top_words", error=ModelError),
    )
    units = _units(units_file, activations, folder)
    words = _top_words(read_table(words_file, error=ModelError), units) if words_file else None
    card_file = folder / "model.yaml"
    card = read_model_card(card_file)
    used = [stimuli_file, units_file, words_file, folder / "embeddings.npy", folder / "activations.npy", card_file]
    info = ModelInfo(
        spec=f"arrays:{location}",
        name=card.name or folder.resolve().name,
        kind="arrays",
        modalities=frozenset(Modality(value) for value in stimuli["modality"].unique()),
        dimension=None if embeddings is None else embeddings.shape[1],
        weights_digest=files_digest([path for path in used if path and path.is_file()], folder),
        preprocessing="none: computed elsewhere",
        dtype=str(next(array.dtype for array in (embeddings, activations) if array is not None)),
        layers=_layers(units, activations),
        source=card.source,
        licence=card.licence,
        note=card.note,
    )
    return Precomputed(info, stimuli, embeddings, activations, units, words)


def _stimuli(table: Table) -> pd.DataFrame:
    table.require("id", "modality")
    table.require_unique("id")
    known = [modality.value for modality in Modality]
    for row, value in enumerate(table.frame["modality"]):
        if value not in known:
            raise table.refuse(f"{value!r} is none of {', '.join(known)}", row=row, column="modality")
    others = [name for name in table.frame.columns if name not in ("id", "modality")]
    return table.frame[["id", "modality", *others]]


def _array(folder: Path, stem: str, ids: list[str]) -> NDArray[np.floating] | None:
    path = folder / f"{stem}.npy"
    if not path.is_file():
        return None
    try:
        # Object arrays are pickles, and a pickle can run code.
        array = np.load(path, allow_pickle=False)
    except (OSError, EOFError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read as a NumPy array ({str(error).splitlines()[0]})") from error
    if not isinstance(array, np.ndarray) or not np.issubdtype(array.dtype, np.floating):
        found = getattr(array, "dtype", "an archive of arrays")
        raise ModelError(f"{path}: holds {found}; floating-point numbers are expected", hint="array.astype('float32')")
    if array.ndim != 2 or array.shape[1] == 0:
        raise ModelError(f"{path}: has shape {array.shape}; two dimensions are expected, one row a stimulus")
    if len(array) != len(ids):
        raise ModelError(
            f"{path}: has {len(array)} rows where stimuli has {len(ids)}", hint="row i belongs to stimulus i"
        )
    finite = np.isfinite(array).all(axis=1)
    _refuse_rows(path, ids, np.flatnonzero(~finite), "not finite (NaN or infinite)")
    if stem == "embeddings":
        # A zero vector has no direction. A stimulus that excites no unit is a measurement like any other.
        directed = array.any(axis=1)
        _refuse_rows(path, ids, np.flatnonzero(~directed), "zero throughout, so that no cosine exists")
    return array


def _refuse_rows(path: Path, ids: list[str], rows: NDArray[np.intp], what: str) -> None:
    if rows.size:
        shown = ", ".join(f"{ids[row]} (row {row + 1})" for row in rows[:_SHOWN])
        more = f" and {rows.size - _SHOWN} more" if rows.size > _SHOWN else ""
        count = "1 row is" if rows.size == 1 else f"{rows.size} rows are"
        raise ModelError(
            f"{path}: {count} {what}: {shown}{more}", hint="mend them, or leave these stimuli out of every file"
        )


def _units(path: Path | None, activations: NDArray[np.floating] | None, folder: Path) -> pd.DataFrame | None:
    if activations is None:
        if path is not None:
            raise ModelError(f"{path}: names units, but there is no activations.npy")
        return None
    if path is None:
        raise ModelError(
            f"{folder}: activations.npy needs units.csv", hint="one row a column of the array: unit, layer"
        )
    table = read_table(path, error=ModelError)
    if table.frame.columns[0] != "unit":
        raise table.refuse(f"the first column is {table.frame.columns[0]!r}; it must be 'unit'")
    table.require_unique("unit")
    if len(table.frame) != activations.shape[1]:
        raise table.refuse(f"names {len(table.frame)} units where activations.npy has {activations.shape[1]} columns")
    layer = table.frame.get("layer", "published")
    return table.frame[["unit"]].assign(layer=layer)


def _layers(units: pd.DataFrame | None, activations: NDArray[np.floating] | None) -> tuple[LayerInfo, ...]:
    if units is None or activations is None:
        return ()
    counts = Counter(units["layer"])
    # No ReLU gives a negative number, so a layer with one was read before its nonlinearity.
    signed = {name: bool((activations[:, (units["layer"] == name).to_numpy()] < 0).any()) for name in counts}
    return tuple(LayerInfo(name, "none", count, signed[name]) for name, count in counts.items())


def _top_words(table: Table, units: pd.DataFrame | None) -> pd.DataFrame:
    table.require("unit", "rank", "word")
    known = set() if units is None else set(units["unit"])
    ranks: list[int] = []
    for row, (unit, rank) in enumerate(zip(table.frame["unit"], table.frame["rank"], strict=True)):
        if unit not in known:
            raise table.refuse(f"{unit!r} is not a unit of units.csv", row=row, column="unit")
        if not rank.isdecimal() or int(rank) < 1:
            raise table.refuse(f"{rank!r} is not a rank; 1 is the highest", row=row, column="rank")
        ranks.append(int(rank))
    return table.frame[["unit", "word"]].assign(rank=ranks)[["unit", "rank", "word"]]
