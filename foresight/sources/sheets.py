"""Rows of tables that people hand over: CSV, TSV, workbooks, HTML tables with the ending .xls.

Nothing is typed here: every cell is text as written, empty cells are empty texts. A row with
another number of cells than the header is a `Broken` one, with its reason.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import python_calamine as calamine

from foresight.errors import SourceError
from foresight.sources.encoding import decode, read_bytes

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
DELIMITERS = ",\t;|"
CELL = 1 << 24  # characters of one cell; more is a quotation mark that was never closed
HEAD = 60  # lines by which the delimiter is chosen
SPAN = 3000  # lines that one record may fill
UNPACKED = 4 << 30  # bytes a workbook may unpack to
CELLS = (
    40_000_000  # a sheet may span: 200 columns of 200,000 rows; the library lays out all of them
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


@dataclass(frozen=True)
class Broken:
    """A row that cannot be laid out in columns, and why."""

    reason: str


@dataclass
class Sheet:
    """The rows of one file (or one sheet of a workbook), the header among them.

    Attributes
    ----------
    file : str
        Name of the file, with the sheet where a workbook has several.
    rows : list of (int, list of str or Broken)
        Line of the file, or row of the sheet, counted from 1; rows without any text are left
        out.
    notes : list of str
        What was found on the way: encoding, delimiter.
    """

    file: str
    rows: list[tuple[int, list[str] | Broken]]
    notes: list[str] = field(default_factory=list)


def read_sheets(path: Path) -> list[Sheet]:
    """Read every sheet of a file that is not empty.

    Raises
    ------
    SourceError
        If the file is empty, damaged, protected, or has no rows.
    """
    data = read_bytes(path)
    if data.startswith(WORKBOOKS):
        sheets = _workbook(data, path.name)
    else:
        text, encoding, broken = decode(data, name=path.name)
        notes = [f"{path.name}: {encoding}" + f", {broken} broken character(s)" * bool(broken)]
        if text.lstrip()[:200].casefold().startswith(("<html", "<!doctype", "<table", "<?xml")):
            sheets = [Sheet(path.name, _html_rows(text), notes)]
        else:
            sheets = [Sheet(path.name, _delimited(text), notes)]
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        msg = f"{path.name} has no rows. Export it again."
        raise SourceError(msg)
    return sheets


def _workbook(data: bytes, name: str) -> list[Sheet]:
    _check_size(data, name)
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        found = [
            Sheet(name if len(book.sheet_names) == 1 else f"{name}[{title}]", rows)
            for title in book.sheet_names
            if (rows := _cells(book.get_sheet_by_name(title)))
        ]
    except calamine.PasswordError as error:
        msg = f"{name} is protected by a password. Save it without one."
        raise SourceError(msg) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        msg = f"{name} cannot be read as a workbook: {error}. Open it and save it again."
        raise SourceError(msg) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the library's Rust code fails
            raise
        msg = f"{name} cannot be read as a workbook: it is damaged. Open it and save it again."
        raise SourceError(msg) from error
    return found


def _check_size(data: bytes, name: str) -> None:
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
            if total <= UNPACKED:
                extent = max((_extent(archive, part) for part in archive.namelist()), default=0)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, zlib.error) as error:
        msg = f"{name} cannot be read as a workbook: {error}. Open it and save it again."
        raise SourceError(msg) from error
    if total > UNPACKED:
        msg = f"{name} unpacks to {total / 1e9:.1f} GB. Split the export into smaller workbooks."
        raise SourceError(msg)
    if extent > CELLS:
        msg = (
            f"{name} has a sheet that spans {extent:,} cells, most of them empty: a stray cell far "
            "off. Delete the empty rows and columns behind the table and save it again."
        )
        raise SourceError(msg)


def _extent(archive: zipfile.ZipFile, part: str) -> int:
    """Number of cells between the first and the last one of a sheet, empty ones among them."""
    if not part.startswith("xl/worksheets/") or not part.endswith(".xml"):
        return 0
    columns, rows = 0, 0
    with archive.open(part) as stream:
        rest = b""
        while block := stream.read(1 << 20):
            data = rest + block
            for letters, digits in _PLACE.findall(data):
                number = 0
                for letter in letters:
                    number = number * 26 + letter - 64
                columns, rows = max(columns, number), max(rows, int(digits))
            rest = data[-20:]
    return columns * rows


def _cells(sheet: Any) -> list[tuple[int, list[str] | Broken]]:
    rows: list[tuple[int, list[str] | Broken]] = []
    start = sheet.start[0] if sheet.start else 0
    for place, row in enumerate(sheet.to_python(skip_empty_area=True), start=start + 1):
        cells = [_cell(value) for value in row]
        if any(cell.strip() for cell in cells):
            rows.append((place, cells))
    return rows


def _cell(value: Any) -> str:
    """Write a typed cell as the text that stands for it: whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def _delimited(text: str) -> list[tuple[int, list[str] | Broken]]:
    lines = text.split("\n")
    delimiter = _delimiter(lines)
    plain = delimiter == "\t" and not any(line.startswith('"') or '\t"' in line for line in lines)
    rows: list[tuple[int, list[str] | Broken]] = []
    start = 0
    while start < len(lines):
        cells, used = _record(lines, start, delimiter, plain=plain)
        if isinstance(cells, Broken) or any(cell.strip() for cell in cells):
            rows.append((start + 1, cells))
        start += used
    return rows


def _record(
    lines: list[str], start: int, delimiter: str, *, plain: bool
) -> tuple[list[str] | Broken, int]:
    """Read the record that begins in a line; return its cells and how many lines it fills."""
    line = lines[start].replace("\x00", "")
    if plain or '"' not in line:
        return line.split(delimiter), 1
    end = min(start + SPAN, len(lines))
    feed = (f"{lines[place]}\n".replace("\x00", "") for place in range(start, end))
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    before = csv.field_size_limit(CELL)
    try:
        cells = next(reader)
    except (csv.Error, StopIteration):
        return _loose(line, delimiter), 1
    finally:
        csv.field_size_limit(before)
    return [cell.removesuffix("\n") for cell in cells], reader.line_num


UNCLOSED = "a quotation mark is not closed"


def _loose(line: str, delimiter: str) -> list[str] | Broken:
    """Read a line whose quotation marks are out of order on its own, if that is possible."""
    try:
        cells = next(csv.reader([line], delimiter=delimiter))
    except (csv.Error, StopIteration):
        return Broken(UNCLOSED)
    return cells if line.count('"') % 2 == 0 else Broken(UNCLOSED)


def _delimiter(lines: list[str]) -> str:
    """Choose the mark that cuts most of the first records into the same, large number of cells."""
    best, chosen = 0.0, DELIMITERS[0]
    for mark in DELIMITERS:
        widths: Counter[int] = Counter()
        start = 0
        while start < min(len(lines), HEAD):
            cells, used = _record(lines, start, mark, plain=False)
            if isinstance(cells, Broken) or any(cell.strip() for cell in cells):
                widths[1 if isinstance(cells, Broken) else len(cells)] += 1
            start += used
        total = max(1, widths.total())
        score = max((w * (n / total) ** 2 for w, n in widths.items() if w > 1), default=0.0)
        if score > best:
            best, chosen = score, mark
    return chosen


_ROWS, _CELLS = ("tr", "row"), ("td", "th", "cell")  # of HTML and of XML spreadsheets


class _Tables(HTMLParser):
    """Collects the cells of every table row of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[tuple[int, list[str] | Broken]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._line = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        tag = tag.removeprefix("ss:")
        if tag in _ROWS:
            self._end_row()
            self._row, self._line = [], self._line + 1
        elif tag in _CELLS and self._row is not None:
            self._end_cell()
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        tag = tag.removeprefix("ss:")
        if tag in _CELLS:
            self._end_cell()
        elif tag in _ROWS or tag == "table":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._cell is not None and self._row is not None:
            self._row.append("".join(self._cell).strip())
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row and any(self._row):
            self.rows.append((self._line, list(self._row)))
        self._row = None


def _html_rows(text: str) -> list[tuple[int, list[str] | Broken]]:
    page = _Tables()
    try:
        page.feed(text)
        page.close()
    except AssertionError as error:  # how html.parser fails on a broken declaration
        msg = f"The page cannot be read: {error}. Open it and save it as a workbook."
        raise SourceError(msg) from error
    return page.rows
