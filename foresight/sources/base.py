"""What every source hands over: the tables of the contract, and what a reader must know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from foresight.errors import TableError
from foresight.sources.report import ReadReport
from foresight.tables import CORPUS_TABLES, Table

# 64-bit offsets: the abstracts of two million documents do not fit in one 32-bit column.
ARROW_TYPES = {
    "text": pa.large_string(),
    "date": pa.large_string(),
    "int": pa.int64(),
    "bool": pa.bool_(),
}
TABLES = {table.name: table for table in CORPUS_TABLES}


@dataclass(frozen=True)
class SourceTables:
    """The tables of a source, as supplied: nothing normalised beyond types and dates.

    Attributes
    ----------
    tables : mapping of table name to pyarrow Table
        `documents` and any of `references`, `classes`, `parties`, `events`, each with the
        columns and types of its contract.
    title, licence : dict
        One text per language (`zh`, `en`).
    notes : dict
        Known biases per language, one sentence each; they stand in every brief.
    origin : dict
        File name (no folder) to SHA-256 of each file read.
    counts : dict
        What was merged, left out or set to null, by name.
    caveats : list of dict
        {"zh": …, "en": …}: what a reader of an import must be told, one sentence each.
    members : pyarrow Table, optional
        `FAMILY_MEMBERS`: publications that records list as members of their simple family.
    report : ReadReport, optional
        What became of every row, for sources that are read row by row.
    """

    tables: Mapping[str, pa.Table]
    title: Mapping[str, str]
    licence: Mapping[str, str]
    notes: Mapping[str, list[str]]
    origin: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    caveats: list[dict[str, str]] = field(default_factory=list)
    report: ReadReport | None = None
    members: pa.Table | None = None


def arrow_schema(table: Table) -> pa.Schema:
    """Give the Arrow schema of a contract: text and dates as large strings, int64, bool."""
    return pa.schema([(column.name, ARROW_TYPES[column.type]) for column in table.columns])


def conform(data: pa.Table, table: Table) -> pa.Table:
    """Give a table the contract's columns, order and types; absent columns become null.

    Raises
    ------
    TableError
        If a column cannot be cast to the contract's type.
    """
    columns = []
    for column_field in arrow_schema(table):
        if column_field.name not in data.column_names:
            columns.append(pa.nulls(data.num_rows, column_field.type))
            continue
        try:
            columns.append(data.column(column_field.name).cast(column_field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            msg = (
                f"Column `{column_field.name}` of table `{table.name}` cannot be read as "
                f"{table.column(column_field.name).type}: {error}. Correct the values."
            )
            raise TableError(msg) from error
    return pa.table(columns, schema=arrow_schema(table))


def from_frames(
    frames: Mapping[str, pd.DataFrame], *, title: str = "test", licence: str = "none"
) -> SourceTables:
    """Make source tables from pandas frames, for callers that already hold their records.

    Parameters
    ----------
    frames : mapping of table name to DataFrame
        `documents` is required; absent columns become null.
    title, licence : str
        Used for both languages.
    """
    tables = {
        name: conform(pa.Table.from_pandas(frame, preserve_index=False), TABLES[name])
        for name, frame in frames.items()
    }
    both = {"zh": title, "en": title}
    return SourceTables(tables, both, {"zh": licence, "en": licence}, {"zh": [], "en": []})
