"""Spark: in this machine's cores (`local[*]`) or on a standalone cluster (`spark://host:port`)."""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from foresight import settings
from foresight.corpus.workspace import BATCH, Workspace, arrow_schema
from foresight.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

INSTALL = "Run `pip install 'foresight[spark]'`"
REACH = 5.0  # seconds in which a master must answer
PARTITIONS = 2  # of a shuffle, per core of this machine; a cluster keeps its own setting
LOOPBACK = ("127.0.0.1", "localhost")
# A process that waits with a Spark of its own gives the workers back: others stand in line.
SHARED = {
    "spark.dynamicAllocation.enabled": "true",
    "spark.dynamicAllocation.shuffleTracking.enabled": "true",
    "spark.dynamicAllocation.shuffleTracking.timeout": "10s",
    "spark.dynamicAllocation.executorIdleTimeout": "10s",
}
# Semantics that results rest on: as DuckDB has them.
SQL = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.ansi.enabled": "true",  # a number that does not fit is an error, not null
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


class SparkWorkspace(Workspace):
    """A session of Spark's with names of its own; tables that it keeps are files in its folder.

    Rows leave Spark as Arrow, or as files that its workers write side by side: never more than a
    batch of a large result is in this process. All workers must see the folder and the corpora
    under the same paths.
    """

    def __init__(self, session: SparkSession, *, folder: Path | None = None) -> None:
        own = session.newSession()
        for key, value in SQL.items():
            own.conf.set(key, value)
        self._session: Any = own
        super().__init__(ibis.pyspark.connect(own), folder=folder)

    def read(self, path: Path, *, name: str | None = None) -> ir.Table:
        """Give a Parquet file, or a folder of parts, as an expression."""
        table: ir.Table = self.backend.read_parquet(
            path.resolve().as_uri(), table_name=name or self._fresh("file")
        )
        return table

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute an expression once, on disk."""
        return self.read(self._parts(expression), name=name)

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Give all rows of an expression, in memory."""
        view = self._fresh("view")
        self.backend.create_view(view, expression)
        try:
            found = self._session.table(view).toArrow()
        finally:
            self._session.catalog.dropTempView(view)
        return found.cast(arrow_schema(expression))

    def batches(self, expression: ir.Table) -> Iterator[pa.Table]:
        """Give the rows of an expression in its order, some at a time."""
        place = self._parts(expression)
        schema = arrow_schema(expression)
        for part in sorted(place.glob("part-*")):  # numbered in the order of the rows
            with pq.ParquetFile(part) as file:
                for batch in file.iter_batches(batch_size=BATCH):
                    yield pa.Table.from_batches([batch]).cast(schema)
        shutil.rmtree(place)

    def close(self) -> None:
        """Forget this session's names and files; Spark itself runs on for others (`stop_spark`)."""
        self._session.catalog.clearCache()
        self._tidy()

    def _parts(self, expression: ir.Table) -> Path:
        """Have the workers write the rows of an expression to files of a new folder."""
        place = self.folder / self._fresh("kept")
        self.backend.to_parquet(expression, place.resolve().as_uri())
        return place


def open_spark(name: str) -> SparkSession:
    """Start Spark, or find the one that runs in this process.

    Parameters
    ----------
    name : str
        `spark` (`local[*]`), `local`, `local[2]`, `spark://host:port`.

    Raises
    ------
    EngineError
        If pyspark or Java is missing, the master does not answer, or another Spark runs already.
    """
    _check_installed(name)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    master = "local[*]" if name == "spark" else name
    running = SparkSession.getActiveSession()
    if running is not None:
        found = running.sparkContext.master
        if found != master:
            msg = (
                f"This process runs Spark at {found}, and engine {name!r} asks for {master}. "
                "Use one engine per process."
            )
            raise EngineError(msg)
        return running
    if master.startswith("spark://"):
        _check_master(master)
    builder = SparkSession.builder.master(master).appName("foresight")
    for key, value in {**_context(master), **SQL}.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except (Py4JError, PySparkException, OSError) as error:
        msg = f"Spark at {master} does not start: {str(error).splitlines()[0]}."
        raise EngineError(msg) from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def stop_spark() -> None:
    """Stop the Spark of this process, if one runs; its workspaces are dead afterwards."""
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None:
        running.stop()


def _check_installed(name: str) -> None:
    try:
        import pyspark  # noqa: F401
    except ModuleNotFoundError as error:
        msg = f"Engine {name!r} needs pyspark, which is not installed. {INSTALL}."
        raise EngineError(msg) from error
    home = os.environ.get("JAVA_HOME")
    java = Path(home) / "bin" / "java" if home else shutil.which("java")
    if java is None or not Path(java).is_file():
        where = f"{java} is not there (from JAVA_HOME)" if home else "no `java` is on the PATH"
        msg = (
            f"Engine {name!r} needs Java 17 or newer, and {where}. Install one (Debian: apt-get "
            "install default-jre-headless) or set JAVA_HOME."
        )
        raise EngineError(msg)


def _check_master(master: str) -> None:
    """See that one of the masters named answers; Spark itself would try for a minute."""
    refused = []
    for place in master.removeprefix("spark://").split(","):
        host, _, port = place.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=REACH).close()
        except OSError as error:
            refused.append(f"{place}: {error.strerror or error}")
        else:
            return
    msg = (
        f"No Spark master answers at {master} ({'; '.join(refused)}). Start the cluster, or "
        "correct --engine."
    )
    raise EngineError(msg)


def _context(master: str) -> dict[str, str]:
    """What must be said before Spark starts."""
    spill = settings.cache_dir() / "spark"
    found = {
        "spark.driver.memory": f"{_megabytes(settings.memory_limit())}m",
        "spark.local.dir": str(spill),
        "spark.sql.warehouse.dir": str(spill / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    if master.startswith("local"):
        cores = re.search(r"\d+", master)
        number = int(cores[0]) if cores else 1 if master == "local" else os.cpu_count() or 1
        found["spark.sql.shuffle.partitions"] = str(PARTITIONS * number)
    else:
        found |= SHARED
    if master.startswith("local") or any(f"//{host}:" in master for host in LOOPBACK):
        found |= {"spark.driver.host": LOOPBACK[0], "spark.driver.bindAddress": LOOPBACK[0]}
    return found


def _megabytes(text: str) -> int:
    """Whole mebibytes of an amount of memory such as `4GB`.

    >>> _megabytes("4GiB"), _megabytes("512MB")
    (4096, 488)
    """
    match = re.fullmatch(r"([\d.]+) ?([KMGT])(i?)B", text)
    if match is None:
        msg = f"{text!r} is no amount of memory."
        raise EngineError(msg)
    power = "KMGT".index(match[2]) + 1
    return int(float(match[1]) * (1024 if match[3] else 1000) ** power / 2**20)
