"""Reading a table file as text: every value as it was written, empty as null."""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from foresight.errors import SourceError

SUFFIXES = (".parquet", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
BOMS_16 = (b"\xff\xfe", b"\xfe\xff")
BLOCK = 16 << 20  # bytes; a record must fit in one


def read_table(path: Path) -> pa.Table:
    """Read a Parquet, CSV or JSON-lines file into text columns.

    Parameters
    ----------
    path : Path
        With one of the endings `SUFFIXES`.

    Returns
    -------
    pyarrow Table
        All columns large_string; empty texts are null.

    Raises
    ------
    SourceError
        If the file is empty, not UTF-8, or broken; the message names the line where known.
    """
    if path.stat().st_size == 0:
        msg = f"{path.name} is empty (0 bytes). Export it again."
        raise SourceError(msg)
    if path.name.endswith(".parquet"):
        return _read_parquet(path)
    _check_encoding(path)
    return _read_csv(path) if ".csv" in path.suffixes else _read_jsonl(path)


def _bytes(path: Path) -> Iterator[bytes]:
    opener = gzip.open if path.suffix == ".gz" else Path.open
    with opener(path, "rb") as stream:
        while block := stream.read(1 << 20):
            yield bytes(block)


def _check_encoding(path: Path) -> None:
    position, rest = 0, b""
    try:
        for number, block in enumerate(_bytes(path)):
            if number == 0 and block.startswith(BOMS_16):
                raise SourceError(_encoding(path, "it is UTF-16"))
            data = rest + block
            try:
                data.decode("utf-8")
                rest = b""
            except UnicodeDecodeError as error:
                if error.reason != "unexpected end of data":
                    line = data[: error.start].count(b"\n") + position + 1
                    raise SourceError(_encoding(path, f"line {line}")) from error
                rest = data[error.start :]
            position += data.count(b"\n") - rest.count(b"\n")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        msg = f"{path.name} is damaged: {error}. Compress or copy it again."
        raise SourceError(msg) from error
    if rest:
        raise SourceError(_encoding(path, "the last line"))


def _encoding(path: Path, place: str) -> str:
    return (
        f"{path.name} is not UTF-8 text ({place}). Save it as UTF-8, in Excel as "
        "'CSV UTF-8 (Comma delimited)'."
    )


def _read_csv(path: Path) -> pa.Table:
    ragged: list[Any] = []

    def note(row: Any) -> str:
        ragged.append(row)
        return "skip"  # reported below: the whole file is refused

    parse = pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note)
    read = pa_csv.ReadOptions(block_size=BLOCK, use_threads=False)
    try:
        with pa_csv.open_csv(path, read_options=read, parse_options=parse) as reader:
            names = reader.schema.names
        ragged.clear()
        _check_header(path, names)
        convert = pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        )
        data = pa_csv.read_csv(
            path, read_options=read, parse_options=parse, convert_options=convert
        )
    except pa.ArrowInvalid as error:
        msg = (
            f"{path.name} cannot be read as CSV: {error}. Check quotation marks and line breaks, "
            "and that columns are separated by commas."
        )
        raise SourceError(msg) from error
    if ragged:
        row = ragged[0]
        place = f"row {row.number}" if row.number is not None else f"the row {row.text[:60]!r}"
        msg = (
            f"{path.name} has {len(ragged)} row(s) with another number of cells than its header, "
            f"first {place} (has {row.actual_columns}, expected {row.expected_columns}). "
            "Put values with commas or line breaks in quotation marks."
        )
        raise SourceError(msg)
    return data


def _check_header(path: Path, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"{path.name} has the column(s) {', '.join(twice)} twice. Keep one of each."
        raise SourceError(msg)


def _read_jsonl(path: Path) -> pa.Table:
    opener = gzip.open if path.suffix == ".gz" else open
    names: dict[str, None] = {}
    rows: list[dict[str, str | None]] = []
    with opener(path, "rt", encoding="utf-8-sig") as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                row = _json_row(line, f"{path.name}, line {number}")
                names.update(dict.fromkeys(row))
                rows.append(row)
    kind = pa.large_string()
    return pa.table(
        {name: pa.array([row.get(name) for row in rows], kind) for name in names},
        schema=pa.schema([(name, kind) for name in names]),
    )


def _json_row(line: str, where: str) -> dict[str, str | None]:
    try:
        row = json.loads(line, parse_float=str, parse_int=str)
    except ValueError as error:
        msg = f"{where} is not JSON: {error}. Write one object per line."
        raise SourceError(msg) from error
    if not isinstance(row, dict):
        msg = f"{where} holds a {type(row).__name__}, not an object. Write one object per line."
        raise SourceError(msg)
    return {name: _json_text(value, name, where) for name, value in row.items()}


def _json_text(value: Any, name: str, where: str) -> str | None:
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    msg = (
        f"{where}: `{name}` holds a {type(value).__name__}. Give one text or number; lists belong "
        "in a table of their own, one row per value."
    )
    raise SourceError(msg)


def _read_parquet(path: Path) -> pa.Table:
    try:
        data = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        msg = f"{path.name} cannot be read as Parquet: {str(error).rstrip('.')}. Write it again."
        raise SourceError(msg) from error
    columns = {name: _parquet_text(data[name], name, path) for name in data.column_names}
    schema = pa.schema([(name, pa.large_string()) for name in columns])
    return pa.table(list(columns.values()), schema=schema)


def _parquet_text(column: pa.ChunkedArray, name: str, path: Path) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        msg = (
            f"{path.name}: column `{name}` has type {kind}. Give one text, number or date; lists "
            "belong in a table of their own, one row per value."
        )
        raise SourceError(msg)
    if pa.types.is_timestamp(kind):
        column = pc.strftime(column, format="%Y-%m-%d")
    elif pa.types.is_floating(kind):
        column = _whole(column)
    text = column.cast(pa.large_string())
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.large_string()), text)


def _whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Write 3.0 as 3: pandas turns whole numbers with gaps into floats."""
    column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    if pc.all(pc.equal(column, pc.floor(column)), min_count=0).as_py():
        return column.cast(pa.int64())
    return column
