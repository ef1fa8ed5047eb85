"""The five tables in the order of their keys, some documents at a time with all their rows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from foresight.corpus.workspace import regroup
from foresight.sources.base import TABLES, arrow_schema
from foresight.tables import CORPUS_TABLES, DOCUMENTS, Table

PIECE = 1 << 16  # documents of a piece
BATCH = 1 << 14  # rows read from a file at once

Batches = Iterator[pa.Table]


def walk(tables: Mapping[str, Batches]) -> Iterator[dict[str, pa.Table]]:
    """Give the rows of all tables, up to `PIECE` documents at a time.

    Parameters
    ----------
    tables : mapping of table name to iterator of pyarrow Tables
        Each in the order of its table's key.

    Yields
    ------
    dict of table name to pyarrow Table
        With the schemas of the contracts. Rows of a document that is not there come with the
        documents that they would lie among.
    """
    rest = {t.name: _Rows(tables[t.name], t) for t in CORPUS_TABLES if t is not DOCUMENTS}
    schema = arrow_schema(DOCUMENTS)
    pieces = (piece.cast(schema) for piece in regroup(tables[DOCUMENTS.name], PIECE))
    piece = next(pieces, schema.empty_table())
    while piece is not None:
        following = next(pieces, None)
        end = None if following is None else piece["doc_id"][-1].as_py()
        yield {DOCUMENTS.name: piece, **{name: rows.until(end) for name, rows in rest.items()}}
        piece = following


class _Rows:
    """The rows of a table, taken from its batches as documents come."""

    def __init__(self, batches: Batches, table: Table) -> None:
        self._batches = batches
        self._owner = table.key[0]
        self._schema = arrow_schema(table)
        self._held: pa.Table | None = None

    def until(self, end: str | None) -> pa.Table:
        """The rows from here to those of a document, with them; None: to the last."""
        found = [self._schema.empty_table()]
        while (data := self._batch()) is not None:
            stop = data.num_rows if end is None else _place_after(data[self._owner], end)
            found.append(data.slice(0, stop))
            if stop < data.num_rows:
                self._held = data.slice(stop)
                break
        return pa.concat_tables(found)

    def _batch(self) -> pa.Table | None:
        """What is left of a batch, or the next one."""
        held, self._held = self._held, None
        batch = held if held is not None else next(self._batches, None)
        return None if batch is None else batch.cast(self._schema)


def _place_after(column: pa.ChunkedArray, value: str) -> int:
    """The first place of a sorted column that comes after a value."""
    return bisect_right(range(len(column)), value, key=lambda place: column[place].as_py())


def walk_files(folder: Path) -> Iterator[dict[str, pa.Table]]:
    """`walk` of tables that lie in a folder as `<table>.parquet`, sorted by their keys."""
    files = {name: pq.ParquetFile(folder / f"{name}.parquet") for name in TABLES}
    try:
        yield from walk({name: _batches(file, TABLES[name]) for name, file in files.items()})
    finally:
        for file in files.values():
            file.close()


def _batches(file: pq.ParquetFile, table: Table) -> Batches:
    for batch in file.iter_batches(batch_size=BATCH, columns=table.names):
        yield pa.Table.from_batches([batch])
