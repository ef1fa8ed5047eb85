"""Rows of tables that people hand over: CSV, TSV, workbooks, HTML tables with the ending .xls.

Nothing is typed here: every cell is text as written, empty cells are empty texts. A row with
another number of cells than the header is a `Broken` one, with its reason.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from foresight.errors import SourceError
from foresight.sources.encoding import decode, read_bytes, said
from foresight.sources.workbooks import is_workbook, read_workbook

DELIMITERS = ",\t;|"
CELL = 1 << 24  # characters of one cell; more is a quotation mark that was never closed
HEAD = 60  # lines by which the delimiter is chosen
SPAN = 3000  # lines that one record may fill


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
    if is_workbook(data):
        read = read_workbook(data, path.name)
        sheets = [
            Sheet(path.name if len(read) == 1 else f"{path.name}[{title}]", list(rows))
            for title, rows in read
        ]
    else:
        text, encoding, broken = decode(data, name=path.name)
        notes = [said(path.name, encoding, broken)]
        if text.lstrip()[:200].casefold().startswith(("<html", "<!doctype", "<table", "<?xml")):
            sheets = [Sheet(path.name, _html_rows(text), notes)]
        else:
            sheets = [Sheet(path.name, _delimited(text), notes)]
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        msg = f"{path.name} has no rows. Export it again."
        raise SourceError(msg)
    return sheets


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
