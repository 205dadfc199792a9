"""The run directory: layout, tables, atomic writes, one writer at a time, strict reading."""

from audit.store.cache_dir import default_cache_dir
from audit.store.certificate import encode_certificate, load_certificate
from audit.store.findings_schema import findings_schema
from audit.store.labelling import read_key, read_labelling, write_key, write_labelling
from audit.store.layout import Layout
from audit.store.reader import Run, read_run
from audit.store.tables import TABLES, Column
from audit.store.text_table import Table, find_table, read_table
from audit.store.writer import RunWriter

__all__ = [
    "TABLES",
    "Column",
    "Layout",
    "Run",
    "RunWriter",
    "Table",
    "default_cache_dir",
    "encode_certificate",
    "find_table",
    "findings_schema",
    "load_certificate",
    "read_key",
    "read_labelling",
    "read_run",
    "read_table",
    "write_key",
    "write_labelling",
]
