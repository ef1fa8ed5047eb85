"""What a reader of bulk files gives: batches of tables, with an account of every record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from foresight.sources.base import TABLES, arrow_schema

BATCH = 16_384  # records handed on at a time
ROW = "row"
REFUSED = pa.schema(
    [("file", pa.large_string()), ("line", pa.int64()), ("reason", pa.large_string())]
)
ALIASES = pa.schema(
    [("alias", pa.large_string()), ("doc_id", pa.large_string()), (ROW, pa.int64())]
)


@dataclass(frozen=True)
class Batch:
    """Some records.

    Attributes
    ----------
    rows_in : int
        Records read.
    tables : dict
        Tables of the contract, typed as in `bulk_schema`: the columns of the contract and `row`,
        the number of the record. Of two records of one document the first counts.
    refused : pyarrow Table
        file, line, reason: one row for each record that is not among the documents.
    aliases : pyarrow Table
        alias, doc_id, row: other ids by which references name the documents.
    counts : dict
        What was left out or completed, by name.
    """

    rows_in: int
    tables: Mapping[str, pa.Table]
    refused: pa.Table = field(default_factory=REFUSED.empty_table)
    aliases: pa.Table = field(default_factory=ALIASES.empty_table)
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Stream:
    """A bulk source while it is read: what is said of it, and its batches, once.

    Attributes
    ----------
    title, licence : dict
        One text per language.
    notes : dict of list
        Known biases per language.
    recognised : dict
        Field of the source to column of ours.
    batches : iterator of Batch
    origin : dict
        File to SHA-256; filled when the batches are through.
    """

    title: Mapping[str, str]
    licence: Mapping[str, str]
    notes: Mapping[str, list[str]]
    recognised: Mapping[str, str]
    batches: Iterator[Batch]


def bulk_schema(name: str) -> pa.Schema:
    """Arrow schema of a table of a batch: the contract's columns, and the record's number."""
    return arrow_schema(TABLES[name]).append(pa.field(ROW, pa.int64()))


def typed(data: pa.Table, name: str) -> pa.Table:
    """Give a table the columns of `bulk_schema`; absent ones become null."""
    columns = [
        data[item.name].cast(item.type)
        if item.name in data.column_names
        else pa.nulls(data.num_rows, item.type)
        for item in bulk_schema(name)
    ]
    return pa.table(columns, schema=bulk_schema(name))


def refused(rows: list[tuple[str, int, str]]) -> pa.Table:
    """Make the table of refused records."""
    return pa.table(
        [pa.array([row[i] for row in rows], item.type) for i, item in enumerate(REFUSED)],
        schema=REFUSED,
    )
