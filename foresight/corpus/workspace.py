"""Where expressions over whole tables are computed: a connection, and a folder for what it keeps.

All expressions are written once, in Ibis. What differs from engine to engine stands here, in
`foresight.corpus.spark` and in `foresight.corpus.bigquery`: opening files, keeping a table, handing
rows over, writing a file. `foresight.corpus.engine` opens one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from foresight import settings

BATCH = 1 << 16  # rows handed from one engine to the other at a time
ROW_GROUP = 1 << 17


class Workspace:
    """A connection to an engine, by the means that Ibis has for every one.

    Attributes
    ----------
    backend : Ibis backend
    whole : bool
        The engine spreads a whole corpus over its workers and disks by itself, so work need not be
        cut into spans (`foresight.corpus.spans`).
    """

    whole = True

    def __init__(self, backend: Any, *, folder: Path | None = None) -> None:
        self.backend = backend
        self._folder = folder
        self._own: tempfile.TemporaryDirectory[str] | None = None
        self._views = 0

    @property
    def folder(self) -> Path:
        """Where files of this work lie: the folder given, or one beside the corpora until `close`.

        Workers of a cluster write there, so it lies where corpora do, on the disk that all see.
        """
        if self._folder is None:
            place = settings.corpora_dir()
            place.mkdir(parents=True, exist_ok=True)
            self._own = tempfile.TemporaryDirectory(prefix="foresight-", dir=place)
            self._folder = Path(self._own.name)
        return self._folder

    def read(self, path: Path, *, name: str | None = None) -> ir.Table:
        """Give a Parquet file as an expression, under a name or one of its own."""
        table: ir.Table = self.backend.read_parquet(path, table_name=name or self._fresh("file"))
        return table

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute an expression once; what was kept under the name before is gone."""
        table: ir.Table = self.backend.create_table(name, expression, overwrite=True)
        return table

    def load(self, name: str, data: pa.Table) -> ir.Table:
        """Bring rows at hand into the workspace."""
        path = self.folder / f"{name}.load.parquet"
        pq.write_table(data, path)
        return self.keep(name, self.read(path))

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Give all rows of an expression, in memory."""
        return self.backend.to_pyarrow(expression)

    def batches(self, expression: ir.Table) -> Iterator[pa.Table]:
        """Give the rows of an expression in its order, some at a time."""
        for batch in self.backend.to_pyarrow_batches(expression, chunk_size=BATCH):
            yield pa.Table.from_batches([batch])

    def count(self, expression: ir.Table) -> int:
        """Number of rows."""
        counted = self.arrow(expression.agg(n=expression.count()))
        return int(counted["n"][0].as_py())

    def write(self, expression: ir.Table, path: Path) -> None:
        """Write an expression as one Parquet file, in its order."""
        schema = arrow_schema(expression)
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for piece in regroup(self.batches(expression), ROW_GROUP):
                writer.write_table(piece.cast(schema), row_group_size=ROW_GROUP)

    def close(self) -> None:
        """End the connection; what it kept is gone."""
        self.backend.disconnect()
        self._tidy()

    def _tidy(self) -> None:
        if self._own is not None:
            self._own.cleanup()

    def _fresh(self, word: str) -> str:
        self._views += 1
        return f"{word}_{self._views}"


class DuckWorkspace(Workspace):
    """DuckDB, in this process.

    It holds no more than `memory`, spills beyond it to `spill/` in the folder, or else among the
    caches, and keeps no order that is not asked for. With a `folder`, tables lie in a database
    file in it; without, in memory.
    """

    whole = False

    def __init__(self, *, memory: str, folder: Path | None = None) -> None:
        beside = folder or settings.cache_dir()
        beside.mkdir(parents=True, exist_ok=True)
        place = ":memory:" if folder is None else folder / "work.duckdb"
        backend = ibis.duckdb.connect(
            place, temp_directory=str(beside / "spill"), preserve_insertion_order=False
        )
        lower = "parse_formatted_bytes(?) < parse_formatted_bytes(current_setting('memory_limit'))"
        if backend.con.execute(f"SELECT {lower}", [memory]).fetchone()[0]:
            backend.con.execute("SET memory_limit = ?", [memory])
        shown = backend.raw_sql("SELECT current_setting('enable_progress_bar')").fetchone()[0]
        if shown:  # it would write on our output; in a kernel without ipywidgets it is off already
            backend.raw_sql("SET enable_progress_bar = false")
        super().__init__(backend, folder=folder)

    def read(self, path: Path, *, name: str | None = None) -> ir.Table:
        """Give a Parquet file as an expression, under a name or one of its own."""
        name, quoted = name or self._fresh("file"), str(path).replace("'", "''")
        query = f"CREATE OR REPLACE VIEW \"{name}\" AS SELECT * FROM read_parquet('{quoted}')"  # noqa: S608
        self.backend.raw_sql(query)
        table: ir.Table = self.backend.table(name)
        return table

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute an expression once; what was kept under the name before is gone."""
        self.backend.raw_sql(f'DROP TABLE IF EXISTS "{name}"')  # Ibis 12 cannot, on DuckDB 2
        table: ir.Table = self.backend.create_table(name, expression)
        return table

    def batches(self, expression: ir.Table) -> Iterator[pa.Table]:
        """Give the rows of an expression in its order, some at a time."""
        cursor = self.backend.con.cursor()  # its own, so that others can be asked meanwhile
        for batch in cursor.sql(ibis.to_sql(expression, dialect="duckdb")).to_arrow_reader(BATCH):
            yield pa.Table.from_batches([batch])

    def write(self, expression: ir.Table, path: Path) -> None:
        """Write an expression as one Parquet file, in its order."""
        self.backend.to_parquet(expression, path, compression="zstd", row_group_size=ROW_GROUP)


def arrow_schema(expression: ir.Table) -> pa.Schema:
    """Names and Arrow types of an expression's columns; each may hold nulls."""
    schema = expression.schema().to_pyarrow()
    return pa.schema([(field.name, field.type) for field in schema])


def regroup(pieces: Iterable[pa.Table], size: int) -> Iterator[pa.Table]:
    """Give the rows of tables in order, `size` at a time; the last are fewer."""
    held: list[pa.Table] = []
    rows = 0
    for piece in pieces:
        held.append(piece)
        rows += piece.num_rows
        while rows >= size:
            whole = pa.concat_tables(held)
            yield whole.slice(0, size)
            held, rows = [whole.slice(size)], rows - size
    if rows:
        yield pa.concat_tables(held)
