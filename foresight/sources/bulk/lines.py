"""Lines of JSON in large files, some thousand at a time, through DuckDB.

A line that is not JSON is refused with its number; so is a record at which the query fails.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from foresight.errors import SourceError
from foresight.sources.bulk.base import BATCH, Batch, refused

LONGEST = 64 << 20  # bytes of a line; a longer one is refused
PIECES = 8
BATCH_BYTES = 64 << 20  # a batch ends where its lines reach so many bytes
Line = tuple[int, int, str]  # number of the record, number of the line, text
Refused = list[tuple[str, int, str]]
Query = Callable[[duckdb.DuckDBPyConnection, pa.Table, str], Batch]


def connect() -> duckdb.DuckDBPyConnection:
    """A DuckDB for batches: one thread per core, results as large strings."""
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false; SET memory_limit = '600MB'")
    connection.execute("SET arrow_large_buffer_size = true")
    return connection


def json_batches(paths: Sequence[Path], *, names: Sequence[str], query: Query) -> Iterator[Batch]:
    """Read files of JSON lines, gzipped or not, and make batches of them.

    Parameters
    ----------
    paths, names : sequence of Path, sequence of str
        Files, and how the report names them.
    query : callable
        Makes a batch of a table of lines: row, line, text; and the file's name.

    Raises
    ------
    SourceError
        If a file is damaged in such a way that the rest cannot be read.
    """
    with connect() as connection:
        start = 0
        for path, name in zip(paths, names, strict=True):
            for count, lines, bad in _portions(path, start):
                start += count
                yield _batch(connection, lines, bad, name, query)


def _portions(path: Path, start: int) -> Iterator[tuple[int, list[Line], Refused]]:
    """Lines of a file in portions: number of records, sound lines, refused ones."""
    opener = gzip.open if path.suffix == ".gz" else Path.open
    lines: list[Line] = []
    bad: Refused = []
    count = size = 0
    try:
        with opener(path, "rb") as stream:
            for number, raw in enumerate(_limited(stream), start=1):
                data = raw.strip()
                if not data:
                    continue
                count += 1
                if reason := _unreadable(raw):
                    bad.append((path.name, number, reason))
                else:
                    lines.append((start + count, number, data.decode()))
                    size += len(data)
                if count >= BATCH or size >= BATCH_BYTES:
                    yield count, lines, bad
                    start += count
                    lines, bad, count, size = [], [], 0, 0
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        msg = f"{path.name} is damaged: {error}. Copy or download it again."
        raise SourceError(msg) from error
    if count:
        yield count, lines, bad


def _limited(stream: Any) -> Iterator[bytes]:
    """Lines of a file; of a line longer than `LONGEST` only so much, marked by the missing end."""
    while line := stream.readline(LONGEST):
        yield line
        while len(line) == LONGEST and not line.endswith(b"\n"):
            line = stream.readline(LONGEST)


def _unreadable(raw: bytes) -> str | None:
    if len(raw) == LONGEST and not raw.endswith(b"\n"):
        return f"longer than {LONGEST >> 20} MiB"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "not UTF-8"
    return None


def _batch(
    connection: duckdb.DuckDBPyConnection,
    lines: list[Line],
    bad: Refused,
    name: str,
    query: Query,
) -> Batch:
    """Run the query; where it fails, halve the lines until the one at fault is found."""
    made = list(_halved(connection, lines, name, query))
    whole = _joined(made) if made else None
    told = refused([(name, line, reason) for _, line, reason in bad])
    if whole is None:
        return Batch(len(bad), {}, told)
    return Batch(
        whole.rows_in + len(bad),
        whole.tables,
        pa.concat_tables([told, whole.refused]).sort_by("line"),
        whole.aliases,
        whole.counts,
    )


def _halved(
    connection: duckdb.DuckDBPyConnection, lines: list[Line], name: str, query: Query
) -> Iterator[Batch]:
    if not lines:
        return
    kinds = (pa.int64(), pa.int64(), pa.large_string())
    columns = [pa.array([line[i] for line in lines], kind) for i, kind in enumerate(kinds)]
    data = pa.table(columns, names=["row", "line", "text"])
    pieces = data.to_batches(max_chunksize=1 + len(lines) // PIECES)  # scanned side by side
    data = pa.Table.from_batches(pieces)
    try:
        yield query(connection, data, name)
    except duckdb.Error as error:
        if len(lines) > 1:
            half = len(lines) // 2
            yield from _halved(connection, lines[:half], name, query)
            yield from _halved(connection, lines[half:], name, query)
            return
        reason = f"cannot be read: {str(error).splitlines()[0][:120]}"
        yield Batch(1, {}, refused([(name, lines[0][1], reason)]))


def _joined(made: list[Batch]) -> Batch:
    if len(made) == 1:
        return made[0]
    names = {name for batch in made for name in batch.tables}
    counts: dict[str, int] = {}
    for batch in made:
        for name, number in batch.counts.items():
            counts[name] = counts.get(name, 0) + number
    return Batch(
        sum(batch.rows_in for batch in made),
        {
            name: pa.concat_tables([b.tables[name] for b in made if name in b.tables])
            for name in sorted(names)
        },
        pa.concat_tables([batch.refused for batch in made]),
        pa.concat_tables([batch.aliases for batch in made]),
        counts,
    )


def why_not_json(text: str) -> str:
    """Reason for which a line is refused that DuckDB does not take for a JSON object."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return "not JSON"
    return "not JSON as DuckDB reads it" if isinstance(value, dict) else "not a JSON object"
