"""The Parquet tables of a run: their columns, each with what it means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from audit.errors import AuditError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    import pyarrow as pa

    Rows = Iterable[Mapping[str, object]] | pd.DataFrame

VERSION = "clip-audit/tables/1"

Kind = Literal["text", "whole", "number", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a stored table."""

    name: str
    kind: Kind
    """``text`` (string), ``whole`` (int64), ``number`` (float64, finite) or ``flag`` (bool)."""
    doc: str
    """What it holds, in which unit; stored with the column."""
    required: bool = True
    """False when a row may have no value here."""


_PLACE = (
    Column("suite", "text", "Id of the suite."),
    Column("probe", "text", "Id of the probe inside its suite."),
    Column("form", "text", "Forms joined by a comma, targets first, e.g. 'text,text'; one form for most unit probes."),
)

TABLES: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "stimuli": (
            *_PLACE,
            Column("concept", "text", "Id of the concept that the stimulus stands for."),
            Column("variant", "text", "Name of the concept's other definition; empty for the headline.", False),
            Column("role", "text", "x, y, a, b, concept, against, harm, neutral or pool."),
            Column("cluster", "text", "The independent thing it belongs to (a term, a person, a place)."),
            Column("item", "text", "Id of the stimulus inside its concept."),
            Column("template", "text", "The prompt template that it fills; empty when bare.", False),
            Column("modality", "text", "text or image."),
            Column("content", "text", "The prompt, the rendered text, or the id of the row it came from."),
            Column("digest", "text", "sha256 of the stimulus as the model gets it.", False),
            Column("source", "text", "Where its art comes from: package@version, a colon, name or path in it.", False),
            Column("licence", "text", "SPDX id of the licence of its art.", False),
            Column("attribution", "text", "Who made its art.", False),
        ),
        "rows": (
            *_PLACE,
            Column("group", "text", "x or y: which target the stimulus belongs to; or the group, by name."),
            Column("cluster", "text", "The independent thing it belongs to."),
            Column("item", "text", "Id of the target stimulus."),
            Column("template", "text", "The prompt template that it fills; empty when bare.", False),
            Column("block", "text", "What matches it with the other target; empty without a match.", False),
            Column("association", "number", "s(w) = mean cosine with A minus mean cosine with B.", False),
            Column("outcome", "number", "1 when the stimulus counts for its group's share, else 0.", False),
            Column("answer", "text", "The class that the model chose for it.", False),
        ),
        "estimates": (
            *_PLACE,
            Column("kind", "text", "headline, other, variant, template, attribute, or what a row of a breakdown is."),
            Column(
                "variation",
                "text",
                "Which variant, template, left-out word, group or item; empty for the rest.",
                False,
            ),
            Column("name", "text", "Name of the statistic, e.g. cosine_difference or auroc."),
            Column("value", "number", "The point estimate, in unit; empty when undefined.", False),
            Column("low", "number", "Lower end of the pointwise interval.", False),
            Column("high", "number", "Upper end of the pointwise interval.", False),
            Column("level", "number", "Nominal coverage of the intervals.", False),
            Column("low_simultaneous", "number", "Lower end of the interval that holds for the whole family.", False),
            Column("high_simultaneous", "number", "Upper end of the interval that holds for the whole family.", False),
            Column("p", "number", "p-value against zero (0.5 for AUROC); decides nothing.", False),
            Column("p_adjusted", "number", "p adjusted over the family.", False),
            Column("p_method", "text", "exact, monte-carlo, saddlepoint or crossed-t.", False),
            Column("smallest_p", "number", "The smallest p that the design can attain.", False),
            Column("alternative", "text", "greater, less or two-sided.", False),
            Column("n", "whole", "Number of stimuli that entered.", False),
            Column("clusters", "whole", "Number of independent clusters, all groups together.", False),
            Column("groups", "text", "Clusters in each group, X first, e.g. '15+15'; pairs of matched groups.", False),
            Column("block", "text", "What X and Y are matched by; empty when they are not.", False),
            Column("mde", "number", "Minimum detectable effect at 80 % power, in unit.", False),
            Column("unit", "text", "What the value counts: cosine, sd, probability, share.", False),
            Column("method", "text", "How value and interval were computed.", False),
            Column("seed", "whole", "Seed of the generator, when resampling was used.", False),
            Column("undefined", "text", "Why there is no value; empty when there is one.", False),
        ),
        "units": (
            *_PLACE,
            Column("unit", "text", "Identifier of the unit, e.g. 'RN101:1895'."),
            Column("layer", "text", "Layer and pooling.", False),
            Column("auroc", "number", "P(a concept stimulus excites it more than another), ties counted half.", False),
            Column("auprc", "number", "Area under precision and recall at the stated prevalence.", False),
            Column(
                "prevalence", "number", "Share of stimuli that belong to the concept; what AUPRC is by chance.", False
            ),
            Column("pearson_r", "number", "Correlation of the response with membership of the concept.", False),
            Column(
                "tpr_at_1_fpr", "number", "Share of concept stimuli above the 99th percentile of the others.", False
            ),
            Column("p", "number", "p-value of AUROC against 0.5, labels permuted by cluster.", False),
            Column("p_adjusted", "number", "p adjusted over the tested units (max-T).", False),
            Column("selected", "flag", "Whether it was selected on one half of the clusters.", False),
            Column("confirmed", "flag", "Whether the other half confirmed it.", False),
        ),
        "examples": (
            *_PLACE,
            Column("unit", "text", "Identifier of the unit."),
            Column("stimulus", "text", "Id of the stimulus."),
            Column("label", "text", "What people call the stimulus."),
            Column("group", "text", "concept or against."),
            Column("value", "number", "Response of the unit, in the unit that the finding states."),
            Column("rank", "whole", "1 for the highest response."),
        ),
        "items": (
            *_PLACE,
            Column("unit", "text", "Identifier of the unit."),
            Column("item", "text", "Id of the single stimulus inside its concept, whatever its style."),
            Column("template", "text", "The style that it is drawn in; empty without one.", False),
            Column("stimulus", "text", "The drawn word, the file of the pictograph, or the row's id."),
            Column("label", "text", "What people call it."),
            Column("group", "text", "concept, against or pool."),
            Column("value", "number", "Activation of the unit, as the model gives it."),
            Column("z", "number", "The same in standard deviations of all stimuli, from zero."),
            Column("percentile", "number", "Share of all stimuli below it, and half of those equal, in %."),
            Column("rank", "whole", "1 for the highest activation."),
            Column("bin", "whole", "The bin that it lies in; see the table bins."),
            Column("sampled", "flag", "Whether it belongs to the random sample of its bin."),
            Column("draw", "whole", "Its place in that sample, the first k of which are a random sample too.", False),
            Column("picture", "text", "Path of its picture inside the run directory, where the report has one.", False),
        ),
        "bins": (
            *_PLACE,
            Column("unit", "text", "Identifier of the unit."),
            Column("bin", "whole", "1 for the most inhibitory activations."),
            Column("z_low", "number", "Lower end, in standard deviations of all stimuli from zero."),
            Column("z_high", "number", "Upper end."),
            Column("n", "whole", "Single stimuli in it, those of a pool too."),
            Column("concept_n", "whole", "How many of them show the concept."),
            Column("share", "number", "Precision: concept_n / n; empty where nothing lies.", False),
            Column("low", "number", "Lower end of Wilson's interval of the share, for this bin alone.", False),
            Column("high", "number", "Upper end of it.", False),
            Column("recall", "number", "Share of all stimuli of the concept that lie in this bin."),
            Column("recall_from_top", "number", "Share of them that lie in this bin or a higher one."),
        ),
    }
)


@cache
def schema(name: str) -> pa.Schema:
    """Arrow schema of a table; every column's doc stands in its metadata."""
    import pyarrow as pa

    types = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "flag": pa.bool_()}
    fields = [
        pa.field(column.name, types[column.kind], nullable=not column.required, metadata={"doc": column.doc})
        for column in TABLES[name]
    ]
    return pa.schema(fields, metadata={"schema": VERSION})


def to_table(name: str, rows: Rows) -> pa.Table:
    """Rows (mappings, or a data frame) as an Arrow table of this schema, checked.

    A column that is not of the schema, a required value that is missing, and a number that is not finite are our own
    mistakes and are refused. Columns that may be empty can be left out. In a data frame NaN means "no value".
    """
    import pandas as pd
    import pyarrow as pa

    if isinstance(rows, pd.DataFrame):
        count = len(rows)
        given: dict[str, object] = {str(column): rows[column] for column in rows.columns}
    else:
        listed = list(rows)
        count = len(listed)
        keys = dict.fromkeys(key for row in listed for key in row)
        given = {key: [row.get(key) for row in listed] for key in keys}
    if unknown := sorted(given.keys() - {column.name for column in TABLES[name]}):
        raise AuditError(f"Table {name} has no column {unknown[0]!r}.")
    arrays = [
        _array(name, field, given[field.name]) if field.name in given else pa.nulls(count, field.type)
        for field in schema(name)
    ]
    table = pa.Table.from_arrays(arrays, schema=schema(name))
    _check(name, table)
    return table


def _array(name: str, field: pa.Field, values: object) -> pa.Array:
    import pandas as pd
    import pyarrow as pa

    try:
        made = pa.array(values, type=field.type, from_pandas=isinstance(values, pd.Series))
    except (pa.ArrowException, OverflowError) as error:
        raise AuditError(f"Table {name}, column {field.name} holds a value of the wrong type: {error}") from error
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


def _check(name: str, table: pa.Table) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    for field, column in zip(table.schema, table.columns, strict=True):
        if column.null_count and not field.nullable:
            raise AuditError(f"Table {name}, column {field.name} lacks a value in {column.null_count} rows.")
        if pa.types.is_floating(field.type) and not pc.all(pc.is_finite(column), min_count=0).as_py():
            raise AuditError(f"Table {name}, column {field.name} holds a number that is not finite.")
