"""Tables of tab-separated text, zipped or not, to Parquet some rows at a time.

Every row comes out with its number, or is told: rows of another number of cells, and rows that a
quote without an end runs together: the lines up to the next quote then stand in one cell. Each of
these lines counts as a row.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from foresight.errors import SourceError

BLOCK = 8 << 20  # bytes read at a time
_ROW_INSIDE = r'[\r\n][^\s"]+\t'  # in a cell: a line that begins as a row does
Unsound = list[tuple[int, str]]  # number of the row, the heading being 1; reason


def unpack(
    path: Path | None, target: Path, *, names: Sequence[str], optional: Sequence[str] = ()
) -> Unsound:
    """Write a table as Parquet with the number of each row, `line`.

    Parameters
    ----------
    path : Path or None
        `.tsv`, `.tsv.gz`, or `.zip` with one `.tsv` in it. None writes a table without rows.
    target : Path
    names, optional : sequence of str
        Columns written; those of `optional` may be absent, which makes them null.

    Returns
    -------
    list of (int, str)
        Rows that are not written: number and reason, sorted.

    Raises
    ------
    SourceError
        If the file is damaged, is no UTF-8 text, or lacks a column.
    """
    every = [*names, *optional]
    schema = pa.schema([*((name, pa.large_string()) for name in every), ("line", pa.int64())])
    with pq.ParquetWriter(target, schema) as writer:
        if path is None:
            return []
        try:
            with _opened(path) as stream:
                reading = _Reading(stream, path.name, needed=names)
                for batch in reading.batches():
                    columns = [
                        batch[name] if name in batch.column_names
                        else pa.nulls(batch.num_rows, pa.large_string())
                        for name in every
                    ]  # fmt: skip
                    writer.write_table(pa.table([*columns, batch["line"]], schema=schema))
                return sorted(reading.unsound)
        except (pa.ArrowException, zipfile.BadZipFile, zlib.error, EOFError, OSError,
                NotImplementedError, RuntimeError) as error:  # fmt: skip
            msg = f"{path.name} cannot be read: {str(error)[:200]}. Download it again."
            raise SourceError(msg) from error


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            inside = [name for name in archive.namelist() if name.endswith(".tsv")]
            if len(inside) != 1:
                msg = f"{path.name} holds {len(inside)} tsv files, not one. Download it again."
                raise SourceError(msg)
            with archive.open(inside[0]) as stream:
                yield stream
    elif path.suffix == ".gz":
        with gzip.open(path, "rb") as stream:
            yield stream  # type: ignore[misc]
    else:
        with path.open("rb") as stream:
            yield stream


class _Utf8(io.RawIOBase):
    """A stream that is read on only as long as it is UTF-8."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        super().__init__()
        self._stream, self._name = stream, name
        self._decode = codecs.getincrementaldecoder("utf-8")().decode

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Give so many bytes; raises SourceError where they are not UTF-8."""
        data = self._stream.read(size)
        try:
            self._decode(data, final=not data)
        except UnicodeDecodeError as error:
            msg = f"{self._name} is not UTF-8 text. Download it again."
            raise SourceError(msg) from error
        return data


class _Reading:
    """A table while it is read. `unsound` is whole once the batches are through."""

    def __init__(self, stream: IO[bytes], name: str, *, needed: Sequence[str]) -> None:
        self._stream, self._name = stream, name
        self.unsound: Unsound = []
        self._next = 2  # number of the next row
        self._ragged: deque[int] = deque()  # numbers of ragged rows from there on
        self.columns = self._heading(needed)

    def _heading(self, needed: Sequence[str]) -> list[str]:
        try:
            text = self._stream.readline(1 << 20).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            msg = f"{self._name} is not UTF-8 text. Download it again."
            raise SourceError(msg) from error
        found = [name.strip('"') for name in text.rstrip("\r\n").split("\t")]
        missing = [name for name in needed if name not in found]
        if missing or len(set(found)) < len(found):
            what = f"lacks the column(s) {', '.join(missing)}" if missing else "has a column twice"
            msg = f"{self._name} {what}; it has: {', '.join(found)[:300]}. Download it again."
            raise SourceError(msg)
        return found

    def batches(self) -> Iterator[pa.Table]:
        """Sound rows, with the column `line`."""
        try:
            # All columns: a quote without an end does its harm in whichever it stands.
            reader = pa_csv.open_csv(
                _Utf8(self._stream, self._name),
                read_options=pa_csv.ReadOptions(
                    block_size=BLOCK, use_threads=False, column_names=self.columns
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter="\t", newlines_in_values=True, invalid_row_handler=self._note
                ),
                convert_options=pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(self.columns, pa.large_string()),
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                    null_values=[""],
                ),
            )
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):  # a heading and no row
                return
            raise
        with reader:
            for batch in reader:
                yield self._sound(pa.Table.from_batches([batch]), self._numbers(batch.num_rows))

    def _numbers(self, count: int) -> list[int]:
        """Numbers of the next sound rows: those of ragged ones are passed over."""
        lines: list[int] = []
        while len(lines) < count:
            end = self._next + count - len(lines)
            if self._ragged and self._ragged[0] <= end:
                end = self._ragged.popleft()
                lines.extend(range(self._next, end))
                self._next = end + 1
            else:
                lines.extend(range(self._next, end))
                self._next = end
        return lines

    def _note(self, row: Any) -> str:
        """Take down a row of too many or too few cells."""
        number, lines = int(row.number) + 1, _lines(row.text)
        self._ragged.append(number)
        cells = f"{row.actual_columns} cells instead of {row.expected_columns}"
        self._tell(number, lines, cells)
        return "skip"

    def _tell(self, number: int, lines: int, reason: str) -> None:
        together = f"one of {lines} lines that a quote without end makes one row"
        self.unsound += [(number, together if lines > 1 else reason)] * lines

    def _sound(self, batch: pa.Table, lines: Sequence[int]) -> pa.Table:
        """A batch with numbers, without the rows that are several."""
        batch = batch.append_column("line", pa.array(lines, pa.int64()))
        joined = pa.array([False] * batch.num_rows, pa.bool_())
        for name in self.columns:
            if pc.any(pc.match_substring(batch[name], "\t")).as_py():
                inside = pc.match_substring_regex(batch[name], _ROW_INSIDE)
                joined = pc.or_(joined, pc.fill_null(inside, False))
        for place in pc.indices_nonzero(joined).to_pylist():
            cells = [str(batch[name][place].as_py() or "") for name in self.columns]
            self._tell(lines[place], _lines("\t".join(cells)), "")
        return batch.filter(pc.invert(joined))


def _lines(text: str) -> int:
    """Number of lines with anything in them, at least one."""
    return max(1, sum(bool(line.strip()) for line in re.split(r"[\r\n]+", text)))
