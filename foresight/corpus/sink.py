"""Writing the tables of a corpus piece by piece, with the checks and counts of one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foresight.corpus import content
from foresight.corpus.columns import whole
from foresight.corpus.prepare import search_text
from foresight.corpus.workspace import ROW_GROUP
from foresight.errors import TableError
from foresight.sources.base import TABLES, arrow_schema
from foresight.tables import CORPUS_TABLES, Table

TEXTS = "search_text"
TEXT_ROWS = 1 << 16  # documents whose texts are reduced at once


class _Pieces:
    """A Parquet file with row groups of one size, whatever the pieces have."""

    def __init__(self, path: Path, schema: pa.Schema, size: int) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._size = size
        self._held: list[pa.Table] = []
        self._rows = 0

    def add(self, data: pa.Table) -> None:
        self._held.append(data)
        self._rows += data.num_rows
        while self._rows >= self._size:
            whole = pa.concat_tables(self._held)
            self._writer.write_table(whole.slice(0, self._size), row_group_size=self._size)
            self._held, self._rows = [whole.slice(self._size)], self._rows - self._size

    def close(self) -> None:
        if self._rows:
            self._writer.write_table(pa.concat_tables(self._held), row_group_size=self._size)
        self._writer.close()


class _Distinct:
    """Number of different values of a sorted column that comes in pieces."""

    def __init__(self) -> None:
        self.number = 0
        self._last: str | None = None

    def add(self, values: pa.Array) -> None:
        if len(values):
            self.number += int(pc.sum(pc.not_equal(values[1:], values[:-1])).as_py() or 0)
            self.number += values[0].as_py() != self._last
            self._last = values[-1].as_py()


class Sink:
    """The five tables of a corpus and its texts, written as they come.

    Pieces hold all rows of some documents and come in the order of the tables' keys. After the
    last, `check` tells whether the tables keep their contracts; `rows`, `filled`, `days` and
    `known` (sums of facts by day) tell what a corpus knows of itself.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.rows = dict.fromkeys(TABLES, 0)
        self.days: tuple[str | None, str | None] = (None, None)
        self.known: content.Sums = {}
        self._folder = folder
        self._files = {
            t.name: _Pieces(folder / f"{t.name}.parquet", arrow_schema(t), ROW_GROUP)
            for t in CORPUS_TABLES
        }
        self._texts: _Pieces | None = None
        self._wrong: dict[str, dict[str, int]] = {t.name: _nothing(t) for t in CORPUS_TABLES}
        self._last: dict[str, pa.Table] = {}
        self._strays: dict[str, tuple[str, int]] = {}
        self._filled = {"abstract": 0, "family_id": 0}
        names = ("references", "classes", "parties", "events", "org_id", "country")
        self._owners = {name: _Distinct() for name in names}

    def __enter__(self) -> Sink:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in [*self._files.values(), *([self._texts] if self._texts else [])]:
            file.close()

    def add(self, piece: Mapping[str, pa.Table]) -> None:
        """Write all rows of some documents, which follow those before; by table name."""
        tables = {
            t.name: piece[t.name].select(t.names).cast(arrow_schema(t)).combine_chunks()
            for t in CORPUS_TABLES
        }
        if all(data[n].null_count == 0 for t, data in tables.items() for n in TABLES[t].required):
            content.add_piece(self.known, tables)  # else `check` refuses the corpus
        ids = whole(tables["documents"]["doc_id"])
        for name, data in tables.items():
            if data.num_rows:
                self._add(TABLES[name], data, ids)

    def _add(self, table: Table, data: pa.Table, ids: pa.Array) -> None:
        name = table.name
        self._look(table, data)
        self._files[name].add(data)
        self.rows[name] += data.num_rows
        if name == "documents":
            self._add_documents(data)
            return
        owners = whole(data[table.key[0]]).drop_null()
        stray = owners.filter(pc.invert(pc.is_in(owners, value_set=ids)))
        if len(stray):
            first, number = self._strays.get(name, (stray[0].as_py(), 0))
            self._strays[name] = first, number + len(stray)
        self._owners[name].add(owners)
        if name == "parties":
            for field in ("org_id", "country"):
                self._owners[field].add(whole(data.filter(pc.is_valid(data[field]))["doc_id"]))

    def _add_documents(self, data: pa.Table) -> None:
        for start in range(0, data.num_rows, TEXT_ROWS):
            texts = search_text(data.slice(start, TEXT_ROWS))
            if self._texts is None:
                self._texts = _Pieces(self._folder / f"{TEXTS}.parquet", texts.schema, TEXT_ROWS)
            self._texts.add(texts)
        for name in self._filled:
            self._filled[name] += data.num_rows - data[name].null_count
        found = pc.min_max(data["published"]).as_py()
        first, last = self.days
        self.days = (
            min(filter(None, (first, found["min"])), default=None),
            max(filter(None, (last, found["max"])), default=None),
        )

    def _look(self, table: Table, data: pa.Table) -> None:
        """Count what breaks the contract; see `foresight.tables.check`."""
        wrong = self._wrong[table.name]
        for name in table.required:
            wrong[_empty(name)] += data[name].null_count
        for column in table.columns:
            if column.allowed:
                known = pc.is_in(
                    data[column.name], value_set=pa.array(column.allowed, pa.large_string())
                )
                strange = pc.and_(pc.invert(known), pc.is_valid(data[column.name]))
                wrong[_strange(column.name, column.allowed)] += pc.sum(strange).as_py() or 0
        keys = data.select(table.key)
        if table.name in self._last:
            keys = pa.concat_tables([self._last[table.name], keys]).combine_chunks()
        same = np.ones(max(keys.num_rows - 1, 0), bool)
        for name in table.key:
            column = whole(keys[name])
            equal = pc.fill_null(pc.equal(column[1:], column[:-1]), False)
            same &= equal.to_numpy(zero_copy_only=False)
        wrong[_twice(table)] += int(same.sum())
        self._last[table.name] = keys.slice(keys.num_rows - 1)

    def check(self) -> None:
        """Refuse tables that break their contracts.

        Raises
        ------
        TableError
        """
        for table, (first, number) in self._strays.items():
            msg = (
                f"Table `{table}` has {number} row(s) of documents that are not in `documents`, "
                f"first: {first}. Add the documents or remove the rows."
            )
            raise TableError(msg)
        for table, wrong in self._wrong.items():
            for what, number in wrong.items():
                if number:
                    msg = f"Table `{table}`: {what} in {number} row(s). Correct the records."
                    raise TableError(msg)

    def filled(self) -> dict[str, int]:
        """The numbers of `foresight.corpus.prepare.filled_counts`."""
        owners = {name: counter.number for name, counter in self._owners.items()}
        return {
            "abstract": self._filled["abstract"],
            "references": owners["references"],
            "classes": owners["classes"],
            "parties": owners["parties"],
            "organisations": owners["org_id"],
            "countries": owners["country"],
            "families": self._filled["family_id"],
            "events": owners["events"],
        }


def _nothing(table: Table) -> dict[str, int]:
    what = [_empty(name) for name in table.required]
    what += [_strange(c.name, c.allowed) for c in table.columns if c.allowed]
    return dict.fromkeys([*what, _twice(table)], 0)


def _empty(name: str) -> str:
    return f"`{name}` is empty"


def _strange(name: str, allowed: Sequence[str]) -> str:
    return f"`{name}` is none of {', '.join(allowed)}"


def _twice(table: Table) -> str:
    return f"the key ({', '.join(table.key)}) repeats"
