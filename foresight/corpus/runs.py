"""Tables too large for memory, brought into the order of their documents: sorted runs, one merge.

Batches of a table are held until they are enough for a run, sorted in memory and written; the runs
of a table lie one after the other in one file. A document's rows may come in any batch. Reading
then takes the same range of ids from all runs, so that every piece holds all rows of its documents,
and each row is written and read once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

RUN = 1 << 17  # documents that are sorted in memory together, at least
PIECE = 1 << 16  # documents of a piece, about
SAMPLE = 1 << 8  # of so many documents of a run one tells where pieces end
GROUP = 1 << 11  # documents of a row group: of each run one group is in memory
ROWS_EACH = 8  # rows of another table in place of one document, in a run and in a row group
DOCUMENTS = "documents"
_NO_IDS = pa.array([], pa.large_string())


@dataclass
class _Cursor:
    """A place in one run of one table."""

    groups: list[tuple[int, str]]  # number of a row group, first id in it
    held: pa.Table | None = None

    def until(self, end: str | None, file: pq.ParquetFile, key: str) -> Iterator[pa.Table]:
        """The rows from here to before an id (None: to the last)."""
        while self.held is not None or self.groups:
            if self.held is None:
                number, first = self.groups[0]
                if end is not None and first >= end:
                    return
                self.held = file.read_row_group(number)
                del self.groups[0]
            column = self.held[key]
            size = self.held.num_rows
            stop = (
                size
                if end is None
                else bisect_left(range(size), end, key=lambda i: column[i].as_py())
            )
            yield self.held.slice(0, stop)
            if stop < size:
                self.held = self.held.slice(stop)
                return
            self.held = None


@dataclass
class _Table:
    """One table on its way: batches held, runs written."""

    path: Path
    schema: pa.Schema
    key: str
    writer: pq.ParquetWriter
    each: int  # rows in place of one document
    held: list[pa.Table] = field(default_factory=list)
    cursors: list[_Cursor] = field(default_factory=list)
    groups: int = 0
    rows: int = 0

    def take(self, data: pa.Table) -> pa.Array:
        """Hold a batch; where a run is full it is written: the ids in it, else none."""
        self.held.append(data.cast(self.schema))
        full = sum(held.num_rows for held in self.held) >= RUN * self.each
        return self.write_run() if full else _NO_IDS

    def write_run(self) -> pa.Array:
        """Write the batches held, in the order of documents; the ids in them, sorted."""
        if not self.held:
            return _NO_IDS
        size = GROUP * self.each
        data = pa.concat_tables(self.held).combine_chunks()
        self.held = []
        ids = data[self.key].combine_chunks().unique()
        ids = ids.take(pc.sort_indices(ids))
        place = pc.index_in(data[self.key], value_set=ids).to_numpy()
        data = data.take(pa.array(np.argsort(place, kind="stable")))
        starts = range(0, data.num_rows, size)
        firsts = [data[self.key][at].as_py() for at in starts]
        self.cursors.append(
            _Cursor([(self.groups + nth, first) for nth, first in enumerate(firsts)])
        )
        self.groups += len(firsts)
        self.rows += data.num_rows
        if data.num_rows:
            self.writer.write_table(data, row_group_size=size)
        return ids


class Runs:
    """Tables in sorted runs.

    Parameters
    ----------
    folder : Path
        Gets one file for each table.
    schemas : mapping of table name to Arrow schema
        One of them is `documents`.
    keys : mapping of table name to the column of the document's id
    """

    def __init__(
        self, folder: Path, *, schemas: Mapping[str, pa.Schema], keys: Mapping[str, str]
    ) -> None:
        self._tables: dict[str, _Table] = {}
        self._samples: list[pa.Array] = []
        for name, schema in schemas.items():
            path = folder / f"{name}.runs.parquet"
            writer = pq.ParquetWriter(path, schema, compression="zstd")
            each = 1 if name == DOCUMENTS else ROWS_EACH
            self._tables[name] = _Table(path, schema, keys[name], writer, each)

    @property
    def documents(self) -> int:
        """Rows of documents added, those of one document given twice counted twice."""
        table = self._tables[DOCUMENTS]
        return table.rows + sum(int(data.num_rows) for data in table.held)

    def path(self, name: str) -> Path:
        """File of a table; whole after `close`, in no order."""
        return self._tables[name].path

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """Take rows, in any order."""
        for name, data in tables.items():
            self._sample(name, self._tables[name].take(data))

    def close(self) -> None:
        """Write what is held."""
        for name, table in self._tables.items():
            self._sample(name, table.write_run())
            table.writer.close()

    def _sample(self, name: str, ids: pa.Array) -> None:
        if name == DOCUMENTS and len(ids):
            self._samples.append(ids[::SAMPLE])

    def replace(self, name: str, batches: Iterator[pa.Table]) -> None:
        """Put other rows in place of those of a table other than `documents`; after `close`."""
        old = self._tables[name]
        path = old.path.with_suffix(".new.parquet")
        writer = pq.ParquetWriter(path, old.schema, compression="zstd")
        table = _Table(path, old.schema, old.key, writer, old.each)
        for data in batches:
            table.take(data)
        table.write_run()
        writer.close()
        self._tables[name] = table
        old.path.unlink()

    def delete(self) -> None:
        """Give the room on disk back."""
        for table in self._tables.values():
            table.path.unlink()

    def pieces(self) -> Iterator[dict[str, pa.Table]]:
        """All tables, some documents at a time, in the order of their ids; sorted within no piece.

        Each piece holds all rows of its documents. Can be read once, after `close`.
        """
        samples = pa.concat_arrays(self._samples)
        samples = samples.take(pc.sort_indices(samples))
        step = PIECE // SAMPLE
        cuts = [*samples[step::step].unique().to_pylist(), None]
        files = {name: pq.ParquetFile(table.path) for name, table in self._tables.items()}
        try:
            for end in cuts:
                yield {
                    name: pa.concat_tables(
                        [
                            table.schema.empty_table(),
                            *(
                                rows.cast(table.schema)
                                for cursor in table.cursors
                                for rows in cursor.until(end, files[name], table.key)
                            ),
                        ]
                    ).combine_chunks()
                    for name, table in self._tables.items()
                }
        finally:
            for file in files.values():
                file.close()
