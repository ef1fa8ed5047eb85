"""Engines by name: DuckDB in this process, Spark here or on a cluster, BigQuery.

No result depends on the engine, so its name enters no digest.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from foresight import settings
from foresight.corpus.workspace import DuckWorkspace, Workspace

MEMORY = "700MB"  # held by DuckDB before it spills; Arrow batches and Python come on top


def connect(*, folder: Path | None = None, memory: str | None = None) -> Workspace:
    """Open the engine that `settings.engine` names.

    Parameters
    ----------
    folder : Path, optional
        Where its tables and files lie. Default: in memory, or in a folder of its own.
    memory : str, optional
        What DuckDB may hold before it spills; default `settings.memory_limit`. Spark's heap is
        that setting too, for the whole process.

    Raises
    ------
    EngineError
        If what the engine needs is not installed, or it cannot be reached.
    SettingsError
        For a wrong name of an engine or a wrong amount of memory.
    """
    name = settings.engine()
    if name == "duckdb":
        return DuckWorkspace(folder=folder, memory=memory or settings.memory_limit())
    if name.startswith("bigquery://"):
        from foresight.corpus.bigquery import open_bigquery

        return open_bigquery(name, folder=folder)
    from foresight.corpus.spark import SparkWorkspace, open_spark

    return SparkWorkspace(open_spark(name), folder=folder)


@contextmanager
def workspace(*, memory: str = MEMORY, folder: Path | None = None) -> Iterator[Workspace]:
    """Give a workspace with a folder; both are gone afterwards.

    Parameters
    ----------
    memory : str
        What DuckDB may hold.
    folder : Path, optional
        Where the temporary folder is made: a disk with room. Default: the system's.
    """
    with tempfile.TemporaryDirectory(prefix="foresight-", dir=folder) as place:
        made = connect(folder=Path(place), memory=memory)
        try:
            yield made
        finally:
            made.close()
