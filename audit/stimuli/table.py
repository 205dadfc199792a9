"""Rows of a stimulus table, an ``arrays:`` model's own or one of images, selected by a concept's definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.records import Exclusion, Modality
from audit.stimuli.stimulus import Stimulus, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

SHOWN_NAMES = 20


class StimulusTable:
    """Rows that a model's arrays are aligned with, or images that a model is shown."""

    def __init__(self, frame: pd.DataFrame, name: str = "the model's stimulus table") -> None:
        """``frame`` has the columns ``id``, ``modality`` and any labels, all strings; ``name`` is for messages."""
        self._frame = frame
        self._name = name

    def of_form(self, form: str) -> NDArray[np.bool_]:
        """(rows,) True for the rows that can be shown in ``form``."""
        frame = self._frame
        if form == "text":
            wanted: NDArray[np.bool_] = (frame["modality"] == "text").to_numpy()
            return wanted
        images = (frame["modality"] == "image").to_numpy()
        if form == "image":
            return images
        return images & (frame["form"] == form).to_numpy() if "form" in frame else np.zeros(len(frame), dtype=bool)

    def where(self, labels: Mapping[str, Sequence[str]]) -> NDArray[np.bool_]:
        """(rows,) True where every named column has one of the values asked for."""
        kept = np.ones(len(self._frame), dtype=bool)
        for column, values in labels.items():
            if column not in self._frame:
                columns = ", ".join(map(str, self._frame.columns))
                raise Unavailable("stimuli", f"{self._name} has no column {column!r} (it has {columns})")
            kept &= self._frame[column].astype(str).isin(list(values)).to_numpy()
        return kept

    def terms(self, terms: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> NDArray[np.bool_]:
        """(rows,) True where the column ``term`` holds one of the terms or another spelling of it."""
        if "term" not in self._frame:
            raise Unavailable("stimuli", "the model's stimulus table has no column 'term' to look terms up in")
        spelled = {spelling for term in terms for spelling in (term, *aliases.get(term, ()))}
        found: NDArray[np.bool_] = self._frame["term"].isin(spelled).to_numpy()
        return found

    def absent(self, terms: Sequence[str], aliases: Mapping[str, Sequence[str]], form: str) -> tuple[Exclusion, ...]:
        """The terms that no row of the form shows."""
        there = set(self._frame.loc[self.of_form(form), "term"])
        missing = [term for term in terms if there.isdisjoint((term, *aliases.get(term, ())))]
        if not missing:
            return ()
        reason = "not among the model's own stimuli"
        return (Exclusion("terms", len(missing), reason, tuple(missing[:SHOWN_NAMES])),)

    def stimuli(
        self, rows: NDArray[np.bool_], form: str, cluster: str, block: str | None = None, labels: Sequence[str] = ()
    ) -> tuple[Stimulus, ...]:
        """The rows as stimuli.

        ``cluster`` is ``item`` (every row its own), ``term`` or a label column; ``block`` is a label column or None;
        ``labels`` are label columns that every stimulus brings.
        """
        purposes = [("cluster", cluster if cluster not in {"item", "term"} else None), ("match", block)]
        for purpose, wanted in (*purposes, *(("divide", label) for label in labels)):
            if wanted is not None and wanted not in self._frame:
                columns = ", ".join(map(str, self._frame.columns))
                raise Unavailable(
                    "stimuli", f"{self._name} has no column {wanted!r} to {purpose} by (it has {columns})"
                )
        column = cluster if cluster in self._frame else "id"
        name = "term" if "term" in self._frame else "id"
        return tuple(
            Stimulus(
                key=str(row.id),
                modality=Modality(str(row.modality)),
                form=form,
                content=str(row.id),
                cluster=str(group) if str(group) else str(row.id),
                item=str(row.id),
                template="",
                label=str(label) if str(label) else str(row.id),
                block=str(matched),
                labels=dict(zip(labels, map(str, known), strict=True)),
            )
            for row, group, label, matched, known in zip(
                self._frame.loc[rows, ["id", "modality"]].itertuples(index=False),
                self._frame.loc[rows, column],
                self._frame.loc[rows, name],
                self._frame.loc[rows, block] if block else [""] * int(rows.sum()),
                self._frame.loc[rows, list(labels)].itertuples(index=False),
                strict=True,
            )
        )
