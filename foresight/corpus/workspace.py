"""Work on tables larger than memory: DuckDB over files, with a bound on what it holds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

MEMORY = "700MB"  # held by DuckDB before it spills; Arrow batches and Python come on top
BATCH = 1 << 16  # rows handed from one engine to the other at a time
ROW_GROUP = 1 << 17


class Workspace:
    """A temporary folder with a DuckDB that works in it.

    Attributes
    ----------
    folder : Path
    backend : Ibis backend
    """

    def __init__(self, folder: Path, *, memory: str = MEMORY) -> None:
        self.folder = folder
        self._views = 0
        self.backend: Any = ibis.duckdb.connect(
            folder / "work.duckdb",
            temp_directory=str(folder / "spill"),
            memory_limit=memory,
            preserve_insertion_order=False,
        )
        if self.backend.raw_sql("SELECT current_setting('enable_progress_bar')").fetchone()[0]:
            self.backend.raw_sql("SET enable_progress_bar = false")

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute an expression once, on disk."""
        query = ibis.to_sql(expression, dialect="duckdb")
        self.backend.raw_sql(f"CREATE OR REPLACE TABLE {name} AS {query}")
        table: ir.Table = self.backend.table(name)
        return table

    def load(self, name: str, data: pa.Table) -> ir.Table:
        """Bring rows at hand into the workspace."""
        path = self.folder / f"{name}.load.parquet"
        pq.write_table(data, path)
        return self.keep(name, self.read(path))

    def read(self, path: Path) -> ir.Table:
        """Give a Parquet file as an expression."""
        self._views += 1
        name, quoted = f"file_{self._views}", str(path).replace("'", "''")
        self.backend.raw_sql(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{quoted}')")  # noqa: S608
        table: ir.Table = self.backend.table(name)
        return table

    def batches(self, expression: ir.Table) -> Iterator[pa.Table]:
        """Give the rows of an expression, some at a time."""
        cursor = self.backend.con.cursor()  # its own, so that others can be asked meanwhile
        for batch in cursor.sql(ibis.to_sql(expression, dialect="duckdb")).to_arrow_reader(BATCH):
            yield pa.Table.from_batches([batch])

    def count(self, expression: ir.Table) -> int:
        """Number of rows."""
        return int(self.backend.to_pyarrow(expression.count()).as_py())

    def write(self, expression: ir.Table, path: Path) -> None:
        """Write an expression as Parquet, in its order."""
        self.backend.to_parquet(expression, path, compression="zstd", row_group_size=ROW_GROUP)


@contextmanager
def workspace(*, memory: str = MEMORY, folder: Path | None = None) -> Iterator[Workspace]:
    """Give a workspace; its folder is gone afterwards.

    Parameters
    ----------
    memory : str
        What DuckDB may hold.
    folder : Path, optional
        Where the temporary folder is made: a disk with room. Default: the system's.
    """
    with tempfile.TemporaryDirectory(prefix="foresight-", dir=folder) as place:
        made = Workspace(Path(place), memory=memory)
        try:
            yield made
        finally:
            made.backend.disconnect()
